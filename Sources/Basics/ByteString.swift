// Text as the wire has it: bytes, compared and hashed as bytes. `String` is for people.

/// A string of bytes, usually UTF-8 or ASCII, that is never decoded to be compared.
///
///     let method: ByteString = "INVITE"
public struct ByteString: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public var bytes: [UInt8]

  @inlinable public init() { bytes = [] }
  @inlinable public init(_ bytes: [UInt8]) { self.bytes = bytes }
  @inlinable public init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }
  @inlinable public init(_ text: String) { bytes = Array(text.utf8) }
  @inlinable public init(_ text: StaticString) {
    bytes = Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
  @inlinable public init(stringLiteral text: StaticString) { self.init(text) }
  public init(_ number: Int) {
    var writer = ByteWriter(capacity: 20)
    writer.append(decimal: number)
    bytes = writer.bytes
  }

  @inlinable public var count: Int { bytes.count }
  @inlinable public var isEmpty: Bool { bytes.isEmpty }
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  @inlinable public static func + (a: ByteString, b: ByteString) -> ByteString { ByteString(a.bytes + b.bytes) }
  @inlinable public static func += (a: inout ByteString, b: ByteString) { a.bytes += b.bytes }

  public func hasPrefix(_ prefix: ByteString) -> Bool { bytes.starts(with: prefix.bytes) }
  public func dropFirst(_ n: Int) -> ByteString { ByteString(bytes.dropFirst(n)) }

  /// Compares ASCII letters without case, other bytes exactly.
  @_disfavoredOverload public func equalsIgnoringCase(_ other: ByteString) -> Bool {
    other.bytes.withUnsafeBufferPointer { equalsIgnoringCase($0) }
  }
  // A literal is a StaticString: no array is made for it.
  public func equalsIgnoringCase(_ other: StaticString) -> Bool {
    equalsIgnoringCase(UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
  }
  private func equalsIgnoringCase(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count == other.count else { return false }
    for index in bytes.indices where bytes[index].asciiLowercased != other[index].asciiLowercased { return false }
    return true
  }

  /// The value of an unsigned decimal number, or nil where anything else stands or it exceeds `Int`.
  public var decimalValue: Int? { Int(decimalDigits: bytes[...]) }

  /// `138****5678`: enough to recognise a number by, not enough to call it. Short numbers (extensions) stay whole.
  public var masked: ByteString {
    guard bytes.count > 6 else { return self }
    let shownAtEnd = bytes.count > 8 ? 4 : 2
    let shownAtStart = min(3, bytes.count - shownAtEnd - 2)
    let hidden = [UInt8](repeating: UInt8(ascii: "*"), count: bytes.count - shownAtStart - shownAtEnd)
    return ByteString(bytes.prefix(shownAtStart) + hidden + bytes.suffix(shownAtEnd))
  }
}

extension ByteString: Comparable {
  public static func < (a: ByteString, b: ByteString) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

extension UInt8 {
  @inlinable public var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
  @inlinable public var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }
  @inlinable public var isASCIILetter: Bool { let l = asciiLowercased; return l >= 0x61 && l <= 0x7A }
  /// The value of a hexadecimal digit.
  @inlinable public var hexValue: UInt8? {
    if isASCIIDigit { return self - 0x30 }
    let l = asciiLowercased
    return l >= 0x61 && l <= 0x66 ? l - 0x57 : nil
  }
}

extension Int {
  /// An unsigned decimal number of at least one digit, or nil where anything else stands or it exceeds `Int`.
  public init?(decimalDigits digits: ArraySlice<UInt8>) {
    guard !digits.isEmpty else { return nil }
    var value = 0
    for digit in digits {
      guard digit.isASCIIDigit else { return nil }
      let (tens, overflowTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowSum) = tens.addingReportingOverflow(Int(digit - 0x30))
      guard !overflowTens, !overflowSum else { return nil }
      value = sum
    }
    self = value
  }
}
