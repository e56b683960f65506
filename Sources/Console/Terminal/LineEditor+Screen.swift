// What the editor writes: the difference between the row on the screen and the row that should be there, once after all
// keys that came together, however many they were.

import Basics

extension LineEditor {
  mutating func resize(_ columns: Int) {
    let limits = ConsoleLimits.columns
    let new = columns <= 0 ? 80 : min(max(columns, limits.lowerBound), limits.upperBound)
    guard new != self.columns else { return }
    self.columns = new
    if !isDumb { eraseRow() }
  }

  /// Brings the screen up to date.
  mutating func paint() {
    if ringsBell {
      writer.append(0x07)
      ringsBell = false
    }
    guard phase != .idle else { return }
    if clearsScreen {
      writer.append(isDumb ? "\r\n" : "\u{1B}[H\u{1B}[2J")
      row = ScreenRow()
      clearsScreen = false
    }
    let new = layout()
    new.paint(over: row, isDumb: isDumb, to: &writer)
    row = new
  }

  mutating func flush() {
    guard !writer.bytes.isEmpty else { return }
    outputs.append(.write(writer.bytes))
    writer = ByteWriter()
  }

  /// The row as it should be, whatever the screen shows.
  mutating func layout() -> ScreenRow {
    // The last column stays free: terminals differ in where the cursor is after something was written there.
    let width = isDumb ? nil : columns - 1
    var prompt = prompt
    if let search { prompt = [UInt8(ascii: "(")] + searchWord + Array(") ".utf8) + search.text + Array(": ".utf8) }
    let (text, cursor) = shownText()
    return RowLayout(width: width, prompt: prompt, text: text, cursor: cursor).row(first: &firstShown)
  }

  private func shownText() -> (text: [UInt8], cursor: Int) {
    switch entry {
    case .command, .answer: return (line.bytes, line.cursor)
    case .hidden: return ([], 0)
    case .masked:
      let count = Self.glyphs(line.bytes[...])
      return ([UInt8](repeating: UInt8(ascii: "*"), count: count), Self.glyphs(line.bytes[..<line.cursor]))
    }
  }

  private static func glyphs(_ bytes: ArraySlice<UInt8>) -> Int {
    var scanner = GlyphScanner(Array(bytes))
    var count = 0
    while scanner.next() != nil { count += 1 }
    return count
  }

  private mutating func eraseRow() {
    guard !row.isEmpty else { return }
    writer.append(row.cursor == 0 ? "\u{1B}[K" : "\r\u{1B}[K")
    row = ScreenRow()
  }

  /// Leaves the row as it is and goes to the next one.
  mutating func endRow(_ mark: StaticString) {
    paint()
    if mark.utf8CodeUnitCount > 0 && (isDumb || row.columns + mark.utf8CodeUnitCount < columns) {
      row.paintEnd(isDumb: isDumb, to: &writer)
      writer.append(mark)
    }
    writer.append("\r\n")
    row = ScreenRow()
  }

  mutating func show(_ text: ByteString) {
    if isDumb {
      if !row.isEmpty { writer.append("\r\n") }
      row = ScreenRow()
    } else {
      eraseRow()
    }
    var lines = text.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines {
      let line = line.last == 0x0D ? line.dropLast() : line
      writer.append(TerminalText.visible(ByteString(line)))
      writer.append("\r\n")
    }
  }
}
