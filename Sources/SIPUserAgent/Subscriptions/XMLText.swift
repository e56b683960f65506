// Text of others inside XML.

import Basics

extension ByteWriter {
  /// Markup becomes entities; what XML 1.0 forbids, and bytes that may be no UTF-8, become question marks.
  mutating func append(xml text: ByteString) {
    for byte in text.bytes {
      switch byte {
      case UInt8(ascii: "&"): append("&amp;")
      case UInt8(ascii: "<"): append("&lt;")
      case UInt8(ascii: ">"): append("&gt;")
      case UInt8(ascii: "\""): append("&quot;")
      case 0x20...0x7E: append(byte)
      default: append(UInt8(ascii: "?"))
      }
    }
  }
}
