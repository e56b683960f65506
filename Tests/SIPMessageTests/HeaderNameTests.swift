import Basics
import Testing

@testable import SIPMessage

@Suite struct HeaderNameTests {
  private func name(_ text: String) -> HeaderName {
    let bytes = Array(text.utf8)
    return HeaderName(bytes.span, 0, bytes.count)
  }

  @Test("every header is found by its canonical form in any case, and by nothing near it")
  func canonical() {
    for raw in 0..<HeaderName.other.rawValue {
      guard let header = HeaderName(rawValue: raw) else { continue }
      let text = "\(header.text)"
      #expect(name(text) == header)
      #expect(name(text.uppercased()) == header)
      #expect(name(text.lowercased()) == header)
      #expect(name(text + "x") != header)
      if text.count > 2 { #expect(name(String(text.dropLast())) != header) }
    }
  }

  @Test("compact forms mean the same header")
  func compact() {
    let forms: [(String, HeaderName)] = [
      ("v", .via), ("F", .from), ("t", .to), ("m", .contact), ("i", .callID), ("l", .contentLength),
      ("c", .contentType), ("k", .supported), ("s", .subject), ("o", .event), ("r", .referTo), ("x", .sessionExpires),
      ("z", .other), ("", .other),
    ]
    for (text, header) in forms { #expect(name(text) == header) }
  }

  @Test("lists are split at commas outside quotes and brackets; other values are not split")
  func lists() throws {
    let m = try parse(
      InviteText().adding("Supported", "100rel, replaces ,,timer")
        .with("Contact", "\"a, \\\"b\" <sip:a,1@b>;q=1 , <sip:c@d>, sip:e@f")
        .adding("WWW-Authenticate", "Digest realm=\"a\", nonce=\"b\"").adding("k", "path").bytes)
    #expect(m.values(.supported).map(\.text) == ["100rel", "replaces", "timer", "path"])
    #expect(m.list(.supported, contains: "PATH"))
    #expect(!m.list(.supported, contains: "pat"))
    #expect(m.contacts.map(\.displayName) == ["a, \"b", "", ""])
    #expect(m.values(.wwwAuthenticate).count == 1)
    #expect(m.values(.other).isEmpty)
    #expect(m.value(.other) == nil)
    #expect(m.value(named: "supported")?.text == "100rel, replaces ,,timer")
  }

  @Test("a list is never longer than the limit")
  func listLimit() throws {
    let many = String(repeating: "a,", count: SIPLimits.maxListValues * 2)
    #expect(try parse(InviteText().adding("Supported", many).bytes).values(.supported).count == SIPLimits.maxListValues)
  }
}
