import Basics

@testable import Configuration

/// A small schema with every kind of statement, and random trees that fit it.
enum Example {
  static let help = Help("help", "帮助")
  static let schema: [SchemaNode] = [
    SchemaNode("title", .init("text", .text(1...20)), help: help),
    SchemaNode(
      "listen", .init("transport", .choice([Choice("udp", help: help), Choice("tcp", help: help)])),
      .init("address:port", .endpoint(defaultPort: 5060)), occurrence: .repeated(3), help: help),
    SchemaNode(
      block: "phone", [.init("number", .digits(2...4))], isKeyed: true, occurrence: .repeated(6), help: help,
      [
        SchemaNode("secret", .init("text", .text(8...20)), isSecret: true, help: help),
        SchemaNode("ring", .init("duration", .duration(1_000...60_000)), default: "20s", help: help),
        SchemaNode("may-call", .init("class", .word(maximum: 8), count: 1...4), help: help),
      ]),
    SchemaNode(
      block: "group", [.init("name", .word(maximum: 10))], isKeyed: true, occurrence: .repeated(6), help: help,
      [
        SchemaNode(
          "phones", .init("number", .reference(to: "phone"), count: 1...3), occurrence: .repeated(6), help: help),
        SchemaNode(
          "weight", .init("number", .reference(to: "phone")), .init("share", .integer(1...9, unit: "")), isKeyed: true,
          occurrence: .repeated(6), help: help),
        SchemaNode(
          "else",
          .init(
            "destination",
            .choice([
              Choice("phone", .init("number", .reference(to: "phone")), help: help), Choice("hang-up", help: help),
            ])), default: "hang-up", help: help),
        SchemaNode(block: "callback", help: help, [SchemaNode("delay", .init("t", .duration(0...9_000)), help: help)]),
      ]),
  ]

  static func editor(_ text: String = "") -> ConfigurationEditor {
    ConfigurationEditor(parse(text).tree, schema: schema)
  }

  /// A `set` line that fits, by chance.
  static func line(_ random: inout SeededRandom) -> String {
    func one(_ words: [String]) -> String { words[random.below(words.count)] }
    let phone = "phone " + one(["101", "102", "103"])
    let group = "group " + one(["sales", "support", "night"])
    let number = one(["101", "102", "103"])
    return one([
      "title \"\(one(["A", "B", "分行"]))\"", "listen \(one(["udp", "tcp"])) 192.0.2.1:506\(one(["0", "1"]))",
      phone + " ring \(one(["5s", "20s", "1min"]))", phone + " secret \"\(one(["12345678", "87654321"]))\"",
      phone + " may-call \(one(["a", "a b", "b c d"]))", phone, group, group + " phones " + number,
      group + " weight \(number) \(one(["1", "2"]))", group + " else \(one(["hang-up", "phone " + number]))",
      group + " callback", group + " callback delay \(one(["1s", "2s"]))",
    ])
  }

  static func tree(_ random: inout SeededRandom, edits: Int, on base: Block = Block()) -> Block {
    var editor = ConfigurationEditor(base, schema: schema)
    for _ in 0..<edits { change(&editor, &random) }
    return editor.tree
  }

  /// One random edit; what does not fit the tree is refused and changes nothing.
  static func change(_ editor: inout ConfigurationEditor, _ random: inout SeededRandom) {
    let line = ByteString(Self.line(&random))
    guard let words = try? ConfigurationEditor.words(line) else { return }
    switch random.below(10) {
    case 0: try? editor.delete(words)
    case 1: try? editor.annotate("note \(random.below(9))".bytes, .above, words)
    case 2: try? editor.annotate("beside".bytes, .beside, Array(words.prefix(2)))
    case 3: try? editor.annotate("end".bytes, .atEnd, Array(words.prefix(2)))
    case 4:
      try? editor.move(
        Array(words.prefix(2)), to: [.first, .last, .before("102"), .after("sales")][random.below(4)])
    default: try? editor.set(words)
    }
  }
}

extension String {
  var bytes: ByteString { ByteString(self) }
}

extension Block {
  var text: String { String(decoding: ConfigurationFormatter.format(self), as: Swift.UTF8.self) }
}

func words(_ line: String) throws -> [Word] { try ConfigurationEditor.words(ByteString(line)) }
