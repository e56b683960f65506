// Password hashes: the right password matches, texts are the common ones, and no text costs more than is allowed.

import Basics
import CSodium
import Testing

@testable import Sealing

@Suite("PasswordHash")
struct PasswordHashTests {
  static let salt = bytes("0123456789abcdef")
  // printf 'correct horse' | argon2 0123456789abcdef -id -v 13 -t 3 -k 8192 -p 1 -l 32 -e
  static let standard: ByteString =
    "$argon2id$v=19$m=8192,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S4TdNsj/aWI4hmGZbaRNKPXMZdeQloaYCqu7b9Ae1/M"
  // The same with -t 1 -k 8.
  static let quick: ByteString =
    "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0"

  let quickCost: PasswordHash.Cost

  init() throws { quickCost = try #require(PasswordHash.Cost(memoryKiB: 8, passes: 1)) }

  /// What libsodium itself says.
  private static func libsodiumVerifies(_ text: ByteString, _ password: [UInt8]) -> Bool {
    (text.bytes + [0]).withUnsafeBytes { text in
      password.withUnsafeBytes { password in
        guard let text = text.baseAddress, let source = password.baseAddress else { return false }
        return crypto_pwhash_argon2id_str_verify(
          text.assumingMemoryBound(to: CChar.self), source.assumingMemoryBound(to: CChar.self), UInt64(password.count))
          == 0
      }
    }
  }

  @Test("Hashes are those of Debian's argon2 command")
  func vectors() {
    #expect(PasswordHash(of: bytes("correct horse"), salt: Self.salt)?.text == Self.standard)
    #expect(PasswordHash(of: bytes("correct horse"), salt: Self.salt, cost: quickCost)?.text == Self.quick)
  }

  @Test("libsodium verifies the text, and refuses another password")
  func libsodium() throws {
    let text = try #require(PasswordHash(of: bytes("correct horse"), salt: Self.salt)).text
    #expect(Self.libsodiumVerifies(text, bytes("correct horse")))
    #expect(!Self.libsodiumVerifies(text, bytes("correct horsf")))
  }

  @Test("The password matches, others do not")
  func matches() throws {
    let hash = try #require(PasswordHash(text: Self.standard))
    #expect(hash.cost == .standard)
    #expect(hash.text == Self.standard)
    #expect(hash.matches(bytes("correct horse")))
    #expect(!hash.matches(bytes("correct hors")))
    #expect(!hash.matches(bytes("Correct horse")))
    #expect(!hash.matches(bytes("correct horse\0")))
    #expect(!hash.matches([]))
  }

  @Test("Passwords have 1 to 128 bytes, any bytes; a longer one does not match by its beginning")
  func passwordLengths() throws {
    #expect(PasswordHash(of: [], salt: Self.salt, cost: quickCost) == nil)
    #expect(PasswordHash(of: [UInt8](repeating: 1, count: 129), salt: Self.salt, cost: quickCost) == nil)
    for length in 1...128 {
      let password = [UInt8](repeating: 0, count: length)
      let hash = try #require(PasswordHash(of: password, salt: Self.salt, cost: quickCost))
      #expect(hash.matches(password))
      #expect(!hash.matches(password + [0]))
      #expect(!hash.matches(Array(password.dropLast())))
    }
  }

  @Test("A salt has 16 bytes; another salt gives another hash")
  func salts() throws {
    for count in [0, 8, 15, 17, 32] {
      #expect(PasswordHash(of: [1], salt: [UInt8](repeating: 1, count: count), cost: quickCost) == nil)
    }
    let a = try #require(PasswordHash(of: [1], salt: [UInt8](repeating: 1, count: 16), cost: quickCost))
    let b = try #require(PasswordHash(of: [1], salt: [UInt8](repeating: 2, count: 16), cost: quickCost))
    #expect(a.text.bytes.suffix(43) != b.text.bytes.suffix(43))
  }

  @Test("What a text may ask for is bounded")
  func bounds() {
    typealias Cost = PasswordHash.Cost
    #expect(Cost(memoryKiB: 16_384, passes: 6) != nil)
    #expect(Cost(memoryKiB: 16_385, passes: 1) == nil)
    #expect(Cost(memoryKiB: 8, passes: 7) == nil)
    #expect(Cost(memoryKiB: 7, passes: 1) == nil)
    #expect(Cost(memoryKiB: 8, passes: 0) == nil)
    #expect(Cost(memoryKiB: .max, passes: .max) == nil)
    #expect(Cost(memoryKiB: -8, passes: -1) == nil)
    let tail: ByteString = "$MDEyMzQ1Njc4OWFiY2RlZg$S4TdNsj/aWI4hmGZbaRNKPXMZdeQloaYCqu7b9Ae1/M"
    #expect(PasswordHash(text: "$argon2id$v=19$m=16384,t=6,p=1" + tail) != nil)
    #expect(PasswordHash(text: "$argon2id$v=19$m=16385,t=1,p=1" + tail) == nil)
    #expect(PasswordHash(text: "$argon2id$v=19$m=4294967295,t=1,p=1" + tail) == nil)
    #expect(PasswordHash(text: "$argon2id$v=19$m=8192,t=4294967295,p=1" + tail) == nil)
    #expect(PasswordHash(text: "$argon2id$v=19$m=8,t=1,p=2" + tail) == nil)
    #expect(PasswordHash(text: "$argon2id$v=19$m=8,t=1,p=16777215" + tail) == nil)
    #expect(PasswordHash(text: "$argon2id$v=19$m=99999999999999999999,t=1,p=1" + tail) == nil)
  }

  @Test(
    "Other spellings, versions, kinds and lengths are refused",
    arguments: [
      "",
      "$",
      "$$$$$",
      "hunter2",
      "argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2i$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=16$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$m=08,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$t=1,m=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$m=8,t=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$m=8,t=1,p=1,x=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZh$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2Rl$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ",
      "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$",
      "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf-xPldfNRYttP89scc9XVAYAcaZ0U0",
      "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0$",
      "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0\0",
    ])
  func refused(text: String) { #expect(PasswordHash(text: ByteString(text)) == nil) }

  @Test("No damaged text lets the password in, and libsodium agrees", arguments: 1...20 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let password = bytes("correct horse")
    for round in 0..<2_000 {
      let damaged = random.damaged(Self.quick)
      if damaged != Self.quick, let hash = PasswordHash(text: damaged) {
        #expect(hash.text == damaged, "seed \(seed), round \(round)")
        #expect(!hash.matches(password), "seed \(seed), round \(round): \(damaged)")
        #expect(!Self.libsodiumVerifies(damaged, password), "seed \(seed), round \(round): \(damaged)")
      }
      #expect(PasswordHash(text: ByteString(random.bytes(random.below(200)))) == nil, "seed \(seed), round \(round)")
    }
  }

  @Test("Random passwords and salts: libsodium agrees with what is written", arguments: 1...20 as ClosedRange<UInt64>)
  func agreement(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<20 {
      let password = random.bytes(1 + random.below(128))
      let cost = try #require(PasswordHash.Cost(memoryKiB: 8 + random.below(100), passes: 1 + random.below(3)))
      let hash = try #require(PasswordHash(of: password, salt: random.bytes(16), cost: cost))
      #expect(PasswordHash(text: hash.text) == hash, "seed \(seed)")
      #expect(hash.matches(password), "seed \(seed)")
      #expect(Self.libsodiumVerifies(hash.text, password), "seed \(seed)")
    }
  }
}
