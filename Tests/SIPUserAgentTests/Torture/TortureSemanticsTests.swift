// RFC 4475 §3.2 and §3.3: messages whose grammar is right, and whose meaning is odd. The messages are our own.

import Basics
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("RFC 4475 §3.2, §3.3: transaction and application layer")
struct TortureSemanticsTests {
  let torture = TortureWorld()

  /// A request with the usual headers, and some more.
  private func request(
    _ method: String, uri: String = "sip:branch", to: String = "<sip:101@branch>", cseq: Int = 1,
    branch: String = "z9hG4bKsem", _ more: String...
  ) -> String {
    ([
      "\(method) \(uri) SIP/2.0", "Via: SIP/2.0/UDP 198.51.100.77;branch=\(branch);rport",
      "From: <sip:101@branch>;tag=sem", "To: \(to)", "Call-ID: sem", "CSeq: \(cseq) \(method)", "Max-Forwards: 70",
    ] + more).joined(separator: "\n")
  }

  @Test("3.2.1 a branch that is nothing but the magic cookie tells no two requests apart: the old rules do")
  func section3_2_1() {
    #expect(torture.say(request("OPTIONS", branch: "z9hG4bK")).map(\.status) == [200])
    let started = torture.agent.transactionCounters.serversStarted
    #expect(torture.say(request("OPTIONS", branch: "z9hG4bK")).map(\.status) == [200])
    #expect(torture.agent.transactionCounters.serversStarted == started, "a repetition")
    #expect(torture.say(request("OPTIONS", cseq: 2, branch: "z9hG4bK")).map(\.status) == [200])
    #expect(torture.agent.transactionCounters.serversStarted == started + 1, "another request")
  }

  @Test("3.3.1 Call-ID, From and To are missing: 400 with what is there")
  func section3_3_1() throws {
    let answer = torture.say(
      """
      INVITE sip:200@branch.example SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKinsuf;rport
      CSeq: 193942 INVITE
      Max-Forwards: 70
      Content-Length: 0
      """)
    #expect(answer.isEmpty, "no whole message")
    let sent = String(decoding: torture.world.sent.last?.bytes ?? [], as: UTF8.self)
    #expect(sent.hasPrefix("SIP/2.0 400 Missing From\r\nVia: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKinsuf"))
    #expect(torture.calls.isEmpty)
  }

  @Test(
    "3.3.2, 3.3.3 a Request-URI of a scheme that nobody knows, or of a known one that is no address: 416",
    arguments: ["whatever:entirely-opaque", "soap.beep://192.0.2.103:3002", "mailto:ann@branch.example"])
  func section3_3_2(uri: String) {
    #expect(torture.status(request("OPTIONS", uri: uri)) == 416)
  }

  @Test("3.3.4 unknown schemes in To, From and Contact: a registrar refuses To, others do not mind")
  func section3_3_4() {
    let register = """
      REGISTER sip:branch SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKunk1;rport
      From: <http://www.branch.example>;tag=unk
      To: isbn:2983792873
      Call-ID: unk
      CSeq: 1 REGISTER
      Max-Forwards: 70
      Contact: <name:Ann>
      Content-Length: 0
      """
    #expect(torture.status(register) == 400)
    #expect(torture.agent.counters.challenges == 0)
    #expect(torture.status(register.replacing("REGISTER", with: "OPTIONS").replacing("unk1", with: "unk2")) == 200)
  }

