// Reading big-endian numbers from bytes that came from outside: every read can fail, none traps.

public struct ByteReader {
  @usableFromInline let bytes: UnsafeRawBufferPointer
  public private(set) var offset = 0

  public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  public var remaining: Int { bytes.count - offset }

  public mutating func readUInt8() -> UInt8? {
    guard remaining >= 1 else { return nil }
    defer { offset += 1 }
    return bytes[offset]
  }
  public mutating func readUInt16() -> UInt16? {
    guard remaining >= 2 else { return nil }
    defer { offset += 2 }
    return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }
  public mutating func readUInt32() -> UInt32? {
    guard remaining >= 4, let high = readUInt16(), let low = readUInt16() else { return nil }
    return UInt32(high) << 16 | UInt32(low)
  }
  public mutating func readUInt64() -> UInt64? {
    guard remaining >= 8, let high = readUInt32(), let low = readUInt32() else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }
  public mutating func skip(_ n: Int) -> Bool {
    guard n >= 0, remaining >= n else { return false }
    offset += n
    return true
  }
}
