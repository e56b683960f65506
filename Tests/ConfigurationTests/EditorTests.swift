import Basics
import Testing

@testable import Configuration

@Suite("Editor")
struct EditorTests {
  private func edited(_ text: String, _ edit: (inout ConfigurationEditor) throws -> Void) throws -> String {
    var editor = Example.editor(text)
    try edit(&editor)
    return editor.tree.text
  }

  /// The complaint, and that nothing has changed.
  private func refused(_ text: String, _ edit: (inout ConfigurationEditor) throws -> Void) -> ConfigurationError? {
    var editor = Example.editor(text)
    let before = editor.tree
    do {
      try edit(&editor)
      Issue.record("not refused: \(editor.tree.text)")
      return nil
    } catch let error as ConfigurationError {
      #expect(editor.tree == before)
      return error
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  @Test("set makes the blocks around a statement, and gives one that is there its new value in its place")
  func set() throws {
    #expect(
      try edited("# phones\nphone 101 {\n  # short\n  ring 5s # now\n}\ntitle \"A\"\n") {
        try $0.set(words("phone 101 ring 30s"))
        try $0.set(words("phone 102 secret \"a b c d e\""))
        try $0.set(words("group sales callback"))
      } == """
        # phones
        phone 101 {
          # short
          ring 30s  # now
        }
        phone 102 {
          secret "a b c d e"
        }
        title "A"
        group sales {
          callback {
          }
        }

        """)
  }

  @Test("A list that may stand in several statements gets the values that it has not yet")
  func lists() throws {
    #expect(
      try edited("group sales { phones 101 102 }") {
        try $0.set(words("group sales phones 102 103"))
        try $0.set(words("group sales phones 101"))
      } == "group sales {\n  phones 101 102\n  phones 103\n}\n")
  }

