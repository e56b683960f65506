// The world around the distributor in tests: virtual time, a disk that is as fast as the test wants, and short words for
// what people do. Every step goes through the auditor and the oracle.

import Basics
import Journal
import NumberPlan
import Testing

@testable import ACD

final class Floor {
  static let bootWall: Int64 = 1_700_000_000

  var acd = ACD()
  var now: Instant
  /// Outputs that no test has taken yet.
  var outputs: [ACD.Output] = []
  /// Facts handed to the disk and not yet answered.
  var onTheWay: [(number: UInt64, fact: Fact)] = []
  /// What the disk holds.
  var disk = Disk()
  /// True: every persist is durable at once.
  var diskIsFast = true
  let auditor: Auditor
  var checksOracle = true
  /// Hears all that `acd` hears, until the next restart.
  var twin: Twin?

  struct Disk {
    var callbacks: [UInt64: CallbackFact] = [:]
    var agents: [ByteString: AgentFact] = [:]
    var lastSequence: UInt64 = 0
    var lastCallbackID: UInt64 = 0

    mutating func write(_ fact: Fact) {
      switch fact {
      case .callback(let fact):
        callbacks[fact.id] = fact
        lastCallbackID = max(lastCallbackID, fact.id)
        lastSequence = max(lastSequence, fact.sequence)
      case .agent(let fact): agents[fact.extension] = fact
      case .queueEvent(let event): lastSequence = max(lastSequence, event.item)
      default: break
      }
    }
  }

  init(_ settings: ACD.Settings, trusted: Bool = true, at start: Instant = Instant(nanoseconds: 1_000_000_000_000)) {
    now = start
    auditor = Auditor(settings)
    step(.configure(settings))
    step(.wall(wall, trusted: trusted))
  }

  var wall: WallTime { WallTime(seconds: Self.bootWall) + (now - Instant(nanoseconds: 1_000_000_000_000)) }

  // MARK: Steps

  func step(_ input: ACD.Input) {
    while acd.fireDue(at: now) {}
    hand()
    auditor.willHandle(input, at: now)
    acd.apply(input, at: now)
    twin?.apply(input, at: now)
    dispatch()
    collect()
    answerDisk()
  }

  /// Lets time pass, stopping at every deadline on the way.
  func pass(_ time: Interval) {
    let end = now + time
    while let deadline = acd.nextDeadline, deadline <= end {
      now = max(now, deadline)
      fireDue()
    }
    now = end
  }
  func pass(seconds: Int) { pass(.seconds(seconds)) }

  private func fireDue() {
    auditor.timePassed(to: now)
    while acd.fireDue(at: now) {}
    twin?.apply(at: now) { _, _ in }
    dispatch()
    collect()
    answerDisk()
  }

  private func dispatch() {
    guard checksOracle else { return acd.dispatch(at: now) }
    let expected = Oracle.offers(acd, at: now)
    let before = acd.outputs.all.count
    acd.dispatch(at: now)
    let made = acd.outputs.all[before...].compactMap { output -> Oracle.Pair? in
      switch output {
      case .offer(let offer): return Oracle.Pair(item: offer.item, agent: offer.agent)
      case .prepare(_, let callback, _, _, nil): return Oracle.Pair(item: .callback(callback), agent: nil)
      default: return nil
      }
    }
    if made != expected { auditor.complain("offers \(made), the oracle expected \(expected)") }
  }

  private func collect() {
    hand()
    auditor.stepEnded(acd, at: now)
  }

  private func hand() {
    while let output = acd.pollOutput() {
      if case .persist(let fact, let number, _) = output { onTheWay.append((number: number, fact: fact)) }
      if case .persist(let fact, _, _) = output { auditor.gaveToDisk(fact) }
      if case .record(let event) = output { disk.write(.queueEvent(event)) }
      auditor.saw(output, at: now)
      twin?.heard(output)
      outputs.append(output)
    }
  }

  private func answerDisk() {
    guard diskIsFast, let last = onTheWay.last else { return }
    becomeDurable(upTo: last.number)
  }

