// One running digest of libcrypto, owned by one scope. It never outlives it, so it is never shared between threads.

import CCrypto

/// Bytes go in piece by piece; `finish` gives the digest and starts anew.
public struct DigestContext: ~Copyable {
  public enum Algorithm: Sendable {
    case md5
    case sha256
  }

  private let algorithm: Algorithm
  private var md5 = MD5_CTX()
  private var sha256 = SHA256_CTX()

  public init(_ algorithm: Algorithm) {
    self.algorithm = algorithm
    start()
  }

  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }
  public mutating func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }
  public mutating func update(_ text: StaticString) {
    update(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    switch algorithm {
    case .md5: MD5_Update(&md5, bytes.baseAddress, bytes.count)
    case .sha256: SHA256_Update(&sha256, bytes.baseAddress, bytes.count)
    }
  }

  /// The digest of what went in since the start or the last `finish`.
  public mutating func finish() -> [UInt8] {
    let length = algorithm == .md5 ? Digests.md5Length : Digests.sha256Length
    let digest = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      switch algorithm {
      case .md5: MD5_Final(buffer.baseAddress, &md5)
      case .sha256: SHA256_Final(buffer.baseAddress, &sha256)
      }
      count = length
    }
    start()
    return digest
  }

  private mutating func start() {
    switch algorithm {
    case .md5: MD5_Init(&md5)
    case .sha256: SHA256_Init(&sha256)
    }
  }
}
