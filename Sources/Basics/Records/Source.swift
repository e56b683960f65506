// Reading what a `ByteSink` wrote from bytes of any origin: every read can fail, none traps, and none asks for more
// memory than a small multiple of the bytes there are.

public enum RecordError: Error, Hashable, Sendable {
  /// The file does not begin as a recording does.
  case noRecording
  /// Written by another release with another format.
  case format(UInt64)
  case truncated
  case tooLong
  case checksum
  /// A case that this release does not know.
  case unknownCase
  /// A value that cannot be.
  case badValue
  /// Bytes after the last field.
  case excess

  public var name: StaticString {
    switch self {
    case .noRecording: "no recording"
    case .format: "another format"
    case .truncated: "truncated"
    case .tooLong: "too long"
    case .checksum: "checksum"
    case .unknownCase: "unknown case"
    case .badValue: "impossible value"
    case .excess: "bytes in excess"
    }
  }
}

public struct Source {
  private let bytes: ArraySlice<UInt8>
  public private(set) var offset: Int

  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    offset = bytes.startIndex
  }

  public var remaining: Int { bytes.endIndex - offset }

  public mutating func byte() throws(RecordError) -> UInt8 {
    guard offset < bytes.endIndex else { throw .truncated }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// One spelling for each number: no needless zero at its end.
  public mutating func word() throws(RecordError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw .badValue }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 {
        guard next != 0 || shift == 0 else { throw .badValue }
        return value
      }
      shift += 7
    }
  }

  public mutating func signed() throws(RecordError) -> Int64 {
    let word = try word()
    return Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1)
  }

  public mutating func text() throws(RecordError) -> ArraySlice<UInt8> {
    let count = try count()
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  /// Of elements, each of which takes a byte at least.
  public mutating func count() throws(RecordError) -> Int {
    let word = try word()
    guard word <= UInt64(remaining) else { throw .truncated }
    return Int(word)
  }

  public mutating func presence() throws(RecordError) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw .badValue
    }
  }

  public mutating func skip(_ count: Int) { offset += min(max(count, 0), remaining) }

  public mutating func take<Value: Recorded>(_ type: Value.Type = Value.self) throws(RecordError) -> Value {
    try Value(from: &self)
  }

  public func expectEnd() throws(RecordError) { if remaining > 0 { throw .excess } }
}
