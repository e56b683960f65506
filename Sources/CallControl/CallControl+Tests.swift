// Calls that nobody makes but the box, to see whether calls can be made: to itself, over its own listener and two ports
// of sound, with keys that each end must hear of the other; to a phone or a number outside, who hear something and may
// press keys. What was found is told once.

import Basics
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

/// A call to make for a test.
public struct TestCall: Sendable {
  public enum Target: Hashable, Sendable {
    case itself
    case user(ByteString)
    case trunk(ByteString, number: ByteString)
  }
  public var target: Target
  /// What whoever answers hears: these alone, or music behind them until somebody has heard enough.
  public var prompts: [Prompt]
  public var staysOn: Bool

  public init(_ target: Target, prompts: [Prompt] = [.beep], staysOn: Bool = true) {
    self.target = target
    self.prompts = prompts
    self.staysOn = staysOn
  }
}

/// What a test call has found.
public struct TestReport: Equatable, Sendable {
  public enum Failure: Hashable, Sendable {
    case tooMany, noPort, noAnswer, refused, noKeys, wrongKey
  }
  /// nil: all was well.
  public var failure: Failure?
  /// What the other side said last; 0 before it said anything.
  public var status = 0
  /// From the INVITE on.
  public var rangAfter: Interval?
  public var answeredAfter: Interval?
  public var isSoundHeard = false
  /// That were pressed at the other side.
  public var keys: ByteString = ""
  /// Of our stream; nil where the media core said nothing in time.
  public var statistics: StreamStatistics?
}

extension CallControl {
  struct RunningTest {
    let token: UInt64
    let call: TestCall
    let beganAt: Instant
    var report = TestReport()
    /// The other end of a call to ourselves.
    var echo: LegID?
    /// Of the leg that calls.
    var stream: StreamID?

    /// What the two ends send to each other in turn; others with each call, so that none is of an older one.
    func key(_ place: Int, _ number: CallNumber) -> UInt8 {
      UInt8(ascii: "0") + UInt8((number &+ UInt64(place &* 3)) % 10)
    }
  }

  /// Nothing is said of it before `tested`.
  mutating func begin(_ wanted: TestCall, token: UInt64, at now: Instant) {
    var test = RunningTest(token: token, call: wanted, beganAt: now)
    guard tests.count < Limits.tests else {
      counters.testsRefused += 1
      test.report.failure = .tooMany
      return outputs.append(.tested(token, test.report))
    }
    lastCallNumber += 1
    let number = lastCallNumber
    // A phone shows who rings; a network outside is told our own number, or none.
    let shown: ByteString = if case .trunk = wanted.target { "" } else { "test" }
    var call = Call(
      number: number, phase: .testing, from: shown, fromName: "Branchline", to: wanted.target.name,
      destination: "test", startedAt: wall)
    call.isToBeRecorded = wanted.target != .itself
    let (party, digits) = wanted.target.party
    guard let leg = invite(party, dialling: digits, role: .tested, for: call, preferring: nil) else {
      test.report.failure = .noPort
      return outputs.append(.tested(token, test.report))
    }
    call.second = leg
    calls[number] = call
    test.stream = legs[leg]?.stream
    tests[number] = test
    deadlines.set(number, to: now + (wanted.target == .itself ? Limits.ownTestTime : Limits.testRingTime))
    log(.info, "call.test", number, "to " + wanted.target.shownName)
  }

  // MARK: The other end of a call to ourselves

  mutating func receiveEcho(_ id: LegID, _ incoming: UserAgent.IncomingCall, of caller: LegID, at now: Instant) {
    guard let number = legs[caller]?.call, tests[number] != nil, calls[number]?.first == nil else {
      return outputs.append(.agent(.refuse(id, status: 404, reason: nil, retryAfter: nil)))
    }
    var leg = Leg(id: id, call: number, role: .echo, party: .itself)
    leg.remote = incoming.offer
    legs[id] = leg
    calls[number]?.first = id
    tests[number]?.echo = id
    guard acceptCaller(id) else { return end(number, status: 500, at: now) }
  }

  /// The call is up at both ends: the first key goes out.
  mutating func confirmed(_ id: LegID) {
    guard let leg = legs[id], leg.role == .echo, let caller = calls[leg.call]?.second else { return }
    sendKey(0, from: caller, leg.call)
  }

  private mutating func sendKey(_ place: Int, from id: LegID, _ number: CallNumber) {
    guard let stream = legs[id]?.stream, let key = tests[number]?.key(place, number) else { return }
    outputs.append(.media(.sendDigit(stream, digit: key, milliseconds: Limits.testKeyMilliseconds)))
  }

