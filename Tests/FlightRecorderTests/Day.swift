// A day in the life of a distributor, by seed: callers, agents, phones, disk and trunk do what they can do next, now and
// then what makes no sense any more. It is recorded as the box records it.

import ACD
import Basics
import FlightRecorder
import Journal

struct Day {
  static let start = SegmentStart(run: 3, startedAt: WallTime(seconds: 1_700_000_000), version: "1.2.3")

  var acd = ACD()
  var recorder: FlightRecorder
  /// What the shell would have written.
  var files: [[UInt8]] = []
  var file: [UInt8] { files.last ?? [] }
  var givesCheckpoints = true
  var said = 0
  /// What the recorder is told in place of what the distributor hears.
  var alters: (Int, ACD.Input) -> ACD.Input = { $1 }
  private(set) var steps = 0
  private(set) var now = Instant(nanoseconds: 5_000_000_000)
  private var random: SeededRandom
  private var lastCall: UInt64 = 0
  private var lastNumber: UInt64 = 0
  private var offers: [OfferID] = []
  private var attempts: [AttemptID] = []
  private let agents: [ByteString] = ["101", "102", "103", "104"]

  init(seed: UInt64, segmentBytes: Int = 1 << 24) {
    random = SeededRandom(seed: seed)
    recorder = FlightRecorder(Self.start, segmentBytes: segmentBytes)
  }

  mutating func begin() {
    hear(.wall(wall, trusted: true))
    hear(.configure(Self.settings(wrapUp: 5)))
    hear(.restored(callbacks: [], agents: [], lastSequence: 40, lastCallbackID: 9))
    hear(.seed(random.next()))
    hear(.trunkRoom(channelsFree: 3))
    for agent in agents { hear(.reachable(extension: agent, true)) }
    for agent in agents where random.chance(percent: 80) { hear(.act(.login(extension: agent), by: agent)) }
  }

  static func settings(wrapUp: Int) -> ACD.Settings {
    let callback = ACD.CallbackSettings(
      minimumDelaySeconds: 5, ringSeconds: 15, attempts: 2, busyRetrySeconds: 20, noAnswerRetrySeconds: 40,
      expirySeconds: 600)
    return ACD.Settings(
      queues: [
        .init(
          name: "sales", agents: ["101", "102", "103"], priority: 1, ringSeconds: 10, noAnswerBackoffSeconds: 8,
          wrapUpSeconds: wrapUp, maximumWaitSeconds: 120, maximumLength: 8, callback: callback),
        .init(
          name: "support", agents: ["103", "104"], ringSeconds: 12, wrapUpSeconds: 7, maximumWaitSeconds: 90,
          announceEverySeconds: 0, callback: callback),
      ], numberPlan: .china(areaCode: "10"))
  }

  private var wall: WallTime { WallTime(seconds: 1_700_000_000) + (now - .zero) }

  mutating func hear(_ input: ACD.Input) {
    steps += 1
    recorder.hears(alters(steps, input), at: now)
    acd.handle(input, at: now)
    collect()
  }

  private mutating func collect() {
    while let output = acd.pollOutput() {
      said += 1
      recorder.says(output)
      switch output {
      case .offer(let offer): offers.append(offer.id)
      case .prepare(let attempt, _, _, _, _): attempts.append(attempt)
      case .persist(_, let number, _): lastNumber = max(lastNumber, number)
      default: break
      }
    }
    if givesCheckpoints, recorder.wantsCheckpoint, let state = acd.checkpoint() {
      recorder.beginSegment(state, at: now)
    }
    write(everything: false)
  }

  mutating func end() {
    write(everything: true)
  }

  private mutating func write(everything: Bool) {
    while let part = recorder.pollPart(at: now, everything: everything) {
      if part.beginsSegment { files.append([]) }
      files[files.count - 1] += part.bytes
    }
  }

