// Reading JSON (RFC 8259) as the daemon writes it: whole numbers only, nesting bounded.

public enum JSONValue: Equatable, Sendable {
  case null
  case flag(Bool)
  case number(Int)
  case text(ByteString)
  indirect case array([JSONValue])
  /// In the order of the text.
  indirect case object([Member])

  public struct Member: Equatable, Sendable {
    public var key: ByteString
    public var value: JSONValue

    public init(key: ByteString, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// nil where anything else stands than one JSON value.
  public init?(parsing bytes: [UInt8]) {
    var parser = JSONParser(bytes: bytes[...])
    guard let value = parser.value(depth: 0) else { return nil }
    parser.skipSpace()
    guard parser.bytes.isEmpty else { return nil }
    self = value
  }
}

extension JSONValue {
  /// Of an object; nil where it has none of that name.
  public func member(_ key: ByteString) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
  public func text(_ key: ByteString) -> ByteString? {
    if case .text(let text)? = member(key) { text } else { nil }
  }
  public func number(_ key: ByteString) -> Int? {
    if case .number(let number)? = member(key) { number } else { nil }
  }
  /// Of an array; of anything else none.
  public var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }
}

private struct JSONParser {
  static let deepest = 16
  var bytes: ArraySlice<UInt8>

  mutating func skipSpace() {
    while let first = bytes.first, first == 0x20 || first == 0x0A || first == 0x0D || first == 0x09 {
      bytes = bytes.dropFirst()
    }
  }

  mutating func value(depth: Int) -> JSONValue? {
    guard depth < Self.deepest else { return nil }
    skipSpace()
    switch bytes.first {
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return array(depth)
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "t"): return word("true").map { .flag(true) }
    case UInt8(ascii: "f"): return word("false").map { .flag(false) }
    case UInt8(ascii: "n"): return word("null").map { .null }
    default: return number()
    }
  }

  /// Takes `byte` if it comes next.
  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard bytes.first == byte else { return false }
    bytes = bytes.dropFirst()
    return true
  }

  private mutating func word(_ text: ByteString) -> Void? {
    guard bytes.starts(with: text.bytes) else { return nil }
    bytes = bytes.dropFirst(text.count)
    return ()
  }

  private mutating func number() -> JSONValue? {
    let isNegative = take(UInt8(ascii: "-"))
    let digits = bytes.prefix { $0.isASCIIDigit }
    guard let magnitude = Int(decimalDigits: digits) else { return nil }
    bytes = bytes.dropFirst(digits.count)
    return .number(isNegative ? -magnitude : magnitude)
  }

  private mutating func array(_ depth: Int) -> JSONValue? {
    var elements: [JSONValue] = []
    bytes = bytes.dropFirst()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      guard let element = value(depth: depth + 1) else { return nil }
      elements.append(element)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .array(elements) : nil
  }

  private mutating func object(_ depth: Int) -> JSONValue? {
    var members: [JSONValue.Member] = []
    bytes = bytes.dropFirst()
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard let key = string(), take(UInt8(ascii: ":")), let value = value(depth: depth + 1) else { return nil }
      members.append(JSONValue.Member(key: key, value: value))
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .object(members) : nil
  }

  private mutating func string() -> ByteString? {
    guard bytes.first == UInt8(ascii: "\"") else { return nil }
    bytes = bytes.dropFirst()
    var text: [UInt8] = []
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return ByteString(text)
      case UInt8(ascii: "\\"):
        guard appendEscape(to: &text) else { return nil }
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func appendEscape(to text: inout [UInt8]) -> Bool {
    switch bytes.popFirst() {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "u"):
      // The daemon escapes control characters only; others come as UTF-8.
      let digits = bytes.prefix(4)
      guard digits.count == 4 else { return false }
      var code = 0
      for digit in digits {
        guard let value = digit.hexValue else { return false }
        code = code << 4 | Int(value)
      }
      bytes = bytes.dropFirst(4)
      guard code < 0x80 else { return false }
      text.append(UInt8(code))
    case let byte? where byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/"):
      text.append(byte)
    default: return false
    }
    return true
  }
}
