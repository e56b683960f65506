import Basics
import Journal
import Testing

@testable import ACD

@Suite struct AgentsTests {
  @Test("Logging in and out is remembered and recorded once")
  func login() {
    let floor = Floor(.branch())
    floor.take()
    floor.logIn("101")
    floor.step(.act(.login(extension: "101"), by: "101"))
    #expect(floor.disk.agents["101"]?.loggedIn == true)
    #expect(floor.take().eventKinds == [.agentLoggedIn])
    floor.step(.act(.logout(extension: "101"), by: "101"))
    floor.step(.act(.logout(extension: "101"), by: "101"))
    #expect(floor.disk.agents["101"]?.loggedIn == false)
    #expect(floor.take().eventKinds == [.agentLoggedOut])
  }

  @Test("An extension that is no agent cannot log in")
  func stranger() {
    let floor = Floor(.branch())
    floor.step(.act(.login(extension: "999"), by: "999"))
    #expect(floor.disk.agents["999"] == nil)
  }

  @Test("The agent who has been idle longest is next; a withdrawn offer does not cost the place")
  func longestIdle() throws {
    let floor = Floor(.branch(agents: ["101", "102", "103"], wrapUp: 0))
    floor.logIn("102", "103", "101")
    floor.take()
    floor.enter(1)
    let first = try floor.takeOffer()
    #expect(first.extension == "102")
    floor.leave(1)
    floor.step(.ended(first.id))
    floor.take()
    floor.enter(2)
    let second = try floor.takeOffer()
    #expect(second.extension == "102")
    floor.serve(second, seconds: 30)
    floor.take()
    floor.enter(3)
    #expect(try floor.takeOffer().extension == "103")
    floor.enter(4)
    #expect(try floor.takeOffer().extension == "101")
    floor.expectNoComplaints()
  }

  @Test("No offer in wrap-up, while busy elsewhere, unreachable or logged out")
  func notOffered() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    floor.enter(1)
    floor.serve(try floor.takeOffer(), seconds: 5)
    floor.enter(2)
    #expect(floor.takeOffers().isEmpty && floor.agentState("101") == .wrapUp)
    floor.step(.busyElsewhere(extension: "101", true))
    floor.pass(seconds: 10)
    #expect(floor.takeOffers().isEmpty && floor.agentState("101") == .busyElsewhere)
    floor.step(.reachable(extension: "101", false))
    floor.step(.busyElsewhere(extension: "101", false))
    #expect(floor.takeOffers().isEmpty && floor.agentState("101") == .unreachable)
    floor.step(.act(.logout(extension: "101"), by: "101"))
    floor.step(.reachable(extension: "101", true))
    #expect(floor.takeOffers().isEmpty && floor.agentState("101") == .loggedOut)
    floor.step(.act(.login(extension: "101"), by: "101"))
    #expect(try floor.takeOffer().item == .call(CallReference(2)))
    floor.expectNoComplaints()
  }

  @Test("Wrap-up belongs to the agent: no other queue gets past it")
  func wrapUpOverQueues() throws {
    let floor = Floor(
      ACD.Settings(
        queues: [
          .init(name: "sales", agents: ["101"], wrapUpSeconds: 30),
          .init(name: "support", agents: ["101"], wrapUpSeconds: 0),
        ], numberPlan: .china(areaCode: "10")))
    floor.logIn("101")
    floor.enter(1)
    floor.serve(try floor.takeOffer(), seconds: 5)
    floor.enter(2, queue: "support")
    floor.pass(seconds: 29)
    #expect(floor.takeOffers().isEmpty)
    floor.pass(seconds: 1)
    #expect(try floor.takeOffer().item == .call(CallReference(2)))
    floor.expectNoComplaints()
  }

  @Test("Unanswered offers back off twice as long each time, to a limit; an accepted one starts anew")
  func backoff() throws {
    let floor = Floor(.branch(agents: ["101"], maximumWait: 0))
    floor.logIn("101")
    floor.take()
    floor.enter(1)
    for expected in [30, 60, 120, 240, 300, 300] {
      let offer = try floor.takeOffer()
      floor.pass(seconds: 20)
      #expect(floor.take().eventKinds.contains(.offerUnanswered))
      let unansweredAt = floor.now
      floor.step(.ended(offer.id))
      #expect(floor.agentState("101") == .backoff)
      floor.pass(seconds: expected - 1)
      #expect(floor.takeOffers().isEmpty)
      floor.pass(unansweredAt + .seconds(expected) - floor.now)
    }
    let offer = try floor.takeOffer()
    floor.serve(offer, seconds: 10)
    floor.enter(2)
    floor.pass(seconds: 10)
    let again = try floor.takeOffer()
    floor.step(.refused(again.id, status: 486))
    floor.pass(seconds: 29)
    #expect(floor.takeOffers().isEmpty)
    floor.pass(seconds: 1)
    #expect(try floor.takeOffer().extension == "101")
    floor.expectNoComplaints()
  }

  @Test("What one agent does not take goes to the next at once")
  func nextAgent() throws {
    let floor = Floor(.branch())
    floor.logIn("101", "102")
    floor.enter(1)
    let first = try floor.takeOffer()
    floor.pass(seconds: 20)
    let second = try floor.takeOffer()
    #expect(first.extension == "101" && second.extension == "102" && second.item == first.item)
    floor.step(.refused(second.id, status: 603))
    #expect(floor.takeOffers().isEmpty)
    floor.expectNoComplaints()
  }

  @Test("An agent whose phone goes away while it rings loses the offer, and comes back when the phone does")
  func unreachableWhileRinging() throws {
    let floor = Floor(.branch())
    floor.logIn("101")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.step(.reachable(extension: "101", false))
    #expect(floor.take().contains { if case .withdraw(offer.id) = $0 { true } else { false } })
    floor.step(.reachable(extension: "101", true))
    #expect(floor.takeOffers().isEmpty)
    floor.step(.ended(offer.id))
    #expect(try floor.takeOffer().item == .call(CallReference(1)))
    floor.expectNoComplaints()
  }

  @Test("Logging out during a conversation ends neither it nor the books")
  func logoutWhileTalking() throws {
    let floor = Floor(.branch())
    floor.logIn("101")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.step(.accepted(offer.id))
    floor.step(.act(.logout(extension: "101"), by: "101"))
    #expect(floor.agentState("101") == .talking)
    floor.pass(seconds: 9)
    floor.step(.ended(offer.id))
    #expect(floor.take().eventKinds.contains(.completed))
    #expect(floor.agentState("101") == .loggedOut)
    floor.expectNoComplaints()
  }
}
