// A line editor, a virtual terminal and a caller who prompts again after each line: what the tests sit at.

import Basics
import Terminals
import Testing

@testable import Console

struct Desk {
  var editor: LineEditor
  var screen: VirtualTerminal
  var prompt: ByteString
  var entry: LineEditor.Entry
  /// Without what was written.
  var events: [LineEditor.Output] = []
  /// The bytes of the latest input's answer.
  var written: [UInt8] = []
  /// Answers `.complete` and `.help`.
  var answer: (LineEditor.Output) -> [LineEditor.Input] = { _ in [.resume] }
  /// False where the test prompts itself.
  var prompts = true

  init(
    _ prompt: ByteString = "> ", _ entry: LineEditor.Entry = .command, columns: Int = 80, rows: Int = 24,
    isDumb: Bool = false, history: [ByteString] = []
  ) {
    editor = LineEditor(isDumb: isDumb, history: LineHistory(history))
    screen = VirtualTerminal(columns: columns, rows: rows)
    self.prompt = prompt
    self.entry = entry
    handle(.size(columns: columns, rows: rows))
    handle(.prompt(prompt, entry))
  }

  mutating func handle(_ input: LineEditor.Input) {
    written = []
    give(input)
  }

  private mutating func give(_ input: LineEditor.Input) {
    editor.handle(input)
    while let output = editor.pollOutput() {
      switch output {
      case .write(let bytes):
        written += bytes
        screen.feed(bytes)
      case .complete, .help:
        events.append(output)
        for input in answer(output) { give(input) }
      case .line, .interrupt, .end, .tooLong:
        events.append(output)
        if prompts { give(.prompt(prompt, entry)) }
      }
    }
  }

  mutating func type(_ text: String) { handle(.bytes(Array(text.utf8))) }
  mutating func typeSlowly(_ text: String) { for byte in text.utf8 { handle(.bytes([byte])) } }

  /// What was written last, as text.
  var answered: String { String(decoding: written, as: UTF8.self) }
  var lines: [ByteString] {
    events.compactMap { if case .line(let line) = $0 { line } else { nil } }
  }
  /// The row of the cursor with `|` where the cursor is.
  var seen: String {
    var text = ""
    for (place, cell) in screen.cells[screen.y].enumerated() {
      if place == screen.x { text += "|" }
      text += cell
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}

enum Key {
  static func control(_ letter: Character) -> String {
    String(UnicodeScalar((letter.asciiValue ?? 0) & 0x1F))
  }
  static func alt(_ text: String) -> String { "\u{1B}" + text }
  static let left = "\u{1B}[D"
  static let right = "\u{1B}[C"
  static let up = "\u{1B}[A"
  static let down = "\u{1B}[B"
  static let home = "\u{1B}[H"
  static let end = "\u{1B}[F"
  static let delete = "\u{1B}[3~"
  static let backspace = "\u{7F}"
}
