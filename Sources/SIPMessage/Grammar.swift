// The character classes and scanning steps of RFC 3261 §25.1 over a span of bytes. Nothing here allocates or traps on
// what stands in the bytes; positions are offsets into the span.

import Basics

/// A set of ASCII characters as two bit masks; bytes above 0x7F are in none.
struct CharacterClass {
  let low: UInt64
  let high: UInt64

  @inline(__always) func contains(_ byte: UInt8) -> Bool {
    if byte < 64 { return low >> UInt64(byte) & 1 != 0 }
    if byte < 128 { return high >> UInt64(byte & 63) & 1 != 0 }
    return false
  }

  /// alphanum and `-.!%*_+`'~`
  static var token: CharacterClass { .init(low: 0x03FF_6CA2_0000_0000, high: 0x47FF_FFFF_87FF_FFFE) }
  /// unreserved and `&=+$,;?/`; and `#`, which many phones leave unescaped in feature codes
  static var user: CharacterClass { .init(low: 0xABFF_FFDA_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }
  /// unreserved and `&=+$,`
  static var password: CharacterClass { .init(low: 0x23FF_7FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }
  /// alphanum, `-`, `.` and, because names in private networks have it, `_`
  static var host: CharacterClass { .init(low: 0x03FF_6000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE) }
  /// unreserved and `[]/:&+$`
  static var uriParameter: CharacterClass { .init(low: 0x07FF_EFD2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE) }
  /// unreserved and `[]/?:+$`
  static var uriHeader: CharacterClass { .init(low: 0x87FF_EF92_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE) }
  /// Every visible ASCII character but `;,<>"\`: wider than token and host together, as tags in the wild are.
  static var parameterValue: CharacterClass { .init(low: 0xA7FF_EFFA_0000_0000, high: 0x7FFF_FFFF_EFFF_FFFF) }
  /// The same without `=`: parameter names of any kind that have been checked before.
  static var writtenName: CharacterClass { .init(low: 0x87FF_EFFA_0000_0000, high: 0x7FFF_FFFF_EFFF_FFFF) }
  /// What an absolute URI of an unknown scheme may hold after its colon.
  static var absoluteURI: CharacterClass { .init(low: 0xAFFF_FFFA_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF) }
  /// hexadecimal digits, `*#+` and the visual separators `-.()` (RFC 3966 §3)
  static var telephone: CharacterClass { .init(low: 0x03FF_6F08_0000_0000, high: 0x0000_007E_0000_007E) }
  /// alphanum and `+-.`
  static var scheme: CharacterClass { .init(low: 0x03FF_6800_0000_0000, high: 0x07FF_FFFE_07FF_FFFE) }
}

/// A range of byte offsets below 65,536.
struct Extent: Hashable, Sendable, BitwiseCopyable {
  var start: UInt16 = 0
  var end: UInt16 = 0

  static var none: Extent { Extent() }
  init() {}
  @inline(__always) init(_ start: Int, _ end: Int) {
    self.start = UInt16(truncatingIfNeeded: start)
    self.end = UInt16(truncatingIfNeeded: end)
  }

  @inline(__always) var isEmpty: Bool { start == end }
  @inline(__always) var count: Int { Int(end) - Int(start) }
  @inline(__always) var range: Range<Int> { Int(start)..<Int(end) }

  /// Follows bytes in front of `position`, which is outside the extent, having grown by `count`.
  mutating func shift(from position: Int, by count: Int) {
    if Int(end) > position { end = UInt16(truncatingIfNeeded: Int(end) + count) }
    if Int(start) > position { start = UInt16(truncatingIfNeeded: Int(start) + count) }
  }
  /// Follows bytes within it having grown.
  mutating func stretch(by count: Int) { end = UInt16(truncatingIfNeeded: Int(end) + count) }
}

/// One `;name=value`, quotes included in the value.
struct ParameterExtent: Sendable, BitwiseCopyable {
  var name = Extent.none
  var value = Extent.none
  var hasValue = false
}

extension Span where Element == UInt8 {
  @inline(__always) func skipSpace(_ i: inout Int, _ end: Int) {
    while i < end, self[i] == 0x20 || self[i] == 0x09 { i += 1 }
  }

  @inline(__always) func skip(_ set: CharacterClass, _ i: inout Int, _ end: Int) {
    while i < end, set.contains(self[i]) { i += 1 }
  }

  @inline(__always) func isAll(_ set: CharacterClass, _ extent: Extent) -> Bool {
    var i = Int(extent.start)
    skip(set, &i, Int(extent.end))
    return i == Int(extent.end)
  }

  /// Members of `set` and `%HH`, from `i` on. False where a `%` is not followed by two hexadecimal digits.
  func skipEscaped(_ set: CharacterClass, _ i: inout Int, _ end: Int) -> Bool {
    while i < end {
      let byte = self[i]
      if byte == UInt8(ascii: "%") {
        guard i + 2 < end, self[i + 1].hexValue != nil, self[i + 2].hexValue != nil else { return false }
        i += 3
      } else if set.contains(byte) {
        i += 1
      } else {
        return true
      }
    }
    return true
  }

  func contains(_ byte: UInt8, in extent: Extent) -> Bool {
    var i = Int(extent.start)
    while i < Int(extent.end) {
      if self[i] == byte { return true }
      i += 1
    }
    return false
  }

  /// The first CR or LF from `i` on, or `count`. Eight bytes at a time, as most of a message passes here.
  func endOfText(_ start: Int) -> Int {
    var i = start
    let words = bytes
    while i + 8 <= count {
      let word = UInt64(littleEndian: words.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self))
      let ends = Self.zeroBytes(word ^ 0x0D0D_0D0D_0D0D_0D0D) | Self.zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A)
      if ends != 0 { return i + ends.trailingZeroBitCount / 8 }
      i += 8
    }
    while i < count, self[i] != 0x0D, self[i] != 0x0A { i += 1 }
    return i
  }

