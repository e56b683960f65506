// Appending text and big-endian numbers to a byte buffer.

public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8]

  @inlinable public init(capacity: Int = 0) {
    self.init(reserving: capacity)
  }
  @usableFromInline init(reserving capacity: Int) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  public mutating func append(_ byte: UInt8) { bytes.append(byte) }
  // A literal is a StaticString: no array is made for it.
  @_disfavoredOverload public mutating func append(_ text: ByteString) { append(text.bytes) }
  public mutating func append(_ slice: ArraySlice<UInt8>) { slice.withUnsafeBytes { append(copyOf: $0) } }
  public mutating func append(_ array: [UInt8]) { array.withUnsafeBytes { append(copyOf: $0) } }
  public mutating func append(_ text: StaticString) {
    append(copyOf: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
  /// In one piece: of sequences Embedded Swift copies each byte by itself.
  private mutating func append(copyOf source: UnsafeRawBufferPointer) {
    bytes.append(addingCapacity: source.count) { room in
      room.withUnsafeMutableBufferPointer { target, count in
        UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
        count = source.count
      }
    }
  }
  public mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

  public mutating func append(decimal number: Int) {
    if 0..<10 ~= number { return bytes.append(0x30 + UInt8(truncatingIfNeeded: number)) }
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    // From the last digit on, since that is how they come; 20 are enough for 64 bits.
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var first = digits.count
    repeat {
      first -= 1
      digits[first] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    digits.span.withUnsafeBytes { append(copyOf: UnsafeRawBufferPointer(rebasing: $0[first...])) }
  }

  /// `number` in lower-case hexadecimal, exactly `digits` digits.
  public mutating func append(hex number: UInt64, digits: Int = 16) {
    for position in stride(from: (digits - 1) * 4, through: 0, by: -4) {
      bytes.append(Self.hexDigit(UInt8(truncatingIfNeeded: number >> UInt64(position)) & 0xF))
    }
  }

  /// Each byte as two lower-case hexadecimal digits.
  public mutating func append<Bytes: Sequence>(hexOf data: Bytes) where Bytes.Element == UInt8 {
    for byte in data {
      bytes.append(Self.hexDigit(byte >> 4))
      bytes.append(Self.hexDigit(byte & 0xF))
    }
  }

  private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

  public mutating func append(bigEndian value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }
  public mutating func append(bigEndian value: UInt32) {
    append(bigEndian: UInt16(truncatingIfNeeded: value >> 16))
    append(bigEndian: UInt16(truncatingIfNeeded: value))
  }
  public mutating func append(bigEndian value: UInt64) {
    append(bigEndian: UInt32(truncatingIfNeeded: value >> 32))
    append(bigEndian: UInt32(truncatingIfNeeded: value))
  }
}
