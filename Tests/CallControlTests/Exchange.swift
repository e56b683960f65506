// Call control alone: events in, and everything it asks for as one line each, so that a test can state all of it.

@testable import ACD
import Basics
import CallControl
import Dialplan
import Journal
import MediaEngine
import NumberPlan
import SDP
import SIPUserAgent
import VoiceService

struct Exchange {
  var calls: CallControl
  var now = Instant(nanoseconds: 1_000_000_000)
  /// What was asked for since `take` was called last.
  private(set) var lines: [String] = []
  private(set) var records: [CallFact] = []
  /// What phones chose, as it was to be remembered.
  private(set) var choices: [ExtensionFact] = []

  init(_ change: (inout CallControl.Settings) -> Void = { _ in }) {
    var settings = Self.settings
    change(&settings)
    calls = CallControl(settings: settings)
    tell(.configure(settings))
    tell(.wall(WallTime(seconds: 1_000)))
    for trunk in settings.trunks { tell(.agent(.trunk(name: trunk.name, isUp: true))) }
    _ = take()
  }

  static var settings: CallControl.Settings {
    var settings = CallControl.Settings()
    var plan = DialplanSettings(numberPlan: .china(areaCode: "21"))
    plan.trunks = ["carrier", "backup"]
    plan.extensions = ["101", "102", "103"].map { .init(number: $0, classes: NumberClasses(rawValue: .max)) }
    plan.queues = [.init(name: "service", number: "600"), .init(name: "night", number: "601")]
    plan.featureCodes = [
      .init(code: "*45", feature: .agentLogin), .init(code: "*46", feature: .agentLogout),
      .init(code: "*47", feature: .agentPause), .init(code: "*44", feature: .agentDisposition),
    ]
    plan.featureCodes += [
      .init(code: "*8", feature: .pickup), .init(code: "*72", feature: .forwardAlways),
      .init(code: "*90", feature: .forwardBusy), .init(code: "*92", feature: .forwardNoAnswer),
      .init(code: "*78", feature: .doNotDisturb), .init(code: "*79", feature: .doNotDisturbOff),
      .init(code: "*68", feature: .park), .init(code: "*80", feature: .intercom),
      .init(code: "*66", feature: .callBack), .init(code: "*86", feature: .callBackOff),
    ]
    plan.groups = [.init(name: "sales", number: "610"), .init(name: "turn", number: "611")]
    plan.slots = ["701", "702"]
    plan.speedDials = [.init(code: "*001", number: "013900000001")]
    plan.inbound = [.init(trunks: [], patterns: [], target: .queue("service"))]
    plan.outbound = [
      .init(patterns: [NumberPattern("0X."), NumberPattern("1X.")].compactMap { $0 }, trunks: ["carrier", "backup"])
    ]
    settings.dialplan = DialplanTable(plan)
    settings.mediaPorts = CallControl.MediaPorts(first: 10_000, last: 10_099)
    settings.extensions = ["101", "102", "103"].map { .init(number: $0, displayName: "Name " + $0) }
    settings.trunks = [
      .init(name: "carrier", channels: 4, callerNumber: "02155550000"),
      .init(name: "backup", channels: 4, callerNumber: ""),
    ]
    settings.queues = [
      .init(name: "service", displayName: "Service", callback: .init(), otherwise: nil),
      .init(name: "night", displayName: "Night", otherwise: .extension("103")),
    ]
    settings.groups = [
      .init(name: "sales", extensions: ["102", "103"], ringTime: .seconds(20), otherwise: .queue("service")),
      .init(name: "turn", extensions: ["102", "103"], isInTurn: true, ringTime: .seconds(10)),
    ]
    settings.parking = .init(slots: ["701", "702"], returnAfter: .seconds(90))
    settings.callLimit = 8
    return settings
  }

  // MARK: Time and inputs

