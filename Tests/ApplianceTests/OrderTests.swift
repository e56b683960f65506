import ACD
import Appliance
import Basics
import Testing

@Suite("Orders")
struct OrderTests {
  @Test(
    "each order is read from its line",
    arguments: [
      ("agent login 101", .act(.login(extension: "101"))), ("agent logout 101", .act(.logout(extension: "101"))),
      ("agent pause 101", .act(.pause(extension: "101", reason: ""))),
      ("agent pause 101 tea  break", .act(.pause(extension: "101", reason: "tea break"))),
      ("agent ready 101", .act(.ready(extension: "101"))),
      ("agent end-wrap-up 101", .act(.endWrapUp(extension: "101"))),
      ("agent disposition 101 7", .act(.disposition(extension: "101", code: "7"))),
      ("item move 12 support", .act(.move(item: 12, toQueue: "support"))),
      ("item prioritise 12 0", .act(.prioritise(item: 12, 0))), ("item take-out 12", .act(.takeOut(item: 12))),
      ("callback cancel 3", .act(.cancelCallback(3))), ("callback dial-now 3", .act(.dialNow(3))),
      ("callback move 3 support", .act(.moveCallback(3, toQueue: "support"))),
      (
        "callback reschedule 3 2026-03-01T10:05:00+08:00",
        .act(.reschedule(3, to: WallTime(seconds: 1_772_330_700)))
      ),
      ("callback reschedule 3 +30min", .reschedule(3, after: .seconds(1_800))),
      ("callback reschedule 3 +744h", .reschedule(3, after: .hours(744))),
      ("brown-out on", .act(.brownOut(true))), ("brown-out off", .act(.brownOut(false))), ("why 101", .why("101")),
      ("take-over", .custody(.takeOver)), ("hand-over", .custody(.handOver)), ("copy-database", .custody(.copy)),
    ] as [(ByteString, Order)])
  func reads(_ line: ByteString, _ order: Order) throws {
    #expect(try Order(line: line) == order)
  }

  @Test(
    "what is not an order, or not whole, is none",
    arguments: [
      "agent login", "agent login 101 now", "agent disposition 101", "item move 12", "item move -1 support",
      "item prioritise 12 256", "item take-out twelve", "callback cancel", "callback reschedule 3 +30",
      "callback reschedule 3 +745h", "callback reschedule 3 tomorrow", "brown-out", "brown-out on now", "why",
      "why 1 2", "take-over now",
    ] as [ByteString])
  func refuses(_ line: ByteString) {
    #expect(throws: Order.Fault.self) { try Order(line: line) }
    #expect(throws: Order.Fault.unknown) { try Order(line: "status") }
    #expect(throws: Order.Fault.unknown) { try Order(line: "") }
  }

  @Test("an order of the console is done or refused, is told so, and stands in the audit log, also after a restart")
  func acts() throws {
    let branch = try Branch()
    branch.logIn()
    #expect(
      branch.world.order(try Order(line: "agent pause 101 lunch"))
        == #"{"done":true,"act":"pause","subject":"101"}"#)
    #expect(branch.says(.agents, #""state":"not-ready","pauseReason":"lunch""#))
    #expect(
      branch.world.order(try Order(line: "agent ready 102"))
        == #"{"done":false,"act":"ready","subject":"102","refusal":"unknown agent"}"#)
    branch.wait(3)
    for _ in 0..<2 {
      let audit = branch.world.ask(.audit)
      #expect(audit.contains(#""by":"101","act":"login","subject":"101","detail":"","done":true"#))
      #expect(audit.contains(#""by":"console:0","act":"pause","subject":"101","detail":"lunch","done":true"#))
      #expect(audit.contains(#""by":"console:0","act":"ready","subject":"102","detail":"unknown agent","done":false"#))
      branch.world.cutPower()
      branch.wait(10)
    }
    #expect(branch.says(.agents, #""pauseReason":"lunch""#))
  }

  @Test("a phone's code is done and heard, and the console is not told of it")
  func featureCodes() throws {
    let branch = try Branch()
    branch.logIn()
    branch.call(branch.phones[0], "*473")
    branch.wait(3)
    #expect(branch.says(.agents, #""state":"not-ready","pauseReason":"3""#))
    #expect(branch.status(branch.phones[0]) == 200)
    branch.call(branch.phones[0], "*48")
    branch.wait(3)
    #expect(branch.says(.agents, #""state":"ready","pauseReason":"""#))
    branch.call(branch.phones[1], "*44123")
    branch.wait(3)
    #expect(
      branch.says(.audit, #""by":"102","act":"disposition","subject":"102","detail":"unknown agent","done":false"#))
  }

  @Test("why tells of agents and of items, and of nothing else")
  func why() throws {
    let branch = try Branch(answers: false)
    branch.logIn()
    #expect(branch.world.order(.why("101")).contains(#""reason":"nothing-waits","english":"service: nothing waits""#))
    _ = branch.world.order(.act(.pause(extension: "101", reason: "lunch")))
    branch.call(branch.customer, "02155550000")
    branch.wait(5)
    #expect(branch.says(.waiting, #"[{"item":1,"call":"#) && branch.says(.waiting, #""queue":"service","position":1"#))
    #expect(branch.world.order(.why("1")).contains("101 skipped: not ready (lunch)"))
    #expect(branch.world.order(.why("nobody")).contains(#""reason":"unknown""#))
  }

  @Test("why tells times by the clock on the branch's wall, and programs the same in UTC")
  func whyInLocalTime() throws {
    let branch = try Branch(answers: false, more: "zone -09:30\n")
    branch.logIn()
    branch.call(branch.customer, "02155550000")
    branch.wait(5)
    let answer = branch.world.order(.why("1"))
    let rest = try #require(answer.split(separator: #""untilUTC":""#).dropFirst().first)
    let utc = try #require(WallTime(rfc3339: ByteString(String(rest.prefix(20)))))
    #expect(answer.contains(" until \(Zone(minutes: -570).clock(utc, asOf: utc))\""), "\(answer)")
  }
}
