import Basics
import Testing

@testable import Console

@Suite("Terminal text")
struct TerminalTextTests {
  @Test(
    "Columns as Unicode's EastAsianWidth has them",
    arguments: [
      ("", 0), ("plain", 5), ("中文", 4), ("かな", 4), ("ｶﾅ", 2), ("한글", 4), ("Ａ１", 4), ("，。", 4), ("「」", 4),
      ("\u{1F4DE}", 2), ("\u{2615}", 2), ("\u{260E}", 1), ("e\u{301}", 1), ("é", 1), ("が", 2), ("か\u{3099}", 2),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("a\u{200D}b", 2), ("\u{20000}", 2), ("Ω≤─", 3), ("ก\u{0E34}", 1),
      ("\u{1F468}\u{200D}\u{1F469}", 4), ("\u{1F1E8}\u{1F1F3}", 2), ("\u{3000}", 2), ("\u{FFFD}", 1), ("\u{A0}", 1),
    ] as [(String, Int)])
  func columns(text: String, expected: Int) {
    #expect(TerminalText.columns(ByteString(text)) == expected)
    #expect(TerminalText.visible(ByteString(text)) == ByteString(text))
  }

  @Test("The edges of the ranges")
  func edges() {
    let expected: [(UInt32, Int?)] = [
      (0x1F, nil), (0x20, 1), (0x7E, 1), (0x7F, nil), (0x9F, nil), (0xA0, 1), (0x2FF, 1), (0x300, 0), (0x36F, 0),
      (0x370, 1), (0x10FF, 1), (0x1100, 2), (0x115F, 2), (0x1160, 0), (0x11FF, 0), (0x1200, 1), (0x200D, 0),
      (0x200E, nil), (0x2027, 1), (0x2028, nil), (0x202E, nil), (0x202F, 1), (0x2066, nil), (0x2E7F, 1), (0x2E80, 2),
      (0x303E, 2), (0x303F, 1), (0x4DBF, 2), (0x4DC0, 1), (0x4DFF, 1), (0x4E00, 2), (0xA4CF, 2), (0xA4D0, 1),
      (0xABFF, 1), (0xAC00, 2), (0xD7A3, 2), (0xD7B0, 0), (0xF8FF, 1), (0xF900, 2), (0xFAFF, 2), (0xFB00, 1),
      (0xFE0F, 0), (0xFF00, 1), (0xFF01, 2), (0xFF60, 2), (0xFF61, 1), (0xFFE0, 2), (0xFFE7, 1), (0xFFFE, nil),
      (0x1F5FA, 1), (0x1F5FB, 2), (0x1F64F, 2), (0x1F650, 1), (0x20000, 2), (0x3FFFD, 2), (0xE0100, 0), (0x110000, nil),
    ]
    for (value, columns) in expected {
      #expect(TerminalText.columns(ofScalar: value) == columns, "\(value)")
    }
  }

  @Test("What would steer a terminal becomes a question mark")
  func visible() {
    let steering: [UInt8] =
      Array("a\u{1B}[2J\r\n\t\u{7F}".utf8) + [0x9B, 0xFF, 0xC0, 0x80, 0xE4, 0xB8]
      + Array("\u{9B}\u{202E}\u{2028}\u{61C}b".utf8)
    #expect(TerminalText.visible(ByteString(steering)) == "a?[2J??????????????b")
    #expect(TerminalText.visible("\u{301}a") == "?a")
    #expect(TerminalText.columns(ByteString(steering)) == 20)
  }

  @Test("Marks on one character are bounded")
  func marks() {
    let most = "a" + String(repeating: "\u{301}", count: ConsoleLimits.marks)
    #expect(TerminalText.visible(ByteString(most)) == ByteString(most))
    #expect(TerminalText.visible(ByteString(most + "\u{301}\u{301}b")) == ByteString(most + "??b"))
  }

