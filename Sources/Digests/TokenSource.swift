// Unpredictable names for tags, branches, Call-IDs and nonces: SHA-256 in counter mode over injected entropy.
// It never gathers entropy itself; the same entropy gives the same names, so that runs can be replayed.

import Basics

public struct TokenSource: Sendable {
  /// The longest token, in bytes before hexadecimal.
  public static let maxBytes = 32

  private var key: [UInt8]
  private var counter: UInt64 = 0
  private var pool: [UInt8] = []
  private var used = 0

  /// - Parameter entropy: at least 16 unpredictable bytes; 32 are enough.
  public init(entropy: [UInt8]) { key = Digests.sha256(entropy) }

  /// Stirs further entropy in; what was known of the state before does not help to predict what follows.
  public mutating func stir(_ entropy: [UInt8]) {
    key = Digests.sha256(key, entropy)
    counter = 0
    pool = []
    used = 0
  }

  /// `bytes` unpredictable bytes (1 to 32) as twice as many lower-case hexadecimal digits.
  public mutating func token(bytes: Int) -> ByteString {
    var writer = ByteWriter(capacity: 2 * bytes)
    appendToken(bytes: bytes, to: &writer)
    return ByteString(writer.bytes)
  }

  /// The same, written behind what is in `writer` already: `z9hG4bK` and a token make a branch.
  public mutating func appendToken(bytes: Int, to writer: inout ByteWriter) {
    let bytes = min(max(bytes, 1), Self.maxBytes)
    if pool.count - used < bytes { refill() }
    writer.append(hexOf: pool[used..<(used + bytes)])
    used += bytes
  }

  /// A number of 31 bits, for CSeq and RTP starts.
  public mutating func number31() -> UInt32 {
    if pool.count - used < 4 { refill() }
    defer { used += 4 }
    return pool[used..<(used + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
  }

  private mutating func refill() {
    var block = ByteWriter(capacity: 40)
    block.append(key)
    block.append(bigEndian: counter)
    counter &+= 1
    pool = Digests.sha256(block.bytes)
    used = 0
  }
}
