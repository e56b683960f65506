// What the tests of this module share: bytes from text and from hexadecimal digits, and damage to a text.

import Basics

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func hex(_ digits: String) -> [UInt8] {
  let values = digits.utf8.compactMap { $0.hexValue }
  return stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

extension SeededRandom {
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(below(256)) } }

  /// One to three changes: a byte replaced, inserted or removed, a part repeated, the end cut off.
  mutating func damaged(_ text: ByteString) -> ByteString {
    let alphabet = Array("ABCDEFGHabcdefgh0123456789-_+/=$,mtpv\0\u{7f}é".utf8)
    var bytes = text.bytes
    for _ in 0...below(3) {
      let place = below(bytes.count)
      let byte = chance(percent: 80) ? alphabet[below(alphabet.count)] : UInt8(below(256))
      switch below(5) {
      case 0 where !bytes.isEmpty: bytes[place] = byte
      case 1: bytes.insert(byte, at: place)
      case 2 where !bytes.isEmpty: bytes.remove(at: place)
      case 3: bytes.insert(contentsOf: Array(bytes[place..<min(bytes.count, place + 1 + below(8))]), at: place)
      default: bytes.removeLast(min(bytes.count, below(8)))
      }
    }
    return ByteString(bytes)
  }
}