  @Test("A statement keyed by its first word has one value a key")
  func keyed() throws {
    #expect(
      try edited("group sales { weight 101 2; weight 102 3 }") { try $0.set(words("group sales weight 101 9")) }
        == "group sales {\n  weight 101 9\n  weight 102 3\n}\n")
  }

  @Test("What does not fit is refused with its column, and changes nothing")
  func refusals() {
    let unknown = refused("") { try $0.set(words("phone 101 rign 5s")) }
    #expect(unknown?.kind == .unknownName && unknown?.position.column == 11 && unknown?.suggestion == "ring")
    let value = refused("") { try $0.set(words("phone 101 ring 5h")) }
    #expect(value?.kind == .invalidValue && value?.position.column == 16 && value?.path == "phone 101 / ring")
    #expect(refused("") { try $0.set(words("phone")) }?.kind == .missing)
    #expect(refused("") { try $0.set(words("phone 101 ring")) }?.kind == .missing)
    #expect(refused("") { try $0.set(words("title a b")) }?.kind == .invalidValue)
    let full = "phone 11; phone 12; phone 13; phone 14; phone 15; phone 16"
    #expect(refused(full) { try $0.set(words("phone 17")) }?.kind == .limit)
    #expect(refused("") { try $0.set(words("phone 101 { ring 5s")) }?.kind == .syntax)
  }

  @Test("A value may refer to what is not there yet")
  func references() throws {
    #expect(try edited("") { try $0.set(words("group g phones 999")) } == "group g {\n  phones 999\n}\n")
  }

  @Test("delete takes a statement, a block, all of a name, or a value of a list; never all blocks of a kind")
  func delete() throws {
    let text = "phone 101 { ring 5s; may-call a b c }; phone 102; group g { phones 101 102; phones 103; weight 101 2 }"
    #expect(try edited(text) { try $0.delete(words("phone 101 ring")) }.contains("ring") == false)
    #expect(try edited(text) { try $0.delete(words("phone 101")) }.contains("phone 101 ") == false)
    #expect(try edited(text) { try $0.delete(words("group g phones")) }.contains("phones") == false)
    #expect(try edited(text) { try $0.delete(words("phone 101 may-call b")) }.contains("may-call a c\n"))
    #expect(
      try edited(text) { try $0.delete(words("group g phones 102 103")) }.contains("  phones 101\n  weight 101 2"))
    #expect(try edited(text) { try $0.delete(words("group g weight 101")) }.contains("weight") == false)
    #expect(refused(text) { try $0.delete(words("phone")) }?.kind == .missing)
    #expect(refused(text) { try $0.delete(words("phone 103 ring")) }?.kind == .missing)
    #expect(refused(text) { try $0.delete(words("phone 101 ring 6s")) }?.kind == .missing)
    #expect(refused(text) { try $0.delete(words("phone 101 may-call d")) }?.kind == .missing)
  }

  @Test("rename takes along whatever refers to the block, and nothing else")
  func rename() throws {
    #expect(
      try edited("phone 101; phone 102; group 101 { phones 101 102; weight 101 1; else phone 101 }") {
        try $0.rename(words("phone 101"), to: Word("111"))
      } == "phone 111\nphone 102\ngroup 101 {\n  phones 111 102\n  weight 111 1\n  else phone 111\n}\n")
    #expect(refused("phone 101; phone 102") { try $0.rename(words("phone 101"), to: Word("102")) }?.kind == .duplicate)
    #expect(refused("phone 101") { try $0.rename(words("phone 101"), to: Word("x")) }?.kind == .invalidValue)
    #expect(refused("phone 101") { try $0.rename(words("phone 109"), to: Word("110")) }?.kind == .missing)
  }

  @Test("copy makes another with the same content")
  func copy() throws {
    #expect(
      try edited("# one\nphone 101 { ring 5s }\ngroup g") { try $0.copy(words("phone 101"), to: Word("102")) }
        == "# one\nphone 101 {\n  ring 5s\n}\nphone 102 {\n  ring 5s\n}\ngroup g\n")
  }

  @Test("move changes the order of statements of one name")
  func move() throws {
    let text = "phone 11; title a; phone 12; phone 13"
    func order(_ line: String, _ target: ConfigurationEditor.Target) throws -> String {
      try edited(text) { try $0.move(words(line), to: target) }.split(separator: "\n").joined(separator: ", ")
    }
    #expect(try order("phone 13", .first) == "phone 13, phone 11, title a, phone 12")
    #expect(try order("phone 11", .last) == "title a, phone 12, phone 13, phone 11")
    #expect(try order("phone 11", .before("13")) == "title a, phone 12, phone 11, phone 13")
    #expect(try order("phone 13", .after("11")) == "phone 11, phone 13, title a, phone 12")
    #expect(refused(text) { try $0.move(words("phone 13"), to: .before("99")) }?.kind == .missing)
  }

  @Test("Comments are added and taken away in their three places")
  func annotate() throws {
    #expect(
      try edited("phone 101 { ring 5s }") {
        try $0.annotate("one", .above, words("phone 101"))
        try $0.annotate("two", .above, words("phone 101"))
        try $0.annotate("b", .beside, words("phone 101 ring"))
        try $0.annotate("e", .atEnd, words("phone 101"))
        try $0.annotate("file", .atEnd, [])
      } == "# one\n# two\nphone 101 {\n  ring 5s  # b\n  # e\n}\n# file\n")
    #expect(
      try edited("# one\nphone 101 # x") {
        try $0.annotate("", .above, words("phone 101"))
        try $0.annotate("", .beside, words("phone 101"))
      } == "phone 101\n")
  }

  @Test("A secret is shown as ***")
  func maskedSecret() throws {
    let text = "phone 101 {\n  secret \"12345678\"\n}\n"
    #expect(Example.editor(text).tree.masked(Example.schema).text == "phone 101 {\n  secret ***\n}\n")
  }

  @Test("Whatever words come, a refused edit changes nothing and a done one can be read back")
  func fuzz() {
    let seed = UInt64.random(in: 0..<UInt64.max)
    var random = SeededRandom(seed: seed)
    let pieces = [
      "phone", "101", "ring", "5s", "group", "g", "phones", "else", "{", "}", ";", "\"", "\\", "#", "***", "secret", "",
      "中", "listen", "udp", "[::1]:5", "may-call", "\t", "title", "callback", "\u{7F}",
    ]
    for _ in 0..<3_000 {
      var editor = ConfigurationEditor(Example.tree(&random, edits: 5), schema: Example.schema)
      let before = editor.tree
      let line = (0..<random.below(7)).map { _ in pieces[random.below(pieces.count)] }.joined(
        separator: " ")
      do {
        let words = try words(line)
        switch random.below(6) {
        case 0: try editor.delete(words)
        case 1: try editor.rename(words, to: Word("102"))
        case 2: try editor.copy(words, to: Word("x"))
        case 3: try editor.move(words, to: .last)
        case 4: try editor.annotate(ByteString(line), .above, words)
        default: try editor.set(words)
        }
        let again = parse(editor.tree.text)
        #expect(again.problems.isEmpty && again.tree.text == editor.tree.text, "seed \(seed): \(line)")
      } catch {
        #expect(editor.tree == before, "seed \(seed): \(line)")
      }
    }
  }
}