  mutating func pass(_ time: Interval) {
    let end = now + time
    while let deadline = acd.nextDeadline, deadline <= end {
      now = max(now, deadline) + .microseconds(random.below(900))
      recorder.hearsTime(now)
      acd.advance(to: now)
      collect()
    }
    now = max(now, end)
  }

  mutating func step() {
    switch random.below(20) {
    case 0..<5: pass(.milliseconds(random.below(9_000)))
    case 5..<8: enter()
    case 8: hear(.leave(recentCall, lineBroke: random.chance(percent: 20)))
    case 9..<11: hear(.requestCallback(recentCall, .init()))
    case 11..<14: phone()
    case 14..<16: customer()
    case 16..<18: hear(.durable(upTo: lastNumber))
    case 18: agent()
    default: rare()
    }
  }

  private var recentCall: CallReference {
    mutating get { CallReference(lastCall &- UInt64(random.below(6))) }
  }

  private mutating func enter() {
    lastCall += 1
    hear(
      .enter(
        ACD.Entry(
          CallReference(lastCall), queue: random.chance(percent: 60) ? "sales" : "support",
          callerNumber: "1380000" + ByteString(1000 + random.below(60)), callerName: "caller",
          dialledNumber: "01088880000")))
  }

  private mutating func phone() {
    guard let offer = offers.suffix(5).randomElement(using: &random) else { return }
    switch random.below(8) {
    case 0..<4: hear(.accepted(offer))
    case 4: hear(.refused(offer, status: 486))
    case 5: hear(.ringing(offer))
    default: hear(.ended(offer))
    }
  }

  private mutating func customer() {
    guard let attempt = attempts.suffix(3).randomElement(using: &random) else { return }
    switch random.below(6) {
    case 0, 1:
      hear(
        .attemptLeg(
          attempt,
          .init(callID: "x", localTag: "l", remoteTag: "", branch: "z9hG4bK", cseq: 1, trunk: "carrier")))
      hear(.durable(upTo: lastNumber))
    case 2, 3: hear(.attemptAnswered(attempt, remoteTag: "r"))
    case 4: hear(.attemptFailed(attempt, status: 486, q850: 17))
    default: hear(.attemptEnded(attempt))
    }
  }

  private mutating func agent() {
    let agent = agents[random.below(agents.count)]
    switch random.below(9) {
    case 5: hear(.act(.pause(extension: agent, reason: "lunch"), by: agent))
    case 6: hear(.act(.endWrapUp(extension: agent), by: "console:ann"))
    case 7: hear(.act(.ready(extension: agent), by: agent))
    case 8: hear(.act(supervision(), by: "console:ann"))
    case 0: hear(.act(.logout(extension: agent), by: agent))
    case 1: hear(.busyElsewhere(extension: agent, random.chance(percent: 30)))
    case 2: hear(.reachable(extension: agent, random.chance(percent: 80)))
    default: hear(.act(.login(extension: agent), by: agent))
    }
  }

  private mutating func supervision() -> ACD.Act {
    // The items of this day have numbers from 41 on, its callbacks from 10 on.
    let item = 41 + UInt64(random.below(Int(clamping: lastCall) + 1))
    let callback = 10 + UInt64(random.below(8))
    return switch random.below(7) {
    case 0: .move(item: item, toQueue: random.chance(percent: 50) ? "sales" : "support")
    case 1: .prioritise(item: item, UInt8(random.below(3)))
    case 2: .takeOut(item: item)
    case 3: .cancelCallback(callback)
    case 4: .dialNow(callback)
    case 5: .moveCallback(callback, toQueue: "support")
    default: .brownOut(random.chance(percent: 30))
    }
  }

  private mutating func rare() {
    switch random.below(6) {
    case 0: hear(.configure(Self.settings(wrapUp: random.below(10))))
    case 1: hear(.trunkRoom(channelsFree: random.below(5)))
    case 2: hear(.wall(wall + .seconds(random.below(4)), trusted: random.chance(percent: 70)))
    case 3: hear(.persistFailed(from: lastNumber))
    default: hear(.wall(wall, trusted: true))
    }
  }
}
