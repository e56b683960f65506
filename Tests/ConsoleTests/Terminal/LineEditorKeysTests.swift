import Basics
import Testing

@testable import Console

@Suite("Line editor: keys")
struct LineEditorKeysTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let keys: String
    let seen: String
    var testDescription: String { name }
    init(_ name: String, _ keys: String, _ seen: String) {
      self.name = name
      self.keys = keys
      self.seen = seen
    }
  }

  static let cases: [Case] = [
    Case("plain text", "show", "> show|"),
    Case("Ctrl-A", "show" + Key.control("A"), "> |show"),
    Case("Ctrl-E", "show" + Key.control("A") + Key.control("E"), "> show|"),
    Case("Ctrl-B", "show" + Key.control("B"), "> sho|w"),
    Case("Ctrl-F", "show" + Key.control("A") + Key.control("F"), "> s|how"),
    Case("Ctrl-D in a line", "show" + Key.control("A") + Key.control("D"), "> |how"),
    Case("Ctrl-H", "show" + Key.control("H"), "> sho|"),
    Case("Backspace", "show" + Key.backspace, "> sho|"),
    Case("Backspace at the start", "a" + Key.control("A") + Key.backspace, "> |a"),
    Case("Ctrl-K", "show calls" + Key.alt("b") + Key.control("K"), "> show |"),
    Case("Ctrl-U", "show calls" + Key.alt("b") + Key.control("U"), "> |calls"),
    Case("Ctrl-W over a word between blanks", "show a-b  " + Key.control("W"), "> show |"),
    Case("Alt-Backspace over a word of letters", "show a-b" + Key.alt("\u{7F}"), "> show a-|"),
    Case("Alt-B", "show a-b" + Key.alt("b") + Key.alt("b"), "> show |a-b"),
    Case("Alt-F", "show a-b" + Key.control("A") + Key.alt("f") + Key.alt("F"), "> show a|-b"),
    Case("Alt-D", "show a-b" + Key.control("A") + Key.alt("d"), "> | a-b"),
    Case("Ctrl-Y puts back what was cut", "show calls" + Key.control("W") + "x" + Key.control("Y"), "> show xcalls|"),
    Case(
      "cuts in a row belong together", "one two three" + Key.control("W") + Key.control("W") + Key.control("Y"),
      "> one two three|"),
    Case(
      "cuts in a row to the right too", "one two" + Key.control("A") + Key.alt("d") + Key.alt("d") + Key.control("Y"),
      "> one two|"),
    Case(
      "cuts apart do not", "one two" + Key.control("W") + "x" + Key.control("W") + Key.control("U") + Key.control("Y"),
      "> one x|"),
    Case("Ctrl-T at the end", "shwo" + Key.control("T"), "> show|"),
    Case("Ctrl-T within", "hsow" + Key.control("A") + Key.right + Key.control("T"), "> sh|ow"),
    Case("Ctrl-T with one character", "a" + Key.control("T"), "> a|"),
    Case("left and right", "show" + Key.left + Key.left + Key.right, "> sho|w"),
    Case("left and right of application mode", "show\u{1B}OD\u{1B}OD\u{1B}OC", "> sho|w"),
    Case("Ctrl-left and Ctrl-right", "one two\u{1B}[1;5D\u{1B}[1;5D\u{1B}[1;5C", "> one| two"),
    Case("Home CSI H", "ab" + Key.home, "> |ab"),
    Case("Home SS3 H", "ab\u{1B}OH", "> |ab"),
    Case("Home 1~", "ab\u{1B}[1~", "> |ab"),
    Case("Home 7~", "ab\u{1B}[7~", "> |ab"),
    Case("End CSI F", "ab" + Key.home + Key.end, "> ab|"),
    Case("End SS3 F", "ab" + Key.home + "\u{1B}OF", "> ab|"),
    Case("End 4~", "ab" + Key.home + "\u{1B}[4~", "> ab|"),
    Case("End 8~", "ab" + Key.home + "\u{1B}[8~", "> ab|"),
    Case("Delete", "ab" + Key.home + Key.delete, "> |b"),
    Case("function keys are nothing", "a\u{1B}[11~\u{1B}OP\u{1B}[[Ab\u{1B}[15;2~", "> ab|"),
    Case("reports of the terminal are nothing", "a\u{1B}[24;80R\u{1B}[?1;2cb", "> ab|"),
    Case("titles and other strings are nothing", "a\u{1B}]0;title\u{07}b\u{1B}Pq\u{1B}\\c", "> abc|"),
    Case("Alt with something else is nothing", "a\u{1B}x\u{1B}Zb\u{1B}éc", "> abc|"),
    Case("Escape twice, then a key", "ab\u{1B}\u{1B}[D", "> a|b"),
    Case("Ctrl-S, Ctrl-Q and NUL are nothing", "a\u{13}\u{11}\u{0}b", "> ab|"),
    Case("Page Up is nothing", "a\u{1B}[5~b", "> ab|"),
    Case("wide characters are one", "中文字" + Key.left + Key.backspace, "> 中|字"),
    Case("a mark belongs to its character", "e\u{301}x" + Key.left + Key.left, "> |e\u{301}x"),
    Case("a mark put in later joins the character before it", "ex" + Key.left + "\u{301}", "> e\u{301}|x"),
    Case("a mark without a character is refused", "\u{301}a", "> a|"),
    Case("wide characters change places", "a中" + Key.control("T"), "> 中a|"),
    Case("words of wide characters", "中文 字" + Key.control("W") + Key.alt("b"), "> |中文"),
    Case("C1 controls and marks of direction are refused", "a\u{9B}\u{202E}b", "> ab|"),
    Case("Ctrl-V before a letter is nothing", Key.control("V") + "a", "> a|"),
    Case("Ctrl-L", "show" + Key.left + Key.control("L"), "> sho|w"),
  ]

  @Test("Each key does what it does in every shell", arguments: cases)
  func keys(_ example: Case) {
    var desk = Desk()
    desk.type(example.keys)
    #expect(desk.seen == example.seen)
    #expect(desk.events == [])
    #expect(desk.screen.problems == [])
    var slow = Desk()
    slow.typeSlowly(example.keys)
    #expect(slow.seen == example.seen, "one byte at a time")
  }

  @Test("Bytes that are no UTF-8 show as a replacement, nothing behind them is lost")
  func broken() {
    var desk = Desk()
    desk.handle(.bytes([0x61, 0xE9, 0x62, 0xE4, 0xB8, 0x63, 0xFF, 0xC0, 0x0D]))
    #expect(desk.lines == ["a\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}"])
  }

  @Test("A control character ends a sequence, so Enter and Ctrl-C always work")
  func cutSequences() {
    var desk = Desk()
    for start in ["\u{1B}", "\u{1B}[", "\u{1B}[1;", "\u{1B}O", "\u{1B}]0;ti", "\u{1B}P", "\u{1B}[["] {
      desk.type("a" + start + "\r")
      desk.type("a" + start + Key.control("C"))
    }
    #expect(desk.lines == Array(repeating: "a", count: 7))
    #expect(desk.events.count == 14)
    #expect(desk.events.last == .interrupt)
  }

  @Test("A sequence is swallowed up to its limit")
  func longSequence() {
    var desk = Desk()
    desk.type("\u{1B}[" + String(repeating: "1", count: ConsoleLimits.escapeBytes) + "x")
    #expect(desk.seen == "> x|")
  }

  @Test("Ctrl-C drops the line, Ctrl-D ends only an empty one")
  func ends() {
    var desk = Desk()
    desk.type("show" + Key.control("C"))
    #expect(desk.events == [.interrupt])
    #expect(desk.screen.lines == ["> show^C", ">"])
    desk.type("a" + Key.control("D"))
    #expect(desk.events == [.interrupt])
    desk.type(Key.backspace + Key.control("D"))
    #expect(desk.events == [.interrupt, .end])
  }

  @Test("BREAK drops the line and whatever sequence was begun")
  func lineBreak() {
    var desk = Desk()
    desk.type("show\u{1B}[")
    desk.handle(.lineBreak)
    desk.type("A\r")
    #expect(desk.events == [.interrupt, .line("A")])
  }
}
