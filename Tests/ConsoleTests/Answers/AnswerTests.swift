import Basics
import Configuration
import Testing

@testable import Console

@Suite struct AnswerTests {
  private func value(_ json: String) throws -> JSONValue { try #require(JSONValue(parsing: Array(json.utf8))) }

  @Test("an act that was done, and one that was refused, are one sentence each")
  func acts() throws {
    let done = try value(#"{"done":true,"act":"pause","subject":"101"}"#)
    #expect(Answer.toAct(done, .english) == "pause 101: done" && !Answer.isRefusal(done))
    let refused = try value(#"{"done":false,"act":"move","subject":"7","refusal":"same queue"}"#)
    #expect(Answer.toAct(refused, .english) == "branchline: move 7: refused, it waits there already")
    #expect(Answer.toAct(refused, .chinese) == "branchline: move 7: 被拒绝，已在此队列")
    #expect(Answer.isRefusal(refused))
  }

  @Test("an error is a refusal")
  func error() throws {
    let error = try value(#"{"error":"usage: why ITEM|AGENT"}"#)
    #expect(Answer.isRefusal(error) && Answer.toAct(error, .english) == "branchline: usage: why ITEM|AGENT")
  }

  @Test("the lines of why are shown in one language; nothing in them steers the terminal")
  func why() throws {
    let lines = try value(#"[{"subject":"","reason":"ready","english":"ready\u001b","chinese":"空闲"}]"#)
    #expect(Answer.toWhy(lines, .english) == ["ready?"] && Answer.toWhy(lines, .chinese) == ["空闲"])
  }

  @Test("other answers are left to the table")
  func others() throws {
    let row = try value(#"[{"agent":"101"}]"#)
    #expect(Answer.toWhy(row, .english) == nil && Answer.toAct(row, .english) == nil && !Answer.isRefusal(row))
    #expect(try Answer.toWhy(value("[]"), .english) == nil)
    #expect(try Answer.toAct(value(#"{"branch":"x"}"#), .english) == nil)
  }
}

@Suite struct AlarmAnswerTests {
  private let json = #"""
    [{"alarm":"limit-hit","subject":"callers-in-queues","severity":"warning","since":"2026-01-01T00:00:00Z",
    "seconds":65,"english":"A limit was reached: callers-in-queues.","chinese":"达到上限：callers-in-queues。",
    "englishCure":"Look at show limits.","chineseCure":"请查看 show limits。"}]
    """#

  @Test("an alarm is what is wrong, for how long, and below what helps; a limit has its name")
  func lines() throws {
    let value = try #require(JSONValue(parsing: Array(json.utf8)))
    #expect(
      Answer.toAlarms(value, .english) == [
        "warning   1:05  A limit was reached: Callers in queues", "    Look at show limits.",
      ])
    #expect(Answer.toAlarms(value, .chinese) == ["警告  1:05  达到上限：排队来电", "    请查看 show limits。"])
    #expect(Answer.toAlarms(.array([]), .english) == nil)
  }
}