  mutating func tell(_ input: CallControl.Input) {
    calls.handle(input, at: now)
    drain()
  }
  mutating func agent(_ event: UserAgent.Event) { tell(.agent(event)) }
  mutating func queue(_ output: ACD.Output) { tell(.distributor(output)) }

  mutating func wait(_ interval: Interval) {
    now = now + interval
    calls.advance(to: now)
    drain()
  }

  mutating func take() -> [String] {
    defer { lines = [] }
    return lines
  }

  // MARK: What phones and trunks do

  mutating func incoming(
    _ leg: UInt32, from source: UserAgent.IncomingCall.Source = .user("101"), to number: ByteString,
    caller: ByteString = "101", offer: SessionDescription? = Exchange.sound(), replacing: UserAgent.Replaced? = nil
  ) {
    agent(
      .incoming(
        LegID(leg),
        UserAgent.IncomingCall(
          source: source, number: number, callerNumber: caller, callerName: "", offer: offer, flowIsLocal: true,
          replaced: replacing)))
  }

  /// REFER, with the leg of another call where the party of that is meant.
  mutating func refer(_ leg: UInt32, to number: ByteString = "", replacing other: UInt32? = nil) {
    agent(.referred(LegID(leg), .init(number: number, replaced: other.map { .leg(LegID($0)) })))
  }

  /// A call from the carrier.
  mutating func customer(_ leg: UInt32, offer: SessionDescription? = Exchange.sound()) {
    incoming(leg, from: .trunk("carrier"), to: "02155550000", caller: "13800000001", offer: offer)
  }

  mutating func progress(_ leg: UInt32, _ status: Int = 180, _ description: SessionDescription? = nil) {
    agent(.progress(LegID(leg), status: status, description))
  }
  mutating func accepted(_ leg: UInt32, _ description: SessionDescription? = Exchange.sound()) {
    agent(.accepted(LegID(leg), description, remoteTag: "tag"))
  }
  mutating func ended(_ leg: UInt32, _ status: Int = 200, byRemote: Bool = true, q850: Int? = nil) {
    agent(.ended(LegID(leg), UserAgent.Ending(status: status, q850: q850, byRemote: byRemote)))
  }
  mutating func offered(_ leg: UInt32, _ description: SessionDescription?) {
    agent(.offered(LegID(leg), description))
  }

  static func sound(
    _ codecs: [ByteString] = ["PCMU", "PCMA"], port: UInt16 = 4_000, direction: SessionDescription.Direction = .sendrecv
  ) -> SessionDescription {
    SessionDescription.offer(
      codecs: codecs, address: .v4(0x0A00_0005), port: port, sessionID: 7, sessionVersion: 1, direction: direction)
  }
  static var otherCodec: SessionDescription { sound(["G729"]) }

  static func offer(_ id: UInt64, _ item: ACD.Offer.Item, to agent: ByteString = "102") -> ACD.Offer {
    ACD.Offer(
      id: OfferID(id), queue: QueueID(index: 0), queueName: "service", queueDisplayName: "Service", item: item,
      medium: .call,
      agent: AgentID(index: 0), extension: agent, deadline: .never, callerNumber: "+8613800000001", callerName: "",
      dialledNumber: "02155550000", attributes: [], recordedName: "")
  }

  // MARK: What was asked for, in words

  private mutating func drain() {
    while let output = calls.pollOutput() {
      if let line = words(output) { lines.append(line) }
    }
  }

  private mutating func words(_ output: CallControl.Output) -> String? {
    switch output {
    case .agent(let command): return Self.words(command)
    case .distributor(let input): return "queue: \(Self.words(input))"
    case .media(let command): return Self.words(command)
    case .voice(let stream, let request): return "say \(stream.slot) \(Self.words(request))"
    case .persist(.call(let fact)):
      records.append(fact)
      return "record \(fact.id) \(fact.status)\(fact.answeredAt == nil ? "" : " answered")"
    case .tested(let token, let report): return "tested \(token) \(report.failure.map { "\($0)" } ?? "passed")"
    case .trunkAnswered(let token, let status): return "trunk answered \(token) \(status)"
    case .persist(.extension(let fact)):
      choices.append(fact)
      return nil
    case .persist, .log: return nil
    }
  }

