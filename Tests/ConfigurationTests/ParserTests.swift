import Basics
import Testing

@testable import Configuration

/// The tree and the problems as one line each.
func parse(_ text: String) -> (tree: Block, problems: [ConfigurationError]) {
  var problems = Problems()
  let tree = Block(parsing: Array(text.utf8), problems: &problems)
  return (tree, problems.sorted)
}

@Suite("Parser")
struct ParserTests {
  @Test("Newline and semicolon end a statement alike; braces hold blocks")
  func statements() {
    let (tree, problems) = parse("a 1 2; b\nc x {\n  d 3; e { f }\n}\n")
    #expect(problems.isEmpty)
    #expect(tree.nodes.map { $0.name.text } == ["a", "b", "c"])
    #expect(tree.nodes[0].values.map { $0.text } == ["1", "2"])
    #expect(tree.nodes[0].block == nil)
    #expect(tree.nodes[2].block?.nodes.map { $0.name.text } == ["d", "e"])
    #expect(tree.nodes[2].block?.nodes[1].block?.first("f") != nil)
  }

  @Test("An error is one line of text, whatever stood there")
  func textOfErrors() {
    let error = ConfigurationError(
      .invalidValue, at: .start, path: "queue a\nb", found: Phrase(quoting: ByteString([0x72, 0xFF, 0xE4, 0x67])),
      expected: Phrase("上", "上"))
    #expect(error.message(.english) == "in queue a?b: found \"r??g\", expected 上")
    #expect(error.text(.chinese) == "第 1 行第 1 列：在 queue a?b 中：此处是 \"r??g\"，应为上")
  }

  @Test("Lines and columns count from one, in characters")
  func positions() {
    let (tree, _) = parse("name \"上海 office\" x\n  second \u{1F4DE} y\n")
    #expect(tree.nodes[0].values.map { $0.position } == [.init(line: 1, column: 6), .init(line: 1, column: 18)])
    #expect(tree.nodes[1].name.position == Position(line: 2, column: 3))
    #expect(tree.nodes[1].values[1].position == Position(line: 2, column: 12))
  }

  @Test("Quoted texts keep blanks and resolve escapes; columns behind them still hold")
  func quotes() {
    let (tree, problems) = parse(#"a "x; {y} # z" "\"\\\n\t\u{4E2D}" end"#)
    #expect(problems.isEmpty)
    #expect(tree.nodes[0].values.map { $0.text } == ["x; {y} # z", "\"\\\n\t中", "end"])
    #expect(tree.nodes[0].values[2].position == Position(line: 1, column: 35))
    #expect(tree.nodes[0].values[1].isQuoted)
  }

  @Test("A hash begins a comment only where a word could begin")
  func comments() {
    let (tree, problems) = parse("# head\n\na *45#1 # behind\n# last")
    #expect(problems.isEmpty)
    #expect(tree.nodes[0].values.map { $0.text } == ["*45#1"])
    #expect(tree.nodes[0].comments == ["head"])
    #expect(tree.nodes[0].trailingComment == "behind")
    #expect(tree.closingComments == ["last"])
  }

  @Test("A byte-order mark and CRLF do no harm")
  func windows() {
    let (tree, problems) = parse("\u{FEFF}a 1\r\nb {\r\n c\r\n}\r\n")
    #expect(problems.isEmpty)
    #expect(tree.nodes[0].name.position == .start)
    #expect(tree.nodes.map { $0.name.text } == ["a", "b"])
  }

  @Test("All syntax errors are reported at once, each with its place")
  func allErrors() {
    let text = """
      a "open
      }
      b
      {
        c "x\\q"
        d e"f"
      """
    let (tree, problems) = parse(text)
    #expect(
      problems.map { "\($0.position.line):\($0.position.column) \($0.found.english)" } == [
        "1:3 a quoted text without an end on its line",
        "2:1 \"}\"",
        "4:1 \"{\"",
        "5:7 a backslash before something else",
        "6:6 a quotation mark inside a word",
        "6:9 the end of the file",
      ])
    // A brace on its own line is taken for the block of the statement before, so that its content is still checked.
    #expect(tree.first("b")?.block?.nodes.map { $0.name.text } == ["c", "d"])
  }

  @Test("Bytes that are no text are reported once a line")
  func utf8() {
    var problems = Problems()
    _ = Block(parsing: [0x61, 0x20, 0xFF, 0xFE, 0x0A, 0x62, 0x20, 0xC3, 0x0A, 0x63, 0x01], problems: &problems)
    #expect(
      problems.sorted.map { $0.position } == [
        .init(line: 1, column: 3), .init(line: 2, column: 3), .init(line: 3, column: 2),
      ])
    // Overlong forms and surrogates are not UTF-8.
    #expect(UTF8.sequenceLength(in: [0xC0, 0x80], at: 0) == nil)
    #expect(UTF8.sequenceLength(in: [0xE0, 0x80, 0x80], at: 0) == nil)
    #expect(UTF8.sequenceLength(in: [0xED, 0xA0, 0x80], at: 0) == nil)
    #expect(UTF8.sequenceLength(in: [0xF4, 0x90, 0x80, 0x80], at: 0) == nil)
    #expect(UTF8.sequenceLength(in: [0xF0, 0x9F, 0x93, 0x9E], at: 0) == 4)
  }

  @Test("Depth, words, statements, bytes and problems are bounded")
  func limits() {
    let deep = String(repeating: "a {", count: 5_000) + String(repeating: "}", count: 5_000)
    #expect(parse(deep).problems.map { $0.kind } == [.limit])
    #expect(parse(deep).problems[0].position == Position(line: 1, column: 8 * 3 + 3))

    let wide = "a" + String(repeating: " b", count: 1_000)
    #expect(parse(wide).problems.map { $0.kind } == [.limit])
    #expect(parse(wide).tree.nodes[0].values.count == ConfigurationLimits.maximumWords - 1)

    let many = String(repeating: "a\n", count: 30_000)
    #expect(parse(many).problems.map { $0.kind } == [.limit])
    #expect(parse(many).tree.nodes.count == ConfigurationLimits.maximumNodes)

    #expect(parse(String(repeating: "x", count: 5_000)).problems.map { $0.kind } == [.limit])
    #expect(
      parse(String(repeating: "#", count: ConfigurationLimits.maximumBytes + 1)).problems.map { $0.kind } == [.limit])

    var problems = Problems()
    _ = Block(parsing: Array(String(repeating: "}\n", count: 500).utf8), problems: &problems)
    #expect(problems.sorted.count == ConfigurationLimits.maximumProblems)
    #expect(problems.dropped == 400)
    #expect(problems.hasErrors)
  }

  @Test("A message says in both languages where, what stood there, what was expected, and what may have been meant")
  func messages() {
    let error = ConfigurationError(
      .unknownName, at: Position(line: 12, column: 5), path: "queue service", found: Phrase(quoting: "rign"),
      expected: Phrase("one of ring", "ring"), suggestion: "ring")
    #expect(
      error.text().description
        == #"line 12, column 5: in queue service: found "rign", expected one of ring; did you mean "ring"?"#)
    #expect(error.text(.chinese).description == #"第 12 行第 5 列：在 queue service 中：此处是 "rign"，应为ring；是否想写 "ring"？"#)
  }
}
