// What was heard and said, in words for people.

import Basics

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
