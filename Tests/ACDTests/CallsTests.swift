import Basics
import Journal
import Testing

@testable import ACD

@Suite struct CallsTests {
  @Test("A caller enters, hears a position, is offered and connected, and has one fate")
  func wholeCall() throws {
    let floor = Floor(.branch())
    floor.logIn("101")
    floor.take()
    floor.enter(1)
    floor.enter(2)
    let outputs = floor.take()
    #expect(outputs.contains { if case .entered(CallReference(2), .init(position: 2)) = $0 { true } else { false } })
    let offers = outputs.compactMap { if case .offer(let offer) = $0 { offer } else { nil } }
    let offer = try #require(offers.first)
    #expect(offers.count == 1 && offer.item == .call(CallReference(1)) && offer.extension == "101")
    #expect(offer.deadline == floor.now + .seconds(20))
    floor.pass(seconds: 3)
    floor.step(.accepted(offer.id))
    #expect(floor.take().contains { if case .connect(CallReference(1), offer.id) = $0 { true } else { false } })
    #expect(floor.agentState("101") == .talking)
    floor.pass(seconds: 60)
    floor.step(.ended(offer.id))
    let completed = floor.take().events.first { $0.kind == .completed }
    #expect(completed?.milliseconds == 60_000)
    #expect(floor.agentState("101") == .wrapUp)
    floor.pass(seconds: 10)
    #expect(try floor.takeOffer().item == .call(CallReference(2)))
    let counts = floor.acd.queueViews(at: floor.now)[0].counts
    #expect(counts.entered == 2 && counts.answered == 1)
    floor.expectNoComplaints()
  }

  @Test("A caller is refused with the reason")
  func refusals() {
    let floor = Floor(.branch(maximumLength: 2))
    func refusal(_ call: UInt64, _ queue: ByteString = "sales") -> ACD.EntryRefusal? {
      floor.take()
      floor.enter(call, queue: queue)
      for case .refusedEntry(CallReference(call), let reason) in floor.take() { return reason }
      return nil
    }
    #expect(refusal(1, "nowhere") == .unknownQueue)
    #expect(refusal(2) == .nobodyLoggedIn)
    floor.logIn("101")
    #expect(refusal(3) == nil)
    #expect(refusal(4) == nil)
    #expect(refusal(5) == .queueFull)
    floor.leave(4)
    #expect(refusal(6) == nil)
    floor.expectNoComplaints()
  }

  @Test("The box has a bound over all queues")
  func boxLimit() {
    var settings = ACD.Settings.branch()
    settings.maximumCalls = 1
    let floor = Floor(settings)
    floor.logIn("101")
    floor.enter(1)
    floor.take()
    floor.enter(2)
    #expect(floor.take().contains { if case .refusedEntry(_, .boxFull) = $0 { true } else { false } })
    #expect(floor.acd.counters.callLimitHit == 1)
  }

  @Test("The position is announced again and again, and shrinks as others leave")
  func announcements() {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    for call in 1...3 as ClosedRange<UInt64> { floor.enter(call) }
    floor.take()
    func announced() -> [Int] {
      floor.take().compactMap {
        if case .announce(CallReference(3), let standing) = $0 { standing.position } else { nil }
      }
    }
    floor.pass(seconds: 65)
    #expect(announced() == [3, 3])
    floor.leave(2)
    floor.pass(seconds: 30)
    #expect(announced() == [2])
  }

  @Test("Who waits too long goes to the other destination, once")
  func overflow() {
    let floor = Floor(.branch(maximumWait: 60))
    floor.logIn("101")
    floor.step(.reachable(extension: "101", false))
    floor.enter(1)
    floor.take()
    floor.pass(seconds: 59)
    #expect(!floor.take().contains { if case .overflow = $0 { true } else { false } })
    floor.pass(seconds: 1)
    let outputs = floor.take()
    #expect(outputs.contains { if case .overflow(CallReference(1), .maximumWait) = $0 { true } else { false } })
    #expect(outputs.events.first { $0.kind == .overflowed }?.milliseconds == 60_000)
    floor.leave(1)
    #expect(floor.take().eventKinds.isEmpty)
    floor.expectNoComplaints()
  }

  @Test("A caller does not overflow while a phone rings for it; it does when nobody takes it")
  func overflowWhileRinging() throws {
    let floor = Floor(.branch(agents: ["101"], maximumWait: 60, announceEvery: 0))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1)
    floor.pass(seconds: 50)
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    let offer = try floor.takeOffer()
    floor.pass(seconds: 15)
    #expect(floor.take().isEmpty)
    floor.step(.refused(offer.id, status: 486))
    #expect(floor.take().contains { if case .overflow(CallReference(1), .maximumWait) = $0 { true } else { false } })
    floor.expectNoComplaints()
  }

  @Test("Who hangs up while a phone rings: the offer is withdrawn in the same breath")
  func abandoned() throws {
    let floor = Floor(.branch())
    floor.logIn("101")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.pass(seconds: 4)
    floor.leave(1)
    let outputs = floor.take()
    #expect(outputs.contains { if case .withdraw(offer.id) = $0 { true } else { false } })
    #expect(outputs.events.first { $0.kind == .abandoned }?.milliseconds == 4_000)
    #expect(floor.agentState("101") == .withdrawing)
    floor.expectNoComplaints()
  }

  @Test("An agent of two queues gets the more urgent queue's caller, then the oldest")
  func priorities() throws {
    let floor = Floor(
      ACD.Settings(
        queues: [
          .init(name: "sales", agents: ["101"], priority: 5), .init(name: "urgent", agents: ["101"], priority: 1),
          .init(name: "support", agents: ["101"], priority: 5),
        ], numberPlan: .china(areaCode: "10")))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1, queue: "support")
    floor.enter(2, queue: "sales")
    floor.enter(3, queue: "urgent")
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    var served: [ACD.Offer.Item] = []
    for _ in 0..<3 {
      let offer = try floor.takeOffer()
      served.append(offer.item)
      floor.serve(offer, seconds: 5)
      floor.take()
      floor.pass(seconds: 10)
    }
    #expect(served == [3, 1, 2].map { .call(CallReference($0)) })
    floor.expectNoComplaints()
  }
}
