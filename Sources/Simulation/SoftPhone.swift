// A phone with a person in front of it: the user agent once more, with somebody who acts. Pure as the box itself, so it
// lives in a simulation as well as on real sockets.

import Basics
import MediaEngine
import SDP
import SIPTransaction
import SIPUserAgent

public struct SoftPhone {
  /// What the person does when it rings.
  public enum Manner: Equatable, Sendable {
    case answers(after: Interval, talks: Interval)
    case refuses(after: Interval, status: Int)
    /// Until the phone gives up by itself, as phones do.
    case letsItRing
  }

  /// How long a phone rings.
  public static let patience = Interval.seconds(60)
  /// How long a person stays in a call that nothing ends: the other side may have lost its power.
  public static let longestCall = Interval.minutes(15)

  public enum Input {
    case transport(TransportLayer.Input)
    /// `as`: the caller's number shown.
    case call(ByteString, as: ByteString)
    /// Keys, one after the other, as telephone-events in the sound.
    case press(UInt8)
    /// A key, as INFO.
    case pressByInfo(UInt8)
    /// Puts the other side on hold, or takes it back.
    case hold(Bool)
    /// The number is busy: whatever rings for it is refused.
    case busy(ByteString)
    /// What the person does from now on when it rings.
    case manner(Manner)
    case hangUp
    case wake
  }

  public enum Output {
    case transport(TransportLayer.Output)
    case media(MediaCommand)
    case story(Story)
  }

  /// What a bystander would see.
  public enum Story: Equatable, Sendable {
    case registered(Bool)
    /// `number` is what was dialled.
    case rings(number: ByteString, from: ByteString, name: ByteString)
    case hearsRinging
    case talks(number: ByteString)
    case holdAgreed(Bool)
    case ended(number: ByteString, status: Int, wasAnswered: Bool)
  }

  /// Who this is and where it listens; sound takes `mediaPort` and the even ports after it.
  public struct Setup: Sendable {
    public var name: ByteString
    /// How the box knows this phone, or this carrier: seen from here the box is the trunk.
    public var account: UserAgent.TrunkSettings.Kind
    public var transport: SIPTransport
    public var own: Endpoint
    public var box: Endpoint
    public var mediaPort: UInt16
    /// Presented as the caller's number.
    public var number: ByteString
    public var manner: Manner

    public init(
      name: ByteString, account: UserAgent.TrunkSettings.Kind, transport: SIPTransport = .udp, own: Endpoint,
      box: Endpoint, mediaPort: UInt16, number: ByteString, manner: Manner
    ) {
      self.name = name
      self.account = account
      self.transport = transport
      self.own = own
      self.box = box
      self.mediaPort = mediaPort
      self.number = number
      self.manner = manner
    }
  }

  private struct Line {
    let leg: LegID
    let stream: StreamID
    let number: ByteString
    var from: ByteString = ""
    var since = Instant.zero
    var local: SessionDescription
    var remote: SessionDescription?
    var talkingSince: Instant?
    var isHolding = false
    /// The status to refuse it with, if that is to be.
    var refusal = 486
    /// How long the person will talk; nil: until something ends it.
    var talks: Interval?

    var isAnswered: Bool { talkingSince != nil }
  }

  private enum Timer: Hashable { case answer(LegID), refuse(LegID), hangUp(LegID) }

  /// Lines of one phone; a carrier has many callers.
  public static let lineLimit = 64

  public let setup: Setup
  public var manner: Manner
  private var agent = UserAgent()
  private var timers = DeadlineHeap<Timer>()
  private var streams = Slab<LegID>(limit: SoftPhone.lineLimit)
  private var lines: [Line] = []
  private var outputs = Fifo<Output>()
  private var lastLeg: UInt32 = 1

  public init(_ setup: Setup, entropy: [UInt8], at now: Instant) {
    self.setup = setup
    manner = setup.manner
    let whole = setup.box.address.isV4 ? 32 : 128
    let trunk = UserAgent.TrunkSettings(
      name: "box", kind: setup.account, endpoint: setup.box, transport: setup.transport,
      sourceAddresses: Subnet(setup.box.address, prefixLength: whole).map { [$0] } ?? [], qualifySeconds: 0)
    let listener = UserAgent.ListenerSettings(index: 0, transport: setup.transport, endpoint: setup.own)
    agent.handle(.entropy(entropy), at: now)
    agent.handle(
      .configure(UserAgent.Settings(listeners: [listener], trunks: [trunk], userAgentName: "Branchline demo")), at: now)
    drain(at: now)
  }

