import Basics
import Testing

@testable import SIPMessage

@Suite struct GrammarTests {
  @Test("the character classes hold exactly what RFC 3261 §25.1 lists")
  func classes() {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    let unreserved = letters + "-_.!~*'()"
    let expected: [(CharacterClass, String)] = [
      (.token, letters + "-.!%*_+`'~"), (.user, unreserved + "&=+$,;?/#"), (.userWritten, unreserved + "&=+$,;?/"),
      (.password, unreserved + "&=+$,"), (.host, letters + "-._"), (.uriParameter, unreserved + "[]/:&+$"),
      (.uriHeader, unreserved + "[]/?:+$"), (.telephone, "0123456789abcdefABCDEF*#+-.()"), (.scheme, letters + "+-."),
    ]
    for (set, members) in expected {
      let members = Set(members.utf8)
      for byte in UInt8.min...UInt8.max { #expect(set.contains(byte) == members.contains(byte), "\(byte)") }
    }
  }

  @Test("decimal numbers are bounded and never wrap")
  func decimal() {
    func number(_ text: String, _ limit: UInt64) -> UInt64? {
      let bytes = Array(text.utf8)
      return bytes.span.decimal(Extent(0, bytes.count), atMost: limit)
    }
    #expect(number("0", 5) == 0)
    #expect(number("0005", 5) == 5)
    #expect(number("6", 5) == nil)
    #expect(number("18446744073709551617", 0xFFFF_FFFF) == nil)
    #expect(number("", 5) == nil)
    #expect(number("-1", 5) == nil)
  }
}
