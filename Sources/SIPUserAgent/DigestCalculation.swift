// The response of digest access authentication (RFC 7616 §3.4.1, RFC 8760), the same for both sides.

import Basics
import Digests
import SIPMessage

public enum DigestAlgorithm: UInt8, Sendable {
  case md5
  case sha256

  /// nil for those that are not spoken here. Absent means MD5.
  init?(_ name: ByteString?) {
    guard let name else {
      self = .md5
      return
    }
    if name.equalsIgnoringCase("SHA-256") {
      self = .sha256
    } else if name.equalsIgnoringCase("MD5") {
      self = .md5
    } else {
      return nil
    }
  }

  var name: StaticString { self == .sha256 ? "SHA-256" : "MD5" }
  fileprivate var digest: DigestContext.Algorithm { self == .sha256 ? .sha256 : .md5 }
}

/// What `qop=auth` adds: how often the client used the nonce, and its own part.
struct DigestCount {
  /// Eight hexadecimal digits, as written.
  var count: ByteString
  var clientNonce: ByteString
}

enum DigestCalculation {
  /// H(A1) in hexadecimal: all that need be kept of a secret.
  static func secretHash(_ algorithm: DigestAlgorithm, user: ByteString, realm: ByteString, secret: ByteString)
    -> [UInt8]
  {
    var context = DigestContext(algorithm.digest)
    context.update(user.bytes)
    context.update(":")
    context.update(realm.bytes)
    context.update(":")
    context.update(secret.bytes)
    return hex(context.finish()[...])
  }

  /// The response in hexadecimal. Without `count` as RFC 2069 had it.
  static func response(
    _ algorithm: DigestAlgorithm, secretHash: [UInt8], method: SIPMethod, uri: ByteString, nonce: ByteString,
    count: DigestCount?
  ) -> [UInt8] {
    var context = DigestContext(algorithm.digest)
    context.update(method.name.bytes)
    context.update(":")
    context.update(uri.bytes)
    let requestHash = hex(context.finish()[...])
    context.update(secretHash)
    context.update(":")
    context.update(nonce.bytes)
    context.update(":")
    if let count {
      context.update(count.count.bytes)
      context.update(":")
      context.update(count.clientNonce.bytes)
      context.update(":auth:")
    }
    context.update(requestHash)
    return hex(context.finish()[...])
  }

  static func hex(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: bytes.count * 2) { buffer, count in
      for byte in bytes {
        buffer[count] = digit(byte >> 4)
        buffer[count + 1] = digit(byte & 0xF)
        count += 2
      }
    }
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}
