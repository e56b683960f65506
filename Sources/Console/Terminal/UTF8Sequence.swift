// One character of UTF-8 after RFC 3629: found among bytes, and written. It accepts nothing overlong and no surrogate.

enum UTF8Sequence {
  /// The bytes of the character that begins with `lead`, nil if none does.
  static func length(lead: UInt8) -> Int? {
    switch lead {
    case 0..<0x80: 1
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: nil
    }
  }

  /// What may follow the bytes of a character that are there already.
  static func follows(_ byte: UInt8, lead: UInt8, position: Int) -> Bool {
    guard position == 1 else { return byte & 0xC0 == 0x80 }
    return switch lead {
    case 0xE0: 0xA0...0xBF ~= byte
    case 0xED: 0x80...0x9F ~= byte
    case 0xF0: 0x90...0xBF ~= byte
    case 0xF4: 0x80...0x8F ~= byte
    default: byte & 0xC0 == 0x80
    }
  }

  /// The character at `index`, nil where the bytes are none.
  static func scalar(in bytes: [UInt8], at index: Int) -> (value: UInt32, length: Int)? {
    let lead = bytes[index]
    guard let length = length(lead: lead), index + length <= bytes.count else { return nil }
    guard length > 1 else { return (UInt32(lead), 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for position in 1..<length {
      let byte = bytes[index + position]
      guard follows(byte, lead: lead, position: position) else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return (value, length)
  }

  static func encode(_ value: UInt32) -> [UInt8] {
    func low(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F) }
    switch value {
    case 0..<0x80: return [UInt8(truncatingIfNeeded: value)]
    case 0x80..<0x800: return [0xC0 | UInt8(truncatingIfNeeded: value >> 6), low(0)]
    case 0x800..<0x1_0000: return [0xE0 | UInt8(truncatingIfNeeded: value >> 12), low(6), low(0)]
    default: return [0xF0 | UInt8(truncatingIfNeeded: value >> 18 & 7), low(12), low(6), low(0)]
    }
  }
}