  // MARK: What happens to it

  mutating func testRings(_ leg: Leg, _ status: Int, at now: Instant) {
    guard let test = tests[leg.call] else { return }
    tests[leg.call]?.report.status = status
    if test.report.rangAfter == nil { tests[leg.call]?.report.rangAfter = now - test.beganAt }
  }

  mutating func testAnswered(_ leg: Leg, at now: Instant) {
    guard let test = tests[leg.call] else { return }
    markAnswered(leg.call)
    tests[leg.call]?.report.status = 200
    tests[leg.call]?.report.answeredAfter = now - test.beganAt
    guard test.call.target != .itself else { return }
    deadlines.set(leg.call, to: now + Limits.testListenTime)
    let prompts = test.call.prompts
    say(.start(test.call.staysOn ? .music(after: prompts) : .announcement(prompts)), to: leg.id)
  }

  mutating func testHeard(_ key: UInt8, on id: LegID, _ number: CallNumber, at now: Instant) {
    guard let test = tests[number], let call = calls[number] else { return }
    let place = test.report.keys.count
    tests[number]?.report.keys += ByteString([key])
    guard test.call.target == .itself else {
      if key == UInt8(ascii: "#") || place + 1 >= Limits.testKeys { end(number, status: 200, at: now) }
      return
    }
    // Even ones go from the caller to the other end, odd ones back.
    guard id == (place % 2 == 0 ? call.first : call.second), key == test.key(place, number) else {
      return failTest(number, .wrongKey, at: now)
    }
    guard place + 1 < Limits.ownTestKeys else { return end(number, status: 200, at: now) }
    sendKey(place + 1, from: id, number)
  }

  mutating func testSounds(_ leg: Leg) { if leg.role == .tested { tests[leg.call]?.report.isSoundHeard = true } }

  private mutating func failTest(_ number: CallNumber, _ failure: TestReport.Failure, at now: Instant) {
    if tests[number]?.report.failure == nil { tests[number]?.report.failure = failure }
    end(number, status: 487, at: now)
  }

  /// Nobody answers, keys do not arrive, or whoever answered has heard enough.
  mutating func testTimePassed(_ number: CallNumber, at now: Instant) {
    guard let test = tests[number] else { return }
    guard test.report.answeredAfter != nil else { return failTest(number, .noAnswer, at: now) }
    guard test.call.target == .itself else { return end(number, status: 200, at: now) }
    failTest(number, .noKeys, at: now)
  }

  /// The media core's last word of a stream comes a little later than the end of the leg.
  mutating func testLegEnded(_ leg: Leg, _ ending: UserAgent.Ending, at now: Instant) {
    if let test = tests[leg.call], leg.role == .tested, !leg.isAnswered, test.report.failure == nil {
      tests[leg.call]?.report.status = leg.failure ?? ending.status
      tests[leg.call]?.report.failure = ending.status == 408 ? .noAnswer : .refused
    }
    if calls[leg.call]?.phase == .testing { end(leg.call, status: 200, at: now) }
    deadlines.set(leg.call, to: now + Limits.endingTime)
    guard calls[leg.call]?.first == nil, calls[leg.call]?.second == nil else { return }
    let isCounted = tests[leg.call]?.report.statistics != nil
    deadlines.set(leg.call, to: isCounted ? now : now + Limits.testStatisticsTime)
  }

  mutating func testStreamClosed(_ stream: StreamID, _ statistics: StreamStatistics) {
    for number in tests.keys where tests[number]?.stream == stream {
      tests[number]?.report.statistics = statistics
      if calls[number] == nil { tell(number) }
    }
  }

  mutating func tell(_ number: CallNumber) {
    guard let test = tests.removeValue(forKey: number) else { return }
    deadlines.cancel(number)
    outputs.append(.tested(test.token, test.report))
  }
}

extension TestCall.Target {
  fileprivate var party: (Party, ByteString) {
    switch self {
    case .itself: (.itself, "")
    case .user(let name): (.user(name), name)
    case .trunk(let name, let number): (.trunk(name), number)
    }
  }

  /// As logs have it: numbers outside are customers'.
  public var shownName: ByteString { if case .trunk = self { name.masked } else { name } }

  /// As records have it.
  public var name: ByteString {
    switch self {
    case .itself: "itself"
    case .user(let name): name
    case .trunk(_, let number): number
    }
  }
}