  public var isIdle: Bool { lines.isEmpty }
  public var isTalking: Bool { lines.contains { $0.isAnswered } }
  /// A call that came in and is not over.
  public struct Caller {
    public let number: ByteString
    public let since: Instant
    public let talkingSince: Instant?
  }
  public var callers: [Caller] {
    lines.filter { $0.leg.isIncoming }.map { Caller(number: $0.from, since: $0.since, talkingSince: $0.talkingSince) }
  }
  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public var nextDeadline: Instant? {
    guard let own = timers.nextDeadline else { return agent.nextDeadline }
    return agent.nextDeadline.map { min($0, own) } ?? own
  }

  public mutating func handle(_ input: Input, at now: Instant) {
    switch input {
    case .transport(let input): agent.handle(.transport(input), at: now)
    case .call(let number, let own): call(number, as: own, at: now)
    case .press(let key):
      for line in lines { outputs.append(.media(.sendDigit(line.stream, digit: key, milliseconds: 120))) }
    case .pressByInfo(let key):
      for line in lines { agent.handle(.command(.sendDigit(line.leg, digit: key)), at: now) }
    case .hold(let isHolding): for index in lines.indices { hold(index, isHolding, at: now) }
    case .busy(let number):
      for line in lines where line.leg.isIncoming && line.number == number && !line.isAnswered {
        agent.handle(.command(.refuse(line.leg, status: 486, reason: nil, retryAfter: nil)), at: now)
      }
    case .manner(let manner): self.manner = manner
    case .hangUp: for line in lines { hangUp(line.leg, at: now) }
    case .wake: break
    }
    agent.advance(to: now)
    while let timer = timers.popDue(at: now) { fire(timer, at: now) }
    drain(at: now)
  }

  private mutating func drain(at now: Instant) {
    while let output = agent.pollOutput() {
      switch output {
      case .transport(let output): outputs.append(.transport(output))
      case .event(let event): hear(event, at: now)
      case .persist, .log: break
      }
    }
  }
}

// MARK: - What the person does

extension SoftPhone {
  private mutating func call(_ number: ByteString, as own: ByteString, at now: Instant) {
    lastLeg += 2
    let leg = LegID(number: lastLeg)
    guard let stream = openStream(for: leg) else {
      return outputs.append(.story(.ended(number: number, status: 500, wasAnswered: false)))
    }
    let offer = SessionDescription.offer(
      codecs: ["PCMU", "PCMA"], address: .anyV4, port: port(of: stream), sessionID: UInt64(lastLeg), sessionVersion: 1,
      direction: .sendrecv)
    lines.append(Line(leg: leg, stream: stream, number: number, local: offer))
    agent.handle(
      .command(
        .invite(
          leg,
          UserAgent.Invitation(target: .trunk("box", number: number), callerNumber: own, offer: offer))),
      at: now)
  }

  private mutating func fire(_ timer: Timer, at now: Instant) {
    switch timer {
    case .answer(let leg): answer(leg, at: now)
    case .refuse(let leg):
      guard let status = lines.first(where: { $0.leg == leg })?.refusal else { return }
      agent.handle(.command(.refuse(leg, status: status, reason: nil, retryAfter: nil)), at: now)
    case .hangUp(let leg): hangUp(leg, at: now)
    }
  }

  private mutating func hangUp(_ leg: LegID, at now: Instant) {
    agent.handle(.command(.hangUp(leg, status: 200, q850: nil)), at: now)
  }

  private mutating func hold(_ index: Int, _ isHolding: Bool, at now: Instant) {
    guard lines[index].isAnswered else { return }
    lines[index].isHolding = isHolding
    lines[index].local.direction = isHolding ? .sendonly : .sendrecv
    agent.handle(.command(.offer(lines[index].leg, lines[index].local)), at: now)
  }

  private mutating func answer(_ leg: LegID, at now: Instant) {
    guard let index = lines.firstIndex(where: { $0.leg == leg }) else { return }
    agent.handle(.command(.accept(leg, lines[index].local)), at: now)
    startTalking(index, at: now)
  }

