import Basics
import Journal
import Testing

@testable import ACD

@Suite struct ActsTests {
  private static let two = ACD.Settings(
    queues: [
      .init(name: "sales", agents: ["101"], wrapUpSeconds: 30, callback: .init()),
      .init(name: "support", agents: ["102"], priority: 1, maximumWaitSeconds: 60),
    ], numberPlan: .china(areaCode: "10"))

  /// The one act in the audit log since the last look, which must agree with the answer.
  private func act(_ floor: Floor, _ act: ACD.Act, by who: ByteString = "console:0") throws -> ActFact {
    floor.take()
    floor.step(.act(act, by: who))
    let facts = floor.outputs.compactMap { if case .persist(.act(let fact), _, false) = $0 { fact } else { nil } }
    let answers = floor.outputs.compactMap { output -> ACD.ActRefusal?? in
      if case .acted(act, who, let refusal) = output { .some(refusal) } else { nil }
    }
    #expect(facts.count == 1 && answers.count == 1)
    let fact = try #require(facts.first)
    #expect(fact.isDone == (answers.first == .some(nil)) && fact.by == who && fact.at == floor.wall)
    return fact
  }

  private func refusal(_ floor: Floor, _ act: ACD.Act) throws -> ByteString? {
    let fact = try self.act(floor, act)
    return fact.isDone ? nil : fact.detail
  }

