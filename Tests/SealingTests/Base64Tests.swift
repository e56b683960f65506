// The text form of bytes: one text for each, and nothing else is read.

import Basics
import Testing

@testable import Sealing

@Suite("Base64")
struct Base64Tests {
  @Test(
    "Agrees with the vectors of RFC 4648, without padding",
    arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE")])
  func vectors(plain: String, text: String) {
    #expect(Base64.original.encode(bytes(plain)) == bytes(text))
    #expect(Base64.urlSafe.encode(bytes(plain)) == bytes(text))
    #expect(Base64.urlSafe.decode(bytes(text)[...], maxBytes: 5) == bytes(plain))
  }

  @Test("The two alphabets differ in their last two letters")
  func alphabets() {
    #expect(Base64.original.encode([0xFB, 0xFF]) == bytes("+/8"))
    #expect(Base64.urlSafe.encode([0xFB, 0xFF]) == bytes("-_8"))
    #expect(Base64.original.decode(bytes("-_8")[...], maxBytes: 2) == nil)
    #expect(Base64.urlSafe.decode(bytes("+/8")[...], maxBytes: 2) == nil)
  }

  @Test("Each of the 64 letters is read, and no other byte")
  func letters() {
    for base64 in [Base64.original, .urlSafe] {
      let read = (0...255).filter { base64.decode([UInt8($0), 0x41, 0x41, 0x41], maxBytes: 3) != nil }
      #expect(read.count == 64)
    }
  }

  @Test("Padding, bits left over, a single letter and too much are refused")
  func refused() {
    for text in ["Zg==", "Zh", "Zm9", "Z", "Zm9vZ", "Zg\n", " Zg", "Zm9vYmFy"] {
      #expect(Base64.urlSafe.decode(bytes(text)[...], maxBytes: 5) == nil, "\(text)")
    }
  }
}
