import Basics
import Testing

@testable import Configuration

@Suite("Set form")
struct SetFormTests {
  private func read(_ lines: [ByteString], on base: Block = Block()) -> (tree: Block, problems: [ConfigurationError]) {
    var problems = Problems()
    let file = Block(parsing: Array(lines.map { $0.bytes }.joined(separator: [0x0A])), problems: &problems)
    let tree = SetForm.tree(ofLines: file, on: base, schema: Example.schema, problems: &problems)
    return (tree, problems.sorted)
  }

  @Test("Each statement is a line with the blocks around it; comments are lines of their own")
  func lines() {
    let tree = parse(
      "# top\ntitle \"A B\" # t\nphone 101 { ring 5s # r\n }\ngroup g { callback { }; phones 101 102\n# last\n}\n# end")
    #expect(
      SetForm.lines(tree.tree, schema: Example.schema).map { $0.description } == [
        "set title \"A B\"", "annotate above \"top\" title", "annotate beside \"t\" title", "set phone 101 ring 5s",
        "annotate beside \"r\" phone 101 ring", "set group g", "set group g callback", "set group g phones 101 102",
        "annotate end \"last\" group g", "annotate end \"end\"",
      ])
  }

  @Test("Both forms are the same tree, comments included")
  func roundTrip() {
    let seed = UInt64.random(in: 0..<UInt64.max)
    var random = SeededRandom(seed: seed)
    for _ in 0..<500 {
      let tree = Example.tree(&random, edits: 1 + random.below(30))
      let (again, problems) = read(SetForm.lines(tree, schema: Example.schema))
      #expect(problems.isEmpty && again.text == tree.text, "seed \(seed)\n\(tree.text)\n---\n\(again.text)")
    }
  }

  @Test("Comments keep their blanks and their empty lines")
  func comments() {
    let text = "# one\n#\n#   three\ttabbed\ntitle A  #\n#\n"
    let (again, problems) = read(SetForm.lines(parse(text).tree, schema: Example.schema))
    #expect(problems.isEmpty && again.text == text)
  }

  @Test("All problems of a file of lines are reported at once, with their places")
  func problems() {
    let (tree, problems) = read([
      "set title A", "set phone 101 rign 5s", "delete title", "set phone 101 ring 1d", "sett x",
      "annotate up \"x\" title",
      "set phone 102 ring 5s",
    ])
    #expect(problems.map { "\($0.position.line):\($0.position.column)" } == ["2:15", "4:20", "5:1", "6:1"])
    #expect(tree.text == "phone 102 {\n  ring 5s\n}\n")
  }

  @Test("A file of lines is told from one of braces")
  func told() {
    #expect(SetForm.isUsed(in: parse("set title x").tree))
    #expect(!SetForm.isUsed(in: parse("title x").tree) && !SetForm.isUsed(in: Block()))
  }
}
