// Text as a terminal shows it: how wide it is, cut and wrapped by columns. Names come from phones, so nothing that leaves
// here steers a terminal: control characters, marks of direction and bytes that are no UTF-8 become `?`.

import Basics

/// Sizes are columns of the terminal.
///
///     TerminalText.columns("Anna 安娜")  // 9
public enum TerminalText {
  /// The columns that `visible` of it takes.
  public static func columns(_ text: ByteString) -> Int { columns(text.bytes) }

  static func columns(_ bytes: [UInt8]) -> Int {
    var scanner = GlyphScanner(bytes)
    var columns = 0
    while let glyph = scanner.next() { columns += glyph.columns }
    return columns
  }

  /// The same text with `?` for everything that a terminal would not just show.
  public static func visible(_ text: ByteString) -> ByteString {
    var writer = ByteWriter(capacity: text.count)
    var scanner = GlyphScanner(text.bytes)
    while let glyph = scanner.next() { append(glyph, of: text.bytes, to: &writer) }
    return ByteString(writer.bytes)
  }

  /// Whether `visible` would change nothing.
  static func isVisible(_ bytes: [UInt8]) -> Bool {
    var scanner = GlyphScanner(bytes)
    while let glyph = scanner.next() {
      if !glyph.isVisible { return false }
    }
    return true
  }

  /// Its beginning, made visible, in at most so many columns. Where something is cut off `mark` ends it, if there is room.
  public static func cut(_ text: ByteString, to columns: Int, mark: ByteString = "") -> ByteString {
    let isCut = self.columns(text) > columns
    let markColumns = isCut ? self.columns(mark) : 0
    let showsMark = markColumns <= columns
    var writer = ByteWriter(capacity: text.count)
    var scanner = GlyphScanner(text.bytes)
    var room = columns - (showsMark ? markColumns : 0)
    while let glyph = scanner.next(), glyph.columns <= room {
      append(glyph, of: text.bytes, to: &writer)
      room -= glyph.columns
    }
    if isCut && showsMark { writer.append(visible(mark)) }
    return ByteString(writer.bytes)
  }

  /// Cut or filled with blanks to exactly so many columns.
  public static func padded(_ text: ByteString, to columns: Int) -> ByteString {
    var shown = cut(text, to: columns)
    for _ in 0..<max(0, columns - self.columns(shown)) { shown.bytes.append(0x20) }
    return shown
  }

  /// Lines of at most so many columns, made visible. They break at blanks, which are dropped there, before and behind wide
  /// characters, and anywhere if a word is wider than a line. LF ends a line. All but the first begin with `indent` blanks.
  public static func wrapped(_ text: ByteString, to columns: Int, indent: Int = 0) -> [ByteString] {
    var lines: [ByteString] = []
    // A wide character needs two columns.
    let columns = min(max(columns, 2), ConsoleLimits.columns.upperBound)
    var wrapping = Wrapping(columns: columns, indent: min(max(0, indent), columns - 2))
    for line in text.bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      wrapping.wrap(Array(line), into: &lines)
    }
    return lines
  }

  static func append(_ glyph: Glyph, of bytes: [UInt8], to writer: inout ByteWriter) {
    if glyph.isVisible { writer.append(bytes[glyph.start..<glyph.end]) } else { writer.append("?") }
  }

  /// The rows of a screen of so many columns that a line takes when the terminal wraps it.
  static func rows(_ bytes: [UInt8], columns: Int) -> Int {
    var rows = 1
    var column = 0
    var scanner = GlyphScanner(bytes)
    while let glyph = scanner.next() {
      if column + glyph.columns > columns {
        rows += 1
        column = 0
      }
      column += glyph.columns
    }
    return rows
  }
}

/// Breaks one line after the other.
private struct Wrapping {
  let columns: Int
  let indent: Int
  private var isFirst = true
  private var line = ByteWriter()
  private var width = 0
  /// Where the line can still be broken: behind so many of its bytes, and of the source's.
  private var breakBytes = 0
  private var breakSource: Int?

  init(columns: Int, indent: Int) {
    self.columns = columns
    self.indent = indent
  }

  mutating func wrap(_ bytes: [UInt8], into lines: inout [ByteString]) {
    begin(at: 0)
    var scanner = GlyphScanner(bytes)
    while let glyph = scanner.next() {
      let isBlank = glyph.isVisible && bytes[glyph.start] == 0x20 && glyph.end == glyph.start + 1
      if width + glyph.columns <= columns {
        if isBlank || glyph.columns == 2 && width > 0 { mark(glyph.start) }
        TerminalText.append(glyph, of: bytes, to: &line)
        width += glyph.columns
        if glyph.columns == 2 { mark(glyph.end) }
        continue
      }
      if isBlank || glyph.columns == 2 { mark(glyph.start) }
      // Blanks at the break are dropped, on both sides of it.
      var next = breakSource ?? glyph.start
      var text = breakSource == nil ? line.bytes[...] : line.bytes[..<breakBytes]
      while text.last == 0x20 && text.count > indentNow { text.removeLast() }
      while next < bytes.count && bytes[next] == 0x20 { next += 1 }
      lines.append(ByteString(text))
      isFirst = false
      begin(at: next)
      scanner = GlyphScanner(bytes, from: next)
      if next >= bytes.count { return }
    }
    lines.append(ByteString(line.bytes))
    isFirst = false
  }

  private var indentNow: Int { isFirst ? 0 : indent }

  private mutating func begin(at source: Int) {
    line = ByteWriter(capacity: columns)
    width = indentNow
    for _ in 0..<indentNow { line.append(0x20) }
    breakSource = nil
  }

  /// A break needs something before it.
  private mutating func mark(_ source: Int) {
    guard width > indentNow else { return }
    breakBytes = line.bytes.count
    breakSource = source
  }
}
