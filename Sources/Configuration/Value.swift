// Words of a configuration as typed values, and back.

import Basics

public enum Value: Hashable, Sendable {
  /// A word, text, number, path or reference.
  case text(ByteString)
  case integer(Int)
  case milliseconds(Int)
  case bytes(Int)
  case address(IPAddress)
  case endpoint(Endpoint)
  case subnet(Subnet)
  case ports(ClosedRange<UInt16>)
  case boolean(Bool)
  /// The position in the list of choices.
  case choice(Int)
  case pattern(NumberPattern)
  /// Minutes from midnight; the end may lie on the next day. Empty: closed.
  case timeSpan(Range<Int>)
  /// As in `CivilDate.daysSince1970`.
  case dates(ClosedRange<Int>)
  case minutes(Int)
  case level(ByteString, Int)

  /// nil where the word is not of the type. Whether a reference leads somewhere is not asked here.
  public init?(_ word: ByteString, as type: ValueType) {
    switch type {
    case .word(let maximum):
      guard !word.isEmpty, word.count <= maximum, word.bytes.allSatisfy(Self.isWordByte) else { return nil }
      self = .text(word)
    case .text(let length):
      guard length.contains(word.count), !word.bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
      self = .text(word)
    case .integer(let range, _):
      guard let number = word.decimalValue, range.contains(number) else { return nil }
      self = .integer(number)
    case .duration(let range):
      guard let milliseconds = Self.duration(word), range.contains(milliseconds) else { return nil }
      self = .milliseconds(milliseconds)
    case .size(let range):
      guard let bytes = Self.size(word), range.contains(bytes) else { return nil }
      self = .bytes(bytes)
    case .address:
      guard let address = IPAddress(word) else { return nil }
      self = .address(address)
    case .endpoint(let port):
      guard let endpoint = Endpoint(word, defaultPort: port) else { return nil }
      self = .endpoint(endpoint)
    case .subnet:
      guard let subnet = Subnet(word) else { return nil }
      self = .subnet(subnet)
    case .portRange:
      guard let ports = Self.portRange(word) else { return nil }
      self = .ports(ports)
    case .boolean:
      switch word {
      case "yes", "on", "true": self = .boolean(true)
      case "no", "off", "false": self = .boolean(false)
      default: return nil
      }
    case .choice(let choices):
      guard let index = choices.firstIndex(where: { $0.word == word }) else { return nil }
      self = .choice(index)
    case .number:
      guard NumberPattern.isNumber(word) else { return nil }
      self = .text(word)
    case .digits(let length):
      guard length.contains(word.count), word.bytes.allSatisfy({ $0.isASCIIDigit }) else { return nil }
      self = .text(word)
    case .numberPattern:
      guard let pattern = NumberPattern(word) else { return nil }
      self = .pattern(pattern)
    case .timeSpan:
      guard let span = Self.timeSpan(word) else { return nil }
      self = .timeSpan(span)
    case .dates:
      guard let days = Self.dates(word) else { return nil }
      self = .dates(days)
    case .utcOffset:
      guard let minutes = Self.utcOffset(word) else { return nil }
      self = .minutes(minutes)
    case .level(let maximum, let levels):
      guard let (name, level) = Self.level(word, levels), name.count <= maximum else { return nil }
      self = .level(name, level)
    case .path:
      guard word.bytes.first == UInt8(ascii: "/"), word.count <= 255, !word.bytes.contains(where: { $0 < 0x20 })
      else { return nil }
      self = .text(word)
    case .reference:
      guard !word.isEmpty else { return nil }
      self = .text(word)
    }
  }

  static func isWordByte(_ byte: UInt8) -> Bool {
    byte.isASCIIDigit || byte.isASCIILetter || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".")
  }

  private static func portRange(_ word: ByteString) -> ClosedRange<UInt16>? {
    let ends = word.bytes.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Int(decimalDigits: ends[0]), let last = Int(decimalDigits: ends[1]),
      first > 0, last >= first, last <= 65_535
    else { return nil }
    return UInt16(first)...UInt16(last)
  }

  /// The units of durations, longest first, in milliseconds.
  private static let units: [(name: StaticString, milliseconds: Int)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1),
  ]

  /// `1h30min` in milliseconds; each unit at most once, the longer ones first.
  static func duration(_ word: ByteString) -> Int? {
    var rest = word.bytes[...]
    var total = 0
    var nextUnit = 0
    repeat {
      let digits = rest.prefix { $0.isASCIIDigit }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { $0.isASCIILetter }
      rest = rest.dropFirst(letters.count)
      // Nine digits of days stay far below Int.max milliseconds.
      guard digits.count <= 9, let number = Int(decimalDigits: digits),
        let unit = units.indices.first(where: { $0 >= nextUnit && ByteString(units[$0].name) == ByteString(letters) })
      else { return nil }
      total += number * units[unit].milliseconds
      nextUnit = unit + 1
    } while !rest.isEmpty
    return total
  }

  /// As it would be written in a file; choices need their type.
  public func text(as type: ValueType) -> ByteString {
    switch self {
    case .text(let text): return text
    case .integer(let number): return ByteString(number)
    case .milliseconds(let number): return Self.durationText(number)
    case .bytes(let number): return Self.sizeText(number)
    case .address(let address): return address.text
    case .endpoint(let endpoint): return endpoint.text
    case .subnet(let subnet): return subnet.address.text + "/" + ByteString(subnet.prefixLength)
    case .ports(let ports): return ByteString(Int(ports.lowerBound)) + "-" + ByteString(Int(ports.upperBound))
    case .boolean(let flag): return flag ? "yes" : "no"
    case .choice(let index):
      guard case .choice(let choices) = type, choices.indices.contains(index) else { return "" }
      return choices[index].word
    case .pattern(let pattern): return pattern.text
    case .timeSpan(let span): return Self.text(ofSpan: span)
    case .dates(let days): return Self.text(ofDates: days)
    case .minutes(let minutes): return (minutes < 0 ? "-" : "+") + Self.clock(minutes < 0 ? -minutes : minutes)
    case .level(let name, let level): return name + ":" + ByteString(level)
    }
  }

  /// The shortest sum of units: 5,400,000 is `1h30min`.
  public static func durationText(_ milliseconds: Int) -> ByteString {
    guard milliseconds > 0 else { return "0s" }
    var rest = milliseconds
    var writer = ByteWriter(capacity: 12)
    for unit in units where rest >= unit.milliseconds {
      writer.append(decimal: rest / unit.milliseconds)
      writer.append(unit.name)
      rest %= unit.milliseconds
    }
    return ByteString(writer.bytes)
  }
}

