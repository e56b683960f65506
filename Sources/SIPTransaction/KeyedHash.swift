// SipHash-2-4 with 128 bits of output (Aumasson, Bernstein 2012): with a secret nobody outside knows, no peer can make
// two transactions meet under one key, so keys need no comparison of the texts behind them.

struct KeyedHash {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  private var word: UInt64 = 0
  private var count: UInt64 = 0

  init(secret: (UInt64, UInt64)) {
    v0 = secret.0 ^ 0x736F_6D65_7073_6575
    v1 = secret.1 ^ 0x646F_7261_6E64_6F6D ^ 0xEE
    v2 = secret.0 ^ 0x6C79_6765_6E65_7261
    v3 = secret.1 ^ 0x7465_6462_7974_6573
  }

  mutating func absorb(_ byte: UInt8) {
    word |= UInt64(byte) << (8 * (count & 7))
    count &+= 1
    if count & 7 == 0 {
      compress(word)
      word = 0
    }
  }

  /// The bytes with a mark behind them that cannot stand in a SIP header, so that `ab`, `c` differs from `a`, `bc`.
  mutating func absorb(field: ArraySlice<UInt8>) {
    field.withUnsafeBytes { bytes in
      var index = 0
      if count & 7 == 0 {
        while index + 8 <= bytes.count {
          compress(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
          count &+= 8
          index += 8
        }
      }
      while index < bytes.count {
        absorb(bytes[index])
        index += 1
      }
    }
    absorb(0)
  }

  consuming func finish() -> (UInt64, UInt64) {
    compress(word | count << 56)
    v2 ^= 0xEE
    for _ in 0..<4 { round() }
    let first = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xDD
    for _ in 0..<4 { round() }
    return (first, v0 ^ v1 ^ v2 ^ v3)
  }

  private mutating func compress(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  @inline(__always) private mutating func round() {
    func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
    v0 &+= v1
    v2 &+= v3
    v1 = rotate(v1, 13) ^ v0
    v3 = rotate(v3, 16) ^ v2
    v0 = rotate(v0, 32)
    v2 &+= v1
    v0 &+= v3
    v1 = rotate(v1, 17) ^ v2
    v3 = rotate(v3, 21) ^ v0
    v2 = rotate(v2, 32)
  }
}
