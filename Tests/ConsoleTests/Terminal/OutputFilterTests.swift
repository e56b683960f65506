import Basics
import Configuration
import Testing

@testable import Console

@Suite("Output filters")
struct OutputFilterTests {
  private static let calls: [ByteString] = ["101 Anna", "102 Bert", "", "103 anna", "201 安娜"]

  private func run(
    _ line: ByteString, _ lines: [ByteString] = calls, _ language: Language = .english
  ) throws -> [ByteString] {
    var filter = try OutputFilter.split(line).filter
    var out: [ByteString] = []
    for line in lines { if let line = filter.pass(line) { out.append(line) } }
    return out + filter.finish(language)
  }

  @Test("A command without a filter stays as it is")
  func none() throws {
    let (command, filter) = try OutputFilter.split("show calls  ")
    #expect(command == "show calls")
    #expect(filter == OutputFilter())
    #expect(try run("show calls") == Self.calls)
  }

  @Test("match and except, in either case")
  func match() throws {
    #expect(try run("x | match ANNA") == ["101 Anna", "103 anna"])
    #expect(try run("x|match 安娜") == ["201 安娜"])
    #expect(try run("x | except anna") == ["102 Bert", "", "201 安娜"])
    #expect(try run("x | match nobody") == [])
  }

  @Test("^ and $ hold a text at the ends of the line")
  func anchors() throws {
    #expect(try run("x | match ^10") == ["101 Anna", "102 Bert", "103 anna"])
    #expect(try run("x | match ^01") == [])
    #expect(try run("x | match t$") == ["102 Bert"])
    #expect(try run("x | match \"^103 ANNA$\"") == ["103 anna"])
    #expect(try run("x | match ^$") == [""])
    #expect(try run("x | match ^", ["a", "^b"]) == ["a", "^b"])
    #expect(try run("x | match \\^b", ["a^bc", "b"]) == ["a^bc"])
    #expect(try run("x | match 5\\$", ["5$ each", "5"]) == ["5$ each"])
    #expect(try run("x | match \"5\\$\"", ["5$ each", "5"]) == ["5$ each"])
    #expect(try run("x | match a.b", ["a.b", "axb"]) == ["a.b"])
  }

  @Test("find shows everything from the first match on")
  func find() throws {
    #expect(try run("x | find bert") == ["102 Bert", "", "103 anna", "201 安娜"])
  }

  @Test("count says how many lines, in the language asked for")
  func count() throws {
    #expect(try run("x | count") == ["5 lines"])
    #expect(try run("x | match bert | count") == ["1 line"])
    #expect(try run("x | count", [], .chinese) == ["0 行"])
  }

  @Test("last keeps the last lines in their order")
  func last() throws {
    #expect(try run("x | last 2") == ["103 anna", "201 安娜"])
    #expect(try run("x | last 100") == Self.calls)
    #expect(try run("x | last 3", (0..<10).map { ByteString($0) }) == ["7", "8", "9"])
    #expect(try run("x | last 3", []) == [])
  }

  @Test("Filters follow one another, what was held back too")
  func chain() throws {
    #expect(try run("x | last 4 | except bert | last 2 | match anna") == ["103 anna"])
    #expect(try run("x | match 10 | except anna | count") == ["1 line"])
    #expect(try run("x | count | match 5") == ["5 lines"])
    #expect(try run("x | last 3 | count") == ["3 lines"])
  }

  @Test("no-more means no pages, wherever it stands")
  func noMore() throws {
    #expect(try OutputFilter.split("x | no-more").filter.isPaged == false)
    #expect(try OutputFilter.split("x | no-more | match a").filter.steps.count == 1)
    #expect(try OutputFilter.split("x | match a").filter.isPaged)
  }

  @Test("Names may be shortened, in either case")
  func short() throws {
    #expect(try run("x | m bert | C") == ["1 line"])
    #expect(try OutputFilter.split("x | N").filter.isPaged == false)
  }