extension ValueType {
  /// What is expected where this type stands.
  public var expectation: Phrase {
    switch self {
    case .word(let maximum):
      Phrase("a word of letters, digits, - _ . (at most ", "由字母、数字和 - _ . 组成的词（最多 ") + ByteString(maximum)
        + Phrase(" bytes)", " 字节）")
    case .text(let length):
      Phrase("a text of ", "长度为 ") + ByteString(length.lowerBound) + Phrase(" to ", " 到 ")
        + ByteString(length.upperBound) + Phrase(" bytes", " 字节的文本")
    case .integer(let range, let unit):
      Phrase("a whole number from ", "整数，从 ") + ByteString(range.lowerBound) + Phrase(" to ", " 到 ")
        + ByteString(range.upperBound) + (unit.utf8CodeUnitCount == 0 ? "" : " " + ByteString(unit))
    case .duration(let range):
      Phrase("a duration from ", "时长，从 ") + Value.durationText(range.lowerBound) + Phrase(" to ", " 到 ")
        + Value.durationText(range.upperBound) + Phrase(", such as 30s or 5min", "，例如 30s 或 5min")
    case .size(let range):
      Phrase("a size from ", "大小，从 ") + Value.sizeText(range.lowerBound) + Phrase(" to ", " 到 ")
        + Value.sizeText(range.upperBound) + Phrase(", such as 32MiB", "，例如 32MiB")
    case .address: Phrase("an IP address", "IP 地址")
    case .endpoint(let port):
      port == nil
        ? Phrase("an address and port such as 192.0.2.1:5060", "地址和端口，例如 192.0.2.1:5060")
        : Phrase("an IP address, perhaps with a port, such as 192.0.2.1:5060", "IP 地址，可带端口，例如 192.0.2.1:5060")
    case .subnet: Phrase("a subnet such as 192.168.0.0/16", "子网，例如 192.168.0.0/16")
    case .portRange: Phrase("a range of ports such as 10000-10999", "端口范围，例如 10000-10999")
    case .boolean: Phrase("yes or no", "yes 或 no")
    case .choice(let choices): Self.list(choices.map { $0.word })
    case .number: Phrase("a number of digits, * and # (at most 40)", "由数字、* 和 # 组成的号码（最多 40 位）")
    case .digits(let length):
      Phrase("digits only, from ", "只含数字，位数从 ") + ByteString(length.lowerBound) + Phrase(" to ", " 到 ")
        + ByteString(length.upperBound) + Phrase(" of them", "")
    case .numberPattern:
      Phrase("a number pattern such as 0X. or 1[3-9]XXXXXXXXX", "号码模式，例如 0X. 或 1[3-9]XXXXXXXXX")
    case .timeSpan: Phrase("a span of time such as 09:00-12:00, or closed", "时间段，例如 09:00-12:00，或 closed")
    case .dates:
      Phrase("a date such as 2026-10-01, or 2026-10-01..2026-10-07", "日期，例如 2026-10-01 或 2026-10-01..2026-10-07")
    case .utcOffset: Phrase("a distance from UTC such as +08:00", "与 UTC 的时差，例如 +08:00")
    case .level(_, let levels):
      Phrase("a name and a level from ", "名称与等级，等级从 ") + ByteString(levels.lowerBound) + Phrase(" to ", " 到 ")
        + ByteString(levels.upperBound) + Phrase(", such as french:3", "，例如 french:3")
    case .path: Phrase("a path that begins with /", "以 / 开头的路径")
    case .reference(let name):
      Phrase("the name of a defined ", "已定义的名称，类型为 ") + name
    }
  }

  static func list(_ words: [ByteString]) -> Phrase {
    var writer = ByteWriter(capacity: 64)
    for (index, word) in words.enumerated() {
      if index > 0 { writer.append(", ") }
      writer.append(word)
    }
    let all = ByteString(writer.bytes)
    return words.count == 1 ? Phrase(all) : Phrase("one of ", "以下之一：") + all
  }
}
