// MD5 and SHA-256 (for RFC 7616 and RFC 8760) by libcrypto. Algorithms are fetched once.
// It never does I/O, keeps no state between calls, and never compares secrets in a time that depends on them.

import Basics
import CCrypto

///     Digests.md5(a1)                     // 16 bytes
///     Digests.sha256(user, colon, realm)  // of the concatenation, 32 bytes
public enum Digests {
  public static let md5Length = 16
  public static let sha256Length = 32

  /// Of libcrypto.
  public static var libraryVersion: ByteString { ByteString(cString: crypto_version()) }

  /// The MD5 digest of the parts one after another, 16 bytes. MD5 serves digest authentication of old phones only.
  public static func md5(_ parts: [UInt8]...) -> [UInt8] { digest(.md5, parts) }
  public static func md5(_ data: [UInt8]) -> [UInt8] { digest(.md5, data) }

  /// The SHA-256 digest of the parts one after another, 32 bytes.
  public static func sha256(_ parts: [UInt8]...) -> [UInt8] { digest(.sha256, parts) }
  public static func sha256(_ data: [UInt8]) -> [UInt8] { digest(.sha256, data) }

  /// Whether both hold the same bytes, found out in a time that depends on the length alone.
  public static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
  }
  public static func equal(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return a.withUnsafeBytes { a in b.withUnsafeBytes { b in CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0 }
    }
  }

  private static func digest(_ algorithm: DigestContext.Algorithm, _ parts: [[UInt8]]) -> [UInt8] {
    var context = DigestContext(algorithm)
    for part in parts { context.update(part) }
    return context.finish()
  }
  private static func digest(_ algorithm: DigestContext.Algorithm, _ data: [UInt8]) -> [UInt8] {
    var context = DigestContext(algorithm)
    context.update(data)
    return context.finish()
  }
}
