import Basics
import Configuration
import Testing

@testable import Console

@Suite("Console: questions")
struct QuestionTests {
  @Test("every question that the core answers fits into 80 columns in both languages", arguments: ["en", "zh"])
  func fits(_ language: String) throws {
    for question in Question.allCases where !Self.ofShell.contains(question) {
      let person = try Person()
      person.line("language " + language)
      person.line("show \(question.name) | no-more")
      #expect(person.screen.problems == [], "\(question)")
      // Of a queue's counts there are far more than columns.
      if question == .queues { continue }
      #expect(!person.transcript.contains("not shown") && !person.transcript.contains("未显示"), "\(question)")
      #expect(!person.transcript.contains("not understood") && !person.transcript.contains("无法理解"), "\(question)")
    }
  }

  @Test("every field that the core tells has a name in Chinese")
  func names() throws {
    let person = try Person()
    person.addPhones()
    person.world.call(0, "102")
    person.line("agent login 102")
    person.pass(5)
    for question in Question.allCases where !Self.ofShell.contains(question) {
      let answer = try #require(JSONValue(parsing: person.world.request(question.line)))
      for key in Self.keys(of: answer) {
        let name = FieldName.text(key, .chinese)
        #expect(name.bytes.contains { $0 >= 0x80 }, "\(question): \(key) is \(name)")
      }
    }
  }

  private static func keys(of value: JSONValue) -> [ByteString] {
    switch value {
    case .object(let members): members.flatMap { [$0.key] + keys(of: $0.value) }
    case .array(let elements): elements.flatMap { keys(of: $0) }
    default: []
    }
  }

  /// What a core alone has no answer to.
  private static let ofShell: [Question] = [.process, .storage, .network, .audio, .versions, .log, .report]

  @Test("every limit has a name in both languages")
  func limits() throws {
    let person = try Person()
    let rows = try #require(JSONValue(parsing: person.world.request("limits")))
    guard case .array(let limits) = rows else { return #expect(Bool(false), "no rows") }
    for limit in limits.compactMap({ $0.text("limit") }) {
      #expect(FieldName.value(limit, of: "limit", .english) != limit || !limit.bytes.contains(0x2D), "\(limit)")
      #expect(FieldName.value(limit, of: "limit", .chinese) != limit, "\(limit)")
    }
    person.line("show limits | match Phones")
    #expect(person.sees("Phones of one extension") && !person.sees("Call legs"))
  }

  @Test("a number of lines goes along; the log is followed by its new lines until a key is pressed")
  func log() throws {
    let person = try Person()
    person.logLines = (1...40).map { ByteString("line ") + ByteString($0) }
    person.line("show log 3")
    #expect(person.sees("line 40") && person.sees("line 38") && !person.sees("line 37"))
    person.line("monitor log")
    #expect(person.sees("line 40") && person.sees("-- any key ends --"))
    person.logLines.append("line 41, the new one")
    _ = person.cleared()
    person.pass(3)
    #expect(person.transcript.contains("line 41, the new one") && !person.transcript.contains("line 40"))
    person.pass(10)
    #expect(person.transcript.ranges(of: "line 41").count == 1)
    person.type("q")
    #expect(person.screen.line == "Branch office>")
    #expect(person.screen.problems == [])
  }
}

@Suite("Console: request and clear")
struct UpkeepSessionTests {
  @Test("a shutdown, and what callers feel, is asked for twice; the rest is done")
  func confirmation() throws {
    let person = try Person()
    person.line("request shutdown")
    #expect(person.screen.line == "Really request shutdown? [yes/no]")
    person.line("no")
    #expect(person.sees("Not done."))
    person.line("clear phone 101")
    #expect(person.screen.line == "Really clear phone 101? [yes/no]")
    person.line("yes")
    #expect(person.sees("clear phone 101: refused, no phone is registered there"))
    person.line("cl call 7")
    person.line("yes")
    #expect(person.sees("clear call 7: refused, there is no such call"))
    person.line("clear counters")
    #expect(person.sees("clear counters: done"))
    person.line("request support-bundle")
    #expect(person.sees("support-bundle new: done"))
  }

  @Test("a role that is too low is told so, in Chinese too")
  func role() throws {
    let person = try Person(user: "sue", peer: .user("sue"), more: "user sue { role supervisor }\n")
    person.line("clear counters")
    #expect(person.sees("refused, not allowed"))
    person.line("language zh")
    person.line("request shutdown now")
    person.line("yes")
    #expect(person.sees("被拒绝，权限不足"))
  }

  @Test("Tab and ? know what can be cleared, phones and calls by their numbers")
  func completion() throws {
    let person = try Person()
    person.type("clear ?")
    for word in ["counters", "log", "phone", "call", "lockout"] { #expect(person.sees("  " + word)) }
    person.type("pho\t")
    #expect(person.screen.line == "Branch office> clear phone")
    person.type("\u{15}request su\t")
    #expect(person.screen.line == "Branch office> request support-bundle")
  }
}
