// One row of the screen: what it should show and where the cursor stands. It writes the difference between two rows and
// nothing more, since a serial line carries 11 bytes a millisecond at best.

import Basics

/// Everything in it is visible text; the cursor stands before a glyph or behind the last.
struct ScreenRow: Hashable, Sendable {
  private(set) var bytes: [UInt8] = []
  /// Columns that `bytes` takes.
  private(set) var columns = 0
  /// Column of the cursor, from 0.
  var cursor = 0

  /// An empty row with the cursor at its beginning.
  init() {}

  mutating func append(_ text: [UInt8]) {
    bytes += text
    columns += TerminalText.columns(text)
  }

  var isEmpty: Bool { bytes.isEmpty && cursor == 0 }

  /// Writes what turns `old`, which the screen shows, into this row. Dumb terminals know only backspace.
  func paint(over old: ScreenRow, isDumb: Bool, to writer: inout ByteWriter) {
    let common = commonBeginning(with: old)
    var column = old.cursor
    if common.offset < bytes.count || common.columns < old.columns {
      move(from: column, to: common.columns, isDumb: isDumb, to: &writer)
      writer.append(bytes[common.offset...])
      column = columns
      erase(old.columns - columns, at: &column, isDumb: isDumb, to: &writer)
    }
    move(from: column, to: cursor, isDumb: isDumb, to: &writer)
  }

  /// Brings the cursor behind what is shown.
  func paintEnd(isDumb: Bool, to writer: inout ByteWriter) {
    move(from: cursor, to: columns, isDumb: isDumb, to: &writer)
  }

  private func commonBeginning(with old: ScreenRow) -> (offset: Int, columns: Int) {
    var mine = GlyphScanner(bytes)
    var others = GlyphScanner(old.bytes)
    var common = (offset: 0, columns: 0)
    while let glyph = mine.next(), let other = others.next(), glyph == other,
      bytes[glyph.start..<glyph.end] == old.bytes[other.start..<other.end]
    {
      common = (glyph.end, common.columns + glyph.columns)
    }
    return common
  }

  /// Clears `count` columns from `column` to the end of what is shown.
  private func erase(_ count: Int, at column: inout Int, isDumb: Bool, to writer: inout ByteWriter) {
    guard count > 0 else { return }
    if isDumb || count == 1 {
      for _ in 0..<count { writer.append(" ") }
      column += count
    } else {
      writer.append("\u{1B}[K")
    }
  }

  /// Moves the cursor over what this row shows, or over blanks behind it.
  private func move(from start: Int, to end: Int, isDumb: Bool, to writer: inout ByteWriter) {
    if end < start {
      let count = start - end
      // Four backspaces are as long as the sequence.
      if isDumb || count <= 4 {
        for _ in 0..<count { writer.append(0x08) }
      } else if end == 0 {
        writer.append("\r")
      } else {
        writeSequence(count, "D", to: &writer)
      }
    } else if end > start {
      let shown = text(from: start, to: end)
      if isDumb || shown.count <= 4 { writer.append(shown) } else { writeSequence(end - start, "C", to: &writer) }
    }
  }

  private func writeSequence(_ count: Int, _ final: StaticString, to writer: inout ByteWriter) {
    writer.append("\u{1B}[")
    if count > 1 { writer.append(decimal: count) }
    writer.append(final)
  }

  private func text(from start: Int, to end: Int) -> ArraySlice<UInt8> {
    var scanner = GlyphScanner(bytes)
    var column = 0
    var range = 0..<0
    while let glyph = scanner.next(), column < end {
      if column == start { range = glyph.start..<glyph.end }
      if column > start { range = range.lowerBound..<glyph.end }
      column += glyph.columns
    }
    return bytes[range]
  }
}

/// Lays a prompt and a line out in one row: a line that is too long is shown in part, `<` and `>` standing for the rest.
struct RowLayout {
  /// Columns the row may take; nil where long lines are left to the terminal.
  let width: Int?
  let prompt: [UInt8]
  let text: [UInt8]
  /// An offset into `text`.
  let cursor: Int

  /// `first` is the offset in `text` of what is shown first. It stays as long as the cursor is in sight, so that most
  /// keys change little.
  func row(first: inout Int) -> ScreenRow {
    var row = ScreenRow()
    guard let width else {
      row.append(prompt + text)
      row.cursor = TerminalText.columns(prompt) + TerminalText.columns(Array(text[..<cursor]))
      return row
    }
    row.append(shownPrompt(in: width))
    let room = width - row.columns
    if TerminalText.columns(text) <= room { first = 0 } else if !isInSight(first, room) { first = newFirst(room) }
    let end = end(first, room)
    if first > 0 { row.append([UInt8(ascii: "<")]) }
    row.cursor = row.columns + TerminalText.columns(Array(text[first..<max(first, min(cursor, end))]))
    row.append(Array(text[first..<end]))
    if end < text.count { row.append([UInt8(ascii: ">")]) }
    return row
  }

  /// At most half of the row, the end of it.
  private func shownPrompt(in width: Int) -> [UInt8] {
    guard TerminalText.columns(prompt) > width / 2 else { return prompt }
    return [UInt8(ascii: "<")] + prompt[beginning(of: prompt, before: prompt.count, columns: width / 2 - 1)...]
  }

  private func isInSight(_ first: Int, _ room: Int) -> Bool {
    guard first <= text.count, isBoundary(first), first == 0 || first < cursor else { return false }
    let end = end(first, room)
    return cursor < end || cursor == text.count && end == text.count
  }

  /// The cursor comes to the middle, with room for a wide character.
  private func newFirst(_ room: Int) -> Int {
    beginning(of: text, before: cursor, columns: max(0, (room - 2) / 2))
  }

  /// Where what is shown from `first` on ends.
  private func end(_ first: Int, _ room: Int) -> Int {
    let room = room - (first > 0 ? 1 : 0)
    var scanner = GlyphScanner(text, from: first)
    var column = 0
    var lastWithMark = first
    while let glyph = scanner.next() {
      column += glyph.columns
      if column < room { lastWithMark = glyph.end }
      if column > room { return lastWithMark }
    }
    return text.count
  }

  /// The smallest offset from which on the glyphs before `end` take at most so many columns.
  private func beginning(of bytes: [UInt8], before end: Int, columns: Int) -> Int {
    var total = 0
    var scanner = GlyphScanner(bytes)
    while let glyph = scanner.next(), glyph.start < end { total += glyph.columns }
    scanner = GlyphScanner(bytes)
    while let glyph = scanner.next() {
      if total <= columns || glyph.start >= end { return glyph.start }
      total -= glyph.columns
    }
    return bytes.count
  }

  private func isBoundary(_ offset: Int) -> Bool {
    var scanner = GlyphScanner(text)
    while let glyph = scanner.next() {
      if glyph.start >= offset { return glyph.start == offset }
    }
    return offset == text.count
  }
}
