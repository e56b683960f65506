// What a person takes for one character: a base with the marks on it. The one authority on where characters begin and
// how wide they are. Joined emoji are several, as most terminals show them.

/// A range of bytes in a text.
struct Glyph: Hashable, Sendable {
  var start: Int
  var end: Int
  var columns: Int
  /// False of a control character, a broken byte and a mark without a base: `?` stands for them.
  var isVisible: Bool
}

struct GlyphScanner {
  private let bytes: [UInt8]
  private var offset: Int

  /// `start` is where a glyph begins.
  init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    offset = start
  }

  mutating func next() -> Glyph? {
    guard offset < bytes.count else { return nil }
    var glyph = Glyph(start: offset, end: offset + 1, columns: 1, isVisible: false)
    if let scalar = UTF8Sequence.scalar(in: bytes, at: offset) {
      glyph.end = offset + scalar.length
      if let columns = TerminalText.columns(ofScalar: scalar.value), columns > 0 {
        glyph.columns = columns
        glyph.isVisible = true
        takeMarks(into: &glyph)
      }
    }
    offset = glyph.end
    return glyph
  }

  private func takeMarks(into glyph: inout Glyph) {
    // U+0300, the first mark, begins with this byte.
    let firstLead: UInt8 = 0xCC
    for _ in 0..<ConsoleLimits.marks {
      guard glyph.end < bytes.count, bytes[glyph.end] >= firstLead,
        let scalar = UTF8Sequence.scalar(in: bytes, at: glyph.end),
        TerminalText.columns(ofScalar: scalar.value) == 0
      else { return }
      glyph.end += scalar.length
    }
  }
}