  private static func words(_ request: VoiceService.Request) -> String {
    switch request {
    case .stop: "nothing"
    case .start(.queue(let place, let callback)):
      "queue \(place.position)\(place.waitMinutes.map { " about \($0) min" } ?? "")\(words(callback))"
    case .start(.announcement(let prompts)): "announcement \(prompts)"
    case .start(.whisper(let prompts, let file)): "whisper \(prompts)\(file.isEmpty ? "" : " and \(file)")"
    case .start(.music(let prompts)): prompts.isEmpty ? "music" : "\(prompts) and music"
    case .start(let script): "\(script)"
    case .place(let place): "place \(place.position)\(place.waitMinutes.map { " about \($0) min" } ?? "")"
    case .moved(let callback): "moved\(words(callback))"
    default: "\(request)"
    }
  }

  private static func words(_ callback: VoiceService.CallbackTerms?) -> String {
    guard let callback else { return "" }
    return ", calls back \(callback.number)\(callback.allowsOtherNumber ? " or another" : "")"
      + "\(callback.nameFile.isEmpty ? "" : " name \(callback.nameFile)")\(callback.offersSchedule ? " later" : "")"
  }

  private static func words(_ command: UserAgent.Command) -> String {
    switch command {
    case .invite(let leg, let invitation): "invite \(leg.number) \(words(invitation))"
    case .prepare(let token, let target): "prepare \(token) \(words(target))"
    case .progress(let leg, let status, let description):
      "progress \(leg.number) \(status)\(description == nil ? "" : " with sound")"
    case .accept(let leg, let description):
      "accept \(leg.number) \(description.formats.map { "\($0.name)" }.first ?? "")"
    case .refuse(let leg, let status, _, _): "refuse \(leg.number) \(status)"
    case .offer(let leg, _): "offer \(leg.number)"
    case .answerOffer(let leg, let description): "answer \(leg.number) \(description.direction)"
    case .refuseOffer(let leg, let status): "refuse offer \(leg.number) \(status)"
    case .acceptReferral(let leg): "accept referral \(leg.number)"
    case .tellReferral(let leg, let status): "tell \(leg.number) \(status)"
    case .refuseReferral(let leg, let status): "refuse referral \(leg.number) \(status)"
    case .sendDigit(let leg, let digit): "info \(leg.number) \(digit)"
    case .hangUp(let leg, let status, _): "hang up \(leg.number) \(status)"
    case .endOrphan(let leg, let number, let presenting): "end orphan \(leg.callID) to \(number) from \(presenting)"
    case .ask(let trunk, let token): "ask \(trunk) \(token)"
    case .message(let user, let text): "message \(user): \(text)"
    case .show(let id, .lamp(let lamp)):
      "lamp \(name(of: id)) \(lamp.state)\(lamp.direction.map { " \($0)" } ?? "")"
    case .show(let id, .mailbox(let mailbox)): "mailbox \(name(of: id)) \(mailbox.new)/\(mailbox.old)"
    case .show(let id, .presence(let presence)):
      "presence \(name(of: id)) \(presence.isReachable)\(presence.activity.map { " \($0)" } ?? "")"
    case .endSubscription(let id): "no lamp \(name(of: id))"
    case .forget(let user): "forget \(user)"
    case .unblock(let address): "unblock \(address.text)"
    case .drain: "drain"
    }
  }

  private static func name(of id: SubscriptionID) -> String {
    (0..<100).first { SubscriptionID($0) == id }.map { "\($0)" } ?? "?"
  }

