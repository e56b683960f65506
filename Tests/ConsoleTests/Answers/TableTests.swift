import ACD
import Appliance
import Basics
import Configuration
import Journal
import Testing

@testable import Console

@Suite struct TableTests {
  private func table(_ json: String, _ language: Language = .english) throws -> String {
    String(decoding: Table(try #require(JSONValue(parsing: Array(json.utf8))), language).text, as: UTF8.self)
  }

  @Test("rows stand below their headings, Chinese characters counting two columns")
  func rows() throws {
    let json = #"[{"agent":"101","name":"王小明","seconds":61},{"agent":"1022","name":"Lee","seconds":3675}]"#
    #expect(
      try table(json) == """
        Agent  Name    For
        101    王小明  1:01
        1022   Lee     1:01:15

        """)
    #expect(try table(json, .chinese).hasPrefix("坐席  名称    时长\n"))
  }

  @Test("an object is lines of name and value; inner objects are indented")
  func lines() throws {
    #expect(
      try table(#"{"branch":"上海","clockTrusted":true,"sip":{"sent":1},"name":null}"#) == """
        Branch         上海
        Clock trusted  yes
        SIP
          Sent  1
        Name           -

        """)
  }

  @Test("a name that nobody has translated is its words; words of states are translated")
  func names() throws {
    #expect(FieldName.text("failedAuthentications", .english) == "Failed authentications")
    #expect(FieldName.text("failedAuthentications", .chinese) == "认证失败")
    #expect(try table(#"[{"state":"wrap-up"}]"#, .chinese) == "状态\n话后处理\n")
    #expect(try table(#"[{"state":"unheard-of"}]"#) == "State\nunheard-of\n")
  }

  @Test("whatever a key or a number is, nothing steers the terminal and nothing traps")
  func anything() throws {
    #expect(try table("[{\"sa\u{1}nt\":1}]") == "Sa?nt\n1\n")
    let nested = try table("{\"a\u{1B}b\":[{\"c\u{7}\":1}]}")
    #expect(nested.contains("A?b") && nested.contains("C?") && !nested.contains("\u{1B}") && !nested.contains("\u{7}"))
    #expect(try table("[{\"sl.offered\":9223372036854775807}]").hasSuffix(" %\n"))
    #expect(Table.text(15, .tenThousandths) == "0.2 %" && Table.text(14, .tenThousandths) == "0.1 %")
  }

  @Test("only seconds are shown as a duration")
  func seconds() {
    #expect(FieldName.isSeconds("seconds") && FieldName.isSeconds("dueInSeconds"))
    #expect(!FieldName.isSeconds("longestCommitMicroseconds") && !FieldName.isSeconds("calls"))
  }

  @Test("a number is shown in the unit of its definition, under a name in both languages")
  func metrics() throws {
    #expect(
      try table(
        #"[{"queue":"sales","offered":90,"sl.offered":7778,"asa":61999,"estimate.error.median":-30000,"aht":null}]"#)
          == """
          Queue  Offered  SL of offered  ASA   Estimate error  AHT
          sales  90       77.8 %         1:01  -0:30           -

          """)
    for metric in Metric.allCases {
      let id = ByteString(metric.id)
      #expect(FieldName.text(id, .chinese) != FieldName.words(of: id), "\(id)")
    }
    #expect(Table.text(9_996, .tenThousandths) == "100.0 %" && Table.text(4, .tenThousandths) == "0.0 %")
  }

  @Test("people are shown the columns that fit on a screen, of numbers that exist")
  func columns() throws {
    var reports = Reports()
    reports.add(QueueEventFact(.entered, at: WallTime(seconds: 900), queue: "sales", item: 1))
    reports.add(QueueEventFact(.answered, at: WallTime(seconds: 910), queue: "sales", item: 1, agent: "101"))
    for report in Report.allCases {
      var json = JSONWriter()
      report.write(reports, to: &json, at: WallTime(seconds: 920))
      let value = try #require(JSONValue(parsing: json.bytes))
      guard case .array(let all) = value, case .array(let shown) = ReportColumns.of(value),
        case .object(let allMembers)? = all.first, case .object(let members)? = shown.first
      else {
        Issue.record("\(report): no rows")
        continue
      }
      #expect(all.count == 1 && members.count > 4 && members.count <= allMembers.count)
      #expect(allMembers.contains { $0.key == "answered" && $0.value == .number(1) })
    }
  }

  @Test("nothing is said to be nothing")
  func empty() throws {
    #expect(try table("[]") == "none\n")
    #expect(try table("[]", .chinese) == "无\n")
  }

  @Test("a name from a telephone cannot steer the terminal")
  func hostile() throws {
    #expect(try table(#"[{"name":"a\n\u001b[2J"}]"#) == "Name\na??[2J\n")
  }

  @Test(
    "durations", arguments: [(0, "0:00"), (59, "0:59"), (754, "12:34"), (3723, "1:02:03"), (273_906, "3d 4:05:06")])
  func durations(_ seconds: Int, _ text: String) {
    #expect(Table.duration(seconds).description == text)
  }
}

@Suite struct JSONValueTests {
  private func parse(_ text: String) -> JSONValue? { JSONValue(parsing: Array(text.utf8)) }

  @Test("what the daemon's writer writes is read back")
  func roundTrip() {
    var json = JSONWriter()
    json.object { json in
      json.field("text", "a\"b\\c\n\u{1}é")
      json.field("number", -42)
      json.field("none", ByteString?.none)
      json.array("list") {
        $0.value(true); $0.array { _ in }; $0.object { _ in }
      }
    }
    #expect(
      JSONValue(parsing: json.bytes)
        == .object([
          .init(key: "text", value: .text("a\"b\\c\n\u{1}é")), .init(key: "number", value: .number(-42)),
          .init(key: "none", value: .null),
          .init(key: "list", value: .array([.flag(true), .array([]), .object([])])),
        ]))
  }

  @Test(
    "anything else is nothing",
    arguments: ["", "{", "[1,]", "[1] x", #""\u00e4""#, #"{"a":}"#, "1.5", "-", "tru", #""open"#, "[,]", "{1:2}"])
  func malformed(_ text: String) {
    #expect(parse(text) == nil)
  }

  @Test("nesting is bounded")
  func deep() {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(parse(nested(16)) != nil)
    #expect(parse(nested(17)) == nil)
    #expect(parse(String(repeating: "[", count: 100_000)) == nil)
  }
}
