import Basics
import Testing

@testable import SIPMessage

@Suite struct AuthParametersTests {
  private func read(_ text: String) -> AuthParameters? { AuthParameters(Array(text.utf8)[...]) }

  @Test("challenges and credentials are taken apart, quotes removed")
  func parts() throws {
    let p = try #require(
      read(
        "digest username=\"a\\\"b\", realm = \"x, y\" ,nonce=\"\",uri=\"sip:a@b;c=1\",qop=auth, nc=00000001,algorithm=MD5"
      ))
    #expect(p.isDigest)
    #expect(p["Username"] == "a\"b")
    #expect(p["realm"] == "x, y")
    #expect(p["nonce"] == "")
    #expect(p["uri"] == "sip:a@b;c=1")
    #expect(p["qop"] == "auth")
    #expect(p["nc"] == "00000001")
    #expect(p["algorithm"] == "MD5")
    #expect(p["opaque"] == nil)
  }

  @Test(
    "malformed or ambiguous ones are refused",
    arguments: [
      "", "Digest", "Digest ", "Digest a", "Digest a=", "Digest =b", "Digest a=\"b", "Digest a=1,", "Digest a=1,,b=2",
      "Digest a=1 b=2", "Digest a=1,A=2", "Basic YTpi", "Digest a=1;b=2",
    ])
  func malformed(_ text: String) { #expect(read(text) == nil) }

  @Test("more parameters than the limit are refused")
  func limit() {
    let many = (0...SIPLimits.maxAuthParameters).map { "p\($0)=1" }.joined(separator: ",")
    #expect(read("Digest " + many) == nil)
  }
}
