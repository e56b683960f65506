import ACD
import Basics
import CallControl
import Dialplan
import Journal
import NumberPlan
import SIPUserAgent
import Testing

@Suite("Lamps") struct LampTests {
  private func watching(_ number: ByteString, by user: ByteString = "103") -> Exchange {
    var exchange = Exchange()
    exchange.watch(1, number, by: user)
    return exchange
  }

  // MARK: Extensions

  @Test("a call to an extension lights its lamp: ringing, answered, over")
  func called() {
    var exchange = watching("102")
    #expect(exchange.takeLamps() == ["lamp 1 terminated"])
    exchange.incoming(2, to: "102")
    #expect(exchange.takeLamps().isEmpty, "the phone has not been heard from")
    exchange.progress(3)
    #expect(exchange.takeLamps() == ["lamp 1 early recipient"])
    exchange.accepted(3)
    #expect(exchange.takeLamps() == ["lamp 1 confirmed recipient"])
    exchange.ended(3)
    #expect(exchange.takeLamps() == ["lamp 1 terminated"])
  }

  @Test("so does a call that it makes; who cancels puts out both lamps")
  func calling() {
    var exchange = watching("101")
    exchange.watch(2, "102", by: "103")
    _ = exchange.take()
    exchange.incoming(2, to: "102")
    #expect(exchange.takeLamps() == ["lamp 1 early initiator"])
    exchange.progress(3)
    #expect(exchange.takeLamps() == ["lamp 2 early recipient"])
    exchange.ended(2, 487)
    #expect(exchange.takeLamps() == ["lamp 1 terminated", "lamp 2 terminated"])
  }

  @Test("an agent's lamp blinks for an offer, and is lit in the conversation")
  func offered() {
    var exchange = Exchange.queued()
    exchange.watch(1, "102", by: "103")
    _ = exchange.take()
    exchange.queue(.offer(Exchange.offer(1, .call(CallReference(1)))))
    exchange.progress(3)
    #expect(exchange.takeLamps() == ["lamp 1 early recipient"])
    exchange.accepted(3)
    exchange.queue(.connect(CallReference(1), OfferID(1)))
    #expect(exchange.takeLamps() == ["lamp 1 confirmed recipient"])
    exchange.ended(3)
    #expect(exchange.takeLamps() == ["lamp 1 terminated"])
  }

  @Test("of several calls the one that rings counts, then one that is answered")
  func several() {
    var exchange = watching("102")
    exchange.incoming(2, to: "102")
    exchange.accepted(3)
    _ = exchange.take()
    exchange.incoming(4, from: .user("103"), to: "102", caller: "103")
    exchange.progress(5)
    #expect(exchange.takeLamps() == ["lamp 1 early recipient"])
    exchange.ended(5, 486)
    #expect(exchange.takeLamps() == ["lamp 1 confirmed recipient"])
  }

  @Test("who asks in a call sees it at once; who asks no more is told nothing")
  func late() {
    var exchange = Exchange.talking()
    exchange.watch(1, "102", by: "103")
    #expect(exchange.takeLamps() == ["lamp 1 confirmed recipient"])
    exchange.agent(.unsubscribed(SubscriptionID(1)))
    exchange.ended(3)
    #expect(exchange.takeLamps().isEmpty)
  }

  // MARK: Feature codes

  @Test(
    "what the key of each feature code shows in each state of the agent",
    arguments: ACD.AgentState.allCases.map { state in
      let login =
        switch state {
        case .loggedOut: "terminated"
        case .notReady, .unreachable, .backoff: "early"
        default: "confirmed"
        }
      return (
        state,
        [
          "*45": login, "*46": state == .loggedOut ? "confirmed" : "terminated",
          "*47": state == .notReady ? "confirmed" : "terminated",
          "*48": state == .ready ? "confirmed" : "terminated", "*49": state == .wrapUp ? "confirmed" : "terminated",
        ] as [ByteString: String]
      )
    })
  func features(_ state: ACD.AgentState, _ shown: [ByteString: String]) {
    for (code, expected) in shown {
      var exchange = Exchange { $0.addFeatureCodes() }
      exchange.watch(1, code, by: "102")
      exchange.watch(2, code, by: "101")
      #expect(exchange.takeLamps().first == "lamp 1 \(code == "*46" ? "confirmed" : "terminated")", "\(code)")
      exchange.queue(.agentState("102", state))
      let news = exchange.takeLamps()
      #expect(news.count <= 1 && !news.contains { $0.hasPrefix("lamp 2") }, "only the agent's own phone")
      exchange.watch(3, code, by: "102")
      #expect(exchange.takeLamps() == ["lamp 3 \(expected)"], "\(code) in \(state)")
      #expect(news.isEmpty || news == ["lamp 1 \(expected)"])
    }
  }

