// G.711 (11/88): µ-law and A-law to 16-bit linear and back, and each law to the other by tables 3 and 4 of the
// Recommendation, which lose less than decoding and encoding would. Bit-exact, without state, without allocation.

public enum G711 {
  /// Silence as bytes: the positive zero of each law.
  public static let muLawSilence: UInt8 = 0xFF
  public static let aLawSilence: UInt8 = 0xD5

  @inline(__always) public static func linear(muLaw byte: UInt8) -> Int16 { G711Tables.linearOfMuLaw[Int(byte)] }
  @inline(__always) public static func linear(aLaw byte: UInt8) -> Int16 { G711Tables.linearOfALaw[Int(byte)] }
  @inline(__always) public static func aLaw(muLaw byte: UInt8) -> UInt8 { G711Tables.aLawOfMuLaw[Int(byte)] }
  @inline(__always) public static func muLaw(aLaw byte: UInt8) -> UInt8 { G711Tables.muLawOfALaw[Int(byte)] }

  /// The interval of the decision levels that the sample lies in (as `ulaw_compress` of G.191: a negative sample's
  /// magnitude is its complement, so −1 is a negative zero).
  public static func muLaw(linear sample: Int16) -> UInt8 {
    let magnitude = Int(sample < 0 ? ~sample : sample) >> 2
    // 33 moves the decision levels to powers of two; the largest value takes all that exceeds it.
    let biased = min(magnitude + 33, 0x1FFF)
    let segment = Int.bitWidth - 1 - biased.leadingZeroBitCount - 5
    let code = segment << 4 | (biased >> (segment + 1)) & 0x0F
    return UInt8(truncatingIfNeeded: ~code & 0x7F) | (sample < 0 ? 0 : 0x80)
  }

  /// As `alaw_compress` of G.191.
  public static func aLaw(linear sample: Int16) -> UInt8 {
    let magnitude = Int(sample < 0 ? ~sample : sample) >> 4
    var code = magnitude
    if magnitude > 15 {
      let segment = Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 3
      code = segment << 4 | (magnitude >> (segment - 1)) & 0x0F
    }
    return (UInt8(truncatingIfNeeded: code) | (sample < 0 ? 0 : 0x80)) ^ 0x55
  }

  /// Rewrites µ-law as A-law in place.
  public static func convertToALaw(_ bytes: UnsafeMutableRawBufferPointer) {
    map(bytes, G711Tables.aLawOfMuLaw)
  }

  /// Rewrites A-law as µ-law in place.
  public static func convertToMuLaw(_ bytes: UnsafeMutableRawBufferPointer) {
    map(bytes, G711Tables.muLawOfALaw)
  }

  /// The table's address is taken once for all bytes: looked up by itself each byte would cost ten times as much.
  private static func map(_ bytes: UnsafeMutableRawBufferPointer, _ table: borrowing InlineArray<256, UInt8>) {
    table.span.withUnsafeBufferPointer { table in
      for index in 0..<bytes.count { bytes[index] = table[Int(bytes[index])] }
    }
  }
}
