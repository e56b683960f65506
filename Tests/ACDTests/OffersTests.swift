import Basics
import Journal
import Testing

@testable import ACD

@Suite struct OffersTests {
  @Test("An answer that crosses the withdrawal: the agent is let go, and free only when its leg is gone")
  func acceptedTooLate() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.leave(1)
    floor.take()
    floor.step(.accepted(offer.id))
    var outputs = floor.take()
    #expect(outputs.released == .tooLate)
    #expect(!outputs.contains { if case .connect = $0 { true } else { false } })
    floor.enter(2)
    #expect(floor.takeOffers().isEmpty)
    floor.step(.ended(offer.id))
    outputs = floor.take()
    // No conversation, no wrap-up.
    #expect(!outputs.eventKinds.contains(.completed))
    #expect(outputs.contains { if case .offer = $0 { true } else { false } })
    #expect(floor.acd.counters.acceptedTooLate == 1)
    floor.expectNoComplaints()
  }

  @Test("Two agents answer the same call: one gets it, the other is let go")
  func twoAnswers() throws {
    let floor = Floor(.branch())
    floor.logIn("101", "102")
    floor.enter(1)
    let first = try floor.takeOffer()
    floor.pass(seconds: 20)
    let second = try floor.takeOffer()
    floor.step(.accepted(second.id))
    floor.step(.accepted(first.id))
    let outputs = floor.take()
    let connected = outputs.filter { if case .connect = $0 { true } else { false } }
    #expect(connected.count == 1 && outputs.released == .tooLate)
    floor.expectNoComplaints()
  }

  @Test("Two agents become free at once: the two oldest callers, the oldest to the one idle longest")
  func twoFreeAtOnce() throws {
    let floor = Floor(.branch())
    floor.logIn("101", "102")
    floor.enter(1)
    let first = try floor.takeOffer()
    floor.enter(2)
    let second = try floor.takeOffer()
    floor.step(.accepted(first.id))
    floor.step(.accepted(second.id))
    for call in 3...5 as ClosedRange<UInt64> { floor.enter(call) }
    floor.step(.ended(second.id))
    floor.step(.ended(first.id))
    floor.take()
    floor.pass(seconds: 10)
    let offers = floor.takeOffers()
    #expect(offers.map(\.item) == [3, 4].map { .call(CallReference($0)) })
    #expect(offers.map(\.extension) == ["102", "101"])
    floor.expectNoComplaints()
  }

  @Test("Words about offers that are over or never were mean nothing")
  func stale() throws {
    let floor = Floor(.branch())
    floor.logIn("101")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.step(.refused(offer.id, status: 486))
    floor.take()
    for input in [
      ACD.Input.accepted(offer.id), .refused(offer.id, status: 486), .ended(offer.id), .ringing(offer.id),
      .accepted(OfferID(99)), .attemptAnswered(AttemptID(5), remoteTag: ""), .attemptEnded(AttemptID(5)),
      .attemptFailed(AttemptID(5), status: 500, q850: nil), .attemptLeg(AttemptID(5), .test(1)),
      .leave(CallReference(9), lineBroke: false), .requestCallback(CallReference(9), .init()),
    ] { floor.step(input) }
    #expect(floor.take().isEmpty)
    #expect(floor.agentState("101") == .backoff)
    floor.expectNoComplaints()
  }

  @Test("A refusal after the withdrawal is the end of the leg, not a second back-off")
  func refusedAfterWithdrawal() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.leave(1)
    floor.step(.refused(offer.id, status: 487))
    #expect(floor.agentState("101") == .ready)
    floor.enter(2)
    #expect(try floor.takeOffer().extension == "101")
    floor.expectNoComplaints()
  }
}
