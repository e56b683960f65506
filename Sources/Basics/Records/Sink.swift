// Where values go, field by field: to bytes that are kept, to a digest that is compared. One description of each value
// serves every sink; nothing here is ever read back but the bytes.

public protocol Sink {
  /// A case of an enumeration begins: its number, and its name for people.
  mutating func begin(_ tag: UInt8, _ name: StaticString)
  mutating func end()
  mutating func put(word: UInt64)
  mutating func put(signed: Int64)
  mutating func put(bytes: [UInt8])
  /// Of an array whose elements follow.
  mutating func put(count: Int)
  /// Of an optional whose value follows if it is there.
  mutating func put(presence: Bool)
}

extension Sink {
  @inlinable public mutating func put(_ value: some Written) { value.write(to: &self) }
}

/// A value that can be written to every sink.
public protocol Written {
  func write(to sink: inout some Sink)
}

/// One that is also read back.
public protocol Recorded: Written {
  init(from source: inout Source) throws(RecordError)
}

/// The kept form: numbers of seven bits a byte, signed ones in zigzag, texts after their length.
public struct ByteSink: Sink, Sendable {
  public var bytes: [UInt8]

  @inlinable public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  @inlinable public mutating func begin(_ tag: UInt8, _ name: StaticString) { bytes.append(tag) }
  @inlinable public mutating func end() {}

  @inlinable public mutating func put(word: UInt64) {
    var rest = word
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
  @inlinable public mutating func put(signed: Int64) { put(word: UInt64(bitPattern: signed << 1 ^ signed >> 63)) }
  @inlinable public mutating func put(bytes text: [UInt8]) {
    put(word: UInt64(text.count))
    bytes.append(contentsOf: text)
  }
  @inlinable public mutating func put(count: Int) { put(word: UInt64(count)) }
  @inlinable public mutating func put(presence: Bool) { bytes.append(presence ? 1 : 0) }
}

/// A running digest of 64 bits. It finds what differs by accident; against intent it is no proof.
public struct DigestSink: Sink, Sendable {
  @usableFromInline var sum: UInt64 = 0x9AE1_6A3B_2F90_404F

  @inlinable public init() {}
  @inlinable public var value: UInt64 { sum }

  @inlinable public mutating func begin(_ tag: UInt8, _ name: StaticString) { put(word: UInt64(tag)) }
  @inlinable public mutating func end() {}

  @inlinable public mutating func put(word: UInt64) {
    sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
    sum ^= sum >> 29
  }
  @inlinable public mutating func put(signed: Int64) { put(word: UInt64(bitPattern: signed)) }
  @inlinable public mutating func put(bytes: [UInt8]) {
    put(word: UInt64(bytes.count))
    bytes.withUnsafeBytes { bytes in
      var index = 0
      while index + 8 <= bytes.count {
        // The same number on every machine.
        put(word: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
        index += 8
      }
      var rest: UInt64 = 0
      while index < bytes.count {
        rest = rest << 8 | UInt64(bytes[index])
        index += 1
      }
      put(word: rest)
    }
  }
  @inlinable public mutating func put(count: Int) { put(word: UInt64(count)) }
  @inlinable public mutating func put(presence: Bool) { put(word: presence ? 1 : 0) }
}

extension Sink {
  /// A case and its payload.
  @inlinable public mutating func write(_ tag: UInt8, _ name: StaticString) {
    begin(tag, name)
    end()
  }
  @inlinable public mutating func write(_ tag: UInt8, _ name: StaticString, _ first: some Written) {
    begin(tag, name)
    put(first)
    end()
  }
  @inlinable public mutating func write(
    _ tag: UInt8, _ name: StaticString, _ first: some Written, _ second: some Written
  ) {
    begin(tag, name)
    put(first)
    put(second)
    end()
  }
  @inlinable public mutating func write(
    _ tag: UInt8, _ name: StaticString, _ first: some Written, _ second: some Written, _ third: some Written
  ) {
    begin(tag, name)
    put(first)
    put(second)
    put(third)
    end()
  }
  @inlinable public mutating func write(
    _ tag: UInt8, _ name: StaticString, _ first: some Written, _ second: some Written, _ third: some Written,
    _ fourth: some Written
  ) {
    begin(tag, name)
    put(first)
    put(second)
    put(third)
    put(fourth)
    end()
  }
}
