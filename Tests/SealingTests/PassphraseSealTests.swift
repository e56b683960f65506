import Basics
import Testing

@testable import Sealing

@Suite("Keys under a passphrase")
struct PassphraseSealTests {
  private let key = (0..<32).map { UInt8($0 * 7 + 1) }
  private let salt = [UInt8](repeating: 5, count: 16)
  private let nonce = [UInt8](repeating: 9, count: 24)
  private let cheap = PasswordHash.Cost(memoryKiB: 8, passes: 1)
  private var passphrase: [UInt8] { ByteString("eight or more").bytes }

  @Test("opened by the same passphrase, and by no other")
  func passphrases() throws {
    let cost = try #require(cheap)
    let text = try #require(
      PassphraseSeal.seal(key, under: passphrase, salt: salt, nonce: nonce, cost: cost))
    #expect(PassphraseSeal.open(text, under: passphrase) == key)
    #expect(PassphraseSeal.open(text, under: ByteString("eight or morE").bytes) == nil)
    #expect(PassphraseSeal.open(text, under: []) == nil)
    #expect(text.hasPrefix("argon2id 8 1 "))
  }

  @Test("each changed byte is noticed, and a hostile cost is not paid")
  func altered() throws {
    let cost = try #require(cheap)
    let text = try #require(
      PassphraseSeal.seal(key, under: passphrase, salt: salt, nonce: nonce, cost: cost))
    for index in text.bytes.indices {
      var other = text
      other.bytes[index] ^= 1
      #expect(PassphraseSeal.open(other, under: passphrase) != key, "byte \(index)")
    }
    let rest = ByteString(text.bytes.dropFirst(ByteString("argon2id 8 1").count))
    for costs in ["9999999 1", "8 99", "8 0", "0 1", "x 1"] as [ByteString] {
      #expect(PassphraseSeal.open("argon2id " + costs + rest, under: passphrase) == nil)
    }
  }

  @Test("the cost for what leaves the box is the highest that is taken")
  func strong() {
    let cost = PasswordHash.Cost.strong
    #expect(PasswordHash.Cost(memoryKiB: cost.memoryKiB, passes: cost.passes) != nil)
    #expect(cost.memoryKiB > PasswordHash.Cost.standard.memoryKiB)
  }
}
