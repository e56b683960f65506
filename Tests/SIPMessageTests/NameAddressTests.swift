import Basics
import Testing

@testable import SIPMessage

@Suite struct NameAddressTests {
  @Test("what is written is read again, whatever the display name holds")
  func roundTrip() throws {
    let uri = try #require(SIPURI("sip:200@pbx.example;transport=tcp"))
    for name in ["", "Ann", "Ann \"B\" C", "back\\slash", "a, <b>;c=\"d\"", "李伟", "\t tab"] {
      let address = NameAddress(displayName: ByteString(name), uri: uri, tag: "x-1")
      let read = try #require(NameAddress(address.text))
      #expect(read == address, "\(name)")
      #expect(read.tag == "x-1")
    }
  }

  @Test("line ends in a display name become spaces")
  func noInjection() throws {
    let address = NameAddress(displayName: "a\r\nVia: x", uri: SIPURI(user: "1", host: "h"))
    #expect(address.text == "\"a  Via: x\" <sip:1@h>")
  }

  @Test("without angle brackets, parameters belong to the header")
  func bareURI() throws {
    let address = try #require(NameAddress("sip:a@b;tag=1;x=\"q;uoted\" ; y"))
    #expect(address.tag == "1")
    #expect(address.uri.parameters.isEmpty)
    #expect(address.parameter("x") == "q;uoted")
    #expect(address.parameter("Y") == "")
  }

  @Test("a parameter whose value holds brackets and quotes is one parameter")
  func instance() throws {
    let address = try #require(
      NameAddress("<sip:a@b>;+sip.instance=\"<urn:uuid:0-1>\";reg-id=1;q=0.5;expires=60"))
    #expect(address.parameter("+sip.instance") == "<urn:uuid:0-1>")
    #expect(address.q == 500)
    #expect(address.expires == 60)
  }

  @Test("preferences in thousandths; malformed ones count as 1")
  func q() {
    func q(_ text: String) -> Int? { NameAddress(ByteString("<sip:a@b>;q=" + text))?.q }
    #expect(q("0") == 0)
    #expect(q("0.001") == 1)
    #expect(q("1.000") == 1000)
    #expect(q("0.") == 0)
    #expect(q("1.5") == 1000)
    #expect(q("2") == 1000)
    #expect(q("0.1234") == 1000)
  }

  @Test(
    "what breaks the grammar is no address",
    arguments: [
      "", " ", "<>", "<", "\"a\"", "\"a\" sip:b@c", "\"a <sip:b@c>", "a@b <sip:b@c>", "<sip:b@c>tag=1", "<sip:b@c>;",
      "<sip:b@c>;=1", "<sip:b@c>;x=", "<sip:b@c>;x=\"1", "<sip:b@c>,<sip:d@e>", "a:b <sip:b@c>", "<<sip:b@c>>", "*",
      "isbn:1", "\"a\\",
    ])
  func malformed(_ text: String) { #expect(NameAddress(ByteString(text)) == nil) }
}
