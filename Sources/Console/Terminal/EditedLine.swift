// A line and the cursor in it. The text is always UTF-8 that a terminal may show, and the cursor stands before a glyph or
// at the end; it is bounded by `ConsoleLimits.lineBytes`.

import Basics

struct EditedLine: Hashable, Sendable {
  enum Motion: Hashable, Sendable {
    case left
    case right
    case home
    case end
    /// Words of letters and digits.
    case wordLeft
    case wordRight
    /// Back over a word between blanks.
    case blankWordLeft
  }

  private(set) var bytes: [UInt8] = []
  /// An offset into `bytes`.
  private(set) var cursor = 0

  init() {}

  /// Text from outside, made visible and cut to the limit; the cursor at the end, or at the glyph that holds `cursor`.
  init(_ text: ByteString, cursor: Int? = nil) {
    let visible = TerminalText.visible(text).bytes
    bytes = visible
    if visible.count > ConsoleLimits.lineBytes {
      bytes = Array(visible.prefix(boundary(atOrBefore: ConsoleLimits.lineBytes)))
    }
    self.cursor = boundary(atOrBefore: max(0, min(cursor ?? bytes.count, bytes.count)))
  }

  var isEmpty: Bool { bytes.isEmpty }
  var text: ByteString { ByteString(bytes) }

  /// Whether `text`, whole glyphs or a mark that the glyph before the cursor has room for, was put in there; false where the
  /// line would become too long.
  mutating func insert(_ text: [UInt8]) -> Bool {
    guard bytes.count + text.count <= ConsoleLimits.lineBytes else { return false }
    bytes.insert(contentsOf: text, at: cursor)
    cursor += text.count
    return true
  }

  mutating func move(_ motion: Motion) { cursor = target(of: motion) }

  /// Deletes what lies between the cursor and where `motion` leads, and returns it.
  mutating func delete(_ motion: Motion) -> [UInt8] {
    let other = target(of: motion)
    let range = min(cursor, other)..<max(cursor, other)
    let deleted = Array(bytes[range])
    bytes.removeSubrange(range)
    cursor = range.lowerBound
    return deleted
  }

  mutating func move(to offset: Int) { cursor = boundary(atOrBefore: max(0, min(offset, bytes.count))) }

  /// Exchanges the glyphs on both sides of the cursor, at the end the last two, and goes behind them.
  mutating func transpose() -> Bool {
    var middle = cursor
    if middle == bytes.count { middle = boundary(before: middle) }
    let first = boundary(before: middle)
    let last = boundary(after: middle)
    guard first < middle, middle < last else { return false }
    bytes.replaceSubrange(first..<last, with: Array(bytes[middle..<last] + bytes[first..<middle]))
    cursor = last
    return true
  }

  private func target(of motion: Motion) -> Int {
    switch motion {
    case .left: boundary(before: cursor)
    case .right: boundary(after: cursor)
    case .home: 0
    case .end: bytes.count
    case .wordLeft: backwards(over: isWord)
    case .blankWordLeft: backwards(over: isNoBlank)
    case .wordRight: wordEnd
    }
  }

  private func isWord(_ glyph: Glyph) -> Bool {
    let byte = bytes[glyph.start]
    return byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80
  }

  private func isNoBlank(_ glyph: Glyph) -> Bool { bytes[glyph.start] != 0x20 }

  private func backwards(over isWord: (Glyph) -> Bool) -> Int {
    var rest = glyphs(from: 0)
    while let last = rest.last, last.start >= cursor || !isWord(last) { rest.removeLast() }
    while let last = rest.last, isWord(last) { rest.removeLast() }
    return rest.last?.end ?? 0
  }

  private var wordEnd: Int {
    var rest = glyphs(from: cursor)[...]
    while let first = rest.first, !isWord(first) { rest.removeFirst() }
    while let first = rest.first, isWord(first) { rest.removeFirst() }
    return rest.first?.start ?? bytes.count
  }

  // MARK: Where glyphs begin

  private func glyphs(from start: Int) -> [Glyph] {
    var scanner = GlyphScanner(bytes, from: start)
    var glyphs: [Glyph] = []
    while let glyph = scanner.next() { glyphs.append(glyph) }
    return glyphs
  }

  private func boundary(before offset: Int) -> Int { offset == 0 ? 0 : boundary(atOrBefore: offset - 1) }

  private func boundary(atOrBefore offset: Int) -> Int {
    var scanner = GlyphScanner(bytes)
    while let glyph = scanner.next() {
      if glyph.end > offset { return glyph.start }
    }
    return bytes.count
  }

  /// The end of the glyph that holds `offset`.
  private func boundary(after offset: Int) -> Int {
    var scanner = GlyphScanner(bytes)
    while let glyph = scanner.next() {
      if glyph.end > offset { return glyph.end }
    }
    return bytes.count
  }
}
