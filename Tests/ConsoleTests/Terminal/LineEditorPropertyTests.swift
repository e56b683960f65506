import Basics
import Terminals
import Testing

@testable import Console

@Suite("Line editor: whatever is pressed")
struct LineEditorPropertyTests {
  @Test("A much simpler editor comes to the same lines and cursors", arguments: 1...25 as ClosedRange<UInt64>)
  func model(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var desk = Desk(columns: [20, 40, 80][random.below(3)])
    var model = LineEditorModel()
    for step in 0..<400 {
      // More text than anything else, or the line stays empty.
      let key: LineEditorModel.Step =
        random.chance(percent: 50)
        ? [.letter, .letter, .blank, .wide, .mark][random.below(5)]
        : LineEditorModel.Step.allCases[random.below(LineEditorModel.Step.allCases.count)]
      model.press(key)
      desk.typeSlowly(LineEditorModel.bytes(key))
      // Where the line that was begun comes back, the model does not know the cursor any more.
      if key == .down || key == .up {
        model.press(.end)
        desk.type(Key.end)
      }
      let line = desk.editor.line
      guard line.text == ByteString(model.line), line.cursor == model.beforeCursor.utf8.count else {
        Issue.record("seed \(seed), step \(step), \(key): \"\(line.text)\" at \(line.cursor), not \"\(model.line)\"")
        return
      }
      guard seesTruth(desk) else {
        Issue.record("seed \(seed), step \(step), \(key): \(desk.seen) for \"\(model.line)\"")
        return
      }
    }
    #expect(desk.lines == model.entered.map { ByteString($0) }, "seed \(seed)")
    #expect(desk.screen.problems == [], "seed \(seed)")
  }

  /// Without the editor's own layout: all of a line that fits, or a piece of it between marks, with the cursor on its place.
  private func seesTruth(_ desk: Desk) -> Bool {
    let line = String(decoding: desk.editor.line.bytes, as: UTF8.self)
    let before = String(decoding: desk.editor.line.bytes.prefix(desk.editor.line.cursor), as: UTF8.self)
    let cells = desk.screen.cells[desk.screen.y]
    let shownBefore = cells[..<desk.screen.x].joined()
    var shown = cells.joined()
    while shown.unicodeScalars.last == " " { shown.unicodeScalars.removeLast() }
    let width = line.unicodeScalars.reduce(2) { $0 + VirtualTerminal.width($1) }
    if width <= desk.screen.columns - 1 {
      var all = "> " + line
      while all.unicodeScalars.last == " " { all.unicodeScalars.removeLast() }
      return scalars(shown) == scalars(all) && scalars(shownBefore) == scalars("> " + before)
    }
    var piece = scalars(shownBefore).dropFirst(2)
    if piece.first == "<" { piece.removeFirst() } else if piece.count != scalars(before).count { return false }
    guard scalars(before).suffix(piece.count).elementsEqual(piece) else { return false }
    var after = scalars(cells[desk.screen.x...].joined())
    while after.last == " " { after.removeLast() }
    let rest = scalars(String(decoding: desk.editor.line.bytes.dropFirst(desk.editor.line.cursor), as: UTF8.self))
    if after.last == ">" { return rest.count > after.count - 1 && rest.starts(with: after.dropLast()) }
    return rest.starts(with: after) && rest.dropFirst(after.count).allSatisfy { $0 == " " }
  }

  private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

  private static let keys: [String] =
    LineEditorModel.Step.allCases.map { LineEditorModel.bytes($0) } + [
      "?", "\t", "\"", Key.control("R"), Key.control("G"), Key.control("C"), Key.control("D"), Key.control("L"),
      Key.control("V"), "\u{1B}[200~", "\u{1B}[201~", "\n", "show", "队列", "\u{1F4DE}", "\u{1B}[1;5C", "\u{1B}]x\u{7}",
      "é",
      "\u{7}", "\u{202E}", "abcdefghijklmnop",
    ]

  /// What the screen should show: the same drawn on an empty one.
  private func redrawn(_ desk: Desk) -> Desk {
    var copy = desk
    copy.screen = VirtualTerminal(columns: desk.screen.columns, rows: desk.screen.rows)
    copy.editor.row = ScreenRow()
    copy.handle(.resume)
    return copy
  }

