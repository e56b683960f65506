// Sealed secrets: what was sealed opens, nothing else does.

import Basics
import Testing

@testable import Sealing

@Suite("SealingKey")
struct SealingKeyTests {
  static let context = bytes("extension 101 / secret")
  static let nonce = [UInt8](0x40..<0x58)
  // python3: the draft's algorithms written down anew, over `hunter2`, this context and this nonce.
  static let sealed: ByteString =
    "$sealed1$QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXZ3hah7KEsoyCc8WBqbFGNEe3P2ETae4Y19e4BU1F6cw"

  let key: SealingKey

  init() throws { key = try #require(SealingKey(bytes: [UInt8](1...32))) }

  @Test("Encryption agrees with the vector of draft-irtf-cfrg-xchacha, A.3.1")
  func vector() throws {
    let key = try #require(SealingKey(bytes: [UInt8](0x80..<0xa0)))
    let plain = bytes(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        + "sunscreen would be it.")
    let associated = hex("50515253c0c1c2c3c4c5c6c7")
    let encrypted = hex(
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
        + "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        + "21f9664c97637da9768812f615c68b13b52e" + "c0875924c1c7987947deafd8780acf49")
    #expect(key.encrypt(plain, nonce: Self.nonce, associated: associated) == encrypted)
    #expect(key.decrypt(encrypted[...], nonce: Self.nonce, associated: associated) == plain)
  }

  @Test("A text from another implementation opens, and the same is written")
  func pinned() {
    #expect(key.open(Self.sealed, context: Self.context) == bytes("hunter2"))
    #expect(key.seal(bytes("hunter2"), nonce: Self.nonce, context: Self.context) == Self.sealed)
  }

  @Test("Secrets of every length open again, from none to the longest")
  func lengths() throws {
    var random = SeededRandom(seed: 1)
    for length in 0...SealingKey.maxPlainBytes {
      let plain = random.bytes(length)
      let text = try #require(key.seal(plain, nonce: random.bytes(24), context: Self.context))
      #expect(key.open(text, context: Self.context) == plain, "\(length) bytes")
    }
  }

  @Test(
    "A secret that ends like the padding comes back whole", arguments: [[0x80], [0x80, 0], [0, 0], [0x80, 0x80]])
  func paddingInside(plain: [UInt8]) throws {
    let text = try #require(key.seal(plain, nonce: Self.nonce, context: []))
    #expect(key.open(text, context: []) == plain)
  }

  @Test("Secrets of up to 15 bytes are equally long when sealed")
  func hiddenLength() {
    let lengths = (0...15).compactMap {
      key.seal([UInt8](repeating: 7, count: $0), nonce: Self.nonce, context: [])?.count
    }
    #expect(lengths == Array(repeating: Self.sealed.count, count: 16))
  }

  @Test("The longest secret makes one bare word of fewer than 1,024 bytes")
  func word() throws {
    let plain = [UInt8](repeating: 0xff, count: SealingKey.maxPlainBytes)
    let text = try #require(key.seal(plain, nonce: Self.nonce, context: []))
    #expect(text.count == 767)
    #expect(
      text.bytes.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x24 || $0 == 0x2D || $0 == 0x5F })
  }

  @Test("Too long a secret and a nonce of another length are refused")
  func refused() {
    let long = [UInt8](repeating: 1, count: SealingKey.maxPlainBytes + 1)
    #expect(key.seal(long, nonce: Self.nonce, context: []) == nil)
    #expect(key.seal([1], nonce: Array(Self.nonce.dropLast()), context: []) == nil)
    #expect(key.seal([1], nonce: Self.nonce + [0], context: []) == nil)
    #expect(key.seal([1], nonce: [], context: []) == nil)
  }

  @Test("A key has 32 bytes, and not all of them are zero")
  func keys() {
    #expect(SealingKey(bytes: []) == nil)
    #expect(SealingKey(bytes: [UInt8](repeating: 1, count: 31)) == nil)
    #expect(SealingKey(bytes: [UInt8](repeating: 1, count: 33)) == nil)
    #expect(SealingKey(bytes: [UInt8](repeating: 0, count: 32)) == nil)
    #expect(SealingKey(bytes: [UInt8](repeating: 0, count: 31) + [1]) != nil)
  }

