import Basics
import Journal
import Testing

@testable import ACD

@Suite struct ConfigureTests {
  @Test("A new configuration logs nobody out, moves nobody in the queue and zeroes no counter")
  func unchanged() throws {
    let floor = Floor(.branch())
    floor.logIn("101", "102")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.step(.accepted(offer.id))
    floor.enter(2)
    let ringing = try floor.takeOffer()
    floor.enter(3)
    floor.take()
    let calls = floor.acd.callViews(at: floor.now)
    var settings = ACD.Settings.branch(wrapUp: 3)
    settings.queues[0].displayName = "Sales"
    settings.queues.append(.init(name: "new", agents: ["102", "103"]))
    floor.step(.configure(settings))
    #expect(floor.take().eventKinds.isEmpty)
    #expect(floor.acd.callViews(at: floor.now) == calls)
    #expect(floor.agentState("101") == .talking && floor.agentState("102") == .offered)
    #expect(floor.acd.queueViews(at: floor.now)[0].counts.entered == 3)
    #expect(floor.acd.queueViews(at: floor.now)[0].displayName == "Sales")
    floor.step(.ended(offer.id))
    floor.pass(seconds: 3)
    #expect(try floor.takeOffer().item == .call(CallReference(3)))
    floor.step(.ended(ringing.id))
    floor.expectNoComplaints()
  }

  @Test("The order of the idle survives")
  func idleOrder() throws {
    let floor = Floor(.branch(agents: ["101", "102", "103"]))
    floor.logIn("103", "102", "101")
    floor.step(.configure(.branch(agents: ["101", "102", "103"], wrapUp: 1)))
    floor.take()
    floor.enter(1)
    floor.enter(2)
    #expect(floor.takeOffers().map(\.extension) == ["103", "102"])
    floor.expectNoComplaints()
  }

  @Test("A removed queue takes nobody in and serves what waits")
  func drains() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.checksOracle = true
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1)
    floor.take()
    let other = ACD.Settings(queues: [.init(name: "other", agents: ["101"])], numberPlan: .china(areaCode: "10"))
    floor.step(.configure(other))
    floor.enter(2)
    #expect(floor.take().contains { if case .refusedEntry(_, .unknownQueue) = $0 { true } else { false } })
    #expect(floor.acd.queueViews(at: floor.now)[0].isDraining)
    floor.step(.busyElsewhere(extension: "101", false))
    let offer = try floor.takeOffer()
    #expect(offer.item == .call(CallReference(1)) && offer.queueName == "sales")
    floor.serve(offer, seconds: 10)
    floor.step(.configure(other))
    #expect(floor.acd.queues[0].agents.isEmpty)
  }

  @Test("A removed queue keeps the agents who serve nothing else until it is empty; then they are logged out")
  func drainsByItsOwn() throws {
    let floor = Floor(.branch(agents: ["101", "102"]))
    floor.checksOracle = true
    floor.logIn("101", "102")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.step(.busyElsewhere(extension: "102", true))
    floor.enter(1)
    floor.take()
    let other = ACD.Settings(queues: [.init(name: "other", agents: ["103"])], numberPlan: .china(areaCode: "10"))
    floor.step(.configure(other))
    floor.step(.configure(other))
    floor.step(.busyElsewhere(extension: "101", false))
    let offer = try floor.takeOffer()
    #expect(offer.item == .call(CallReference(1)) && floor.disk.agents["102"]?.loggedIn == true)
    floor.serve(offer, seconds: 10)
    floor.pass(seconds: 20)
    #expect(floor.disk.agents["101"]?.loggedIn == false && floor.disk.agents["102"]?.loggedIn == false)
    #expect(floor.acd.queues[0].agents.isEmpty)
  }

  @Test("The longest wait and the pace of announcements count at once for whoever waits")
  func pace() {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1)
    floor.pass(seconds: 60)
    floor.take()
    var settings = ACD.Settings.branch(agents: ["101"])
    settings.queues[0].maximumWaitSeconds = 90
    settings.queues[0].announceEverySeconds = 7
    floor.step(.configure(settings))
    #expect(floor.take().isEmpty)
    floor.pass(seconds: 7)
    #expect(floor.take().contains { if case .announce = $0 { true } else { false } })
    floor.pass(seconds: 22)
    #expect(floor.acd.callViews(at: floor.now).count == 1)
    floor.pass(seconds: 2)
    #expect(floor.acd.callViews(at: floor.now).isEmpty)
  }

  @Test("A removed agent finishes the conversation and is logged out then")
  func removedAgent() throws {
    let floor = Floor(.branch())
    floor.logIn("101", "102")
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.step(.accepted(offer.id))
    floor.step(.configure(.branch(agents: ["102"])))
    #expect(floor.agentState("101") == .talking && floor.disk.agents["101"]?.loggedIn == true)
    floor.pass(seconds: 5)
    floor.step(.ended(offer.id))
    floor.pass(seconds: 10)
    #expect(floor.agentState("101") == .loggedOut && floor.disk.agents["101"]?.loggedIn == false)
    floor.step(.configure(.branch(agents: [])))
    #expect(floor.agentState("102") == .loggedOut)
  }

  @Test("An extension that becomes an agent has the phone that was seen before")
  func phoneKnownBefore() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.step(.reachable(extension: "102", true))
    floor.step(.configure(.branch(agents: ["101", "102"])))
    floor.step(.act(.login(extension: "102"), by: "102"))
    #expect(floor.agentState("102") == .ready)
  }

  @Test("Callbacks wait while their queue offers none, and go on when it does again")
  func callbacksOff() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.step(.trunkRoom(channelsFree: 1))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback()
    floor.step(.configure(.branch(agents: ["101"], callback: nil)))
    floor.pass(seconds: 20)
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    #expect(floor.takeOffers().isEmpty)
    floor.step(.configure(.branch(agents: ["101"])))
    #expect(try floor.takeOffer().item == .callback(1))
  }

  @Test("More queues than the limit: the rest is refused aloud, and slots of drained queues serve again")
  func queueLimit() {
    func settings(_ range: Range<Int>) -> ACD.Settings {
      ACD.Settings(
        queues: range.map { .init(name: "q" + ByteString($0), agents: ["101"]) }, numberPlan: .china(areaCode: "10"))
    }
    let floor = Floor(settings(0..<(ACD.Limits.queues + 1)))
    #expect(floor.acd.counters.queueLimitHit == 1)
    floor.logIn("101")
    floor.step(.configure(settings(200..<(200 + ACD.Limits.queues))))
    #expect(floor.acd.counters.queueLimitHit == 1)
    floor.take()
    floor.enter(1, queue: "q400")
    #expect(floor.takeOffers().map(\.queueName) == ["q400"])
    floor.enter(2, queue: "q3")
    #expect(floor.take().contains { if case .refusedEntry(_, .unknownQueue) = $0 { true } else { false } })
  }

  @Test("More agents than the limit: slots of forgotten agents serve again")
  func agentLimit() {
    func settings(_ range: Range<Int>) -> ACD.Settings {
      ACD.Settings(
        queues: [.init(name: "sales", agents: range.map { ByteString($0) })], numberPlan: .china(areaCode: "10"))
    }
    let floor = Floor(settings(1000..<(1001 + ACD.Limits.agents)))
    #expect(floor.acd.counters.agentLimitHit == 1)
    floor.step(.configure(settings(4000..<4010)))
    #expect(floor.acd.agents.count == ACD.Limits.agents)
    floor.logIn("4005")
    #expect(floor.agentState("4005") == .ready && floor.agentState("1000") == nil)
  }
}
