// A pattern over dialled numbers, compiled to one bit mask a position. It knows nothing of countries or routes.

/// Matches whole numbers of digits, `*`, `#` and `+`:
///
///     0X.        0, any digit, then one digit or more
///     1[3-9]XXXXXXXXX
///
/// `X` is 0–9, `Z` 1–9, `N` 2–9, `[…]` a set with ranges; at the end `.` is one symbol or more, `!` any number of them.
public struct NumberPattern: Hashable, Sendable {
  /// The longest pattern, in positions, and the longest number that one can match.
  public static let maximumPositions = 40

  /// What may follow the fixed positions.
  public enum Tail: UInt8, Sendable {
    case nothing
    case oneOrMore
    case anyNumber
  }

  /// As it was written.
  public let text: ByteString
  public let tail: Tail
  /// Bits 0–9 for the digits, 10 for `*`, 11 for `#`, 12 for `+`.
  private let positions: [UInt16]

  private static let digits: UInt16 = 0x3FF

  /// nil where the text is empty, too long or holds something else than said above.
  public init?(_ text: ByteString) {
    var positions: [UInt16] = []
    var tail = Tail.nothing
    var index = 0
    let bytes = text.bytes
    while index < bytes.count {
      guard tail == .nothing, positions.count < Self.maximumPositions else { return nil }
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "X"), UInt8(ascii: "x"): positions.append(Self.digits)
      case UInt8(ascii: "Z"), UInt8(ascii: "z"): positions.append(Self.digits & ~0b1)
      case UInt8(ascii: "N"), UInt8(ascii: "n"): positions.append(Self.digits & ~0b11)
      case UInt8(ascii: "."): tail = .oneOrMore
      case UInt8(ascii: "!"): tail = .anyNumber
      case UInt8(ascii: "["):
        guard let close = bytes[index...].firstIndex(of: UInt8(ascii: "]")),
          let mask = Self.set(bytes[index..<close])
        else { return nil }
        positions.append(mask)
        index = close + 1
      default:
        guard let bit = Self.bit(byte) else { return nil }
        positions.append(1 << bit)
      }
    }
    guard !positions.isEmpty || tail != .nothing else { return nil }
    self.text = text
    self.tail = tail
    self.positions = positions
  }

  /// The members of `[…]`: digits and ranges of digits, `*` and `#`.
  private static func set(_ members: ArraySlice<UInt8>) -> UInt16? {
    var mask: UInt16 = 0
    var rest = members
    while let first = rest.popFirst() {
      guard let low = bit(first), low < 12 else { return nil }
      var high = low
      if rest.first == UInt8(ascii: "-") {
        rest.removeFirst()
        guard low < 10, let last = rest.popFirst(), let end = bit(last), end < 10, end >= low else { return nil }
        high = end
      }
      for bit in low...high { mask |= 1 << bit }
    }
    return mask == 0 ? nil : mask
  }

  /// The bit of a symbol that can be dialled, nil for anything else.
  private static func bit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "*"): 10
    case UInt8(ascii: "#"): 11
    case UInt8(ascii: "+"): 12
    default: byte.isASCIIDigit ? UInt16(byte - 0x30) : nil
    }
  }

  /// Whether all of `number` fits.
  public func matches(_ number: ByteString) -> Bool {
    let count = number.count
    switch tail {
    case .nothing: guard count == positions.count else { return false }
    case .oneOrMore: guard count > positions.count else { return false }
    case .anyNumber: guard count >= positions.count else { return false }
    }
    guard count <= Self.maximumPositions else { return false }
    for (index, byte) in number.bytes.enumerated() {
      guard let bit = Self.bit(byte) else { return false }
      let allowed = index < positions.count ? positions[index] : 0x1FFF
      guard allowed & (1 << bit) != 0 else { return false }
    }
    return true
  }

  /// The fewest symbols of a number that matches.
  public var minimumCount: Int { positions.count + (tail == .oneOrMore ? 1 : 0) }

  /// Whether the text can be dialled: 1 to 40 digits, `*` and `#`, with `+` at most in front.
  public static func isNumber(_ text: ByteString) -> Bool {
    guard !text.isEmpty, text.count <= maximumPositions else { return false }
    for (index, byte) in text.bytes.enumerated() {
      guard let bit = bit(byte), bit != 12 || index == 0 else { return false }
    }
    return text.count > 1 || text.bytes[0] != UInt8(ascii: "+")
  }
}
