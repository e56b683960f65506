// Where values go, field by field: to bytes that are kept, to a digest that is compared, to a text for people. One
// description of each value serves all three; nothing here is ever read back but the bytes.

import Basics

protocol Sink {
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
  mutating func put(_ value: some Written) { value.write(to: &self) }
}

/// A value that can be written to every sink.
protocol Written {
  func write(to sink: inout some Sink)
}

/// One that is also read back.
protocol Recorded: Written {
  init(from source: inout Source) throws(RecordError)
}

/// The kept form: numbers of seven bits a byte, signed ones in zigzag, texts after their length.
struct ByteSink: Sink {
  var bytes: [UInt8] = []

  mutating func begin(_ tag: UInt8, _ name: StaticString) { bytes.append(tag) }
  mutating func end() {}

  mutating func put(word: UInt64) {
    var rest = word
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
  mutating func put(signed: Int64) { put(word: UInt64(bitPattern: signed << 1 ^ signed >> 63)) }
  mutating func put(bytes text: [UInt8]) {
    put(word: UInt64(text.count))
    bytes.append(contentsOf: text)
  }
  mutating func put(count: Int) { put(word: UInt64(count)) }
  mutating func put(presence: Bool) { bytes.append(presence ? 1 : 0) }
}

/// A running digest of 64 bits. It finds what differs by accident; against intent it is no proof.
struct DigestSink: Sink {
  private(set) var value: UInt64 = 0x9AE1_6A3B_2F90_404F

  mutating func begin(_ tag: UInt8, _ name: StaticString) { put(word: UInt64(tag)) }
  mutating func end() {}

  mutating func put(word: UInt64) {
    value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
    value ^= value >> 29
  }
  mutating func put(signed: Int64) { put(word: UInt64(bitPattern: signed)) }
  mutating func put(bytes: [UInt8]) {
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
  mutating func put(count: Int) { put(word: UInt64(count)) }
  mutating func put(presence: Bool) { put(word: presence ? 1 : 0) }
}

/// `enter(17 call "sales" "13800000001" …)`: the fields in the order of their declaration, `-` for what is not there,
/// `#3` before three elements.
struct TextSink: Sink {
  private(set) var text = ByteWriter()
  private var needsSpace = false

  mutating func begin(_ tag: UInt8, _ name: StaticString) {
    separate()
    text.append(name)
    text.append("(")
    needsSpace = false
  }
  mutating func end() {
    text.append(")")
    needsSpace = true
  }
  mutating func put(word: UInt64) { put(ByteString(UInt64: word)) }
  mutating func put(signed: Int64) {
    let digits = ByteString(UInt64: signed.magnitude)
    put(signed < 0 ? "-" + digits : digits)
  }
  mutating func put(bytes: [UInt8]) {
    separate()
    text.append("\"")
    // What came from outside must not be able to start a line of its own or to steer a terminal.
    for byte in bytes.prefix(RecorderLimits.textBytes) {
      if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        text.append("\\x")
        text.append(hex: UInt64(byte), digits: 2)
      } else {
        text.append(byte)
      }
    }
    text.append("\"")
    needsSpace = true
  }
  mutating func put(count: Int) { put("#" + ByteString(count)) }
  mutating func put(presence: Bool) { if !presence { put("-" as ByteString) } }

  private mutating func put(_ word: ByteString) {
    separate()
    text.append(word)
    needsSpace = true
  }
  private mutating func separate() { if needsSpace { text.append(UInt8(ascii: " ")) } }
}

extension ByteString {
  fileprivate init(UInt64 value: UInt64) {
    guard let small = Int(exactly: value) else {
      self.init(Int(value / 10))
      self += ByteString(Int(value % 10))
      return
    }
    self.init(small)
  }
}
