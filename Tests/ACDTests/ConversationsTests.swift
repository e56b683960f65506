import Basics
import Journal
import Testing

@testable import ACD

@Suite struct ConversationsTests {
  @Test("hold, passing on and the customer's verdict are recorded once each, and reach the numbers")
  func conversation() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.step(.held(offer.id, true))
    #expect(floor.agentState("101") == .offered)
    floor.step(.accepted(offer.id))
    floor.pass(seconds: 20)
    floor.step(.held(offer.id, true))
    floor.step(.held(offer.id, true))
    #expect(floor.agentState("101") == .held)
    floor.pass(seconds: 15)
    floor.step(.held(offer.id, false))
    floor.step(.held(offer.id, false))
    #expect(floor.agentState("101") == .talking)
    floor.pass(seconds: 5)
    floor.step(.held(offer.id, true))
    floor.pass(seconds: 10)
    floor.step(.transferred(offer.id))
    floor.step(.ended(offer.id))
    floor.step(.surveyed(offer.id, score: 6))
    floor.step(.surveyed(offer.id, score: 4))
    floor.step(.surveyed(offer.id, score: 1))
    let events = floor.take().events
    #expect(events.filter { $0.kind == .held }.map(\.milliseconds) == [15_000, 10_000])
    #expect(events.filter { $0.kind == .surveyed }.map(\.detail) == ["4"])
    #expect(events.allSatisfy { [.entered, .agentStateLeft].contains($0.kind) || $0.item == 1 })
    let sales = try #require(floor.acd.reports.queues.first?.total)
    #expect(sales.holdMs == 25_000 && sales.talkMs == 50_000 && sales.value(.transferRate) == 10_000)
    #expect(sales.surveyed == 1 && sales.surveyScores == 4)
    let agent = try #require(floor.acd.reports.agents.first { $0.name == "101" }?.total)
    #expect(agent.time.talkingMs == 50_000 && agent.surveyScores == 4)
    floor.expectNoComplaints()
  }

  @Test("whoever hangs up is not on hold any more, however long the agent stays on the line")
  func holdEndsWithTheCustomer() throws {
    let (floor, offer) = try Floor.offered()
    let attempt = try floor.dial(offer)
    floor.step(.attemptAnswered(attempt, remoteTag: "b"))
    floor.step(.held(offer.id, true))
    floor.pass(seconds: 10)
    floor.step(.attemptEnded(attempt))
    floor.pass(seconds: 3)
    floor.step(.ended(offer.id))
    #expect(floor.take().events.filter { $0.kind == .held }.map(\.milliseconds) == [10_000])
    floor.expectNoComplaints()
  }

  @Test("so many conversations may be judged and no more")
  func bound() {
    var judged = Judged()
    let count = UInt64(ACD.Limits.surveys)
    for number in 0...count {
      judged.add(.init(offer: OfferID(number), queue: "sales", item: number, agent: "101"))
    }
    #expect(judged.take(OfferID(0)) == nil && judged.take(OfferID(1))?.item == 1 && judged.take(OfferID(1)) == nil)
  }
}
