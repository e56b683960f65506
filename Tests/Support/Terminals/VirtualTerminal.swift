// A screen in memory that interprets what a VT100 would, so that tests see what a person sees. It knows the widths of the
// few characters that tests use by itself.

public struct VirtualTerminal: Equatable {
  public let columns: Int
  public let rows: Int
  /// What each cell shows; empty is the right half of a wide character.
  public private(set) var cells: [[String]]
  public private(set) var x = 0
  public private(set) var y = 0
  public private(set) var bells = 0
  /// What it did not understand.
  public private(set) var problems: [String] = []
  private var wrapsNext = false

  public init(columns: Int = 80, rows: Int = 24) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// A row without the blanks at its end.
  public func text(_ row: Int) -> String {
    var text = cells[row].joined()
    while text.last == " " { text.removeLast() }
    return text
  }
  /// The row of the cursor.
  public var line: String { text(y) }
  /// All rows down to that of the cursor.
  public var lines: [String] { (0...y).map(text) }

  public mutating func feed(_ bytes: [UInt8]) {
    if String(validating: bytes, as: UTF8.self) == nil { problems.append("broken UTF-8") }
    var scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      switch scalar.value {
      case 0x07: bells += 1
      case 0x08:
        if x > 0 { x -= 1 } else { problems.append("backspace at the left edge") }
        wrapsNext = false
      case 0x0A: newLine()
      case 0x0D:
        x = 0
        wrapsNext = false
      case 0x1B: sequence(&scalars)
      case 0..<0x20, 0x7F..<0xA0: problems.append("control \(scalar.value)")
      default: put(scalar)
      }
    }
  }

  public static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36F, 0x200D, 0xFE0F: 0
    case 0x2E80...0x9FFF, 0xAC00...0xD7A3, 0xFF01...0xFF60, 0x1F300...0x1FAFF: 2
    default: 1
    }
  }

  private mutating func newLine() {
    wrapsNext = false
    if y < rows - 1 {
      y += 1
    } else {
      cells.removeFirst()
      cells.append(Array(repeating: " ", count: columns))
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Self.width(scalar)
    if width == 0 {
      var place = wrapsNext ? x : x - 1
      while place > 0, cells[y][place].isEmpty { place -= 1 }
      if place >= 0 { cells[y][place].unicodeScalars.append(scalar) } else { problems.append("mark at the left edge") }
      return
    }
    if wrapsNext || x + width > columns {
      x = 0
      newLine()
    }
    for place in x..<(x + width) { clear(place) }
    cells[y][x] = String(scalar)
    if width == 2 { cells[y][x + 1] = "" }
    x += width
    if x == columns {
      x -= 1
      wrapsNext = true
    }
  }

  /// Half of a wide character never stays.
  private mutating func clear(_ place: Int) {
    if cells[y][place].isEmpty, place > 0 { cells[y][place - 1] = " " }
    if place + 1 < columns, cells[y][place + 1].isEmpty { cells[y][place + 1] = " " }
    cells[y][place] = " "
  }

  private mutating func sequence(_ scalars: inout Substring.UnicodeScalarView) {
    guard scalars.popFirst() == "[" else { return problems.append("escape") }
    var parameter = ""
    while let scalar = scalars.popFirst() {
      if ("0"..."9").contains(scalar) {
        parameter.unicodeScalars.append(scalar)
        continue
      }
      let count = max(1, Int(parameter) ?? 1)
      wrapsNext = false
      switch scalar {
      case "C": x = min(columns - 1, x + count)
      case "D":
        if x < count { problems.append("left beyond the edge") }
        x = max(0, x - count)
      case "H": (x, y) = (0, 0)
      case "J" where parameter == "2":
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
      case "J" where parameter.isEmpty:
        for place in x..<columns { clear(place) }
        for row in y + 1..<max(y + 1, rows) { cells[row] = Array(repeating: " ", count: columns) }
      case "K": for place in x..<columns { clear(place) }
      default: problems.append("sequence \(parameter)\(scalar)")
      }
      return
    }
    problems.append("sequence without an end")
  }
}
