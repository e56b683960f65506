import Basics
import Testing

@testable import SIPMessage

@Suite struct ViaTests {
  @Test("the parts of a Via")
  func parts() throws {
    let via = try #require(
      Via("SIP/2.0/TCP pbx.example:5070;branch=z9hG4bKa;received=192.0.2.7;rport=99;maddr=m.example;x, SIP/2.0/UDP b"))
    #expect(via.transport == "TCP")
    #expect(via.isTransport("tcp"))
    #expect(via.host == "pbx.example")
    #expect(via.hostAddress == nil)
    #expect(via.port == 5070)
    #expect(via.branch.text == "z9hG4bKa")
    #expect(via.hasMagicCookie)
    #expect(via.received == .v4(0xC000_0207))
    #expect(via.rport == 99)
    #expect(via.maddr == "m.example")
    #expect(via.parameter("x") == "")
    #expect(via.parameter("y") == nil)
    #expect(via.text.text.hasSuffix(";x"))
  }

  @Test(
    "what breaks the grammar is no Via",
    arguments: [
      "", "SIP", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/2.0/UDPhost", "SIP/3.0/UDP h", "HTTP/2.0/UDP h", "SIP/2.0/UDP h:",
      "SIP/2.0/UDP h:0", "SIP/2.0/UDP h;", "SIP/2.0/UDP h;branch", "SIP/2.0/UDP h;branch=", "SIP/2.0/UDP h;rport=0",
      "SIP/2.0/UDP h;rport=x", "SIP/2.0/UDP h x", "SIP/2.0/UDP [::1", "SIP/2.0/UDP h;received=a;received=b",
    ])
  func malformed(_ text: String) { #expect(Via(ByteString(text)) == nil) }

  @Test("what the writer writes is read again")
  func written() throws {
    var writer = MessageWriter.request(.options, "sip:a@b")
    writer.via(transport: "UDP", sentBy: Endpoint(.v6(high: 1, low: 2), 5060), branch: "z9hG4bK1")
    writer.via(transport: "TCP", host: "pbx.example", port: nil, branch: "z9hG4bK2")
    writer.header(.from, "<sip:a@b>;tag=1")
    writer.header(.to, "<sip:a@b>")
    writer.header(.callID, "1")
    writer.cseq(7, .options)
    let m = try parse(writer.finish())
    #expect(m.topVia.hostAddress == .v6(high: 1, low: 2))
    #expect(m.topVia.port == 5060)
    #expect(m.topVia.hasRPort)
    #expect(m.topVia.rport == nil)
    let second = try #require(Via(m.values(.via)[1]))
    #expect(second.host == "pbx.example")
    #expect(second.port == nil)
  }

  /// What setReceived makes of a Via, and whether the message around it still reads the same.
  private func stamped(_ via: String, _ address: IPAddress, _ port: UInt16) throws -> String {
    var m = try parse(InviteText().with("Via", via).bytes)
    let isStamped = m.setReceived(address, port: port)
    #expect(isStamped)
    let again = try parse(m.bytes)
    #expect(again.callID == m.callID)
    #expect(again.fromTag == m.fromTag)
    #expect(again.to == m.to)
    #expect(again.cseq.number == m.cseq.number)
    #expect(again.head.via == m.head.via)
    #expect(again.head.body == m.head.body)
    #expect(again.fields.map(\.value) == m.fields.map(\.value))
    #expect(again.fields.map(\.name) == m.fields.map(\.name))
    return m.value(.via)?.text ?? ""
  }

  @Test("received and rport are written where the request came from (RFC 3261 §18.2.1, RFC 3581 §4)")
  func received() throws {
    let from = IPAddress.v4(0xC000_0209)
    #expect(try stamped("SIP/2.0/UDP 192.0.2.9;branch=a", from, 9) == "SIP/2.0/UDP 192.0.2.9;branch=a")
    #expect(
      try stamped("SIP/2.0/UDP 192.0.2.9;rport;branch=a", from, 9)
        == "SIP/2.0/UDP 192.0.2.9;rport=9;branch=a;received=192.0.2.9")
    #expect(try stamped("SIP/2.0/UDP h.example", from, 9) == "SIP/2.0/UDP h.example;received=192.0.2.9")
    #expect(
      try stamped("SIP/2.0/UDP h;rport , SIP/2.0/UDP z;rport", from, 5062)
        == "SIP/2.0/UDP h;rport=5062;received=192.0.2.9 , SIP/2.0/UDP z;rport")
  }

  @Test("values that the sender made up are overwritten")
  func receivedForged() throws {
    let from = IPAddress.v4(0xC000_0209)
    #expect(
      try stamped("SIP/2.0/UDP 192.0.2.9;received=203.0.113.250;x", from, 9)
        == "SIP/2.0/UDP 192.0.2.9;received=192.0.2.9;x")
    #expect(
      try stamped("SIP/2.0/UDP h;received=1.1.1.1;rport=65000", from, 9)
        == "SIP/2.0/UDP h;received=192.0.2.9;rport=9")
    #expect(
      try stamped("SIP/2.0/UDP h;rport=65000;received=[2001:db8::1:2:3]", from, 9)
        == "SIP/2.0/UDP h;rport=9;received=192.0.2.9")
  }

  @Test("a message at the limit is not made longer")
  func receivedTooLarge() throws {
    let body = [UInt8](repeating: 0x61, count: 65_530)
    let head = Array(InviteText().with("Content-Length", nil).bytes)
    var m = try parse(head + body.prefix(SIPLimits.maxMessageBytes - head.count))
    let isStamped = m.setReceived(.v4(1), port: 1)
    #expect(!isStamped)
    #expect(m.topVia.rport == nil)
  }
}