  @Test("A | in quotation marks is none, in the command and in a pattern")
  func quotes() throws {
    let (command, filter) = try OutputFilter.split(#"set name "a|b\"|c" | match "x|y""#)
    #expect(command == #"set name "a|b\"|c""#)
    #expect(filter.steps == [.match(LinePattern("x|y"))])
    #expect(try run(#"x | match "a \"b\" \\ c""#, [#"a "b" \ c"#, "a"]) == [#"a "b" \ c"#])
    #expect(try run(#"x | match a" "b"#, ["a b", "ab"]) == ["a b"])
    // A quotation mark that stays open is the command's affair.
    #expect(try OutputFilter.split(#"set name "a | count"#).command == #"set name "a | count"#)
  }

  static let wrong: [(ByteString, ByteString, ByteString, Int)] = [
    ("x |", "no filter behind \"|\"; there are match, except, find, count, last, no-more", "“|”后没有过滤器", 3),
    ("x | | count", "no filter", "“|”后没有过滤器", 3),
    ("x | grep a", "unknown filter \"grep\"; there are match", "未知的过滤器 \"grep\"", 4),
    ("x | matches a", "unknown filter \"matches\"", "未知的过滤器", 4),
    ("x | \"\" a", "unknown filter", "未知的过滤器", 4),
    ("x | match", "match needs a text to look for", "match 需要", 9),
    ("x | find \"\"", "find needs a text", "find 需要", 9),
    ("x | except a b", "except takes one text; put quotation marks", "except 只接受一个文本", 13),
    ("x | count 5", "count takes nothing behind it", "count 后不能带参数", 10),
    ("x | no-more 5", "no-more takes nothing", "no-more 后不能带参数", 12),
    ("x | last", "last needs a number from 1 to 1000", "last 需要一个数，范围 1 到 1000", 8),
    ("x | last 0", "last needs", "last 需要", 9),
    ("x | last 1001", "last needs", "last 需要", 9),
    ("x | last -5", "last needs", "last 需要", 9),
    ("x | last 99999999999999999999", "last needs", "last 需要", 9),
    ("x | last 5 6", "last needs", "last 需要", 11),
    ("x | match \"a", "a quotation mark is not closed", "双引号没有闭合", 10),
    ("x |c|c|c|c|c|c|c|c|c", "at most 8 filters", "最多 8 个过滤器", 19),
  ]

  @Test("What is wrong is said in both languages, with its place", arguments: wrong)
  func errors(line: ByteString, english: ByteString, chinese: ByteString, offset: Int) throws {
    let error = #expect(throws: OutputFilterError.self) { try OutputFilter.split(line) }
    #expect(error?.text.english.hasPrefix(english) == true, "\(error?.text.english.description ?? "")")
    #expect(error?.text.chinese.hasPrefix(chinese) == true, "\(error?.text.chinese.description ?? "")")
    #expect(error?.offset == offset)
  }

  @Test("A pattern is bounded, and what is quoted in an error cannot steer")
  func bounds() {
    let long = ByteString("x | match ") + ByteString([UInt8](repeating: 0x61, count: ConsoleLimits.patternBytes + 1))
    #expect(throws: OutputFilterError.self) { try OutputFilter.split(long) }
    let error = #expect(throws: OutputFilterError.self) { try OutputFilter.split("x | \u{1B}c") }
    #expect(error?.text.english.bytes.contains(0x1B) == false)
  }

  @Test("Random lines never trap", arguments: 1...200 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces: [ByteString] = [
      "|", "\"", "\\", " ", "match", "last", "3", "count", "^", "$", "中", "\u{1B}", "find", "a",
    ]
    var line: ByteString = "x |"
    for _ in 0..<random.below(12) { line += pieces[random.below(pieces.count)] }
    guard var filter = try? OutputFilter.split(line).filter else { return }
    for _ in 0..<20 { _ = filter.pass(pieces[random.below(pieces.count)]) }
    #expect(filter.finish(.english).count <= 20)
  }
}
