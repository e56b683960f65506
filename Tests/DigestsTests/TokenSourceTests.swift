import Basics
import Digests
import Testing

@Suite("TokenSource")
struct TokenSourceTests {
  @Test("The same entropy gives the same tokens, other entropy gives others")
  func replay() {
    var a = TokenSource(entropy: [1, 2, 3])
    var b = TokenSource(entropy: [1, 2, 3])
    var c = TokenSource(entropy: [1, 2, 4])
    for length in 1...TokenSource.maxBytes {
      let token = a.token(bytes: length)
      #expect(token.count == 2 * length)
      #expect(token == b.token(bytes: length))
      #expect(token != c.token(bytes: length) || length < 4)
    }
  }

  @Test("Ten thousand tokens are hexadecimal and differ")
  func distinct() {
    var source = TokenSource(entropy: [7])
    var seen: Set<ByteString> = []
    for _ in 0..<10_000 {
      let token = source.token(bytes: 8)
      #expect(token.bytes.allSatisfy { $0.hexValue != nil })
      seen.insert(token)
    }
    #expect(seen.count == 10_000)
  }

  @Test("Stirring entropy in changes what follows")
  func stir() {
    var a = TokenSource(entropy: [1])
    var b = TokenSource(entropy: [1])
    b.stir([9])
    #expect(a.token(bytes: 16) != b.token(bytes: 16))
  }

  @Test("A length outside the bounds is taken to the nearer bound")
  func bounds() {
    var source = TokenSource(entropy: [1])
    #expect(source.token(bytes: 0).count == 2)
    #expect(source.token(bytes: 99).count == 64)
    #expect(source.number31() < 1 << 31)
  }
}