  private mutating func startTalking(_ index: Int, at now: Instant) {
    lines[index].talkingSince = now
    let line = lines[index]
    target(line)
    outputs.append(.story(.talks(number: line.number)))
    timers.set(.hangUp(line.leg), to: now + (line.talks ?? Self.longestCall))
  }
}

// MARK: - What the phone reports

extension SoftPhone {
  private mutating func hear(_ event: UserAgent.Event, at now: Instant) {
    switch event {
    case .trunk(_, let isUp): outputs.append(.story(.registered(isUp)))
    case .incoming(let leg, let call): ring(leg, call, at: now)
    case .progress: outputs.append(.story(.hearsRinging))
    case .accepted(let leg, let description, _):
      guard let index = lines.firstIndex(where: { $0.leg == leg }) else { return }
      lines[index].remote = description
      startTalking(index, at: now)
    case .offered(let leg, _):
      if let line = lines.first(where: { $0.leg == leg }) {
        agent.handle(.command(.answerOffer(leg, line.local)), at: now)
      }
    case .ended(let leg, let ending): forget(leg, ending)
    case .offerAnswered(let leg, let description):
      guard let index = lines.firstIndex(where: { $0.leg == leg }) else { return }
      lines[index].remote = description ?? lines[index].remote
      target(lines[index])
      outputs.append(.story(.holdAgreed(lines[index].isHolding)))
    case .prepared, .confirmed, .offerRefused, .digit, .referred, .reachable, .trunkAnswered, .subscribed,
      .unsubscribed:
      break
    }
  }

  private mutating func ring(_ leg: LegID, _ call: UserAgent.IncomingCall, at now: Instant) {
    outputs.append(.story(.rings(number: call.number, from: call.callerNumber, name: call.callerName)))
    guard let stream = openStream(for: leg),
      let answer = call.offer?.answer(
        choosing: ["PCMU", "PCMA"], address: .anyV4, port: port(of: stream), sessionID: UInt64(leg.number),
        sessionVersion: 1, direction: .sendrecv)
    else {
      return agent.handle(.command(.refuse(leg, status: 488, reason: nil, retryAfter: nil)), at: now)
    }
    var line = Line(
      leg: leg, stream: stream, number: call.number, from: call.callerNumber, since: now, local: answer,
      remote: call.offer)
    switch manner {
    case .refuses(_, let status): line.refusal = status
    case .letsItRing: line.refusal = 480
    case .answers(_, let talks): line.talks = talks
    }
    lines.append(line)
    agent.handle(.command(.progress(leg, status: 180, nil)), at: now)
    switch manner {
    case .answers(let after, _): timers.set(.answer(leg), to: now + after)
    case .refuses(let after, _): timers.set(.refuse(leg), to: now + after)
    case .letsItRing: timers.set(.refuse(leg), to: now + Self.patience)
    }
  }

  private mutating func forget(_ leg: LegID, _ ending: UserAgent.Ending) {
    guard let index = lines.firstIndex(where: { $0.leg == leg }) else { return }
    let line = lines.remove(at: index)
    for timer in [Timer.answer(leg), .refuse(leg), .hangUp(leg)] { timers.cancel(timer) }
    streams.remove(line.stream)
    outputs.append(.media(.close(line.stream)))
    outputs.append(.story(.ended(number: line.number, status: ending.status, wasAnswered: line.isAnswered)))
  }

  private mutating func openStream(for leg: LegID) -> StreamID? {
    guard let stream = streams.insert(leg) else { return nil }
    outputs.append(.media(.open(stream, port: port(of: stream), v6: false)))
    return stream
  }

  private func port(of stream: StreamID) -> UInt16 { setup.mediaPort + UInt16(stream.slot) * 2 }

  /// Speaks to the box: the phone's microphone is the music prompt.
  private mutating func target(_ line: Line) {
    guard let remote = line.remote, let format = remote.formats.first(where: { $0.name == "PCMU" || $0.name == "PCMA" })
    else { return }
    let target = StreamTarget(
      remote: Endpoint(remote.address, remote.port), codec: format.name == "PCMU" ? .pcmu : .pcma,
      payloadType: UInt8(clamping: format.payloadType),
      eventPayloadType: remote.format(named: "telephone-event").map { UInt8(clamping: $0.payloadType) },
      followsSource: false)
    outputs.append(.media(.target(line.stream, target)))
    outputs.append(.media(.play(line.stream, Playlist([.music], .en), repeats: true, token: 0)))
  }
}
