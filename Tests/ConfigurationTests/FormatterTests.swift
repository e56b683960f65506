import Basics
import Testing

@testable import Configuration

@Suite("Formatter")
struct FormatterTests {
  private func format(_ text: String) -> String {
    String(decoding: ConfigurationFormatter.format(parse(text).tree), as: Swift.UTF8.self)
  }

  @Test("Two blanks a level, one statement a line, comments and single blank lines kept")
  func layout() {
    let text = "# top\na   1;b{c \"x y\"# why\n\n\n\n#more\nd{}\n# end\n}# gone with b\n"
    #expect(
      format(text) == """
        # top
        a 1
        b {  # gone with b
          c "x y"  # why

          # more
          d {
          }
          # end
        }

        """)
  }

  @Test("Formatting formatted text changes nothing, and the meaning stays")
  func idempotent() {
    let text = #"""
      # one
      # two
      a "with \"quotes\" and \\ and 中文" # c

      b { # d
        c ""; d "#5" "{"

        # e
        e x { f }
      }
      # end
      """#
    let once = format(text)
    #expect(format(once) == once)
    #expect(parse(once).problems.isEmpty)
    #expect(parse(once).tree.bare == parse(text).tree.bare)
  }

  @Test(
    "Words are quoted where they could not be read back bare",
    arguments: ["", "a b", "#1", "a;b", "x{", "}", "q\"", "t\tb", "n\nl", "\u{01}"])
  func quoting(word: String) {
    let tree = Block([Node(Word("name"), [Word(ByteString(word))])])
    var problems = Problems()
    let back = Block(parsing: ConfigurationFormatter.format(tree), problems: &problems)
    #expect(problems.isEmpty)
    #expect(back.nodes.first?.values.map { $0.text } == [ByteString(word)])
  }

  @Test("Random trees survive the way to text and back", arguments: 1...60 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let tree = Self.randomBlock(&random, depth: 0)
    let text = ConfigurationFormatter.format(tree)
    var problems = Problems()
    let back = Block(parsing: text, problems: &problems)
    #expect(problems.isEmpty, "seed \(seed)")
    #expect(ConfigurationFormatter.format(back) == text, "seed \(seed)")
    #expect(Self.texts(back) == Self.texts(tree), "seed \(seed)")
  }

  private static func randomBlock(_ random: inout SeededRandom, depth: Int) -> Block {
    let alphabet = Array("abXYZ019-_.*#+ \"\\{};\t\n中é\u{1F4DE}".unicodeScalars)
    var nodes: [Node] = []
    for _ in 0..<random.below(5) {
      var node = Node(Word(["alpha", "beta", "gamma"][random.below(3)]))
      for _ in 0..<random.below(4) {
        var text = ""
        for _ in 0..<random.below(8) { text.unicodeScalars.append(alphabet[random.below(alphabet.count)]) }
        node.values.append(Word(ByteString(text), isQuoted: random.chance(percent: 20)))
      }
      if random.chance(percent: 30) { node.comments = ["a comment", "", "another"] }
      if random.chance(percent: 30) { node.trailingComment = "behind" }
      node.hasGap = random.chance(percent: 30)
      if depth < 6, random.chance(percent: 40) { node.block = randomBlock(&random, depth: depth + 1) }
      nodes.append(node)
    }
    return Block(nodes)
  }

  private static func texts(_ block: Block) -> [ByteString] {
    block.nodes.flatMap { [$0.name.text] + $0.values.map { $0.text } + $0.comments + ($0.block.map(texts) ?? ["-"]) }
  }
}
