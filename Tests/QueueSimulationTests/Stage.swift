// The auditor with a few queues and agents, and words put into the distributor's mouth.

import Basics
import Journal
import NumberPlan
import Testing

@testable import ACD
@testable import QueueSimulation

/// A queue with two agents who are ready, and words put into the distributor's mouth.
struct Stage {
  var auditor: QueueAuditor
  var now = World.start
  private(set) var settings = ACD.Settings()
  private var lastOffer: UInt64 = 0

  /// - Parameter others: queues of the same agents.
  init(
    others: [ACD.QueueSettings] = [], agents: [ACD.AgentSettings] = [],
    _ change: (inout ACD.QueueSettings) -> Void = { _ in }
  ) {
    var random = SeededRandom(seed: 1)
    auditor = QueueAuditor(branch: Branch(random: &random))
    var queue = ACD.QueueSettings(name: "sales", agents: ["101", "102"], wrapUpSeconds: 10, callback: .init())
    change(&queue)
    auditor.powerReturns(at: now)
    settings = ACD.Settings(queues: [queue] + others, agents: agents, numberPlan: .china(areaCode: "10"))
    hear(.configure(settings))
    hear(.restored(callbacks: [], agents: [], lastSequence: 0, lastCallbackID: 0))
    hear(.wall(World.epoch, trusted: true))
    hear(.trunkRoom(channelsFree: 2))
    for number in ["101", "102"] as [ByteString] {
      hear(.reachable(extension: number, true))
      act(.login(extension: number), by: number)
    }
  }

  var rule: QueueAuditor.Rule? { auditor.violation?.rule }

  mutating func hear(_ input: ACD.Input, _ outputs: ACD.Output...) {
    auditor.willHandle(input, at: now)
    for output in outputs { auditor.saw(output, at: now) }
    auditor.inputIsHandled(at: now)
  }

  /// Is answered, and written down.
  mutating func act(_ act: ACD.Act, by who: ByteString, _ outputs: ACD.Output...) {
    auditor.willHandle(.act(act, by: who), at: now)
    let fact = ActFact(at: World.epoch, by: who, act: ByteString(act.word), subject: act.subject)
    for output in outputs + [.persist(.act(fact), number: 0, promise: false), .acted(act, by: who, refusal: nil)] {
      auditor.saw(output, at: now)
    }
    auditor.inputIsHandled(at: now)
  }

  mutating func enter(
    _ call: UInt64, item: UInt64, _ medium: ACD.Medium = .call, queue: ByteString = "sales", preferring: ByteString = ""
  ) {
    hear(
      .enter(
        ACD.Entry(
          CallReference(call), medium: medium, queue: queue, callerNumber: "13800000002", preferredAgent: preferring)),
      .record(QueueEventFact(.entered, at: World.epoch, queue: queue, item: item)),
      .entered(CallReference(call), ACD.Standing(position: 1)))
  }

  mutating func offer(
    _ item: ACD.Offer.Item, to number: ByteString, _ medium: ACD.Medium = .call, queue: ByteString = "sales"
  ) -> OfferID {
    lastOffer += 1
    auditor.saw(
      .offer(
        ACD.Offer(
          id: OfferID(lastOffer), queue: QueueID(index: 0), queueName: queue, queueDisplayName: "", item: item,
          medium: medium, agent: AgentID(index: 0), extension: number, deadline: now + .seconds(20), callerNumber: "",
          callerName: "", dialledNumber: "", attributes: [], recordedName: "")), at: now)
    return OfferID(lastOffer)
  }

  /// It is offered, accepted and connected.
  mutating func serve(_ call: UInt64, by number: ByteString, _ medium: ACD.Medium = .call, queue: ByteString = "sales")
    -> OfferID
  {
    let id = offer(.call(CallReference(call)), to: number, medium, queue: queue)
    hear(.accepted(id), .connect(CallReference(call), id))
    return id
  }

  /// A promise on the disk, due.
  mutating func promise(_ id: UInt64, state: CallbackFact.State = .pending, leg: CallbackFact.Leg? = nil) {
    var fact = CallbackFact(
      id: id, queue: "sales", number: "+8613800000001", rawNumber: "13800000001", callerName: "", dialledNumber: "",
      sequence: id, enqueuedAt: World.epoch, requestedAt: World.epoch, notBefore: World.epoch,
      expiresAt: World.epoch + .hours(4))
    fact.state = state
    fact.leg = leg
    auditor.saw(.persist(.callback(fact), number: id, promise: true), at: now)
    auditor.isDurable(.callback(fact), at: now)
  }

  static let leg = CallbackFact.Leg(callID: "1", localTag: "a", remoteTag: "", branch: "z9hG4bK", cseq: 1, trunk: "t")
}
