// Messages that break the grammar, in the spirit of RFC 4475 §3.1.2, §3.2, §3.3 and RFC 5118: what is refused, with
// which status and phrase, and whether the refusal can be addressed.

import Basics
import Testing

@testable import SIPMessage

@Suite struct InvalidMessageTests {
  typealias Reason = SIPParseError.Reason
  struct Case: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let reason: Reason
    let status: Int?
    init(_ name: String, _ text: InviteText, _ reason: Reason, _ status: Int?) {
      self.init(name, text.bytes, reason, status)
    }
    init(_ name: String, _ bytes: [UInt8], _ reason: Reason, _ status: Int?) {
      self.name = name
      self.bytes = bytes
      self.reason = reason
      self.status = status
    }
    var testDescription: String { name }
  }

  static let ok = InviteText()
  static let startLines: [Case] = [
    .init(
      "spaces inside the Request-URI", ok.startLine("INVITE sip:a@b.example; lr SIP/2.0"), .malformedStartLine, 400),
    .init("Request-URI in angle brackets", ok.startLine("INVITE <sip:a@b.example> SIP/2.0"), .malformedRequestURI, 400),
    .init("several spaces in the line", ok.startLine("INVITE  sip:a@b.example  SIP/2.0"), .malformedStartLine, 400),
    .init("space behind the version", ok.startLine("INVITE sip:a@b.example SIP/2.0 "), .malformedStartLine, 400),
    .init(
      "headers in the Request-URI", ok.startLine("INVITE sip:a@b.example?Route=%3Csip:c%3E SIP/2.0"),
      .malformedRequestURI, 400),
    .init("no host", ok.startLine("INVITE sip:a@ SIP/2.0"), .malformedRequestURI, 400),
    .init("empty user", ok.startLine("INVITE sip:@b.example SIP/2.0"), .malformedRequestURI, 400),
    .init("half an escape", ok.startLine("INVITE sip:a%4@b.example SIP/2.0"), .malformedRequestURI, 400),
    .init("IPv6 address without brackets", ok.startLine("INVITE sip:2001:db8::10 SIP/2.0"), .malformedRequestURI, 400),
    .init("IPv6 address with two gaps", ok.startLine("INVITE sip:[2001::db8::1] SIP/2.0"), .malformedRequestURI, 400),
    .init("port out of range", ok.startLine("INVITE sip:a@b.example:70000 SIP/2.0"), .malformedRequestURI, 400),
    .init("no scheme", ok.startLine("INVITE 200 SIP/2.0"), .malformedRequestURI, 400),
    .init("a version of the future", ok.startLine("INVITE sip:a@b.example SIP/7.0"), .unsupportedVersion, 505),
    .init("another protocol", ok.startLine("INVITE sip:a@b.example HTTP/1.1"), .malformedStartLine, 400),
    .init("no version", ok.startLine("INVITE sip:a@b.example"), .malformedStartLine, 400),
    .init("a status of four digits", ok.startLine("SIP/2.0 4294967301 better not"), .malformedStartLine, nil),
    .init("a status below 100", ok.startLine("SIP/2.0 099 Low"), .malformedStartLine, nil),
    .init("a status above 699", ok.startLine("SIP/2.0 700 High"), .malformedStartLine, nil),
    .init("a response of the future", ok.startLine("SIP/7.0 200 OK"), .unsupportedVersion, nil),
  ]
  static let headers: [Case] = [
    .init("empty parameters in Via", ok.with("Via", "SIP/2.0/UDP 192.0.2.15;;,;,,"), .malformed(.via), nil),
    .init("Via of another version", ok.with("Via", "SIP/7.0/UDP 192.0.2.15;branch=z9hG4bK1"), .malformed(.via), nil),
    .init("Via without a transport", ok.with("Via", "SIP/2.0 192.0.2.15;branch=z9hG4bK1"), .malformed(.via), nil),
    .init("two branches in one Via", ok.with("Via", "SIP/2.0/UDP h;branch=a;branch=b"), .malformed(.via), nil),
    .init("Content-Length past the end", ok.with("Content-Length", "9999"), .truncatedBody, 400),
    .init("negative Content-Length", ok.with("Content-Length", "-999"), .malformed(.contentLength), 400),
    .init("Content-Length with a sign", ok.with("Content-Length", "+0"), .malformed(.contentLength), 400),
    .init("two Content-Length", ok.adding("Content-Length", "0"), .duplicate(.contentLength), 400),
    .init("CSeq number over 32 bits", ok.with("CSeq", "36893488147419103232 INVITE"), .malformed(.cseq), 400),
    .init("CSeq number of 2^31", ok.with("CSeq", "2147483648 INVITE"), .malformed(.cseq), 400),
    .init("CSeq without a method", ok.with("CSeq", "1"), .malformed(.cseq), 400),
    .init("CSeq without a number", ok.with("CSeq", "INVITE"), .malformed(.cseq), 400),
    .init("CSeq of another method", ok.with("CSeq", "1 OPTIONS"), .methodMismatch, 400),
    .init("CSeq in lower case", ok.with("CSeq", "1 invite"), .methodMismatch, 400),
    .init(
      "unknown method that does not match",
      ok.startLine("NEWMETHOD sip:a@b.example SIP/2.0"), .methodMismatch, 400),
    .init("Max-Forwards over 255", ok.with("Max-Forwards", "300"), .malformed(.maxForwards), 400),
    .init("an open quote", ok.with("To", "\"Mr. J. User <sip:j@b.example>"), .malformed(.to), 400),
    .init("an open bracket", ok.with("To", "<sip:j@b.example"), .malformed(.to), 400),
    .init("spaces inside angle brackets", ok.with("To", "\"Watson\" < sip:w@b.example >"), .malformed(.to), 400),
    .init("a comma in a bare display name", ok.with("From", "Bell, A <sip:a@b.example>;tag=4"), .malformed(.from), 400),
    .init("empty parameters behind an address", ok.with("From", "<sip:a@b.example>;;tag=4"), .malformed(.from), 400),
    .init("text behind an address", ok.with("From", "<sip:a@b.example> x"), .malformed(.from), 400),
    .init("an empty From", ok.with("From", ""), .malformed(.from), 400),
    .init("headers in a URI without brackets", ok.with("From", "sip:a@b.example?Route=x"), .malformed(.from), 400),
    .init("two From", ok.adding("From", "<sip:c@b.example>;tag=x"), .duplicate(.from), 400),
    .init("two Call-ID", ok.adding("i", "other"), .duplicate(.callID), 400),
    .init("a space in Call-ID", ok.with("Call-ID", "a b"), .malformed(.callID), 400),
    .init("no Call-ID", ok.with("Call-ID", nil), .missing(.callID), 400),
    .init("no CSeq", ok.with("CSeq", nil), .missing(.cseq), 400),
    .init("no Via", ok.with("Via", nil), .missing(.via), nil),
    .init("no From", ok.with("From", nil), .missing(.from), 400),
    .init("no To", ok.with("To", nil), .missing(.to), 400),
    .init("a line without a colon", ok.adding("X\nnonsense\nY", "1"), .malformedHeaderLine, 400),
    .init("a space in a header name", ok.adding("Odd name", "1"), .malformedHeaderLine, 400),
  ]

  @Test("a malformed start line is refused as it deserves", arguments: startLines)
  func startLine(_ c: Case) { check(c) }
  @Test("a malformed header is refused as it deserves", arguments: headers)
  func header(_ c: Case) { check(c) }

  private func check(_ c: Case) {
    let error = failure(c.bytes)
    #expect(error?.reason == c.reason)
    #expect(error?.suggestedStatus == c.status)
    #expect((error?.partial != nil) == (c.status != nil))
  }

  @Test("a lone line feed or carriage return is no line end")
  func loneLineEnds() {
    for odd in ["\n", "\r"] {
      var bytes = Self.ok.bytes
      bytes.insert(contentsOf: Array("X: a\(odd)Y: b\r\n".utf8), at: bytes.count - 2)
      #expect(failure(bytes)?.reason == .malformedHeaderLine)
    }
    #expect(failure(Array(Self.ok.bytes.filter { $0 != 13 }))?.reason == .malformedStartLine)
  }

  @Test("a head without its empty line is refused, at whatever byte it ends")
  func unterminatedHead() {
    let bytes = Self.ok.bytes
    for length in 0..<bytes.count - 2 { #expect(failure(Array(bytes[..<length])) != nil, "\(length)") }
    #expect(failure(Array(bytes.dropLast(2)))?.reason == .unterminatedHead)
    #expect(failure(Array(bytes.dropLast(2)))?.suggestedStatus == 400)
  }

  @Test("an empty datagram and a keep-alive are dropped")
  func empty() {
    #expect(failure([])?.reason == .empty)
    #expect(failure([13, 10, 13, 10])?.reason == .empty)
    #expect(failure([0])?.suggestedStatus == nil)
  }

  @Test("an ACK is never answered")
  func ack() {
    let error = failure(Self.ok.startLine("ACK sip:a@b.example SIP/2.0").with("CSeq", "x ACK").bytes)
    #expect(error?.reason == .malformed(.cseq))
    #expect(error?.suggestedStatus == nil)
  }

  @Test("more headers or bytes than the limits are refused with 513, or dropped unread")
  func limits() {
    var text = Self.ok
    for index in 0..<SIPLimits.maxHeaders { text = text.adding("X-\(index)", "1") }
    #expect(failure(text.bytes)?.reason == .tooManyHeaders)
    #expect(failure(text.bytes)?.suggestedStatus == 513)
    let large = Self.ok.bytes + [UInt8](repeating: 0x20, count: SIPLimits.maxMessageBytes)
    #expect(failure(large)?.reason == .tooLarge)
    let parameters = String(repeating: ";a=1", count: SIPLimits.maxParameters + 1)
    #expect(failure(Self.ok.with("To", "<sip:a@b.example>" + parameters).bytes)?.reason == .malformed(.to))
  }

  @Test("the refusal copies what a response needs, and names the cause")
  func refusal() throws {
    let bytes = Self.ok.with("Content-Length", "9999").adding("Via", "SIP/2.0/TCP x.example;branch=z9hG4bK2").bytes
    let error = try #require(failure(bytes))
    var partial = try #require(error.partial)
    #expect(partial.method == .invite)
    partial.setReceived(.v4(0xC000_0263), port: 1024)
    let response = MessageWriter.response(400, to: partial, toTag: "t9", reason: error.reasonPhrase).finish()
    let m = try parse(response)
    #expect(m.status == 400)
    #expect(m.reasonPhrase.text == "Content-Length Exceeds Message")
    #expect(m.values(.via).count == 2)
    #expect(m.topVia.rport == 1024)
    #expect(m.topVia.received == .v4(0xC000_0263))
    #expect(m.toTag?.text == "t9")
    #expect(m.callID.text == "c1@192.0.2.10")
    #expect(m.cseq.number == 1)
  }

  @Test("folds do not hide an error, and the first error is the one told")
  func foldsAndErrors() {
    let bytes = Self.ok.with("To", "<sip:a@b.example>\n ;;tag=1").with("CSeq", "1\n BYE").bytes
    #expect(failure(bytes)?.reason == .malformed(.to))
  }

  @Test("malformed Contacts are noticed when asked")
  func malformedContacts() throws {
    for contact in [
      "\"Joe\" <sip:joe@b.example>;;;;", "sip:u@b.example?Route=%3Csip:c%3E", "\"open <sip:a@b>", "<sip:a@b>, <sip:",
    ] {
      let m = try parse(Self.ok.with("Contact", contact).bytes)
      #expect(m.hasMalformedContact, "\(contact)")
    }
  }
}