  private static func words(_ invitation: UserAgent.Invitation) -> String {
    let identity = invitation.identity.map { " as \($0.callID)" } ?? ""
    let referrer = invitation.referrer.isEmpty ? "" : " by \(invitation.referrer)"
    let answers = invitation.autoAnswer ? " answers by itself" : ""
    return "\(words(invitation.target)) from \(invitation.callerNumber)\(referrer)\(answers)\(identity)"
  }

  private static func words(_ target: UserAgent.Invitation.Target) -> String {
    switch target {
    case .user(let name): "phone \(name)"
    case .trunk(let name, let number): "\(name) \(number)"
    case .itself: "itself"
    }
  }

  private static func words(_ input: ACD.Input) -> String {
    switch input {
    case .enter(let entry): "enter \(entry.reference.number) \(entry.queue) from \(entry.callerNumber)"
    case .leave(let call, let lineBroke): "leave \(call.number)\(lineBroke ? " broken" : "")"
    case .held(let offer, let isHeld): "\(isHeld ? "held" : "resumed") \(offer.number)"
    case .surveyed(let offer, let score): "surveyed \(offer.number) \(score)"
    case .pendingResolved(let call, let choice): "pending \(call.number) \(choice)"
    case .act(.login(let number), _): "login \(number)"
    case .act(.logout(let number), _): "logout \(number)"
    case .reachable(let number, let isReachable): "reachable \(number) \(isReachable)"
    case .busyElsewhere(let number, let isBusy): "\(isBusy ? "busy" : "free") \(number)"
    case .ringing(let offer): "ringing \(offer.number)"
    case .accepted(let offer): "accepted \(offer.number)"
    case .refused(let offer, let status): "refused \(offer.number) \(status)"
    case .ended(let offer): "ended \(offer.number)"
    case .requestCallback(let call, let request):
      "callback \(call.number)\(request.number.isEmpty ? "" : " \(request.number)")"
        + "\(request.at.map { " at \($0.seconds)" } ?? "")"
        + "\(request.recordedName.isEmpty ? "" : " name \(request.recordedName)")"
    case .attemptLeg(let attempt, let leg): "leg of \(attempt.number) is \(leg.callID)"
    case .attemptImpossible(let attempt): "impossible \(attempt.number)"
    case .attemptRinging(let attempt): "customer rings \(attempt.number)"
    case .attemptAnswered(let attempt, _): "customer answered \(attempt.number)"
    case .attemptFailed(let attempt, let status, let cause):
      "failed \(attempt.number) \(status)\(cause.map { " \($0)" } ?? "")"
    case .attemptConfirmed(let attempt): "customer confirmed \(attempt.number)"
    case .attemptEnded(let attempt): "customer ended \(attempt.number)"
    case .trunkRoom(let room): "room \(room)"
    default: "\(input)"
    }
  }

  private static func words(_ command: MediaCommand) -> String {
    switch command {
    case .open(let stream, let port, _): "open \(stream.slot) \(port)"
    case .target(let stream, let target):
      "target \(stream.slot) \(target.codec) \(target.sends ? "sends" : "mute") \(target.receives ? "hears" : "deaf")"
    case .bridge(let a, let b): "bridge \(a.slot) \(b.slot)"
    case .sendDigit(let stream, let digit, _): "digit \(stream.slot) \(Character(UnicodeScalar(digit)))"
    case .close(let stream): "close \(stream.slot)"
    default: "\(command)"
    }
  }
}

extension Exchange {
  /// 101 calls 102, and they talk: legs 2 and 3, streams 0 (the callee's) and 1 (the caller's).
  static func talking() -> Exchange {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    exchange.accepted(3)
    _ = exchange.take()
    return exchange
  }

  /// A customer waits in the queue: leg 2, stream 0, call 1.
  static func queued(offer: SessionDescription? = Exchange.sound()) -> Exchange {
    var exchange = Exchange()
    exchange.customer(2, offer: offer)
    exchange.queue(.entered(CallReference(1), .init(position: 1)))
    _ = exchange.take()
    return exchange
  }
}
