// CRC-32 (ISO 3309, as in zip and Ethernet): finds every flipped byte of a record.

import Basics

struct Checksum {
  private let table: [UInt32]

  init() {
    table = (0..<256).map { index in
      var rest = UInt32(index)
      for _ in 0..<8 { rest = rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ 0xEDB8_8320 }
      return rest
    }
  }

  func of(_ bytes: some Collection<UInt8>) -> UInt32 {
    var rest: UInt32 = .max
    for byte in bytes { rest = rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] }
    return ~rest
  }
}
