import Basics
import Journal
import Testing

@testable import ACD

@Suite struct WhyTests {
  private func lines(_ floor: Floor, item: UInt64) -> [String] {
    floor.acd.why(item: item, at: floor.now).map { "\($0.english(in: .utc, asOf: floor.wall))" }
  }
  private func lines(_ floor: Floor, agent: ByteString) -> [String] {
    floor.acd.why(agent: agent, at: floor.now).map { "\($0.english(in: .utc, asOf: floor.wall))" }
  }

  @Test("A waiting item says what keeps each agent from it")
  func agentsOfAnItem() throws {
    let floor = Floor(.branch(agents: ["101", "102", "103", "104", "105"], wrapUp: 30))
    floor.logIn("101", "102", "104", "105")
    floor.enter(1)
    floor.serve(try floor.takeOffer(), seconds: 5)
    floor.step(.act(.pause(extension: "102", reason: "lunch"), by: "102"))
    floor.step(.reachable(extension: "104", false))
    floor.step(.busyElsewhere(extension: "105", true))
    floor.enter(2)
    floor.enter(3)
    floor.pass(seconds: 2)
    #expect(
      lines(floor, item: 3) == [
        "waits in sales at position 2, for 2 s", "waits: 1 item before it",
        "101 skipped: wrap-up until 22:13:55", "102 skipped: not ready (lunch)", "103 skipped: logged out",
        "104 skipped: the phone is unreachable", "105 skipped: on another call",
      ])
    floor.step(.act(.prioritise(item: 3, 7), by: "console"))
    #expect(lines(floor, item: 3).contains("priority 7, not the queue's own"))
    #expect(
      floor.acd.why(item: 3, at: floor.now).allSatisfy {
        $0.chinese(in: .utc, asOf: floor.wall) != $0.english(in: .utc, asOf: floor.wall)
      })
  }

  @Test("A callback says that its queue is closed, that its customer calls, that the power fails")
  func callbackObstacles() throws {
    let floor = Floor(.branch(agents: ["101"], callback: .init(mode: .customerFirst), announceEvery: 0))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.step(.trunkRoom(channelsFree: 2))
    floor.promiseCallback()
    floor.pass(seconds: 10)
    floor.step(.opening(queue: "sales", isOpen: false, closesIn: nil))
    #expect(lines(floor, item: 1).contains("callbacks may not go: the queue is closed"))
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: nil))
    #expect(!lines(floor, item: 1).contains("callbacks may not go: the queue is closed"))
    floor.enter(2)
    #expect(lines(floor, item: 1) == ["its number has called in itself"])
    floor.leave(2)
    floor.pass(seconds: 10)
    floor.step(.busyElsewhere(extension: "101", false))
    floor.take()
    floor.step(.act(.brownOut(true), by: "console:"))
    #expect(lines(floor, item: 1).first == "nothing is begun: the power is failing")
    #expect(lines(floor, agent: "101").contains("nothing is begun: the power is failing"))
    #expect(
      floor.acd.why(item: 1, at: floor.now).allSatisfy {
        $0.chinese(in: .utc, asOf: floor.wall) != $0.english(in: .utc, asOf: floor.wall)
      })
    floor.expectNoComplaints()
  }

  @Test("A decision is remembered: whom, by which rule, among how many")
  func decisions() throws {
    let floor = Floor(.branch(agents: ["101", "102", "103"]))
    floor.logIn("102", "101", "103")
    floor.enter(1)
    floor.pass(seconds: 8)
    #expect(
      lines(floor, item: 1) == [
        "waits in sales at position 1, for 8 s", "item 1 rings at 102 until 22:13:40",
        "item 1 offered to 102 8 s ago: longest-idle of 3 ready",
      ])
    #expect(
      lines(floor, agent: "102") == [
        "the phone rings", "item 1 rings at 102 until 22:13:40", "sales: nothing waits",
        "item 1 offered to 102 8 s ago: longest-idle of 3 ready",
      ])
    #expect(lines(floor, agent: "103") == ["ready", "sales: nothing waits"])
    floor.serve(try floor.takeOffer(), seconds: 1)
    #expect(lines(floor, item: 1) == ["item 1 offered to 102 9 s ago: longest-idle of 3 ready"])
    #expect(lines(floor, item: 77).isEmpty && lines(floor, agent: "999").isEmpty)
  }

  @Test("Skills, reserves and preferred agents are told with the wait after which they change")
  func requirements() {
    let french = ACD.Skill("French", 3)
    let floor = Floor(
      ACD.Settings(
        queues: [
          .init(
            name: "sales", members: [.init("101"), .init("102", isReserve: true), .init("103")],
            rings: [.init([french]), .init(afterSeconds: 30, [.init("French", 1)])], reserveAfterSeconds: 60,
            preferredAgentSeconds: 10)
        ],
        agents: [
          .init(extension: "101", skills: [.init("French", 1)]), .init(extension: "102", skills: [french]),
          .init(extension: "103", skills: [french]),
        ]))
    floor.logIn("101", "102")
    floor.step(.enter(ACD.Entry(CallReference(1), queue: "sales")))
    #expect(
      lines(floor, item: 1).dropFirst() == [
        "101 skipped: below French ≥ 3 until 30 s", "102 skipped: reserve, joins after a wait of 60 s",
        "103 skipped: logged out",
      ])
    #expect(lines(floor, agent: "101") == ["ready", "sales: 1 wait that ask for somebody else"])
    #expect(lines(floor, agent: "103") == ["logged out", "sales: next would be item 1"])
    floor.step(.busyElsewhere(extension: "101", true))
    floor.step(.enter(ACD.Entry(CallReference(2), queue: "sales", preferredAgent: "101")))
    #expect(
      lines(floor, item: 2).dropFirst(2) == ["waits for 101 alone until 22:13:30", "101 skipped: on another call"])
    floor.step(.leave(CallReference(2), lineBroke: false))
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(seconds: 30)
    #expect(lines(floor, item: 1).last == "item 1 offered to 101 0 s ago: longest-idle of 1 ready")
    floor.expectNoComplaints()
  }

  @Test("A callback says why it may not go yet")
  func callbacks() {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback()
    #expect(lines(floor, item: 1) == ["not before 22:13:30"])
    floor.pass(seconds: 10)
    #expect(
      lines(floor, item: 1) == [
        "waits in sales at position 1, for 10 s", "callbacks may not go: no trunk channel",
        "101 skipped: on another call",
      ])
    floor.step(.wall(floor.wall, trusted: false))
    #expect(lines(floor, item: 1).contains("callbacks may not go: the clock is not trusted"))
    floor.step(.configure(.branch(agents: ["101"], callback: nil)))
    #expect(lines(floor, item: 1).contains("callbacks may not go: the queue has none"))
  }

  @Test("Without a trusted clock times are told from now on")
  func untrusted() throws {
    let floor = Floor(.branch(agents: ["101"], wrapUp: 30), trusted: false)
    floor.logIn("101")
    floor.enter(1)
    floor.serve(try floor.takeOffer(), seconds: 5)
    floor.pass(seconds: 10)
    #expect(lines(floor, agent: "101").first == "wrap-up until 20 s from now")
  }

  @Test("An answer is bounded, whatever the number of agents, and says how much it left out")
  func bounded() throws {
    let agents = (0..<100).map { ByteString(1000 + $0) }
    let floor = Floor(.branch(agents: agents))
    floor.logIn("1000")
    floor.step(.act(.pause(extension: "1000", reason: "1"), by: "1000"))
    floor.enter(1)
    let answer = floor.acd.why(item: 1, at: floor.now)
    #expect(answer.count == ACD.Limits.whyLines)
    #expect(answer.last?.reason == .more(101 - ACD.Limits.whyLines + 1))
  }

  @Test("The ring of decisions forgets the oldest")
  func ring() {
    var decisions = Decisions()
    for item in 1...UInt64(Decisions.limit + 10) {
      decisions.note(
        .init(at: .zero, item: item, agent: "101", queue: "sales", strategy: .longestIdle, ready: 1))
    }
    #expect(decisions.latest(3) { _ in true }.map(\.item) == [266, 265, 264])
    #expect(decisions.latest(300) { _ in true }.count == Decisions.limit)
    #expect(decisions.latest(3) { $0.item <= 10 }.isEmpty)
    #expect(Decisions().latest(3) { _ in true }.isEmpty)
  }
}
