import Basics
import Testing

@testable import SIPMessage

@Suite struct SIPURITests {
  @Test(
    "what is read is written again the same",
    arguments: [
      "sip:200@pbx.example", "sips:200@pbx.example:5061", "sip:pbx.example", "sip:192.0.2.1:5062;transport=tcp;lr",
      "sip:a:secret@pbx.example", "sip:[2001:db8::1]:5060;maddr=[2001:db8::2]", "tel:+8613800138000",
      "tel:7042;phone-context=example.com", "sip:a%20b@pbx.example;x=%41?Subject=hi%20there&To=x",
      "sip:%2321%23@pbx.example", "sip:*98@pbx.example", "sip:a:@pbx.example",
    ])
  func roundTrip(_ text: String) throws {
    let uri = try #require(SIPURI(ByteString(text)))
    #expect("\(uri.text)" == text)
    #expect(SIPURI(uri.text) == uri)
  }

  @Test("any bytes in a user part survive being written and read")
  func anyUser() throws {
    for byte in UInt8.min...UInt8.max {
      let uri = SIPURI(user: ByteString([0x61, byte]), host: "pbx.example")
      #expect(SIPURI(uri.text) == uri, "\(byte)")
    }
  }

  @Test(
    "what breaks the grammar is no URI",
    arguments: [
      "", "sip", "sip:", ":a@b", "sip:@b", "sip:a@", "sip:a@b@c", "sip:a b@c", "sip:a@b c", "sip:a@b:", "sip:a@b:0",
      "sip:a@b:x", "sip:a@b:65536", "sip:a@b;", "sip:a@b;;c", "sip:a@b;=c", "sip:a@b;c=", "sip:a@b?", "sip:a@b?x",
      "sip:a@b?x=1&", "sip:a@b?=1", "sip:a%g1@b", "sip:a%@b", "sip:a%4", "sip:[::1", "sip:[1]", "sip:[]", "sip:a@[::g]",
      "sip:\"a\"@b", "sip:a<b@c", "sip:a@b>", "tel:", "tel:abcxyz", "tel:1+2", "tel:+", "http://a", "1sip:a@b",
      "sip:a@b;x=\"y\"", "sip:a@b\r\n", "sip:a@b\0",
    ])
  func malformed(_ text: String) { #expect(SIPURI(ByteString(text)) == nil) }

  @Test("scheme and host are read in any case, and feature codes may hold a bare #")
  func tolerance() throws {
    #expect(try #require(SIPURI("SIPS:a@b")).isSecure)
    #expect(try #require(SIPURI("sip:*21*100#@pbx_1.example")).user == "*21*100#")
  }

  @Test("visual separators of a tel number are dropped")
  func telephone() throws {
    let uri = try #require(SIPURI("tel:+1-201.555(0123);ext=7"))
    #expect(uri.isTel)
    #expect(uri.user == "+12015550123")
    #expect(uri.parameter("ext") == "7")
    #expect(uri.host.isEmpty)
  }

  @Test("brackets around an IPv6 host are added when writing, wherever it came from")
  func brackets() {
    #expect(SIPURI(user: "", host: "::1", port: 9).text == "sip:[::1]:9")
    #expect(SIPURI(user: "", host: "[::1]").text == "sip:[::1]")
  }

  @Test("parameters are found without case and decoded; those without a value are empty")
  func parameters() throws {
    var uri = try #require(SIPURI("sip:a@b;LR;x=%41b;Transport=TCP;[odd]/=1;user=phone"))
    #expect(uri.isLooseRouter)
    #expect(uri.parameter("lr") == "")
    #expect(uri.parameter("X") == "Ab")
    #expect(uri.transport == "TCP")
    #expect(uri.parameter("user") == "phone")
    #expect(uri.parameter("use") == nil)
    uri.parameters.remove("x")
    uri.parameters.append("ob")
    #expect(uri.text == "sip:a@b;LR;Transport=TCP;[odd]/=1;user=phone;ob")
  }

  @Test(
    "equivalent (RFC 3261 §19.1.4)",
    arguments: [
      ("sip:%61lice@atlanta.example;transport=TCP", "sip:alice@AtLanTa.ExAmPlE;Transport=tcp"),
      ("sip:carol@chicago.example", "sip:carol@chicago.example;newparam=5"),
      ("sip:a@b.example;x=1;x=2", "sip:a@b.example;x=1;x=2"),
      ("sip:carol@chicago.example;security=on", "sip:carol@chicago.example;newparam=5"),
      (
        "sip:b.example;transport=tcp;method=REGISTER?to=sip:bob%40b.example",
        "sip:b.example;method=REGISTER;transport=tcp?to=sip:bob%40b.example"
      ),
      ("sip:a@a.example?subject=project%20x&priority=urgent", "sip:a@a.example?priority=urgent&Subject=project%20x"),
    ])
  func equivalent(_ a: String, _ b: String) throws {
    let (a, b) = (try #require(SIPURI(ByteString(a))), try #require(SIPURI(ByteString(b))))
    #expect(a.isEquivalent(to: b))
    #expect(b.isEquivalent(to: a))
  }

  @Test(
    "not equivalent (RFC 3261 §19.1.4)",
    arguments: [
      ("sip:ALICE@a.example;Transport=udp", "sip:alice@a.example;Transport=UDP"),
      ("sip:bob@b.example", "sip:bob@b.example:5060"), ("sip:bob@b.example", "sip:bob@b.example;transport=udp"),
      ("sip:bob@b.example", "sip:bob@b.example:6000;transport=tcp"),
      ("sip:carol@c.example", "sip:carol@c.example?Subject=next%20meeting"),
      ("sip:bob@phone.b.example", "sip:bob@192.0.2.4"), ("sip:bob@b.example", "sips:bob@b.example"),
      ("sip:bob@b.example;maddr=x.example", "sip:bob@b.example"), ("sip:bob@b.example;user=phone", "sip:bob@b.example"),
      ("sip:bob@b.example;security=off", "sip:bob@b.example;security=on"), ("sip:a:b@c", "sip:a@c"),
      ("sip:a@a.example?x=1&x=1", "sip:a@a.example?x=1&x=2"),
    ])
  func notEquivalent(_ a: String, _ b: String) throws {
    let (a, b) = (try #require(SIPURI(ByteString(a))), try #require(SIPURI(ByteString(b))))
    #expect(!a.isEquivalent(to: b))
    #expect(!b.isEquivalent(to: a))
  }
}