  @Test("No flipped bit anywhere in the text opens")
  func flips() {
    for place in Self.sealed.bytes.indices {
      for bit in 0..<8 {
        var text = Self.sealed
        text.bytes[place] ^= 1 << UInt8(bit)
        #expect(key.open(text, context: Self.context) == nil, "byte \(place), bit \(bit)")
      }
    }
  }

  @Test("No beginning of the text opens, nor the text with more behind it")
  func lengthsChanged() {
    for count in 0..<Self.sealed.count {
      #expect(key.open(ByteString(Self.sealed.bytes[..<count]), context: Self.context) == nil, "\(count)")
    }
    for tail: ByteString in ["A", "AA", "AAAA", "=", " ", "\n", "\0"] {
      #expect(key.open(Self.sealed + tail, context: Self.context) == nil)
    }
  }

  @Test("A secret moved to another statement does not open")
  func moved() throws {
    let text = try #require(key.seal(bytes("hunter2"), nonce: Self.nonce, context: Self.context))
    for context in ["extension 102 / secret", "extension 101 / secre", "extension 101 / secrets", ""] {
      #expect(key.open(text, context: bytes(context)) == nil)
    }
  }

  @Test("Another key does not open it")
  func otherKey() throws {
    for place in 0..<32 {
      var other = [UInt8](1...32)
      other[place] ^= 0x80
      let key = try #require(SealingKey(bytes: other))
      #expect(key.open(Self.sealed, context: Self.context) == nil)
    }
  }

  @Test("The version is authenticated: what was encrypted without it does not open under its name")
  func version() {
    let encrypted = key.encrypt(
      bytes("hunter2") + [0x80] + [UInt8](repeating: 0, count: 8), nonce: Self.nonce, associated: Self.context)
    let text = "$sealed1$" + ByteString(Base64.urlSafe.encode(Self.nonce + encrypted))
    #expect(key.open(text, context: Self.context) == nil)
    #expect(key.open("$sealed2$" + Self.sealed.dropFirst(9), context: Self.context) == nil)
  }

  @Test("Authentic bytes without padding do not open")
  func unpadded() {
    for plain in [[], [1, 2, 3], [UInt8](repeating: 7, count: 16), [UInt8](repeating: 0, count: 32)] {
      let encrypted = key.encrypt(plain, nonce: Self.nonce, associated: bytes("$sealed1$"))
      let text = "$sealed1$" + ByteString(Base64.urlSafe.encode(Self.nonce + encrypted))
      #expect(key.open(text, context: []) == nil)
    }
  }

  @Test("Every version's texts are known as sealed, plain secrets are not")
  func recognised() {
    #expect(SealingKey.isSealed(Self.sealed))
    #expect(SealingKey.isSealed("$sealed1$"))
    #expect(SealingKey.isSealed("$sealed2$abc"))
    #expect(!SealingKey.isSealed("hunter2"))
    #expect(!SealingKey.isSealed("$seal"))
    #expect(!SealingKey.isSealed(" $sealed1$"))
    #expect(!SealingKey.isSealed(""))
  }

  @Test("The fingerprint is the key's own, 16 hexadecimal digits")
  func fingerprint() throws {
    // python3: hashlib.blake2b(b'branchline sealing key fingerprint', key=bytes(range(1, 33)), digest_size=16)
    #expect(key.fingerprint == "109e6223c06d7cc2")
    #expect(try #require(SealingKey(bytes: [UInt8](2...33))).fingerprint != key.fingerprint)
  }

  @Test("Nothing damaged or random opens, and nothing traps", arguments: 1...20 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let plain = random.bytes(random.below(40))
    let text = try #require(key.seal(plain, nonce: random.bytes(24), context: Self.context))
    for round in 0..<2_000 {
      let damaged = random.damaged(text)
      if damaged != text {
        #expect(key.open(damaged, context: Self.context) == nil, "seed \(seed), round \(round): \(damaged)")
      }
      let noise = ByteString(random.bytes(random.below(900)))
      #expect(key.open(noise, context: Self.context) == nil, "seed \(seed), round \(round)")
      let encoded = "$sealed1$" + ByteString(Base64.urlSafe.encode(noise.bytes))
      #expect(key.open(encoded, context: Self.context) == nil, "seed \(seed), round \(round)")
    }
  }
}
