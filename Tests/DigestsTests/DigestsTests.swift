import Basics
import Digests
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func hex(_ data: [UInt8]) -> String {
  var writer = ByteWriter()
  writer.append(hexOf: data)
  return ByteString(writer.bytes).description
}

@Suite("Digests")
struct DigestsTests {
  @Test(
    "MD5 agrees with the vectors of RFC 1321",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ])
  func md5(text: String, digest: String) { #expect(hex(Digests.md5(bytes(text))) == digest) }

  @Test(
    "SHA-256 agrees with the vectors of FIPS 180-2",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func sha256(text: String, digest: String) { #expect(hex(Digests.sha256(bytes(text))) == digest) }

  @Test("The parts of a message digest as their concatenation does")
  func parts() {
    #expect(Digests.sha256(bytes("a"), bytes(""), bytes("bc")) == Digests.sha256(bytes("abc")))
    #expect(Digests.md5(bytes("message"), bytes(" digest")) == Digests.md5(bytes("message digest")))
  }

  @Test("Comparison sees any difference in content or length")
  func comparison() {
    let a = Digests.sha256(bytes("a"))
    var b = a
    #expect(Digests.equal(a, b))
    b[31] ^= 1
    #expect(!Digests.equal(a, b))
    #expect(!Digests.equal(a, Array(a.dropLast())))
    #expect(Digests.equal(a[4...], a[4...]))
    #expect(!Digests.equal(a[4...], b[4...]))
    #expect(Digests.equal([], []))
  }

  @Test("A digest in RFC 7616's example for SHA-256 comes out as printed there")
  func digestAuthentication() {
    func hash(_ text: String) -> String { hex(Digests.sha256(bytes(text))) }
    let ha1 = hash("Mufasa:http-auth@example.org:Circle of Life")
    let ha2 = hash("GET:/dir/index.html")
    let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    #expect(
      hash("\(ha1):\(nonce):00000001:\(cnonce):auth:\(ha2)")
        == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")
  }
}
