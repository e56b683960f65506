// Words, numbers and comparisons over a part of a description. Nothing here allocates until a part is copied out.

import Basics

/// A range of offsets into the description being read.
struct Part: Sendable, BitwiseCopyable {
  var start: Int
  var end: Int

  init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }
  var isEmpty: Bool { start >= end }
}

extension Span where Element == UInt8 {
  /// The next word of `rest`, which afterwards begins behind it and the spaces that follow. nil where none is left.
  func nextWord(_ rest: inout Part) -> Part? {
    var i = rest.start
    while i < rest.end, self[i] == 0x20 { i += 1 }
    guard i < rest.end else { return nil }
    let start = i
    while i < rest.end, self[i] != 0x20 { i += 1 }
    let word = Part(start, i)
    while i < rest.end, self[i] == 0x20 { i += 1 }
    rest.start = i
    return word
  }

  /// What stands in front of `byte`; `part` afterwards begins behind it, or is empty where there was none.
  func cut(_ part: inout Part, at byte: UInt8) -> Part {
    var i = part.start
    while i < part.end, self[i] != byte { i += 1 }
    let head = Part(part.start, i)
    part.start = Swift.min(i + 1, part.end)
    return head
  }

  /// The digits that `part` begins with as a number of at most `limit`; nil without any, or above it.
  func leadingNumber(_ part: Part, atMost limit: Int) -> Int? {
    var value = 0
    var i = part.start
    while i < part.end, self[i].isASCIIDigit {
      value = value &* 10 &+ Int(self[i] &- 0x30)
      guard value <= limit else { return nil }
      i += 1
    }
    return i > part.start ? value : nil
  }

  /// The same where nothing but digits stands.
  func number(_ part: Part, atMost limit: Int) -> Int? {
    var i = part.start
    while i < part.end, self[i].isASCIIDigit { i += 1 }
    return i == part.end ? leadingNumber(part, atMost: limit) : nil
  }

  func equals(_ part: Part, _ text: StaticString) -> Bool {
    guard part.end - part.start == text.utf8CodeUnitCount else { return false }
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    var i = 0
    while i < expected.count {
      if self[part.start + i] != expected[i] { return false }
      i += 1
    }
    return true
  }

  /// Compares ASCII letters without case.
  func matches(_ part: Part, _ text: StaticString) -> Bool {
    guard part.end - part.start == text.utf8CodeUnitCount else { return false }
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    var i = 0
    while i < expected.count {
      if self[part.start + i].asciiLowercased != expected[i].asciiLowercased { return false }
      i += 1
    }
    return true
  }

  func bytes(_ part: Part) -> [UInt8] {
    guard !part.isEmpty else { return [] }
    let piece = extracting(part.start..<part.end)
    return [UInt8](unsafeUninitializedCapacity: piece.count) { buffer, count in
      piece.withUnsafeBufferPointer { count = buffer.initialize(fromContentsOf: $0) }
    }
  }
  func text(_ part: Part) -> ByteString { ByteString(bytes(part)) }
}
