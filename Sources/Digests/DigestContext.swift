// One running digest of libcrypto, owned by one scope. It never outlives it, so it is never shared between threads.

import CCrypto

/// Bytes go in piece by piece; `finish` gives the digest and starts anew with the same context.
public struct DigestContext: ~Copyable {
  public enum Algorithm: Sendable {
    case md5
    case sha256
  }

  private let context: OpaquePointer
  private let algorithm: OpaquePointer
  private let length: Int
  private var isStarted = false

  public init(_ algorithm: Algorithm) {
    let fetched = algorithm == .md5 ? Self.md5 : Self.sha256
    // Without its digests libcrypto is not what this program was built for, and nothing could be authenticated.
    guard let fetched, let context = EVP_MD_CTX_new() else { fatalError("libcrypto lacks a digest") }
    self.context = context
    self.algorithm = fetched
    length = algorithm == .md5 ? Digests.md5Length : Digests.sha256Length
  }
  deinit { EVP_MD_CTX_free(context) }

  public mutating func update(_ bytes: [UInt8]) {
    startIfNeeded()
    EVP_DigestUpdate(context, bytes, bytes.count)
  }
  public mutating func update(_ bytes: ArraySlice<UInt8>) {
    startIfNeeded()
    bytes.withUnsafeBytes { _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
  }

  public mutating func update(_ text: StaticString) {
    startIfNeeded()
    EVP_DigestUpdate(context, text.utf8Start, text.utf8CodeUnitCount)
  }

  /// The digest of what went in since the start or the last `finish`.
  public mutating func finish() -> [UInt8] {
    startIfNeeded()
    isStarted = false
    return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
      count = length
    }
  }

  private mutating func startIfNeeded() {
    guard !isStarted else { return }
    isStarted = true
    guard EVP_DigestInit_ex(context, algorithm, nil) == 1 else { fatalError("libcrypto refuses a digest") }
  }

  // Fetched once; immutable and counted atomically inside libcrypto, so threads may share them.
  nonisolated(unsafe) private static let md5 = EVP_MD_fetch(nil, "MD5", nil)
  nonisolated(unsafe) private static let sha256 = EVP_MD_fetch(nil, "SHA256", nil)
}
