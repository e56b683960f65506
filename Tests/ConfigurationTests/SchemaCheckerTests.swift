import Basics
import Testing

@testable import Configuration

@Suite("Schema checker")
struct SchemaCheckerTests {
  static let help = Help("help", "帮助")
  static let schema: [SchemaNode] = [
    SchemaNode("title", .init("text", .text(1...20)), occurrence: .required, help: help),
    SchemaNode(
      "listen", .init("transport", .choice([Choice("udp", help: help), Choice("tcp", help: help)])),
      .init("address:port", .endpoint(defaultPort: 5060)), occurrence: .repeated(2), help: help),
    SchemaNode(
      block: "phone", [.init("number", .digits(2...4))], isKeyed: true, occurrence: .repeated(10), help: help,
      [
        SchemaNode("secret", .init("text", .text(8...20)), occurrence: .required, isSecret: true, help: help),
        SchemaNode("ring", .init("duration", .duration(1_000...60_000)), default: "20s", help: help),
      ]),
    SchemaNode(
      block: "group", [.init("name", .word(maximum: 10))], isKeyed: true, occurrence: .repeated(10), help: help,
      [
        SchemaNode("phones", .init("number", .reference(to: "phone"), count: 1...3), help: help),
        SchemaNode(
          "else",
          .init(
            "destination",
            .choice([
              Choice("phone", .init("number", .reference(to: "phone")), help: help), Choice("hang-up", help: help),
            ])), default: "hang-up", help: help),
      ]),
  ]

  private func check(_ text: String) -> [String] {
    var problems = Problems()
    let tree = Block(parsing: Array(text.utf8), problems: &problems)
    SchemaChecker.check(tree, against: Self.schema, problems: &problems)
    return problems.sorted.map {
      "\($0.position.line):\($0.position.column) \($0.kind) [\($0.path)] \($0.found.english)"
        + ($0.suggestion.isEmpty ? "" : " ~\($0.suggestion)")
    }
  }

  @Test("What fits gives no problem; references lead forwards and backwards")
  func good() {
    #expect(
      check(
        """
        title "A branch"
        listen udp 0.0.0.0; listen tcp [::]:5061
        group sales { phones 101 102; else phone 103 }
        phone 101 { secret "12345678" }
        phone 102 { secret "12345678"; ring 5s }
        phone 103 { secret "12345678" }
        """) == [])
  }

  @Test("Every problem of a file is reported at once, with its exact place")
  func everything() {
    #expect(
      check(
        """
        tilte "x"
        listen upd 0.0.0.0
        listen udp
        listen udp 0.0.0.0 extra
        phone 1 { secret short }
        phone 102 { ring 5min }
        phone 102 { secret "12345678"; secret "87654321"; color red; ring { } }
        group sales { phones 102 130; else phone 12; else nobody at all }
        group too many
        """) == [
          #"1:1 unknownName [] "tilte" ~title"#,
          #"2:8 invalidValue [listen] "upd" ~udp"#,
          "3:8 missing [listen] nothing more",
          "4:1 limit [] one more listen",
          #"4:20 invalidValue [listen] "extra""#,
          #"5:7 invalidValue [phone 1] "1""#,
          "5:18 invalidValue [phone 1 / secret] a hidden value",
          "6:1 missing [phone 102] no secret",
          #"6:18 invalidValue [phone 102 / ring] "5min""#,
          #"7:7 duplicate [] a second phone "102""#,
          "7:32 duplicate [phone 102] a second secret",
          #"7:51 unknownName [phone 102] "color""#,
          "7:62 missing [phone 102 / ring] nothing more",
          "7:62 invalidValue [phone 102] a block behind ring",
          #"8:26 danglingReference [group sales / phones] "130""#,
          #"8:42 danglingReference [group sales / else] "12" ~1"#,
          "8:46 duplicate [group sales] a second else",
          #"8:51 invalidValue [group sales / else] "nobody""#,
          #"9:11 invalidValue [group too] "many""#,
          "9:15 missing [] no title",
        ])
  }

  @Test("Sections read what is written, else the default; what is wrong counts as absent")
  func sections() {
    var problems = Problems()
    let tree = Block(
      parsing: Array(
        "phone 101 { secret s }\nphone 102 { ring 5s }\nphone 103 { ring x }\ngroup g { else phone 101 }".utf8),
      problems: &problems)
    let root = Section(tree, schema: Self.schema)
    let phones = root.sections("phone")
    #expect(phones.map { $0.key } == ["101", "102", "103"])
    #expect(phones.map { $0.seconds("ring") } == [20, 5, 20])
    #expect(phones[0].text("secret") == nil)
    #expect(phones[1].position == Position(line: 2, column: 1))
    #expect(phones[1].valuePosition(of: "ring") == Position(line: 2, column: 18))
    #expect(root.section("group")?.values("else") == [.choice(0), .text("101")])
    #expect(root.section("group")?.texts("phones") == [])
    #expect(root.sectionOrDefaults("nothing").text("x") == nil)
    #expect(SchemaChecker.usage(Self.schema[1]) == "listen <transport> <address:port>")
    #expect(SchemaChecker.usage(Self.schema[3]) == "group <name> { … }")
  }
}
