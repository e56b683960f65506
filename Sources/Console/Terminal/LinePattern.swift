// What filters look for in a line: a piece of text, ASCII letters in either case, held at the beginning by `^` and at the
// end by `$`. No other sign has a meaning.

import Basics

public struct LinePattern: Hashable, Sendable {
  let text: [UInt8]
  let isAtStart: Bool
  let isAtEnd: Bool

  /// `\^` at the beginning and `\$` at the end are the signs themselves.
  public init(_ written: ByteString) {
    var text = written.bytes[...]
    isAtStart = text.first == UInt8(ascii: "^")
    if isAtStart { text.removeFirst() }
    var isAtEnd = false
    if text.last == UInt8(ascii: "$") {
      if text.dropLast().last == UInt8(ascii: "\\") {
        text.remove(at: text.endIndex - 2)
      } else {
        isAtEnd = true
        text.removeLast()
      }
    }
    if !isAtStart && text.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "^")]) { text.removeFirst() }
    self.isAtEnd = isAtEnd
    self.text = Array(text)
  }

  public func matches(_ line: ByteString) -> Bool {
    let bytes = line.bytes
    if isAtStart && isAtEnd { return bytes.count == text.count && Self.stands(text, in: bytes, at: 0) }
    if isAtStart { return Self.stands(text, in: bytes, at: 0) }
    if isAtEnd { return Self.stands(text, in: bytes, at: bytes.count - text.count) }
    return Self.find(text, in: bytes) != nil
  }

  /// Where it stands first.
  static func find(_ text: [UInt8], in bytes: [UInt8]) -> Int? {
    guard text.count <= bytes.count else { return nil }
    for offset in 0...(bytes.count - text.count) where stands(text, in: bytes, at: offset) { return offset }
    return nil
  }

  private static func stands(_ text: [UInt8], in bytes: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset + text.count <= bytes.count else { return false }
    for index in text.indices where text[index].asciiLowercased != bytes[offset + index].asciiLowercased {
      return false
    }
    return true
  }
}
