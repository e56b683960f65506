// RFC 4475 §3.1.2: messages that break the grammar, and the answer that each deserves. The messages are our own.

import Basics
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("RFC 4475 §3.1.2: invalid messages")
struct TortureInvalidTests {
  let torture = TortureWorld()

  /// An INVITE that is in order but for one line.
  private func invite(
    _ start: String = "INVITE sip:200@branch.example SIP/2.0", replacing name: String = "", with line: String = ""
  ) -> String {
    let lines = [
      "Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKinv;rport", "From: <sip:1@carrier.example>;tag=inv",
      "To: <sip:200@branch.example>", "Call-ID: inv", "CSeq: 7 INVITE", "Max-Forwards: 70",
      "Contact: <sip:gw@198.51.100.77>", "Content-Length: 0",
    ]
    return ([start] + lines.map { !name.isEmpty && $0.hasPrefix(name + ":") ? line : $0 }).joined(separator: "\n")
  }

  @Test("the INVITE that the others are made of is a call")
  func whole() {
    #expect(torture.say(invite()).map(\.status) == [100])
    #expect(torture.calls.count == 1)
  }

  struct Case: CustomTestStringConvertible {
    var section: String
    var start = "INVITE sip:200@branch.example SIP/2.0"
    var name = ""
    var line = ""
    var status = 400
    var testDescription: String { section }
  }
  static let cases: [Case] = [
    .init(section: "3.1.2.1 extraneous separators", name: "Contact", line: "Contact: \"Jo\" <sip:jo@h.example>;;;;"),
    .init(section: "3.1.2.2 Content-Length past the end", name: "Content-Length", line: "Content-Length: 9999"),
    .init(section: "3.1.2.3 a negative Content-Length", name: "Content-Length", line: "Content-Length: -999"),
    .init(section: "3.1.2.4 an overlarge CSeq", name: "CSeq", line: "CSeq: 36893488147419103232 INVITE"),
    .init(section: "3.1.2.4 an overlarge Max-Forwards", name: "Max-Forwards", line: "Max-Forwards: 300"),
    .init(section: "3.1.2.6 an open quote", name: "To", line: "To: \"Mr. J. Doe <sip:j@branch.example>"),
    .init(section: "3.1.2.7 <> around the Request-URI", start: "INVITE <sip:200@branch.example> SIP/2.0"),
    .init(section: "3.1.2.8 space in the Request-URI", start: "INVITE sip:200@branch.example; lr SIP/2.0"),
    .init(section: "3.1.2.9 several spaces in the request line", start: "INVITE  sip:200@branch.example  SIP/2.0"),
    .init(section: "3.1.2.10 space behind the version", start: "INVITE sip:200@branch.example SIP/2.0  "),
    .init(section: "3.1.2.11 headers in the Request-URI", start: "INVITE sip:200@b.example?Route=%3Csip:c%3E SIP/2.0"),
    .init(section: "3.1.2.14 spaces in an address", name: "To", line: "To: \"Watson\" < sip:w@branch.example >"),
    .init(section: "3.1.2.15 no tokens in a bare name", name: "From", line: "From: Bell, A <sip:b@c.example>;tag=4"),
    .init(section: "3.1.2.16 another version", start: "INVITE sip:200@branch.example SIP/7.0", status: 505),
    .init(section: "3.1.2.17 CSeq of another method", name: "CSeq", line: "CSeq: 8 OPTIONS"),
    .init(section: "3.1.2.18 an unknown method and another in CSeq", start: "DANCE sip:200@branch.example SIP/2.0"),
  ]

  @Test("each is refused with the status that the RFC asks for, once, and is no call", arguments: cases)
  func refused(_ c: Case) {
    #expect(torture.status(invite(c.start, replacing: c.name, with: c.line)) == c.status)
    #expect(torture.calls.isEmpty)
  }

  @Test("3.1.2.4 expiries over 32 bits in a REGISTER are cut, not wrapped")
  func section3_1_2_4() throws {
    let answer = torture.register(
      """
      REGISTER sip:branch SIP/2.0
      Via: SIP/2.0/UDP 10.0.0.61;branch=z9hG4bKscalar;rport
      To: <sip:101@branch>
      From: <sip:101@branch>;tag=scalar
      Call-ID: scalar
      CSeq: 1 REGISTER
      Max-Forwards: 70
      Expires: 10000000000000000000000000
      Contact: <sip:101@10.0.0.61>;expires=280297596632815
      Content-Length: 0
      """, uri: "sip:branch")
    #expect(answer?.status == 200)
    #expect(answer?.text(.contact).hasSuffix(";expires=3600") == true)
  }

  @Test("3.1.2.5 a response with overlarge numbers is dropped: nobody is told, nothing is sent")
  func section3_1_2_5() {
    let answers = torture.say(
      """
      SIP/2.0 503 Service Unavailable
      Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKover
      From: <sip:102@branch>;tag=over
      To: <sip:1@carrier.example>;tag=far
      Call-ID: over
      CSeq: 9292394834772304023312 OPTIONS
      Warning: 1812 overture "in progress"
      Retry-After: 949302838503028349304023988
      Content-Length: 0
      """)
    #expect(answers.isEmpty)
    #expect(torture.agent.transportCounters.malformed == 1)
  }

  @Test("3.1.2.12 a date in another time zone than GMT is not looked at: the call goes on")
  func section3_1_2_12() {
    let answers = torture.say(invite() + "\nDate: Fri, 01 Jan 2027 16:00:00 EST")
    #expect(answers.map(\.status) == [100])
  }

  @Test("3.1.2.13 headers in a Contact that lacks its brackets: 400, and nothing is registered")
  func section3_1_2_13() {
    let answer = torture.register(
      """
      REGISTER sip:branch SIP/2.0
      Via: SIP/2.0/UDP 10.0.0.61;branch=z9hG4bKbadct;rport
      To: <sip:101@branch>
      From: <sip:101@branch>;tag=badct
      Call-ID: badct
      CSeq: 1 REGISTER
      Max-Forwards: 70
      Contact: sip:101@10.0.0.61?Route=%3Csip:proxy.example%3E
      Content-Length: 0
      """, uri: "sip:branch")
    #expect(answer?.status == 400)
    #expect(torture.contacts.isEmpty)
  }

  @Test("3.1.2.19 a status of ten digits: dropped")
  func section3_1_2_19() {
    let answers = torture.say(
      """
      SIP/2.0 4294967301 better not break the receiver
      Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKbig
      From: <sip:102@branch>;tag=big
      To: <sip:1@carrier.example>;tag=far
      Call-ID: big
      CSeq: 353494 INVITE
      Content-Length: 0
      """)
    #expect(answers.isEmpty)
    #expect(torture.agent.transportCounters.malformed == 1)
  }
}
