import Basics
import Testing

@testable import SIPTrace

@Suite("Credentials go") struct ScrubTests {
  func cleaned(_ text: String, dropsDigits: Bool = false) -> String {
    var bytes = Array(text.utf8)
    Scrub.clean(&bytes, dropsDigits: dropsDigits)
    #expect(bytes.count == text.utf8.count)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "what is masked and what stays",
    arguments: [
      (
        #"Authorization: Digest username="101", realm="r,s", nonce="a\"b", uri="sip:b", response="6629", cnonce=0a4f, qop=auth, nc=00000001"#,
        #"Authorization: Digest username="101", realm="r,s", nonce="xxxx", uri="sip:b", response="xxxx", cnonce=xxxx, qop=auth, nc=00000001"#
      ),
      (
        "proxy-authorization :\r\n Digest\r\n\tresponse=\"ab\r\n cd\"",
        "proxy-authorization :\r\n Digest\r\n\tresponse=\"xx\r\n xx\""
      ),
      ("Authorization: Basic QWxhZGRpbjpvcGVu", "Authorization: Basic xxxxxxxxxxxxxxxx"),
      ("Authorization: Bearer a b,c=\"d\"", "Authorization: Bearer x xxxxxxx"),
      (
        #"Authentication-Info: rspauth="00", nextnonce="77", qop=auth"#,
        #"Authentication-Info: rspauth="xx", nextnonce="xx", qop=auth"#
      ),
      (#"WWW-Authenticate: Digest realm="r", nonce="keep""#, #"WWW-Authenticate: Digest realm="r", nonce="keep""#),
      ("a=crypto:1 AES inline:S3cr3t", "a=crypto:x xxx xxxxxxxxxxxxx"), ("k=clear:pass", "k=xxxxxxxxxx"),
      ("X-Authorization: Digest response=\"1\"", "X-Authorization: Digest response=\"1\""),
      ("Signal=5", "Signal=5"),
    ])
  func lines(secret: String, expected: String) {
    let around = ("INVITE sip:a SIP/2.0\r\nVia: x\r\n", "\r\nTo: \"response=9\" <sip:b>\r\n\r\nv=0\r\n")
    #expect(cleaned(around.0 + secret + around.1) == around.0 + expected + around.1)
  }

  @Test("digits of INFO only when asked")
  func digits() {
    #expect(
      cleaned("INFO\r\n\r\nSignal=5\r\nDuration=160", dropsDigits: true) == "INFO\r\n\r\nSignal=x\r\nDuration=160")
  }

  @Test("in pieces of any size it comes to the same; amid a message all goes until a line begins")
  func pieces() {
    let text = Array(
      "REGISTER sip:a SIP/2.0\r\nAuthorization: Digest response=\"012345\", qop=auth\r\nTo: b\r\n\r\n".utf8)
    var whole = text
    Scrub.clean(&whole)
    for size in 1...20 {
      var scrub = Scrub()
      var joined: [UInt8] = []
      for start in stride(from: 0, to: text.count, by: size) {
        var piece = Array(text[start..<min(start + size, text.count)])
        scrub.clean(&piece)
        joined += piece
      }
      #expect(joined == whole, "pieces of \(size)")
    }
    var rest = Array("2345\", qop=auth\r\nTo: b\r\n".utf8)
    var scrub = Scrub(isUnknown: true)
    scrub.clean(&rest)
    #expect(String(decoding: rest, as: UTF8.self) == "xxxxxx xxxxxxxx\r\nTo: b\r\n")
  }
}
