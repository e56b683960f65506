// Who gets the item, and when: each strategy, skill rings, reserves, shares, ageing, preferred agents, text beside calls.

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct MatchingTests {
  private static func queue(
    _ strategy: ACD.Strategy, _ members: [ACD.Member] = ["101", "102", "103"].map { ACD.Member($0) }
  ) -> ACD.QueueSettings {
    ACD.QueueSettings(name: "q", members: members, strategy: strategy, ringSeconds: 10, wrapUpSeconds: 0)
  }

  // MARK: Strategies

  @Test(
    "Of several ready agents the strategy picks one",
    arguments: [
      (.longestIdle, ["101", "102", "103", "101"]), (.roundRobin, ["101", "102", "103", "101"]),
      (.linear, ["101", "101", "101", "101"]), (.fewestCalls, ["101", "102", "103", "101"]),
      // 101 spoke for 9 s, the others then for less.
      (.leastTalkTime, ["101", "102", "103", "102"]),
    ] as [(ACD.Strategy, [ByteString])])
  func strategies(strategy: ACD.Strategy, expected: [ByteString]) {
    let desk = Desk([Self.queue(strategy)])
    desk.logIn("101", "102", "103")
    #expect([9, 2, 4, 1].map { desk.serve(seconds: $0) } == expected)
  }

  @Test("Round robin goes on behind the agent who had the latest item, also when that one is away")
  func roundRobinGap() {
    let desk = Desk([Self.queue(.roundRobin)])
    desk.logIn("103", "102", "101")
    #expect(desk.serve() == "101")
    desk.step(.act(.logout(extension: "102"), by: "102"))
    #expect([desk.serve(), desk.serve(), desk.serve()] == ["103", "101", "103"])
  }

  @Test("Most skilled is the one with the highest levels in what the item asks for")
  func mostSkilled() {
    var queue = Self.queue(.mostSkilled)
    queue.rings = [.init([.init("french", 2)])]
    let desk = Desk(
      [queue],
      [
        .init(extension: "101", skills: [.init("french", 3), .init("loans", 9)]),
        .init(extension: "102", skills: [.init("french", 5)]), .init(extension: "103", skills: [.init("french", 1)]),
      ])
    desk.logIn("101", "102", "103")
    desk.enter()
    desk.enter()
    desk.enter()
    #expect(desk.offered() == ["102", "101"])
  }

  @Test("Ring all: every phone rings, the first to accept has it, the others are idle as long as before")
  func ringAll() {
    let desk = Desk([Self.queue(.ringAll)])
    desk.logIn("101", "102", "103")
    desk.enter()
    let offers = desk.offers()
    #expect(offers.map(\.extension) == ["101", "102", "103"])
    desk.step(.accepted(offers[1].id))
    let withdrawn = desk.seen.compactMap { if case .withdraw(let id) = $0 { id } else { nil } }
    #expect(withdrawn == [offers[0].id, offers[2].id])
    // A late answer of another is too late.
    desk.step(.accepted(offers[2].id))
    #expect(desk.seen.contains { if case .releaseAgent(offers[2].id, .tooLate) = $0 { true } else { false } })
    desk.step(.ended(offers[0].id))
    desk.step(.ended(offers[2].id))
    desk.enter()
    #expect(desk.offered() == ["101", "103"])
  }

  @Test("Ring all: when nobody answers, the item is back in its place, once")
  func ringAllUnanswered() {
    let desk = Desk([Self.queue(.ringAll)])
    desk.logIn("101", "102", "103")
    let call = desk.enter()
    let offers = desk.offers()
    desk.step(.refused(offers[0].id, status: 486))
    #expect(desk.offers().isEmpty)
    desk.pass(seconds: 10)
    #expect(desk.position(call) == 1)
    #expect(desk.acd.offers.values.allSatisfy { $0.state == .withdrawn })
  }

  @Test("Weighted random gives shares near the weights, the same draws for the same seed")
  func weightedRandom() {
    func draws() -> [ByteString?] {
      let desk = Desk([Self.queue(.weightedRandom, [.init("101", weight: 3), .init("102", weight: 1)])])
      desk.logIn("101", "102")
      return (0..<400).map { _ in desk.serve() }
    }
    let first = draws()
    #expect(first == draws())
    #expect((270...330).contains(first.filter { $0 == "101" }.count))
  }

  // MARK: What time changes

  @Test("Rings widen: a level asked for at first is no longer asked for later")
  func rings() {
    var queue = Self.queue(.longestIdle)
    queue.rings = [
      .init([.init("french", 3)]), .init(afterSeconds: 30, [.init("french", 1)]), .init(afterSeconds: 60, []),
    ]
    let desk = Desk([queue], [.init(extension: "102", skills: [.init("french", 2)])])
    desk.logIn("101", "102")
    desk.enter()
    desk.pass(seconds: 29)
    #expect(desk.offers().isEmpty)
    desk.pass(seconds: 1)
    let offers = desk.offers()
    #expect(offers.map(\.extension) == ["102"])
    desk.step(.accepted(offers[0].id))
    desk.enter()
    desk.pass(seconds: 59)
    #expect(desk.offers().isEmpty)
    desk.pass(seconds: 1)
    #expect(desk.offered() == ["101"])
  }

  @Test("Reserve agents join when an item has waited long enough")
  func reserve() {
    var queue = Self.queue(.longestIdle, [.init("101"), .init("102", isReserve: true)])
    queue.reserveAfterSeconds = 20
    let desk = Desk([queue])
    desk.logIn("102", "101")
    desk.enter()
    desk.enter()
    #expect(desk.offered() == ["101"])
    desk.pass(seconds: 9)
    #expect(desk.offers().isEmpty)
    desk.pass(seconds: 11)
    #expect(desk.offered().contains("102"))
  }

  @Test("Age raises the priority: nobody waits for ever behind better ones")
  func ageing() {
    var (high, low) = (Self.queue(.longestIdle, [.init("101")]), Self.queue(.longestIdle, [.init("101")]))
    high.name = "high"
    high.priority = 1
    (low.name, low.priority, low.ageEverySeconds) = ("low", 3, 10)
    let desk = Desk([high, low])
    desk.logIn("101")
    desk.serve("high")
    desk.step(.busyElsewhere(extension: "101", true))
    let old = desk.enter("low")
    desk.enter("high")
    desk.pass(seconds: 19)
    desk.step(.busyElsewhere(extension: "101", false))
    #expect(desk.offers().map(\.item) == [.call(.init(old.number + 1))])
    desk.pass(seconds: 10)
    desk.step(.ended(OfferID(2)))
    desk.enter("high")
    desk.pass(seconds: 60)
    #expect(desk.offers().first?.item == .call(old))
  }

  @Test("Queues of one agent with weights get shares of its offers, whoever has waited longer")
  func shares() {
    func queue(_ name: ByteString, _ weight: UInt8) -> ACD.QueueSettings {
      ACD.QueueSettings(name: name, agents: ["101"], weight: weight, wrapUpSeconds: 0)
    }
    let desk = Desk([queue("a", 3), queue("b", 1)])
    desk.logIn("101")
    for _ in 0..<20 { desk.enter("b") }
    for _ in 0..<20 { desk.enter("a") }
    var served: [ByteString] = []
    while served.count < 17, let offer = desk.offers().first {
      served.append(offer.queueName)
      desk.step(.accepted(offer.id))
      desk.step(.ended(offer.id))
    }
    // The first came while nothing else waited.
    #expect(served.dropFirst().filter { $0 == "a" }.count == 12)
  }

  // MARK: Who is asked first

  @Test("The preferred agent is asked alone for a while, then all are")
  func preferred() {
    var queue = Self.queue(.longestIdle)
    queue.preferredAgentSeconds = 15
    let desk = Desk([queue])
    desk.logIn("101", "102")
    desk.step(.busyElsewhere(extension: "102", true))
    desk.enter(preferring: "102")
    desk.pass(seconds: 14)
    #expect(desk.offers().isEmpty)
    desk.pass(seconds: 1)
    #expect(desk.offered() == ["101"])
  }

  @Test("A customer who comes again is offered to the agent of last time first")
  func lastAgent() {
    var queue = Self.queue(.longestIdle)
    queue.preferredAgentSeconds = 15
    let desk = Desk([queue])
    desk.logIn("101", "102")
    desk.enter(from: "13800000001")
    let offer = desk.offers()[0]
    desk.step(.accepted(offer.id))
    desk.step(.ended(offer.id))
    desk.enter(from: "+8613800000001")
    #expect(desk.offered() == [offer.extension])
  }

  // MARK: Text beside calls

  @Test("Chats up to the capacity, no call beside them unless the agent takes both")
  func texts() {
    let desk = Desk([Self.queue(.linear)], [.init(extension: "101", capacity: [.chat: 2])])
    desk.logIn("101")
    for _ in 0..<3 {
      desk.enter("q", .chat)
      for offer in desk.offers() { desk.step(.accepted(offer.id)) }
    }
    #expect(desk.acd.offers.count == 2)
    desk.enter()
    #expect(desk.offers().isEmpty)
    for offer in desk.acd.offers.keys.sorted() { desk.step(.ended(offer)) }
    // The oldest that waits is the third chat.
    #expect(desk.offers().first?.medium == .chat)
  }

  @Test("During a call no chat is offered; beside chats a call is, where the agent takes both")
  func callBesideText() {
    let both = ACD.AgentSettings(extension: "101", takesCallsBesideText: true)
    let desk = Desk([Self.queue(.linear)], [both])
    desk.logIn("101")
    desk.enter("q", .chat)
    desk.step(.accepted(desk.offers()[0].id))
    desk.enter()
    let call = desk.offers()
    #expect(call.map(\.medium) == [.call])
    desk.step(.accepted(call[0].id))
    desk.enter("q", .mail)
    #expect(desk.offers().isEmpty)
  }

  // MARK: Nobody there

  @Test("A phone that answers nothing is unreachable until its user shows up")
  func unresponsive() {
    var queue = Self.queue(.linear, [.init("101")])
    (queue.unreachableAfter, queue.noAnswerBackoffSeconds) = (2, 1)
    let desk = Desk([queue])
    desk.logIn("101")
    desk.enter()
    desk.step(.refused(desk.offers()[0].id, status: 480))
    desk.pass(seconds: 1)
    desk.step(.refused(desk.offers()[0].id, status: 480))
    desk.pass(seconds: 300)
    #expect(desk.offers().isEmpty)
    #expect(desk.state("101") == .unreachable)
    desk.step(.act(.login(extension: "101"), by: "101"))
    desk.step(.busyElsewhere(extension: "101", true))
    desk.step(.busyElsewhere(extension: "101", false))
    #expect(desk.offered() == ["101"])
  }

  @Test("Callers who may not stay in a queue that nobody serves are sent on, oldest first")
  func deserted() {
    var queue = Self.queue(.linear, [.init("101")])
    queue.stayPolicy = .working
    let desk = Desk([queue])
    desk.logIn("101")
    let talking = desk.enter()
    desk.step(.accepted(desk.offers()[0].id))
    let (second, third) = (desk.enter(), desk.enter())
    desk.step(.reachable(extension: "101", false))
    let sentOn = desk.seen.compactMap { if case .overflow(let call, .nobodyLeft) = $0 { call } else { nil } }
    #expect(sentOn == [second, third] && !sentOn.contains(talking))
  }

  // MARK: Coming back

  @Test("A caller whose line broke has the old place back, as the same item")
  func rejoin() {
    var queue = Self.queue(.linear, [.init("101")])
    queue.rejoinSeconds = 60
    let desk = Desk([queue])
    desk.logIn("101")
    desk.enter(from: "13800000009")
    let broken = desk.enter(from: "13800000001")
    desk.enter(from: "13800000002")
    desk.step(.leave(broken, lineBroke: true))
    desk.pass(seconds: 59)
    let back = desk.enter(from: "13800000001")
    #expect(desk.position(back) == 2)
    let kinds = desk.seen.compactMap { if case .record(let event) = $0, event.item == 2 { event.kind } else { nil } }
    #expect(kinds == [.entered, .rejoined])
    #expect(desk.acd.queueViews(at: desk.now)[0].counts.entered == 3)
  }

  @Test("Who writes after the line broke has a new item: the call's place is for a call")
  func rejoinByOtherMedium() {
    var queue = Self.queue(.linear, [.init("101")])
    queue.rejoinSeconds = 60
    let desk = Desk([queue])
    desk.logIn("101")
    desk.enter(from: "13800000009")
    desk.step(.leave(desk.enter(from: "13800000001"), lineBroke: true))
    let chat = desk.enter("q", .chat, from: "13800000001")
    #expect(desk.acd.calls[chat]?.placement.medium == .chat && desk.acd.calls[chat]?.sequence == 3)
    let back = desk.enter(from: "13800000001")
    #expect(desk.acd.calls[back]?.sequence == 2)
  }

  @Test("Who does not come back in time was abandoned, when the line broke")
  func notBack() {
    var queue = Self.queue(.linear, [.init("101")])
    queue.rejoinSeconds = 60
    let desk = Desk([queue])
    desk.logIn("101")
    desk.enter(from: "13800000009")
    let broken = desk.enter(from: "13800000001")
    desk.pass(seconds: 5)
    desk.step(.leave(broken, lineBroke: true))
    desk.pass(seconds: 60)
    let abandoned = desk.seen.compactMap {
      if case .record(let event) = $0, event.kind == .abandoned { event.milliseconds } else { nil }
    }
    #expect(abandoned == [5_000])
    #expect(desk.position(desk.enter(from: "13800000001")) == 2)
  }
}