  /// Whether neither CR nor LF nor NUL is among them.
  var isText: Bool {
    var i = 0
    let words = bytes
    while i + 8 <= count {
      let word = words.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self)
      let ends = Self.zeroBytes(word ^ 0x0D0D_0D0D_0D0D_0D0D) | Self.zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A)
      if ends | Self.zeroBytes(word) != 0 { return false }
      i += 8
    }
    while i < count {
      if self[i] == 0x0D || self[i] == 0x0A || self[i] == 0 { return false }
      i += 1
    }
    return true
  }

  /// The highest bit of each byte that is zero; of bytes above the lowest such one it may lie.
  @inline(__always) private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  /// Compares ASCII letters without case.
  @inline(__always) func matches(_ start: Int, _ end: Int, _ text: StaticString) -> Bool {
    guard end - start == text.utf8CodeUnitCount else { return false }
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    var i = 0
    while i < expected.count {
      if self[start + i].asciiLowercased != expected[i].asciiLowercased { return false }
      i += 1
    }
    return true
  }
  @inline(__always) func matches(_ extent: Extent, _ text: StaticString) -> Bool {
    matches(Int(extent.start), Int(extent.end), text)
  }

  /// The same for tokens, eight bytes at a time. Bit 0x20 tells letters' cases apart and no other two token characters.
  func isSameToken(_ start: Int, _ end: Int, _ expected: UnsafeRawBufferPointer) -> Bool {
    let size = expected.count
    guard end - start == size else { return false }
    let words = bytes
    let fold: UInt64 = 0x2020_2020_2020_2020
    var i = 0
    while i + 8 <= size {
      let a = words.unsafeLoadUnaligned(fromByteOffset: start + i, as: UInt64.self)
      let b = expected.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      if a | fold != b | fold { return false }
      i += 8
    }
    while i < size {
      if self[start + i] | 0x20 != expected[i] | 0x20 { return false }
      i += 1
    }
    return true
  }

  /// An unsigned number of at least one digit, at most `limit`; nil otherwise. Leading zeros are allowed.
  func decimal(_ extent: Extent, atMost limit: UInt64) -> UInt64? {
    guard !extent.isEmpty else { return nil }
    var value: UInt64 = 0
    var i = Int(extent.start)
    while i < Int(extent.end) {
      let byte = self[i]
      guard byte.isASCIIDigit, value <= limit else { return nil }
      value = value &* 10 &+ UInt64(byte - 0x30)
      i += 1
    }
    return value <= limit ? value : nil
  }

  /// Moves `i` from an opening quote past the closing one. False where there is none.
  func skipQuoted(_ i: inout Int, _ end: Int) -> Bool {
    i += 1
    while i < end {
      switch self[i] {
      case UInt8(ascii: "\\"):
        i += 2
      case UInt8(ascii: "\""):
        i += 1
        return true
      default:
        i += 1
      }
    }
    return false
  }

  /// Reads `;name[=value]` at `i`, which stands on the semicolon; leaves `i` on what follows the parameter and its
  /// trailing space. nil where it is malformed.
  func scanParameter(_ i: inout Int, _ end: Int, name: CharacterClass = .token) -> ParameterExtent? {
    i += 1
    skipSpace(&i, end)
    var parameter = ParameterExtent()
    let nameStart = i
    skip(name, &i, end)
    guard i > nameStart else { return nil }
    parameter.name = Extent(nameStart, i)
    parameter.value = Extent(i, i)
    skipSpace(&i, end)
    guard i < end, self[i] == UInt8(ascii: "=") else { return parameter }
    i += 1
    skipSpace(&i, end)
    parameter.hasValue = true
    let valueStart = i
    if i < end, self[i] == UInt8(ascii: "\"") {
      guard skipQuoted(&i, end) else { return nil }
    } else {
      while i < end, CharacterClass.parameterValue.contains(self[i]) || self[i] >= 0x80 { i += 1 }
      guard i > valueStart else { return nil }
    }
    parameter.value = Extent(valueStart, i)
    skipSpace(&i, end)
    return parameter
  }

  /// The end of the list element that begins at `i`: a comma outside quotes and angle brackets, or `end`.
  func endOfListElement(_ i: Int, _ end: Int) -> Int {
    var i = i
    var isInBrackets = false
    while i < end {
      switch self[i] {
      case UInt8(ascii: "\"") where !isInBrackets:
        if !skipQuoted(&i, end) { return end }
      case UInt8(ascii: "<"):
        isInBrackets = true
        i += 1
      case UInt8(ascii: ">"):
        isInBrackets = false
        i += 1
      case UInt8(ascii: ",") where !isInBrackets:
        return i
      default:
        i += 1
      }
    }
    return end
  }
}