  @Test("An agent on a break gets no offer, shows the reason, and is there again when ready")
  func pause() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    let fact = try act(floor, .pause(extension: "101", reason: "lunch"), by: "101")
    #expect(fact.act == "pause" && fact.subject == "101" && fact.detail == "lunch" && fact.isDone)
    #expect(floor.agentState("101") == .notReady && floor.disk.agents["101"]?.pauseReason == "lunch")
    floor.enter(1)
    #expect(floor.takeOffers().isEmpty)
    floor.step(.act(.ready(extension: "101"), by: "101"))
    #expect(try floor.takeOffer().extension == "101")
    #expect(floor.disk.agents["101"]?.pauseReason == "")
    floor.expectNoComplaints()
  }

  @Test("A break outlives a restart; logging out ends it")
  func breakIsDurable() {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    floor.step(.act(.pause(extension: "101", reason: ""), by: "101"))
    floor.restart(.branch(agents: ["101"]))
    floor.step(.reachable(extension: "101", true))
    #expect(floor.agentState("101") == .notReady)
    floor.step(.act(.logout(extension: "101"), by: "101"))
    floor.step(.act(.login(extension: "101"), by: "101"))
    #expect(floor.agentState("101") == .ready && floor.disk.agents["101"]?.pauseReason == "")
    floor.expectNoComplaints()
  }

  @Test("A break is remembered for an agent whom the configuration names only after the restart")
  func breakBeforeConfiguration() {
    var acd = ACD()
    let fact = AgentFact(extension: "101", loggedIn: true, pauseReason: "lunch")
    acd.handle(.restored(callbacks: [], agents: [fact], lastSequence: 0, lastCallbackID: 0), at: .zero)
    acd.handle(.configure(.branch(agents: ["101"])), at: .zero)
    #expect(acd.agentViews(at: .zero).first?.state == .notReady)
    #expect(acd.agentViews(at: .zero).first?.pauseReason == "lunch")
  }

  @Test("A pause lets go of a phone that rings, but of no conversation; afterwards comes the break")
  func pauseInTheMiddle() throws {
    let floor = Floor(.branch(agents: ["101", "102"]))
    floor.logIn("101", "102")
    floor.enter(1)
    let first = try floor.takeOffer()
    floor.step(.act(.pause(extension: "101", reason: "1"), by: "101"))
    let second = try floor.takeOffer()
    #expect(first.extension == "101" && second.extension == "102" && second.item == first.item)
    floor.step(.accepted(second.id))
    floor.step(.act(.pause(extension: "102", reason: "2"), by: "102"))
    #expect(floor.agentState("102") == .talking)
    floor.pass(seconds: 30)
    floor.step(.ended(second.id))
    #expect(floor.agentState("102") == .wrapUp)
    floor.pass(seconds: 10)
    #expect(floor.agentState("102") == .notReady)
    floor.expectNoComplaints()
  }

  @Test("Ready ends a wrap-up and a back-off; end of wrap-up is refused outside one")
  func ready() throws {
    let floor = Floor(.branch(agents: ["101"], wrapUp: 60))
    floor.logIn("101")
    #expect(try refusal(floor, .endWrapUp(extension: "101")) == "not in wrap-up")
    floor.enter(1)
    floor.serve(try floor.takeOffer(), seconds: 5)
    #expect(floor.agentState("101") == .wrapUp)
    #expect(try refusal(floor, .endWrapUp(extension: "101")) == nil)
    #expect(floor.agentState("101") == .ready)
    floor.enter(2)
    let missed = try floor.takeOffer()
    floor.step(.refused(missed.id, status: 486))
    #expect(floor.agentState("101") == .backoff)
    floor.take()
    floor.step(.act(.ready(extension: "101"), by: "101"))
    #expect(try floor.takeOffer().item == .call(CallReference(2)))
    floor.expectNoComplaints()
  }

  @Test("A code belongs to the latest conversation, even after the agent has gone")
  func disposition() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    #expect(try refusal(floor, .disposition(extension: "101", code: "7")) == "no conversation")
    floor.enter(1)
    floor.serve(try floor.takeOffer(), seconds: 5)
    floor.step(.act(.logout(extension: "101"), by: "101"))
    #expect(try refusal(floor, .disposition(extension: "101", code: "7")) == nil)
    let event = try #require(floor.outputs.events.first { $0.kind == .disposition })
    #expect(event.queue == "sales" && event.item == 1 && event.agent == "101" && event.detail == "7")
  }

  @Test("A moved caller keeps the age, hears where it is now, and waits by the other queue's bounds")
  func move() throws {
    let floor = Floor(Self.two)
    floor.logIn("101", "102")
    floor.step(.busyElsewhere(extension: "102", true))
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.pass(seconds: 5)
    floor.enter(2, queue: "support")
    #expect(try refusal(floor, .move(item: 1, toQueue: "support")) == nil)
    #expect(floor.outputs.contains { if case .withdraw(offer.id) = $0 { true } else { false } })
    let moved = try #require(floor.outputs.events.first { $0.kind == .moved })
    #expect(moved.queue == "sales" && moved.item == 1 && moved.detail == "support" && moved.milliseconds == 5_000)
    #expect(
      floor.outputs.contains {
        if case .announce(CallReference(1), let standing) = $0 { standing.position == 1 } else { false }
      })
    floor.step(.ended(offer.id))
    #expect(floor.agentState("101") == .ready)
    floor.take()
    floor.step(.busyElsewhere(extension: "102", false))
    #expect(try floor.takeOffer().item == .call(CallReference(1)))
    let views = floor.acd.queueViews(at: floor.now)
    #expect(views.map(\.counts.movedOut) == [1, 0] && views.map(\.counts.movedIn) == [0, 1])
    floor.expectNoComplaints()
  }

  @Test("The longest wait of the new queue counts from when the first was entered")
  func moveAndOverflow() throws {
    let floor = Floor(Self.two)
    floor.logIn("101", "102")
    for agent in ["101", "102"] as [ByteString] { floor.step(.busyElsewhere(extension: agent, true)) }
    floor.enter(1)
    floor.pass(seconds: 40)
    floor.step(.act(.move(item: 1, toQueue: "support"), by: "console"))
    floor.pass(seconds: 19)
    floor.take()
    floor.pass(seconds: 1)
    #expect(floor.outputs.contains { if case .overflow(CallReference(1), .maximumWait) = $0 { true } else { false } })
    floor.expectNoComplaints()
  }

  @Test("A prioritised caller is served before older ones")
  func prioritise() throws {
    let floor = Floor(Self.two)
    floor.logIn("102")
    floor.step(.busyElsewhere(extension: "102", true))
    floor.enter(1, queue: "support")
    floor.enter(2, queue: "support")
    #expect(try refusal(floor, .prioritise(item: 2, 0)) == nil)
    floor.take()
    floor.step(.busyElsewhere(extension: "102", false))
    let offer = try floor.takeOffer()
    #expect(offer.item == .call(CallReference(2)))
    // While a phone rings for it, its place among the others changes all the same.
    #expect(try refusal(floor, .prioritise(item: 2, 9)) == nil)
    floor.take()
    floor.step(.refused(offer.id, status: 486))
    floor.step(.act(.ready(extension: "102"), by: "102"))
    #expect(try floor.takeOffer().item == .call(CallReference(1)))
    floor.expectNoComplaints()
  }

  @Test("A caller who is taken out goes where those go who have waited too long")
  func takeOut() throws {
    let floor = Floor(Self.two)
    floor.logIn("101")
    floor.enter(1)
    let offer = try floor.takeOffer()
    #expect(try refusal(floor, .takeOut(item: 1)) == nil)
    #expect(floor.outputs.contains { if case .overflow(CallReference(1), .takenOut) = $0 { true } else { false } })
    #expect(floor.outputs.events.contains { $0.kind == .overflowed && $0.detail == "taken out" })
    floor.step(.ended(offer.id))
    #expect(try refusal(floor, .takeOut(item: 1)) == "unknown item")
    floor.expectNoComplaints()
  }

  @Test("Taking out a callback cancels it; one that is being written is left alone")
  func takeOutCallback() throws {
    let floor = Floor(Self.two)
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.diskIsFast = false
    floor.enter(1)
    floor.step(.requestCallback(CallReference(1), .init()))
    #expect(try refusal(floor, .takeOut(item: 1)) == "in progress")
    #expect(try refusal(floor, .move(item: 1, toQueue: "support")) == "in progress")
    #expect(try refusal(floor, .cancelCallback(1)) == "in progress")
    floor.diskIsFast = true
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last).number)
    floor.leave(1)
    #expect(try refusal(floor, .takeOut(item: 1)) == nil)
    #expect(floor.record()?.state == .cancelled)
    floor.expectNoComplaints()
  }

  @Test("What cannot be done is refused with its reason, written down, and changes nothing")
  func refusals() throws {
    let floor = Floor(Self.two)
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1)
    let long = ByteString([UInt8](repeating: 0x61, count: 33))
    let cases: [(ACD.Act, ByteString)] = [
      (.login(extension: "999"), "unknown agent"), (.logout(extension: "102"), "not logged in"),
      (.pause(extension: "102", reason: "x"), "not logged in"), (.pause(extension: "101", reason: long), "bad text"),
      (.pause(extension: "101", reason: "a\nb"), "bad text"), (.ready(extension: "102"), "not logged in"),
      (.disposition(extension: "101", code: ""), "bad text"),
      (.move(item: 1, toQueue: "sales"), "same queue"), (.move(item: 1, toQueue: "none"), "unknown queue"),
      (.move(item: 9, toQueue: "sales"), "unknown item"), (.prioritise(item: 9, 1), "unknown item"),
      (.cancelCallback(9), "unknown callback"), (.dialNow(9), "unknown callback"),
      (.reschedule(9, to: floor.wall), "unknown callback"), (.moveCallback(9, toQueue: "sales"), "unknown callback"),
    ]
    let before = floor.acd.callViews(at: floor.now)
    for (act, reason) in cases {
      #expect(try refusal(floor, act) == reason, "\(act)")
    }
    #expect(floor.acd.callViews(at: floor.now) == before && floor.agentState("101") == .busyElsewhere)
    #expect(floor.acd.counters.actsRefused == cases.count)
    floor.expectNoComplaints()
  }

  @Test("Acts on waiting callers at random moments break no rule", arguments: [1, 2, 3] as [UInt64])
  func randomActs(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let floor = Floor(Self.two)
    floor.step(.trunkRoom(channelsFree: 2))
    floor.logIn("101", "102")
    var call: UInt64 = 0
    for _ in 0..<400 {
      let agent: ByteString = random.below(2) == 0 ? "101" : "102"
      let item = UInt64(max(1, Int(call) - random.below(5)))
      switch random.below(14) {
      case 0, 1, 2:
        call += 1
        floor.enter(
          call, queue: random.below(2) == 0 ? "sales" : "support", from: "1380000" + ByteString(Int(1000 + call)))
      case 3: floor.leave(item)
      case 4: floor.step(.act(.pause(extension: agent, reason: "1"), by: agent))
      case 5: floor.step(.act(.ready(extension: agent), by: agent))
      case 6: floor.step(.act(.endWrapUp(extension: agent), by: agent))
      case 7: floor.step(.act(.move(item: item, toQueue: random.below(2) == 0 ? "sales" : "support"), by: "console"))
      case 8: floor.step(.act(.prioritise(item: item, UInt8(random.below(3))), by: "console"))
      case 9: floor.step(.act(.takeOut(item: item), by: "console"))
      case 10, 11:
        for offer in floor.takeOffers() { floor.step(.accepted(offer.id)) }
      case 12: for offer in floor.acd.offers.keys.sorted() { floor.step(.ended(offer)) }
      default: floor.pass(seconds: random.below(20))
      }
    }
    #expect(floor.auditor.complaints.isEmpty, "seed \(seed): \(floor.auditor.complaints)")
  }
}
