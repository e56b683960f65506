// The payload of telephone-event (RFC 4733 §2.3): a key pressed, in four bytes. Never judges when an event ends.

public struct TelephoneEvent: Hashable, Sendable, BitwiseCopyable {
  public static let byteCount = 4

  /// 0…15 are the keys; others (flash, tones) exist.
  public var code: UInt8
  public var isEnd: Bool
  /// Power in −dBm0, 0…63.
  public var volume: UInt8
  /// In samples since the packet's timestamp.
  public var duration: UInt16

  public init(code: UInt8, isEnd: Bool, volume: UInt8 = 10, duration: UInt16) {
    self.code = code
    self.isEnd = isEnd
    self.volume = volume
    self.duration = duration
  }

  /// The first event of a payload; nil where it is too short.
  public init?(parsing payload: UnsafeRawBufferPointer) {
    guard payload.count >= Self.byteCount else { return nil }
    code = payload[0]
    isEnd = payload[1] & 0x80 != 0
    volume = payload[1] & 0x3F
    duration = UInt16(payload[2]) << 8 | UInt16(payload[3])
  }

  /// Writes the four bytes at the start of `buffer`; does nothing and returns false where it is shorter.
  @discardableResult
  public func write(to buffer: UnsafeMutableRawBufferPointer) -> Bool {
    guard buffer.count >= Self.byteCount else { return false }
    buffer[0] = code
    buffer[1] = (isEnd ? 0x80 : 0) | (volume & 0x3F)
    buffer[2] = UInt8(truncatingIfNeeded: duration >> 8)
    buffer[3] = UInt8(truncatingIfNeeded: duration)
    return true
  }

  /// The key as ASCII of `0…9*#A…D`; nil for events that are no keys.
  public var digit: UInt8? {
    switch code {
    case 0...9: UInt8(ascii: "0") + code
    case 10: UInt8(ascii: "*")
    case 11: UInt8(ascii: "#")
    case 12...15: UInt8(ascii: "A") + (code - 12)
    default: nil
    }
  }

  /// The event code of a key in ASCII; nil for what is no key. Letters of either case.
  public static func code(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "*"): 10
    case UInt8(ascii: "#"): 11
    case UInt8(ascii: "A")...UInt8(ascii: "D"): 12 + digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "d"): 12 + digit - UInt8(ascii: "a")
    default: nil
    }
  }
}