  @Test("Cutting never splits a character, and its mark counts")
  func cut() {
    #expect(TerminalText.cut("分机101", to: 5) == "分机1")
    #expect(TerminalText.cut("分机101", to: 3) == "分")
    #expect(TerminalText.cut("分机101", to: 7, mark: "…") == "分机101")
    #expect(TerminalText.cut("分机101", to: 6, mark: "…") == "分机1…")
    #expect(TerminalText.cut("abc", to: 2, mark: "...") == "ab")
    #expect(TerminalText.cut("abc", to: 0, mark: "…") == "")
    #expect(TerminalText.cut("abc", to: -1) == "")
    #expect(TerminalText.cut("e\u{301}\u{301}b", to: 1) == "e\u{301}\u{301}")
    #expect(TerminalText.padded("中文字", to: 5) == "中文 ")
    #expect(TerminalText.padded("a", to: 3) == "a  ")
  }

  @Test("Lines break at blanks, around wide characters, and anywhere in a word that is too wide")
  func wrap() {
    #expect(TerminalText.wrapped("show the calls of a phone", to: 10) == ["show the", "calls of a", "phone"])
    #expect(TerminalText.wrapped("one  two", to: 4) == ["one", "two"])
    #expect(TerminalText.wrapped("abcdefgh", to: 3) == ["abc", "def", "gh"])
    #expect(TerminalText.wrapped("显示通话", to: 5) == ["显示", "通话"])
    #expect(TerminalText.wrapped("see 显示通话 now", to: 9) == ["see 显示", "通话 now"])
    #expect(TerminalText.wrapped("one two three", to: 7, indent: 2) == ["one two", "  three"])
    #expect(TerminalText.wrapped("one\n\ntwo", to: 9) == ["one", "", "two"])
    #expect(TerminalText.wrapped("", to: 9) == [""])
    #expect(TerminalText.wrapped("a\u{1B}b", to: 0) == ["a?", "b"])
    #expect(TerminalText.wrapped("  indented text", to: 10) == ["  indented", "text"])
    #expect(TerminalText.wrapped("中中", to: 1, indent: 9) == ["中", "中"])
    #expect(TerminalText.wrapped("中中", to: .min, indent: .max) == ["中", "中"])
    #expect(TerminalText.wrapped("中中", to: .max, indent: .min) == ["中中"])
  }

  @Test("Whatever is wrapped fits and nothing but blanks is lost", arguments: 1...100 as ClosedRange<UInt64>)
  func wrapAnything(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let alphabet: [String] = ["a", "b", " ", "中", "e\u{301}", "\u{1B}", "。"]
    let text = (0..<random.below(80)).map { _ in alphabet[random.below(alphabet.count)] }.joined()
    let columns = 2 + random.below(20)
    let lines = TerminalText.wrapped(ByteString(text), to: columns, indent: random.below(4))
    for line in lines { #expect(TerminalText.columns(line) <= columns, "seed \(seed)") }
    let all = lines.flatMap { $0.bytes }.filter { $0 != 0x20 }
    #expect(all == TerminalText.visible(ByteString(text)).bytes.filter { $0 != 0x20 }, "seed \(seed)")
  }

  @Test("Any bytes come out as text that stays as it is, within its columns", arguments: 1...100 as ClosedRange<UInt64>)
  func anything(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let bytes = (0..<random.below(60)).map { _ in
      random.chance(percent: 30) ? UInt8(0xCC) : UInt8(truncatingIfNeeded: random.next())
    }
    let text = ByteString(bytes)
    let visible = TerminalText.visible(text)
    #expect(String(validating: visible.bytes, as: UTF8.self) != nil, "seed \(seed)")
    #expect(TerminalText.columns(visible) == TerminalText.columns(text), "seed \(seed)")
    #expect(TerminalText.isVisible(visible.bytes), "seed \(seed)")
    for columns in 0..<20 {
      #expect(TerminalText.columns(TerminalText.cut(text, to: columns)) <= columns, "seed \(seed)")
    }
  }
}