  @Test("3.3.5 Require and Proxy-Require with what nobody supports: 420 names what was required of us")
  func section3_3_5() throws {
    let answer = try #require(
      torture.say(
        request(
          "OPTIONS", "Require: nobody-has-this, nor-this", "Proxy-Require: of-a-proxy, nothing")
      ).first)
    #expect(answer.status == 420)
    #expect(answer.all(.unsupported) == ["nobody-has-this", "nor-this"])
  }

  @Test("3.3.6 a body of an unknown type: 415 with Accept")
  func section3_3_6() throws {
    let invite = request("INVITE", "Content-Type: application/mystery", "Content-Length: 7")
    let answer = try #require(torture.say(invite, body: "<a></a>").first)
    #expect(answer.status == 415 && answer.text(.acceptHeader) == "application/sdp")
  }

  @Test("3.3.7 credentials of an unknown scheme count as none: a challenge")
  func section3_3_7() throws {
    let register = request("REGISTER", "Authorization: Rune opaque-data=here", "Contact: <sip:101@198.51.100.77>")
    let answer = try #require(torture.say(register).first)
    #expect(answer.status == 401 && answer.value(.wwwAuthenticate) != nil)
    #expect(torture.agent.counters.failedAuthentications == 0)
  }

  @Test(
    "3.3.8, 3.3.9 two values where one may be: 400",
    arguments: [
      "CSeq: 7 OPTIONS", "Call-ID: other", "From: <sip:b@branch>;tag=x", "To: <sip:c@branch>", "Max-Forwards: 5",
    ])
  func section3_3_8(line: String) {
    #expect(torture.status(request("OPTIONS", line)) == 400)
  }

  @Test("3.3.9 two Content-Length: 400, whichever is right")
  func section3_3_9() {
    #expect(torture.status(request("OPTIONS", "Content-Length: 5", "l: 0"), body: "hello") == 400)
  }

  @Test("3.3.10 a 200 with a second Via, of a broadcast address: it is not for us, and nothing is sent anywhere")
  func section3_3_10() {
    let answer = """
      SIP/2.0 200 OK
      Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKbcast;received=10.0.0.1
      Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKsaw
      From: <sip:101@branch>;tag=bcast
      To: <sip:1@carrier.example>;tag=far
      Call-ID: bcast
      CSeq: 35 INVITE
      Contact: <sip:u@198.51.100.77>
      Content-Length: 0
      """
    #expect(torture.say(answer).isEmpty)
    #expect(torture.agent.transactionCounters.strayResponses == 1)
    let inOneLine = answer.replacing("\nVia: SIP/2.0/UDP 255", with: ", SIP/2.0/UDP 255")
    #expect(torture.say(inOneLine).isEmpty)
  }

  @Test("3.3.11 Max-Forwards of zero: OPTIONS ends here and is answered, an INVITE would go on and gets 483")
  func section3_3_11() {
    let none = { (method: String) in request(method).replacing("Max-Forwards: 70", with: "Max-Forwards: 0") }
    #expect(torture.status(none("OPTIONS")) == 200)
    #expect(torture.status(none("INVITE")) == 483)
  }

  /// What is registered by a REGISTER with that Contact.
  private func registered(_ contact: String) -> [String] {
    let answer = torture.register(
      """
      REGISTER sip:branch SIP/2.0
      Via: SIP/2.0/UDP 10.0.0.61;branch=z9hG4bKparam;rport
      To: <sip:101@branch>
      From: <sip:101@branch>;tag=param
      Call-ID: param
      CSeq: 1 REGISTER
      Max-Forwards: 70
      Contact: \(contact)
      Content-Length: 0
      """, uri: "sip:branch")
    return answer?.status == 200 ? torture.contacts : []
  }

  @Test("3.3.12 a parameter behind a bare URI is the Contact's, not the URI's")
  func section3_3_12() {
    #expect(registered("sip:+862155550000@gw1.example;unknownparam") == ["sip:+862155550000@gw1.example"])
  }

  @Test("3.3.13 a parameter inside the brackets is the URI's")
  func section3_3_13() {
    #expect(
      registered("<sip:+862155550000@gw1.example;unknownparam>") == ["sip:+862155550000@gw1.example;unknownparam"])
  }

  @Test("3.3.14 headers in the URI of a Contact are kept as they are")
  func section3_3_14() {
    #expect(
      registered("<sip:user@a.example?Route=%3Csip:sip.b.example%3E>") == [
        "sip:user@a.example?Route=%3Csip:sip.b.example%3E"
      ])
  }

  @Test("3.3.15 an INVITE whose sender cannot read a session description: 406; one that reads many things is a call")
  func section3_3_15() throws {
    let answer = try #require(torture.say(request("INVITE", "Accept: text/runes")).first)
    #expect(answer.status == 406 && answer.text(.acceptHeader) == "application/sdp")
    #expect(torture.calls.isEmpty)
    let further = request("INVITE", branch: "z9hG4bKacc", "Accept: text/runes, application/*;q=0.3").replacing(
      "Call-ID: sem", with: "Call-ID: acc")
    #expect(torture.say(further).map(\.status) == [100])
    #expect(torture.calls.count == 1)
  }
}