  @Test("a key with the reason of a break is lit for that reason only, also after a restart")
  func reasons() {
    var exchange = Exchange()
    exchange.tell(.restoredAgents([AgentFact(extension: "102", loggedIn: true, pauseReason: "2")]))
    exchange.watch(1, "*471", by: "102")
    exchange.watch(2, "*472", by: "102")
    exchange.watch(3, "*47", by: "102")
    _ = exchange.take()
    exchange.queue(.agentState("102", .notReady))
    #expect(exchange.takeLamps() == ["lamp 2 confirmed", "lamp 3 confirmed"])
    exchange.queue(.acted(.pause(extension: "102", reason: "1"), by: "102", refusal: nil))
    #expect(exchange.takeLamps() == ["lamp 1 confirmed", "lamp 2 terminated"])
    exchange.queue(.agentState("102", .ready))
    #expect(exchange.takeLamps() == ["lamp 1 terminated", "lamp 3 terminated"])
    exchange.queue(.agentState("102", .notReady))
    #expect(exchange.takeLamps() == ["lamp 3 confirmed"], "the reason of the break before is no reason of this one")
    exchange.queue(.acted(.pause(extension: "102", reason: "2"), by: "console:0", refusal: nil))
    #expect(exchange.takeLamps() == ["lamp 2 confirmed"])
  }

  @Test("what has no lamp is refused", arguments: ["600", "999", "013800000001", "*4417", "*44", "*999"])
  func none(_ number: ByteString) {
    var exchange = watching(number)
    #expect(exchange.takeLamps() == ["no lamp 1"])
  }

  // MARK: Whatever happens

  @Test("a lamp that was watched all along shows what somebody sees who asks now", arguments: 1...60)
  func consistent(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var exchange = Exchange.queued()
    let numbers: [ByteString] = ["101", "102", "103"]
    for (index, number) in numbers.enumerated() { exchange.watch(UInt32(index), number, by: "103") }
    var shown = ["", "", ""]
    exchange.readLamps(into: &shown)
    var lastIncoming: UInt32 = 2
    var offers: UInt64 = 0
    for step in 0..<120 {
      let callee = 3 + 2 * UInt32(random.below(24))
      switch random.below(9) {
      case 0:
        lastIncoming += 2
        let (from, to) = (numbers[random.below(3)], numbers[random.below(3)])
        exchange.incoming(lastIncoming, from: .user(from), to: random.chance(percent: 20) ? "*45" : to, caller: from)
      case 1, 2: exchange.progress(callee)
      case 3, 4: exchange.accepted(callee)
      case 5: exchange.ended(callee, 486)
      case 6: exchange.ended(2 * (1 + UInt32(random.below(Int(lastIncoming)))))
      case 7:
        offers += 1
        exchange.queue(.offer(Exchange.offer(offers, .call(CallReference(1)))))
        if random.chance(percent: 50) { exchange.queue(.withdraw(OfferID(offers))) }
      default: exchange.wait(.seconds(20))
      }
      exchange.readLamps(into: &shown)
      for (index, number) in numbers.enumerated() {
        exchange.watch(50, number, by: "103")
        let fresh = exchange.takeLamps().last?.dropFirst("lamp 50 ".count).description
        #expect(fresh == shown[index], "seed \(seed), step \(step): \(number)")
      }
    }
  }

  // MARK: Configuration

  @Test("a configuration that takes a number away ends its lamps, one that gives it to another thing shows that")
  func configured() {
    var exchange = watching("102")
    exchange.watch(2, "*45", by: "101")
    exchange.watch(3, "101", by: "102")
    exchange.queue(.agentState("101", .ready))
    _ = exchange.take()
    var plan = DialplanSettings(numberPlan: .china(areaCode: "21"))
    plan.extensions = ["101", "103"].map { .init(number: $0, classes: NumberClasses(rawValue: .max)) }
    plan.featureCodes = [.init(code: "*45", feature: .agentLogout)]
    var settings = Exchange.settings
    settings.dialplan = DialplanTable(plan)
    exchange.tell(.configure(settings))
    #expect(exchange.takeLamps() == ["no lamp 1", "lamp 2 terminated", "no lamp 3"])
    exchange.incoming(2, to: "103")
    #expect(exchange.takeLamps().isEmpty)
  }
}

extension Exchange {
  mutating func watch(_ id: UInt32, _ number: ByteString, by user: ByteString, _ package: EventPackage = .dialog) {
    agent(.subscribed(SubscriptionID(id), user: user, number: number, package))
  }
  /// What the lamps 0, 1 … show after the latest news of them.
  fileprivate mutating func readLamps(into shown: inout [String]) {
    for line in takeLamps() {
      let words = line.split(separator: " ", maxSplits: 2).map { String($0) }
      if words.count == 3, let index = Int(words[1]), shown.indices.contains(index) { shown[index] = words[2] }
    }
  }
  mutating func takeLamps() -> [String] { take().filter { $0.contains("lamp") } }
}

extension CallControl.Settings {
  fileprivate mutating func addFeatureCodes() {
    var plan = DialplanSettings(numberPlan: .china(areaCode: "21"))
    plan.extensions = ["101", "102"].map { .init(number: $0, classes: NumberClasses(rawValue: .max)) }
    plan.featureCodes = [
      .init(code: "*45", feature: .agentLogin), .init(code: "*46", feature: .agentLogout),
      .init(code: "*47", feature: .agentPause), .init(code: "*48", feature: .agentReady),
      .init(code: "*49", feature: .agentEndWrapUp),
    ]
    dialplan = DialplanTable(plan)
  }
}