  func becomeDurable(upTo number: UInt64) {
    while let first = onTheWay.first, first.number <= number {
      disk.write(first.fact)
      auditor.durable(first.fact, first.number)
      onTheWay.removeFirst()
    }
    step(.durable(upTo: number))
  }

  func failDisk(from number: UInt64) {
    for entry in onTheWay where entry.number >= number { auditor.lost(entry.fact, entry.number) }
    onTheWay.removeAll { $0.number >= number }
    step(.persistFailed(from: number))
  }

  /// Power off and on: only the disk is left.
  func restart(_ settings: ACD.Settings, trusted: Bool = true, after pause: Interval = .seconds(2)) {
    now = now + pause
    onTheWay = []
    acd = ACD()
    twin = nil
    auditor.restarted(at: now, trusted: trusted)
    outputs = []
    step(.configure(settings))
    step(
      .restored(
        callbacks: disk.callbacks.values.filter { !$0.state.isFinal }.sorted { $0.sequence < $1.sequence },
        agents: disk.agents.values.sorted { $0.extension < $1.extension }, lastSequence: disk.lastSequence,
        lastCallbackID: disk.lastCallbackID))
    step(.wall(wall, trusted: trusted))
  }

  // MARK: What people do

  func enter(_ call: UInt64, queue: ByteString = "sales", from number: ByteString = "13800000001") {
    step(
      .enter(
        ACD.Entry(
          CallReference(call), queue: queue, callerNumber: number, callerName: "caller",
          dialledNumber: "01088880000")))
  }
  func leave(_ call: UInt64) { step(.leave(CallReference(call), lineBroke: false)) }
  /// A supervisor moves a callback.
  func move(_ id: UInt64, to queue: ByteString) {
    apply { $0.moveCallback(id, to: queue, at: $1) }
  }

  /// What an act of an operator does, as a step.
  @discardableResult
  func apply<T>(_ body: (inout ACD, Instant) -> T) -> T {
    while acd.fireDue(at: now) {}
    hand()
    auditor.timePassed(to: now)
    let result = body(&acd, now)
    twin?.apply(at: now) { _ = body(&$0, $1) }
    dispatch()
    collect()
    answerDisk()
    return result
  }

  func logIn(_ agents: ByteString...) {
    for agent in agents {
      step(.reachable(extension: agent, true))
      step(.act(.login(extension: agent), by: agent))
    }
  }

  /// An agent accepts the one offer that is out and the conversation ends after `seconds`.
  func serve(_ offer: ACD.Offer, seconds: Int) {
    step(.accepted(offer.id))
    pass(seconds: seconds)
    step(.ended(offer.id))
  }

  /// Promises kept and rules of the house: to be looked at when a scenario is over.
  func expectNoComplaints(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(auditor.complaints.isEmpty, "\(auditor.complaints)", sourceLocation: sourceLocation)
  }

  /// A callback of `number`, promised and due; the caller was call 1000.
  func promiseCallback(from number: ByteString = "13800000001", call: UInt64 = 1000) {
    enter(call, from: number)
    step(.requestCallback(CallReference(call), .init()))
    leave(call)
  }

  /// The offer of a callback that is out is accepted and its attempt becomes durable. Returns what is dialled.
  func dial(_ offer: ACD.Offer, leg: UInt64 = 7) throws -> AttemptID {
    outputs = []
    step(.accepted(offer.id))
    let attempt = try #require(outputs.prepared)
    step(.attemptLeg(attempt, .test(leg)))
    return attempt
  }

  /// As if conversations of this length had been held in the first queue: the estimate goes by them.
  func hasServed(for time: Interval) {
    let fact = QueueEventFact(
      .completed, at: wall, queue: "sales", item: 999, agent: "101", milliseconds: Int64(time.milliseconds))
    acd.estimates.note(fact, in: QueueID(index: 0), named: "sales")
  }

  // MARK: What was seen

