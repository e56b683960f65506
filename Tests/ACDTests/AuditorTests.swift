// The judge is judged: fed with days that break the rules, it must say so.

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct AuditorTests {
  private let auditor = Auditor(.branch())
  private let now = Instant(nanoseconds: 1_000_000_000_000)

  private func offer(_ id: UInt64, _ item: ACD.Offer.Item, to agent: ByteString) -> ACD.Output {
    .offer(
      ACD.Offer(
        id: OfferID(id), queue: QueueID(index: 0), queueName: "sales", queueDisplayName: "", item: item, medium: .call,
        agent: AgentID(index: 0), extension: agent, deadline: now, callerNumber: "", callerName: "", dialledNumber: "",
        attributes: [], recordedName: ""))
  }
  private func enter(_ call: UInt64, sequence: UInt64) {
    auditor.willHandle(
      .enter(ACD.Entry(CallReference(call), queue: "sales")), at: now)
    auditor.saw(.record(QueueEventFact(.entered, at: WallTime(seconds: 0), queue: "sales", item: sequence)), at: now)
  }
  private func ready(_ agent: ByteString) {
    auditor.willHandle(.reachable(extension: agent, true), at: now)
    auditor.willHandle(.act(.login(extension: agent), by: agent), at: now)
  }
  private func complains(about text: String) -> Bool { auditor.complaints.contains { $0.contains(text) } }

  @Test("It sees a second offer to a taken agent")
  func twoOffers() {
    ready("101")
    enter(1, sequence: 1)
    enter(2, sequence: 2)
    auditor.saw(offer(1, .call(CallReference(1)), to: "101"), at: now)
    #expect(auditor.complaints.isEmpty)
    auditor.saw(offer(2, .call(CallReference(2)), to: "101"), at: now)
    #expect(complains(about: "offer to 101"))
  }

  @Test("It sees an overtaking")
  func overtaking() {
    ready("101")
    enter(1, sequence: 1)
    enter(2, sequence: 2)
    auditor.saw(offer(1, .call(CallReference(2)), to: "101"), at: now)
    #expect(complains(about: "overtaken"))
  }

  @Test("It sees a customer dialled for nobody, and an agent connected with a machine")
  func customerFirst() {
    ready("101")
    persist(1)
    auditor.saw(.prepare(AttemptID(1), callback: 1, number: "", presenting: "", offer: nil), at: now)
    #expect(!complains(about: "dialled for"))
    persist(2)
    auditor.saw(.prepare(AttemptID(2), callback: 2, number: "", presenting: "", offer: nil), at: now)
    #expect(complains(about: "2 customers are dialled for 1 agents"))
    auditor.saw(.dial(AttemptID(1)), at: now)
    auditor.willHandle(.attemptAnswered(AttemptID(1), remoteTag: "t"), at: now)
    auditor.saw(.connectAttempt(AttemptID(1), OfferID(1)), at: now)
    #expect(complains(about: "with a machine"))
  }

  @Test("It sees what is begun outside hours, and while the power fails")
  func closed() {
    ready("101")
    persist(1)
    auditor.willHandle(.opening(queue: "sales", isOpen: false, closesIn: nil), at: now)
    auditor.saw(offer(1, .callback(1), to: "101"), at: now)
    #expect(complains(about: "outside hours"))
    enter(7, sequence: 7)
    #expect(complains(about: "enters a closed queue"))
    auditor.willHandle(.act(.brownOut(true), by: ""), at: now)
    auditor.saw(offer(2, .call(CallReference(7)), to: "101"), at: now)
    #expect(complains(about: "while the power fails"))
  }

  private func persist(_ id: UInt64) {
    let time = WallTime(seconds: Floor.bootWall)
    let fact = Fact.callback(
      CallbackFact(
        id: id, queue: "sales", number: "+8613800000001", rawNumber: "", callerName: "", dialledNumber: "",
        sequence: id, enqueuedAt: time, requestedAt: time, notBefore: time, expiresAt: time + .hours(1)))
    auditor.gaveToDisk(fact)
    auditor.durable(fact, id)
    auditor.willHandle(.wall(time, trusted: true), at: now)
    auditor.willHandle(.trunkRoom(channelsFree: 3), at: now)
  }

  @Test("It sees a caller with two fates")
  func twoFates() {
    enter(1, sequence: 1)
    for kind in [QueueEventFact.Kind.abandoned, .overflowed] {
      auditor.saw(.record(QueueEventFact(kind, at: WallTime(seconds: 0), queue: "sales", item: 1)), at: now)
    }
    #expect(complains(about: "fates"))
  }

  @Test("It sees a phone that rings on after its caller is gone, and a caller who is in no book")
  func ringsOn() {
    ready("101")
    enter(1, sequence: 1)
    auditor.saw(offer(1, .call(CallReference(1)), to: "101"), at: now)
    auditor.willHandle(.leave(CallReference(1), lineBroke: false), at: now)
    auditor.stepEnded(ACD(), at: now)
    #expect(complains(about: "still rings") && complains(about: "1 entered, 0 ended, 0 wait"))
  }

  @Test("It sees a dial that is not durable")
  func notDurable() {
    ready("101")
    auditor.willHandle(.wall(WallTime(seconds: 0), trusted: true), at: now)
    auditor.willHandle(.trunkRoom(channelsFree: 1), at: now)
    auditor.saw(offer(1, .callback(1), to: "101"), at: now)
    auditor.willHandle(.accepted(OfferID(1)), at: now)
    auditor.saw(.prepare(AttemptID(1), callback: 1, number: "", presenting: "", offer: OfferID(1)), at: now)
    auditor.saw(.dial(AttemptID(1)), at: now)
    #expect(complains(about: "not on the disk"))
  }

  @Test("It sees a promise that is forgotten")
  func forgotten() {
    let fact = CallbackFact(
      id: 4, queue: "sales", number: "1", rawNumber: "1", callerName: "", dialledNumber: "", sequence: 1,
      enqueuedAt: WallTime(seconds: 0), requestedAt: WallTime(seconds: 0), notBefore: WallTime(seconds: 0),
      expiresAt: WallTime(seconds: 0))
    auditor.durable(.callback(fact), 1)
    auditor.checkNothingForgotten(ACD())
    #expect(complains(about: "callback 4 is forgotten"))
  }
}
