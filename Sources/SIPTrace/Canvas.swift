// One line of a terminal, cell by cell: Chinese characters take two. What could steer the terminal becomes `?`.

import Basics

struct Canvas {
  private struct Cell {
    /// Empty behind a wide character.
    var bytes: [UInt8]
  }
  private var cells: [Cell]

  init(width: Int = TraceLimits.width) {
    cells = Array(repeating: Cell(bytes: [UInt8(ascii: " ")]), count: width)
  }

  /// Without the spaces at its end.
  var line: ByteString {
    var bytes: [UInt8] = []
    for cell in cells { bytes += cell.bytes }
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return ByteString(bytes)
  }

  mutating func put(_ byte: UInt8, at place: Int) {
    guard cells.indices.contains(place) else { return }
    cells[place].bytes = [byte]
  }

  mutating func fill(_ byte: UInt8, _ range: Range<Int>) { for place in range { put(byte, at: place) } }

  /// What does not fit before `end` is left out.
  mutating func put(_ text: ByteString, at start: Int, end: Int = TraceLimits.width) {
    var place = start
    let end = min(end, cells.count)
    for scalar in String(decoding: text.bytes, as: UTF8.self).unicodeScalars {
      let width = Self.width(scalar.value)
      guard place >= 0, place + width <= end else { return }
      cells[place].bytes = Self.bytes(scalar.value)
      if width == 2 { cells[place + 1].bytes = [] }
      place += width
    }
  }

  static func width(_ text: ByteString) -> Int {
    var total = 0
    for scalar in String(decoding: text.bytes, as: UTF8.self).unicodeScalars { total += width(scalar.value) }
    return total
  }

  /// East Asian Width (UAX 11): wide and full-width blocks.
  private static func width(_ scalar: UInt32) -> Int {
    switch scalar {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }

  /// Controls, marks that combine with what stands before and those that turn the direction of writing take no cell of
  /// their own, so they are not shown.
  private static func bytes(_ scalar: UInt32) -> [UInt8] {
    switch scalar {
    case 0x20..<0x7F: [UInt8(truncatingIfNeeded: scalar)]
    case 0..<0xA0, 0xAD, 0x300...0x36F, 0x483...0x489, 0x591...0x8FF, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
      0x20D0...0x20F0, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF, 0xFFF9...0xFFFD:
      [UInt8(ascii: "?")]
    case 0xA0..<0x800:
      [0xC0 | UInt8(truncatingIfNeeded: scalar >> 6), trail(scalar)]
    case 0x800..<0x10000:
      [0xE0 | UInt8(truncatingIfNeeded: scalar >> 12), trail(scalar >> 6), trail(scalar)]
    default:
      [0xF0 | UInt8(truncatingIfNeeded: scalar >> 18), trail(scalar >> 12), trail(scalar >> 6), trail(scalar)]
    }
  }
  private static func trail(_ bits: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: bits & 0x3F) }
}