  @Test("The screen shows what a redraw from nothing would, cursor included", arguments: 1...25 as ClosedRange<UInt64>)
  func screen(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let isDumb = seed % 4 == 0
    var desk = Desk(
      ["> ", "branch(config-queue-service)# ", "支店> "][random.below(3)] as ByteString,
      [.command, .command, .command, .answer, .masked, .hidden][random.below(6)] as LineEditor.Entry,
      // A dumb terminal wraps by itself what is wider than the screen.
      columns: isDumb ? 1_100 : 12 + random.below(80), rows: 3, isDumb: isDumb,
      history: ["show calls", "set 队列 service"])
    desk.answer = { output in
      if case .complete(let line, let cursor) = output, line.count % 2 == 0 {
        [.show("list"), .replace(line: line + "x", cursor: cursor + 1)]
      } else {
        [.resume]
      }
    }
    for step in 0..<300 {
      let keys = (0...random.below(3)).map { _ in Self.keys[random.below(Self.keys.count)] }.joined()
      if random.chance(percent: 3) {
        desk.handle(.show(ByteString("notice \(step)" as String)))
      } else if random.chance(percent: 50) {
        desk.type(keys)
      } else {
        desk.typeSlowly(keys)
      }
      let expected = redrawn(desk)
      guard desk.seen == expected.seen, desk.screen.problems == [] else {
        Issue.record("seed \(seed), step \(step): \(desk.seen) not \(expected.seen) \(desk.screen.problems)")
        return
      }
    }
  }

  @Test(
    "Any split of the same bytes gives the same lines and the same screen", arguments: 1...40 as ClosedRange<UInt64>)
  func splits(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bytes: [UInt8] = []
    for _ in 0..<300 {
      if random.chance(percent: 40) {
        bytes += Array(Self.keys[random.below(Self.keys.count)].utf8)
      } else if random.chance(percent: 30) {
        bytes.append(UInt8(truncatingIfNeeded: random.next()))
      } else {
        bytes.append(UInt8(0x20 + random.below(0x5F)))
      }
    }
    var whole = Desk(rows: 5, isDumb: seed % 5 == 0)
    var single = whole
    var parts = whole
    whole.handle(.bytes(bytes))
    for byte in bytes { single.handle(.bytes([byte])) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = 1 + random.below(20)
      parts.handle(.bytes(Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
    for other in [single, parts] {
      #expect(other.events == whole.events, "seed \(seed)")
      #expect(other.editor.line == whole.editor.line, "seed \(seed)")
      #expect(other.editor.history == whole.editor.history, "seed \(seed)")
    }
    for desk in [whole, single, parts] where !desk.editor.isDumb {
      // Where a scrolled line begins depends on what was drawn, so each is compared with its own redraw.
      #expect(desk.seen == redrawn(desk).seen, "seed \(seed)")
      #expect(desk.screen.problems == [], "seed \(seed)")
    }
  }

  @Test(
    "Random bytes trap nothing, and what comes out is bounded by lines, not by bytes",
    arguments: 1...30 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var editor = LineEditor(isDumb: random.chance(percent: 20))
    editor.handle(.size(columns: random.below(200), rows: random.below(50)))
    editor.handle(.prompt("> ", .command))
    for step in 0..<400 {
      switch random.below(20) {
      case 0: editor.handle(.size(columns: Int(truncatingIfNeeded: random.next()), rows: 0))
      case 1: editor.handle(.lineBreak)
      case 2: editor.handle(.prompt(Self.noise(&random, 40), [.command, .answer, .masked, .hidden][random.below(4)]))
      case 3: editor.handle(.replace(line: Self.noise(&random, 2_000), cursor: Int(truncatingIfNeeded: random.next())))
      case 4: editor.handle(.resume)
      case 5: editor.handle(.show(Self.noise(&random, 100)))
      default: editor.handle(.bytes(Self.noise(&random, random.chance(percent: 1) ? 40_000 : 200).bytes))
      }
      var written = 0
      var events = 0
      while let output = editor.pollOutput() {
        if case .write(let bytes) = output { written += bytes.count } else { events += 1 }
      }
      guard events <= 2, written <= 8 * ConsoleLimits.lineBytes else {
        Issue.record("seed \(seed), step \(step): \(events) events, \(written) bytes")
        return
      }
    }
    #expect(editor.waiting.count <= ConsoleLimits.typeAheadBytes)
  }

  private static func noise(_ random: inout SeededRandom, _ most: Int) -> ByteString {
    let isText = random.chance(percent: 50)
    return ByteString(
      (0..<random.below(most)).map { _ in
        isText ? UInt8(0x20 + random.below(0x5F)) : UInt8(truncatingIfNeeded: random.next())
      })
  }
}
