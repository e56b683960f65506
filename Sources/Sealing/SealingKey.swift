// Secrets in a configuration file, encrypted under a key that the device alone has: XChaCha20-Poly1305
// (draft-irtf-cfrg-xchacha) by libsodium. It does no I/O and makes no randomness: key and nonces come in as bytes.
// It needs no sodium_init (CSodium's shim.h says why), keeps no state but the key, and every thread may use it.

import Basics
import CSodium

/// A key, wiped from memory when its last owner lets it go. The bytes it was made from are the caller's to wipe.
///
///     guard let key = SealingKey(bytes: file) else { … }
///     let word = key.seal(secret, nonce: random24, context: path)   // $sealed1$… to put into the file
///     let secret = key.open(word, context: path)                    // nil unless it is just what was sealed
///
/// The text is `$sealed1$` and, in base64url without padding, 24 bytes of nonce, the secret with its padding (1 to 16
/// bytes) encrypted, and 16 bytes of authentication code. What is authenticated besides is `$sealed1$` and the context.
public final class SealingKey: @unchecked Sendable {
  /// Length of a key, in bytes.
  public static let keyBytes = 32
  /// Length of a nonce, in bytes: long enough that random ones do not meet twice.
  public static let nonceBytes = 24
  /// The longest secret, in bytes; sealed it has 767, and a configuration file takes words of up to 1,024.
  public static let maxPlainBytes = 512
  /// Secrets are padded to a multiple of this, in bytes, so that the text does not tell how long a short one is.
  static let paddingBytes = 16
  /// Length of the authentication code, in bytes.
  static let tagBytes = 16
  /// The longest encoded part, in bytes before base64.
  static let maxSealedBytes = nonceBytes + maxPlainBytes + paddingBytes + tagBytes

  // What other versions begin with too.
  private static var family: ByteString { "$sealed" }
  private static var prefix: ByteString { "$sealed1$" }

  private let key: UnsafeMutablePointer<UInt8>

  /// Nil unless there are 32 bytes that are not all zero: a key file that a power cut took the content of reads as
  /// zeros, and everybody knows that key.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.keyBytes, sodium_is_zero(bytes, bytes.count) == 0 else { return nil }
    key = .allocate(capacity: Self.keyBytes)
    key.initialize(from: bytes, count: Self.keyBytes)
  }

  deinit {
    sodium_memzero(key, Self.keyBytes)
    key.deallocate()
  }

  /// Whether a text claims to be sealed, by this version or another one. If so it is never to be used as it stands,
  /// even where `open` says nil: after a return to older firmware a newer version's text must not pass for a password.
  public static func isSealed(_ text: ByteString) -> Bool { text.hasPrefix(family) }

  /// - Parameters:
  ///   - plain: up to 512 bytes.
  ///   - nonce: 24 random bytes, never used before with this key.
  ///   - context: where the text will stand, like `extension 101 / secret`; it opens nowhere else.
  /// - Returns: one word, or nil if `plain` is too long or `nonce` not of 24 bytes.
  public func seal(_ plain: [UInt8], nonce: [UInt8], context: [UInt8]) -> ByteString? {
    guard plain.count <= Self.maxPlainBytes, nonce.count == Self.nonceBytes else { return nil }
    var padded = [UInt8](repeating: 0, count: plain.count / Self.paddingBytes * Self.paddingBytes + Self.paddingBytes)
    defer { sodium_memzero(&padded, padded.count) }
    // Behind each other and in place: no copy of the secret is made that would not be wiped.
    for index in plain.indices { padded[index] = plain[index] }
    guard sodium_pad(nil, &padded, plain.count, Self.paddingBytes, padded.count) == 0 else { return nil }
    let encrypted = encrypt(padded, nonce: nonce, associated: Self.prefix.bytes + context)
    return Self.prefix + ByteString(Base64.urlSafe.encode(nonce + encrypted))
  }

  /// What was sealed by this key for this context; nil for anything else.
  public func open(_ text: ByteString, context: [UInt8]) -> [UInt8]? {
    guard text.hasPrefix(Self.prefix),
      let sealed = Base64.urlSafe.decode(text.bytes[Self.prefix.count...], maxBytes: Self.maxSealedBytes),
      sealed.count > Self.nonceBytes,
      var padded = decrypt(
        sealed[Self.nonceBytes...], nonce: Array(sealed[..<Self.nonceBytes]), associated: Self.prefix.bytes + context)
    else { return nil }
    defer { sodium_memzero(&padded, padded.count) }
    var length = 0
    guard sodium_unpad(&length, padded, padded.count, Self.paddingBytes) == 0 else { return nil }
    return Array(padded[..<length])
  }

  /// 16 hexadecimal digits that name the key and give nothing of it away: a backup says by them which key it needs.
  public var fingerprint: ByteString {
    let purpose: ByteString = "branchline sealing key fingerprint"
    // The shortest digest that libsodium makes; half of it is enough for a name.
    let length = Int(crypto_generichash_blake2b_BYTES_MIN)
    let digest = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      guard let target = buffer.baseAddress,
        crypto_generichash_blake2b(target, length, purpose.bytes, UInt64(purpose.count), key, Self.keyBytes) == 0
      else { return }
      count = length
    }
    var writer = ByteWriter(capacity: 16)
    writer.append(hexOf: digest.prefix(8))
    return ByteString(writer.bytes)
  }
}

extension SealingKey {
  /// Encrypted bytes with the authentication code behind them.
  func encrypt(_ plain: [UInt8], nonce: [UInt8], associated: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: plain.count + Self.tagBytes) { buffer, count in
      guard let target = buffer.baseAddress else { return }
      var length: UInt64 = 0
      crypto_aead_xchacha20poly1305_ietf_encrypt(
        target, &length, plain, UInt64(plain.count), associated, UInt64(associated.count), nil, nonce, key)
      count = Int(length)
    }
  }

  /// Nil unless the authentication code fits.
  func decrypt(_ encrypted: ArraySlice<UInt8>, nonce: [UInt8], associated: [UInt8]) -> [UInt8]? {
    guard encrypted.count >= Self.tagBytes else { return nil }
    var isAuthentic = false
    let plain = [UInt8](unsafeUninitializedCapacity: encrypted.count - Self.tagBytes) { buffer, count in
      encrypted.withUnsafeBufferPointer { encrypted in
        guard let source = encrypted.baseAddress else { return }
        var length: UInt64 = 0
        let result = crypto_aead_xchacha20poly1305_ietf_decrypt(
          buffer.baseAddress, &length, nil, source, UInt64(encrypted.count), associated,
          UInt64(associated.count), nonce, key)
        isAuthentic = result == 0
        if isAuthentic { count = Int(length) }
      }
    }
    return isAuthentic ? plain : nil
  }
}
