// Passwords of the console, hashed with Argon2id (RFC 9106) by libsodium. It makes no randomness (salts come in as
// bytes), needs no sodium_init (CSodium's shim.h says why), and keeps nothing between calls. A hash takes long and much
// memory on purpose: no thread that has packets or calls to serve makes one, and no two are made at a time.

import Basics
import CSodium

/// What is kept of a password.
///
///     let hash = PasswordHash(of: password, salt: random16)
///     hash.text                          // $argon2id$v=19$m=8192,t=3,p=1$…$… to put into the file
///     PasswordHash(text: word)           // nil unless it is such a text, and asks for what the box can give
///     hash.matches(password)
public struct PasswordHash: Equatable, Sendable {
  /// Of libsodium.
  public static var libraryVersion: ByteString { ByteString(cString: sodium_version_string()) }
  /// How much work a guess is.
  public struct Cost: Equatable, Sendable {
    /// Memory, in KiB: from what Argon2id needs at least to an eighth of the smallest box.
    public static let memoryKiBRange = 8...16_384
    /// How often the memory is gone through.
    public static let passesRange = 1...6

    public let memoryKiB: Int
    public let passes: Int

    /// Nil outside the ranges: a hostile configuration cannot ask for all the memory, nor for minutes.
    public init?(memoryKiB: Int, passes: Int) {
      guard Self.memoryKiBRange ~= memoryKiB, Self.passesRange ~= passes else { return nil }
      self.init(boundedMemoryKiB: memoryKiB, passes: passes)
    }
    private init(boundedMemoryKiB: Int, passes: Int) {
      memoryKiB = boundedMemoryKiB
      self.passes = passes
    }

    /// What new hashes take: 8 MiB, gone through thrice.
    public static var standard: Cost { Cost(boundedMemoryKiB: 8_192, passes: 3) }
    /// For what leaves the box and can be guessed at elsewhere: all that the ranges allow.
    public static var strong: Cost {
      Cost(boundedMemoryKiB: memoryKiBRange.upperBound, passes: passesRange.upperBound)
    }
  }

  /// Lengths of passwords that are taken, in bytes.
  public static let passwordBytesRange = 1...128
  /// Length of a salt, in bytes.
  public static let saltBytes = 16
  /// Length of the hash itself, in bytes.
  static let digestBytes = 32
  /// The longest text that is looked at, in bytes; those written have up to 99.
  static let maxTextBytes = 100

  public let cost: Cost
  private let salt: [UInt8]
  private let digest: [UInt8]

  /// - Parameters:
  ///   - password: 1 to 128 bytes.
  ///   - salt: 16 random bytes.
  /// - Returns: nil for other lengths, and where the memory is not to be had.
  public init?(of password: [UInt8], salt: [UInt8], cost: Cost = .standard) {
    guard let digest = Self.digest(password, salt: salt, cost: cost) else { return nil }
    self.cost = cost
    self.salt = salt
    self.digest = digest
  }

  /// Reads the text that `text` or libsodium's `crypto_pwhash_str` writes. Anything else is nil, other spellings of the
  /// same too; so are costs outside the ranges and more than one lane.
  public init?(text: ByteString) {
    guard text.count <= Self.maxTextBytes else { return nil }
    let parts = text.bytes.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
    guard parts.count == 6,
      let cost = Self.cost(parts[3]),
      let salt = Base64.original.decode(parts[4], maxBytes: Self.saltBytes), salt.count == Self.saltBytes,
      let digest = Base64.original.decode(parts[5], maxBytes: Self.digestBytes), digest.count == Self.digestBytes
    else { return nil }
    self.cost = cost
    self.salt = salt
    self.digest = digest
    guard self.text == text else { return nil }
  }

  /// `m=8192,t=3,p=1`
  private static func cost(_ text: ArraySlice<UInt8>) -> Cost? {
    let parameters = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard parameters.count == 3,
      let memoryKiB = Int(decimalDigits: parameters[0].dropFirst(2)),
      let passes = Int(decimalDigits: parameters[1].dropFirst(2))
    else { return nil }
    return Cost(memoryKiB: memoryKiB, passes: passes)
  }

  /// In the PHC string format, as libsodium and the `argon2` command write it.
  public var text: ByteString {
    var writer = ByteWriter(capacity: Self.maxTextBytes)
    // 19 is Argon2's version 1.3.
    writer.append("$argon2id$v=19$m=")
    writer.append(decimal: cost.memoryKiB)
    writer.append(",t=")
    writer.append(decimal: cost.passes)
    writer.append(",p=1$")
    writer.append(Base64.original.encode(salt))
    writer.append(UInt8(ascii: "$"))
    writer.append(Base64.original.encode(digest))
    return ByteString(writer.bytes)
  }

  /// Whether this is the password, compared in a time that does not depend on where they differ.
  public func matches(_ password: [UInt8]) -> Bool {
    guard let other = Self.digest(password, salt: salt, cost: cost) else { return false }
    return sodium_memcmp(other, digest, Self.digestBytes) == 0
  }

  static func digest(_ password: [UInt8], salt: [UInt8], cost: Cost) -> [UInt8]? {
    guard passwordBytesRange ~= password.count, salt.count == saltBytes else { return nil }
    var wasMade = false
    let digest = [UInt8](unsafeUninitializedCapacity: digestBytes) { buffer, count in
      password.withUnsafeBytes { password in
        guard let target = buffer.baseAddress, let source = password.baseAddress else { return }
        let result = crypto_pwhash_argon2id(
          target, UInt64(digestBytes), source.assumingMemoryBound(to: CChar.self), UInt64(password.count), salt,
          UInt64(cost.passes), cost.memoryKiB * 1_024, crypto_pwhash_argon2id_ALG_ARGON2ID13)
        wasMade = result == 0
        count = digestBytes
      }
    }
    return wasMade ? digest : nil
  }
}
