// Messages written as text: line ends become CRLF, and the head gets its empty line.

import Basics
import Testing

@testable import SIPMessage

func wire(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    if byte == 0x0A { bytes.append(0x0D) }
    bytes.append(byte)
  }
  return bytes
}

/// A message from its head, as text without the empty line, and its body.
func message(_ head: String, body: String = "") -> [UInt8] { wire(head) + [13, 10, 13, 10] + Array(body.utf8) }

func parse(_ bytes: [UInt8]) throws -> SIPMessage { try SIPMessage(parsing: bytes) }

func failure(_ bytes: [UInt8]) -> SIPParseError? {
  do throws(SIPParseError) {
    _ = try SIPMessage(parsing: bytes)
    return nil
  } catch {
    return error
  }
}

extension ByteString {
  init(_ slice: ArraySlice<UInt8>?) { self.init(slice.map { Array($0) } ?? Array("nil".utf8)) }
}
extension ArraySlice<UInt8> {
  var text: String { String(decoding: self, as: UTF8.self) }
}
extension [UInt8] {
  var text: String { String(decoding: self, as: UTF8.self) }
}

/// An INVITE in whose head lines can be replaced by their header name, added or left out.
struct InviteText {
  var startLine = "INVITE sip:200@pbx.example SIP/2.0"
  var headers = [
    ("Via", "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK74bf9;rport"), ("Max-Forwards", "70"),
    ("From", "\"Ann\" <sip:100@pbx.example>;tag=a1"), ("To", "<sip:200@pbx.example>"),
    ("Call-ID", "c1@192.0.2.10"), ("CSeq", "1 INVITE"), ("Contact", "<sip:100@192.0.2.10:5060>"),
    ("Content-Length", "0"),
  ]

  func with(_ name: String, _ value: String?) -> InviteText {
    var copy = self
    copy.headers.removeAll { $0.0 == name }
    if let value { copy.headers.append((name, value)) }
    return copy
  }
  func adding(_ name: String, _ value: String) -> InviteText {
    var copy = self
    copy.headers.append((name, value))
    return copy
  }
  func startLine(_ text: String) -> InviteText {
    var copy = self
    copy.startLine = text
    return copy
  }
  var bytes: [UInt8] { message(text) }
  func bytes(body: String) -> [UInt8] { message(text, body: body) }
  private var text: String { ([startLine] + headers.map { "\($0.0): \($0.1)" }).joined(separator: "\n") }
}
