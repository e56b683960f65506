// Keys, prompts and notices at the line editor before a virtual terminal, and lines and keys at the pager.

import Basics
import Terminals

@testable import Console

enum FuzzLineEditor {
  static func run(_ bytes: [UInt8]) {
    var choices = Choices(bytes)
    let kind = choices.byte()
    if kind & 0x80 != 0 { return FuzzPager.run(&choices) }
    let isDumb = kind & 3 == 3
    // A dumb terminal wraps by itself what is wider than the screen.
    let columns = isDumb ? 1_100 : [80, 40, 20, 12 + Int(choices.byte())][Int(kind >> 2 & 3)]
    let entry = [LineEditor.Entry.command, .command, .command, .command, .command, .answer, .masked, .hidden]
    var desk = FuzzDesk(columns: columns, isDumb: isDumb, entry: entry[Int(kind >> 4 & 7)])
    var bytewise = desk
    var inputs = 0
    while inputs < 40, let input = next(&choices, columns, isDumb) {
      inputs += 1
      desk.handle(input)
      if case .bytes(let keys) = input {
        for key in keys { bytewise.handle(.bytes([key])) }
      } else {
        bytewise.handle(input)
      }
      desk.check()
      must(desk.events == bytewise.events, "split keys lead to the same lines")
      must(desk.editor.line == bytewise.editor.line, "split keys make the same line")
    }
  }

  /// A NUL says that something else comes than keys.
  private static func next(_ choices: inout Choices, _ columns: Int, _ isDumb: Bool) -> LineEditor.Input? {
    guard let first = choices.rest.first else { return nil }
    guard first == 0 else {
      return .bytes(
        keys(choices.bytes(choices.rest.prefix(24).firstIndex(of: 0).map { $0 - choices.rest.startIndex } ?? 24)))
    }
    _ = choices.byte()
    let kind = choices.byte()
    let text = ByteString(keys(choices.bytes(Int(kind >> 3))))
    switch kind & 7 {
    case 0: return .lineBreak
    case 1: return .show(text)
    case 2: return .replace(line: text, cursor: Int(choices.byte()))
    case 3: return .ring
    case 4: return .prompt("支店> ", .command)
    case 5: return .resume
    case 6: return .prompt(ByteString(text.bytes.prefix(8)), .command)
    default: return .bytes(Array(repeating: choices.byte() | 0x40, count: Int(kind) * 2))
    }
  }

  /// The virtual terminal knows the widths of a few characters alone, so the others come in as these or as broken bytes.
  static func keys(_ bytes: [UInt8]) -> [UInt8] {
    let known = ["中", "é", "\u{301}", "队", "\u{1F4DE}", "\u{202E}", "支", "\u{FF01}"]
    return bytes.flatMap { byte in (0x80..<0xC0).contains(byte) ? Array(known[Int(byte & 7)].utf8) : [byte] }
  }
}

/// Who prompts again after each line and answers Tab and `?`.
struct FuzzDesk {
  var editor: LineEditor
  var screen: VirtualTerminal
  var events: [LineEditor.Output] = []
  private let entry: LineEditor.Entry

  init(columns: Int, isDumb: Bool, entry: LineEditor.Entry) {
    editor = LineEditor(isDumb: isDumb, history: LineHistory(["show calls", "set 队列 service"]))
    screen = VirtualTerminal(columns: columns, rows: 4)
    self.entry = entry
    handle(.size(columns: columns, rows: 4))
    handle(.prompt("branch> ", entry))
  }

  mutating func handle(_ input: LineEditor.Input) {
    editor.handle(input)
    while let output = editor.pollOutput() {
      switch output {
      case .write(let bytes): screen.feed(bytes)
      case .complete(let line, let cursor):
        events.append(output)
        handle(line.count % 3 == 0 ? .replace(line: line + "x ", cursor: cursor + 2) : .resume)
      case .help:
        events.append(output)
        handle(.show("  word  what it is\n  other 中文"))
        handle(.resume)
      case .line, .interrupt, .end, .tooLong:
        events.append(output)
        handle(.prompt("branch> ", entry))
      }
    }
  }

  /// The screen shows what a redraw from nothing would, the cursor included.
  func check() {
    must(screen.problems == [], "the terminal understands all: \(screen.problems)")
    must(editor.line.bytes.count <= ConsoleLimits.lineBytes, "a line is bounded")
    must(editor.waiting.count <= ConsoleLimits.typeAheadBytes, "what waits is bounded")
    must(String(validating: editor.line.bytes, as: UTF8.self) != nil, "a line is text")
    var copy = self
    copy.screen = VirtualTerminal(columns: screen.columns, rows: screen.rows)
    copy.editor.row = ScreenRow()
    copy.handle(.resume)
    must(seen == copy.seen, "\(seen) instead of \(copy.seen)")
  }

  private var seen: String {
    let row = screen.cells[screen.y]
    let text = row[..<screen.x].joined() + "|" + row[screen.x...].joined()
    return String(text.reversed().drop { $0 == " " }.reversed())
  }
}

enum FuzzPager {
  static func run(_ choices: inout Choices) {
    let columns = [80, 20, 40, 10][Int(choices.byte() & 3)]
    let rows = 2 + Int(choices.byte() % 30)
    var pager = Pager(more: "-- more --", columns: columns, rows: rows, isDumb: false, isAfterReturn: false)
    var screen = VirtualTerminal(columns: columns, rows: rows)
    var hasEnded = false
    var isFinished = false
    while !choices.rest.isEmpty, !isFinished {
      let kind = choices.byte()
      let text = FuzzLineEditor.keys(choices.bytes(Int(kind >> 2)))
      switch kind & 3 {
      case 0 where !hasEnded: pager.handle(.lines(text.split(separator: 0x0A).map { ByteString($0) }))
      case 1 where !hasEnded && kind > 0xF0:
        hasEnded = true
        pager.handle(.endOfLines)
      case 2 where kind > 0xF0: pager.handle(.lineBreak)
      default: pager.handle(.bytes(text))
      }
      while let output = pager.pollOutput() {
        must(!isFinished, "nothing follows the end")
        switch output {
        case .write(let bytes): screen.feed(bytes)
        case .finished(_, let unused):
          isFinished = true
          must(unused.count <= text.count || !pager.isWaiting, "unused keys were typed")
        }
      }
      must(screen.problems == [], "the terminal understands all: \(screen.problems)")
    }
  }
}
