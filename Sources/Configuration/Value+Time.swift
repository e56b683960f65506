// Words of a configuration that speak of days and hours, and names with a level: from text and back.

import Basics

extension Value {
  /// The last day that a configuration can name: 2199-12-31. Further ones are typing errors.
  private static let lastDay = 84_005
  private static let minutesPerDay = 1_440
  private static let furthestZone = 14 * 60

  /// The numbers of a text that has separators exactly where the pattern has them: `0000-00-00`, `00:00`.
  private static func numbers(_ bytes: ArraySlice<UInt8>, like pattern: ByteString, by separator: UInt8) -> [Int]? {
    guard bytes.count == pattern.count,
      zip(bytes, pattern.bytes).allSatisfy({ ($0 == separator) == ($1 == separator) })
    else { return nil }
    let parts = bytes.split(separator: separator)
    let numbers = parts.compactMap { Int(decimalDigits: $0) }
    return numbers.count == parts.count ? numbers : nil
  }

  // MARK: Hours

  /// `09:00` in minutes; `24:00` is the end of a day.
  private static func clock(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let parts = numbers(bytes, like: "00:00", by: UInt8(ascii: ":")), parts[1] < 60 else { return nil }
    let minutes = parts[0] * 60 + parts[1]
    return minutes <= minutesPerDay ? minutes : nil
  }

  static func clock(_ minutes: Int) -> ByteString {
    var writer = ByteWriter(capacity: 5)
    for (index, number) in [minutes / 60, minutes % 60].enumerated() {
      if index > 0 { writer.append(":") }
      if number < 10 { writer.append("0") }
      writer.append(decimal: number)
    }
    return ByteString(writer.bytes)
  }

  static func timeSpan(_ word: ByteString) -> Range<Int>? {
    if word == "closed" { return 0..<0 }
    let ends = word.bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard ends.count == 2, let start = clock(ends[0]), let end = clock(ends[1]), start < minutesPerDay else {
      return nil
    }
    return start..<(end > start ? end : end + minutesPerDay)
  }

  static func text(ofSpan span: Range<Int>) -> ByteString {
    guard !span.isEmpty else { return "closed" }
    let end = span.upperBound > minutesPerDay ? span.upperBound - minutesPerDay : span.upperBound
    return clock(span.lowerBound) + "-" + clock(end)
  }

  static func utcOffset(_ word: ByteString) -> Int? {
    guard let sign = word.bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let minutes = clock(word.bytes.dropFirst()), minutes <= furthestZone
    else { return nil }
    return sign == UInt8(ascii: "-") ? -minutes : minutes
  }

  // MARK: Days

  private static func date(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let parts = numbers(bytes, like: "0000-00-00", by: UInt8(ascii: "-")),
      let date = CivilDate(year: parts[0], month: parts[1], day: parts[2]), (0...lastDay).contains(date.daysSince1970)
    else { return nil }
    return date.daysSince1970
  }

  static func dates(_ word: ByteString) -> ClosedRange<Int>? {
    guard word.count > 10 else { return date(word.bytes[...]).map { $0...$0 } }
    let separator = word.bytes[10...].prefix(2)
    guard separator.elementsEqual([0x2E, 0x2E]), let first = date(word.bytes.prefix(10)),
      let last = date(word.bytes.dropFirst(12)), first <= last
    else { return nil }
    return first...last
  }

  private static func text(ofDay days: Int) -> ByteString {
    let date = CivilDate(daysSince1970: days)
    var writer = ByteWriter(capacity: 10)
    writer.append(decimal: date.year)
    for number in [date.month, date.day] {
      writer.append(number < 10 ? "-0" : "-")
      writer.append(decimal: number)
    }
    return ByteString(writer.bytes)
  }

  static func text(ofDates days: ClosedRange<Int>) -> ByteString {
    let first = text(ofDay: days.lowerBound)
    return days.count == 1 ? first : first + ".." + text(ofDay: days.upperBound)
  }

  // MARK: Levels

  static func level(_ word: ByteString, _ levels: ClosedRange<Int>) -> (name: ByteString, level: Int)? {
    let parts = word.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty, name.allSatisfy(isWordByte), parts.count <= 2 else { return nil }
    guard parts.count == 2 else { return (ByteString(name), levels.lowerBound) }
    guard let level = Int(decimalDigits: parts[1]), levels.contains(level) else { return nil }
    return (ByteString(name), level)
  }
}
