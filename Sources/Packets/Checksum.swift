// The Internet checksum (RFC 1071), and what becomes of one when bytes below it change (RFC 1624).

enum Checksum {
  static func of(_ bytes: ArraySlice<UInt8>) -> Int { ~sum(bytes) & 0xFFFF }

  /// What `checksum` becomes when `old` turned into `new`: right if it was right, as wrong as before if it was wrong (a
  /// network card may compute it after the capture). Both begin an even number of bytes behind where the sum begins.
  static func updated(_ checksum: Int, from old: ArraySlice<UInt8>, to new: ArraySlice<UInt8>) -> Int {
    ~folded((~checksum & 0xFFFF) + (~sum(old) & 0xFFFF) + sum(new)) & 0xFFFF
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> Int {
    var total = 0
    var place = bytes.startIndex
    while place + 1 < bytes.endIndex {
      total += Int(bytes[place]) << 8 | Int(bytes[place + 1])
      place += 2
    }
    if place < bytes.endIndex { total += Int(bytes[place]) << 8 }
    return folded(total)
  }

  private static func folded(_ total: Int) -> Int {
    var total = total
    while total > 0xFFFF { total = (total & 0xFFFF) + total >> 16 }
    return total
  }
}