  @discardableResult
  func take() -> [ACD.Output] {
    defer { outputs = [] }
    return outputs
  }
  func takeOffers() -> [ACD.Offer] {
    take().compactMap { if case .offer(let offer) = $0 { offer } else { nil } }
  }
  /// The one offer since the last look.
  func takeOffer() throws -> ACD.Offer {
    let offers = takeOffers()
    #expect(offers.count == 1, "offers: \(offers)")
    return try #require(offers.first)
  }

  func agentState(_ number: ByteString) -> ACD.AgentState? {
    acd.agentViews(at: now).first { $0.extension == number }?.state
  }
  func record(_ id: UInt64 = 1) -> CallbackFact? { disk.callbacks[id] }
  func view(_ id: UInt64 = 1) -> ACD.CallbackView? { acd.callbackViews(at: now).first { $0.fact.id == id } }
}

extension Floor {
  /// A floor with one agent, ready, to whom the callback of 13800000001 has been offered.
  static func offered(
    _ callback: ACD.CallbackSettings = .init(), room: Int = 2, agents: [ByteString] = ["101"]
  ) throws -> (Floor, ACD.Offer) {
    let floor = Floor(.branch(agents: agents, callback: callback, announceEvery: 0))
    floor.step(.trunkRoom(channelsFree: room))
    for agent in agents { floor.logIn(agent) }
    for agent in agents { floor.step(.busyElsewhere(extension: agent, true)) }
    floor.promiseCallback()
    for agent in agents { floor.step(.busyElsewhere(extension: agent, false)) }
    floor.pass(seconds: 9)
    #expect(floor.takeOffers().isEmpty)
    floor.pass(seconds: 1)
    return (floor, try floor.takeOffer())
  }
}

extension [ACD.Output] {
  func contains(_ matches: (ACD.Output) -> Bool) -> Bool { contains(where: matches) }
  var events: [QueueEventFact] { compactMap { if case .record(let event) = $0 { event } else { nil } } }
  /// But for the times of agents, which `AgentStatesTests` looks at.
  var eventKinds: [QueueEventFact.Kind] { events.map(\.kind).filter { $0 != .agentStateLeft } }
  var prepared: AttemptID? {
    for case .prepare(let attempt, _, _, _, _) in self { return attempt }
    return nil
  }
  var dialled: AttemptID? {
    for case .dial(let attempt) in self { return attempt }
    return nil
  }
  var hungUp: AttemptID? {
    for case .hangUpAttempt(let attempt) in self { return attempt }
    return nil
  }
  var released: ACD.ReleaseReason? {
    for case .releaseAgent(_, let reason) in self { return reason }
    return nil
  }
  var refusal: ACD.CallbackRefusal? {
    for case .callbackRefused(_, let reason) in self { return reason }
    return nil
  }
  var acceptedID: UInt64? {
    for case .callbackAccepted(_, let id) in self { return id }
    return nil
  }
  var orphans: [CallbackFact.Leg] { compactMap { if case .endOrphan(let leg, _, _) = $0 { leg } else { nil } } }
}

extension ACD.Settings {
  /// One queue `sales` with agents 101 and 102, callbacks as they come by default.
  static func branch(
    agents: [ByteString] = ["101", "102"], callback: ACD.CallbackSettings? = .init(), wrapUp: Int = 10,
    maximumWait: Int = 1800, maximumLength: Int = 50, announceEvery: Int = 30
  ) -> ACD.Settings {
    ACD.Settings(
      queues: [
        .init(
          name: "sales", agents: agents, wrapUpSeconds: wrapUp, maximumWaitSeconds: maximumWait,
          maximumLength: maximumLength, announceEverySeconds: announceEvery, callback: callback)
      ], numberPlan: .china(areaCode: "10"))
  }
}

extension CallbackFact.Leg {
  static func test(_ number: UInt64) -> Self {
    .init(
      callID: ByteString(Int(number)), localTag: "local", remoteTag: "", branch: "z9hG4bK", cseq: 1, trunk: "carrier")
  }
}
