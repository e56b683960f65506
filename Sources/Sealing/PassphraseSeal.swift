// A device's key sealed under a passphrase that a person knows, to travel with a backup: Argon2id (RFC 9106) makes a key of
// the passphrase, XChaCha20-Poly1305 seals under it. The text says what a guess costs.

import Basics
import CSodium

/// `argon2id 8192 3 SALT $sealed1$…`: memory in KiB, passes, and the salt in base64url.
public enum PassphraseSeal {
  private static var context: [UInt8] { ByteString("branchline device key").bytes }
  private static var name: ByteString { "argon2id" }

  /// - Parameters:
  ///   - salt: 16 random bytes.
  ///   - nonce: 24 random bytes.
  /// - Returns: nil for other lengths, and where the memory is not to be had.
  public static func seal(
    _ key: [UInt8], under passphrase: [UInt8], salt: [UInt8], nonce: [UInt8], cost: PasswordHash.Cost = .strong
  ) -> ByteString? {
    guard let own = self.key(of: passphrase, salt: salt, cost: cost),
      let sealed = own.seal(key, nonce: nonce, context: context)
    else { return nil }
    let numbers = ByteString(cost.memoryKiB) + " " + ByteString(cost.passes)
    return name + " " + numbers + " " + ByteString(Base64.urlSafe.encode(salt)) + " " + sealed
  }

  /// nil where it is another passphrase, or no such text.
  public static func open(_ text: ByteString, under passphrase: [UInt8]) -> [UInt8]? {
    let words = text.bytes.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 5, ByteString(words[0]) == name, let memoryKiB = Int(decimalDigits: words[1]),
      let passes = Int(decimalDigits: words[2]), let cost = PasswordHash.Cost(memoryKiB: memoryKiB, passes: passes),
      let salt = Base64.urlSafe.decode(words[3], maxBytes: PasswordHash.saltBytes),
      let own = key(of: passphrase, salt: salt, cost: cost)
    else { return nil }
    return own.open(ByteString(words[4]), context: context)
  }

  private static func key(of passphrase: [UInt8], salt: [UInt8], cost: PasswordHash.Cost) -> SealingKey? {
    guard var bytes = PasswordHash.digest(passphrase, salt: salt, cost: cost) else { return nil }
    defer { sodium_memzero(&bytes, bytes.count) }
    return SealingKey(bytes: bytes)
  }
}