extension ByteString {
  /// Copies a part of `span`.
  init(_ span: Span<UInt8>, _ extent: Extent) {
    guard !extent.isEmpty else {
      self.init()
      return
    }
    let part = span.extracting(extent.range)
    self.init(
      [UInt8](unsafeUninitializedCapacity: extent.count) { buffer, count in
        part.withUnsafeBufferPointer { count = buffer.initialize(fromContentsOf: $0) }
      })
  }

  /// A part of `span` with `%HH` decoded; what is not an escape stays as it is.
  init(unescaping span: Span<UInt8>, _ extent: Extent) {
    guard span.contains(UInt8(ascii: "%"), in: extent) else {
      self.init(span, extent)
      return
    }
    var plain: [UInt8] = []
    plain.reserveCapacity(extent.count)
    var i = Int(extent.start)
    let end = Int(extent.end)
    while i < end {
      if span[i] == UInt8(ascii: "%"), end - i > 2, let high = span[i + 1].hexValue, let low = span[i + 2].hexValue {
        plain.append(high << 4 | low)
        i += 3
      } else {
        plain.append(span[i])
        i += 1
      }
    }
    self.init(plain)
  }
  init(unescaping text: ByteString) {
    self.init(unescaping: text.bytes.span, Extent(0, min(text.count, SIPLimits.maxMessageBytes)))
  }

  /// A parameter's value: the content of a quoted string with its escapes resolved, anything else as it stands.
  init(unquoting span: Span<UInt8>, _ extent: Extent) {
    let quote = UInt8(ascii: "\"")
    guard extent.count >= 2, span[Int(extent.start)] == quote, span[Int(extent.end) - 1] == quote else {
      self.init(span, extent)
      return
    }
    let content = Extent(Int(extent.start) + 1, Int(extent.end) - 1)
    guard span.contains(UInt8(ascii: "\\"), in: content) else {
      self.init(span, content)
      return
    }
    var plain: [UInt8] = []
    plain.reserveCapacity(content.count)
    var isEscaped = false
    for i in content.range {
      if span[i] == UInt8(ascii: "\\"), !isEscaped {
        isEscaped = true
      } else {
        plain.append(span[i])
        isEscaped = false
      }
    }
    self.init(plain)
  }
}

extension ByteWriter {
  /// Bytes outside `set` as `%HH` in upper case.
  mutating func append(escaping text: ByteString, keeping set: CharacterClass) {
    for byte in text.bytes {
      if set.contains(byte), byte != UInt8(ascii: "%") {
        append(byte)
      } else {
        append(UInt8(ascii: "%"))
        append(Self.hexDigit(byte >> 4))
        append(Self.hexDigit(byte & 0xF))
      }
    }
  }
  private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }

  /// As a quoted string. Line ends cannot stand in one, so they become spaces.
  mutating func append(quoting text: ByteString) {
    append(UInt8(ascii: "\""))
    for byte in text.bytes {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
      append(byte == 0x0D || byte == 0x0A || byte == 0 ? 0x20 : byte)
    }
    append(UInt8(ascii: "\""))
  }
}
