// RFC 5118 §4: IPv6 in messages, right and wrong. The messages are our own.

import Basics
import SDP
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("RFC 5118 §4: IPv6")
struct TortureIPv6Tests {
  let torture = TortureWorld()
  private static let source: ByteString = "[2001:db8::9:1]:5065"

  private func request(
    _ method: String, uri: String = "sip:200@[2001:db8::10]", via: String = "[2001:db8::9:1]:5065",
    contact: String = "<sip:gw@[2001:db8::9:1]:5065>", _ more: String...
  ) -> String {
    ([
      "\(method) \(uri) SIP/2.0", "To: sip:user@branch.example", "From: sip:1@carrier.example;tag=81x2",
      "Via: SIP/2.0/UDP \(via);branch=z9hG4bKas3", "Call-ID: six", "Max-Forwards: 70", "CSeq: 98176 \(method)",
      "Contact: \(contact)",
    ] + more).joined(separator: "\n")
  }

  @Test("4.1 IPv6 references in Request-URI, Via and Contact: the answer goes to the source, at the port in Via")
  func section4_1() throws {
    let answer = try #require(torture.say(request("OPTIONS"), from: Self.source).first)
    #expect(answer.status == 200)
    #expect(torture.world.sent.last?.to == Endpoint(Self.source))
  }

  @Test("4.2 an IPv6 address without brackets in the Request-URI: 400")
  func section4_2() {
    #expect(torture.status(request("REGISTER", uri: "sip:2001:db8::10"), from: Self.source) == 400)
  }

  @Test("4.3 what could be a port inside the brackets is part of the address")
  func section4_3() throws {
    #expect(torture.status(request("REGISTER", uri: "sip:[2001:db8::10:5070]"), from: Self.source) == 401)
    let uri = try #require(SIPURI("sip:[2001:db8::10:5070]"))
    #expect(uri.port == nil && uri.hostAddress == IPAddress("2001:db8::10:5070"))
  }

  @Test("4.4 behind the brackets it is a port")
  func section4_4() throws {
    #expect(torture.status(request("REGISTER", uri: "sip:[2001:db8::10]:5070"), from: Self.source) == 401)
    let uri = try #require(SIPURI("sip:[2001:db8::10]:5070"))
    #expect(uri.port == 5070 && uri.hostAddress == IPAddress("2001:db8::10"))
  }

  @Test(
    "4.5 received with and without brackets, in the topmost Via and below",
    arguments: ["[2001:db8::9:255]", "2001:db8::9:255"])
  func section4_5(received: String) throws {
    let answer = try #require(
      torture.say(
        request(
          "OPTIONS", via: "[2001:db8::9:1];received=\(received)",
          "Via: SIP/2.0/TCP [2001:db8::8];received=\(received);branch=z9hG4bK2"), from: Self.source
      ).first)
    #expect(answer.status == 200)
    #expect(answer.topVia.received == IPAddress("2001:db8::9:1"), "where it really came from")
    #expect(Via(ByteString(answer.all(.via)[1]))?.received == IPAddress("2001:db8::9:255"))
  }

  private func offer(_ lines: String) -> (head: String, body: String) {
    let body = lines.replacing("\n", with: "\r\n") + "\r\n"
    let head = request("INVITE", "Content-Type: application/sdp", "Content-Length: \(body.utf8.count)")
    return (head, body)
  }

  @Test("4.6 a session description with IPv6 addresses is an offer")
  func section4_6() throws {
    let (head, body) = offer(
      """
      v=0
      o=assistant 971731711378798081 0 IN IP6 2001:db8::20
      s=Live video
      c=IN IP6 2001:db8::20
      t=3338481189 3370017201
      m=audio 6000 RTP/AVP 0
      a=rtpmap:0 PCMU/8000
      m=video 6024 RTP/AVP 107
      a=rtpmap:107 H263-1998/90000
      """)
    #expect(torture.say(head, body: body, from: Self.source).map(\.status) == [100])
    let offer = try #require(torture.calls.first?.offer)
    #expect(offer.address == IPAddress("2001:db8::20") && offer.port == 6000)
    #expect(offer.otherMedia.count == 1)
  }

  @Test("4.7 IPv6 and IPv4 in one message: two Via, a Contact with the one, a Request-URI with the other")
  func section4_7() throws {
    let invite = request(
      "INVITE", contact: "\"Caller\" <sip:caller@[2001:db8::1]>",
      "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkl;received=192.0.2.1")
    let answer = try #require(torture.say(invite, from: Self.source).first)
    #expect(answer.status == 100)
    #expect(answer.all(.via).compactMap { Via(ByteString($0))?.hostAddress?.isV4 } == [false, true])
    #expect(torture.calls.count == 1)
  }

  @Test("4.8 a stream with IPv4 and one with IPv6 in one description: each has its own address")
  func section4_8() throws {
    let (head, body) = offer(
      """
      v=0
      o=bob 280744730 28977631 IN IP4 host.example
      s=
      t=0 0
      m=audio 22334 RTP/AVP 0
      c=IN IP4 192.0.2.1
      m=video 6024 RTP/AVP 107
      c=IN IP6 2001:db8::1
      a=rtpmap:107 H263-1998/90000
      """)
    #expect(torture.say(head, body: body, from: Self.source).map(\.status) == [100])
    let offer = try #require(torture.calls.first?.offer)
    #expect(offer.address == IPAddress("192.0.2.1") && offer.port == 22_334)
  }

  @Test("4.9 IPv4-mapped addresses in Via, Contact and description are read")
  func section4_9() throws {
    let body =
      "v=0\r\no=b 1 1 IN IP6 ::ffff:192.0.2.2\r\ns=-\r\nc=IN IP6 ::ffff:192.0.2.2\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\n"
    let invite = request(
      "INVITE", via: "[::ffff:192.0.2.10]:19823", contact: "<sip:ted@[::ffff:192.0.2.2]>",
      "Content-Type: application/sdp", "Content-Length: \(body.utf8.count)")
    let answer = try #require(torture.say(invite, body: body, from: Self.source).first)
    #expect(answer.status == 100)
    #expect(answer.topVia.hostAddress == IPAddress("::ffff:192.0.2.10") && answer.topVia.port == 19_823)
    #expect(torture.calls.first?.offer?.address == IPAddress("::ffff:192.0.2.2"))
  }

  @Test(
    "4.10 the third colon of RFC 3261's grammar is borne in front of an IPv4 part, and names the same address",
    arguments: ["2001:db8:::192.0.2.1", "2001:db8::192.0.2.1"])
  func section4_10(host: String) throws {
    #expect(torture.status(request("OPTIONS", uri: "sip:user@[\(host)]"), from: Self.source) == 200)
    let uri = try #require(SIPURI(ByteString("sip:user@[\(host)]")))
    #expect(uri.hostAddress == IPAddress("2001:db8::192.0.2.1"))
    #expect(SIPURI("sip:user@[2001:db8:::1]") == nil && SIPURI("sip:user@[2001::::192.0.2.1]") == nil)
  }
}
