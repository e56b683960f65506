// A daemon's answer as a table for people: an array of objects becomes rows below headings, an object becomes lines of
// name and value, and rows inside it stand below their name.

import ACD
import Basics
import Configuration

public struct Table {
  private let language: Language
  /// Of the screen; nil: as wide as it gets.
  private let columns: Int?
  private var writer = ByteWriter(capacity: 1_024)

  public var text: [UInt8] { writer.bytes }

  public init(_ value: JSONValue, _ language: Language, columns: Int? = nil) {
    self.language = language
    self.columns = columns
    switch value {
    case .array(let elements): writeRows(elements, indent: 0)
    case .object(let members): writeLines(members, indent: 0)
    default: writeRow([cell(value, key: "")], widths: [0], indent: 0)
    }
  }

  private mutating func writeRows(_ elements: [JSONValue], indent: Int) {
    let rows = elements.map { element -> [JSONValue.Member] in
      if case .object(let members) = element { members } else { [JSONValue.Member(key: "", value: element)] }
    }
    guard let first = rows.first else {
      writer.append(Phrase("none", "无").text(language))
      writer.append("\n")
      return
    }
    let headings = first.map { heading($0.key) }
    let cells = rows.map { row in row.map { cell($0.value, key: $0.key) } }
    var widths = headings.map(Self.width)
    for row in cells {
      for (column, cell) in row.enumerated() where column < widths.count {
        widths[column] = max(widths[column], Self.width(cell))
      }
    }
    let shown = fitting(widths, cells, indent: indent)
    writeRow(shown.map { headings[$0] }, widths: shown.map { widths[$0] }, indent: indent)
    for row in cells {
      writeRow(shown.compactMap { $0 < row.count ? row[$0] : nil }, widths: shown.map { widths[$0] }, indent: indent)
    }
    let hidden = headings.indices.filter { !shown.contains($0) }
    guard !hidden.isEmpty else { return }
    let names = hidden.dropFirst().reduce(headings[hidden[0]]) { $0 + ", " + headings[$1] }
    let sentence = (Phrase("not shown (--json has all): ", "未显示（--json 显示全部）：") + names).text(language)
    for row in TerminalText.wrapped(sentence, to: columns ?? 80) {
      writer.append(row)
      writer.append("\n")
    }
  }

  /// The columns that find room. Those that say nothing in any row go first, then the last ones.
  private func fitting(_ widths: [Int], _ cells: [[ByteString]], indent: Int) -> [Int] {
    var shown = Array(widths.indices)
    guard let columns else { return shown }
    func isTooWide() -> Bool { shown.reduce(indent - 2) { $0 + widths[$1] + 2 } > columns }
    let empty: [ByteString] = ["0", "-", "0:00", Phrase("no", "否").text(language)]
    for column in widths.indices.reversed() where isTooWide() && column > 0 {
      if cells.allSatisfy({ $0.count <= column || empty.contains($0[column]) }) { shown.removeAll { $0 == column } }
    }
    while isTooWide(), shown.count > 1 { shown.removeLast() }
    return shown
  }

  private mutating func writeLines(_ members: [JSONValue.Member], indent: Int) {
    let names = members.map { heading($0.key) }
    let width = names.map(Self.width).max() ?? 0
    for (name, member) in zip(names, members) {
      pad(indent)
      writer.append(name)
      if case .object(let inner) = member.value {
        writer.append("\n")
        writeLines(inner, indent: indent + 2)
      } else if case .array(let elements) = member.value, case .object? = elements.first {
        writer.append("\n")
        writeRows(elements, indent: indent + 2)
      } else {
        pad(width - Self.width(name) + 2)
        writer.append(cell(member.value, key: member.key))
        writer.append("\n")
      }
    }
  }

  private mutating func writeRow(_ cells: [ByteString], widths: [Int], indent: Int) {
    pad(indent)
    for (column, cell) in cells.enumerated() {
      writer.append(cell)
      if column < cells.count - 1 { pad(widths[min(column, widths.count - 1)] - Self.width(cell) + 2) }
    }
    writer.append("\n")
  }

  private mutating func pad(_ count: Int) {
    for _ in 0..<max(0, count) { writer.append(UInt8(ascii: " ")) }
  }

  private func heading(_ key: ByteString) -> ByteString { Self.printable(FieldName.text(key, language)) }

  private func cell(_ value: JSONValue, key: ByteString) -> ByteString {
    switch value {
    case .null: "-"
    case .flag(let flag): (flag ? Phrase("yes", "是") : Phrase("no", "否")).text(language)
    case .number(let number):
      if let metric = Metric(id: key) {
        Self.text(number, metric.unit)
      } else {
        FieldName.isSeconds(key)
          ? Self.duration(number) : FieldName.isBytes(key) ? Self.size(number) : ByteString(number)
      }
    case .text(let text): text.isEmpty ? "-" : Self.printable(FieldName.value(text, of: key, language))
    case .array(let elements):
      elements.isEmpty
        ? "-"
        : ByteString(Array(elements.map { cell($0, key: "").bytes }.joined(separator: [UInt8(ascii: ",")])))
    case .object(let members):
      ByteString(
        Array(
          members.map { (Self.printable($0.key) + "=" + cell($0.value, key: $0.key)).bytes }.joined(separator: [0x20])))
    }
  }

  /// Names come from telephones: none may steer the terminal.
  public static func printable(_ text: ByteString) -> ByteString {
    ByteString(text.bytes.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 })
  }

  /// Shares with one decimal, rounded to the nearest; times in whole seconds, rounded down.
  public static func text(_ number: Int, _ unit: Metric.Unit) -> ByteString {
    switch unit {
    case .count: return ByteString(number)
    case .tenThousandths:
      let tenths = number / 10 + (number % 10 >= 5 ? 1 : 0)
      return ByteString(tenths / 10) + "." + ByteString(tenths % 10) + " %"
    case .milliseconds: return number < 0 ? "-" + duration(-number / 1_000) : duration(number / 1_000)
    }
  }

  /// `0:07`, `12:34`, `1:02:03`, `3d 4:05:06`
  static func duration(_ seconds: Int) -> ByteString {
    guard seconds >= 0 else { return ByteString(seconds) }
    func two(_ number: Int) -> ByteString { (number < 10 ? "0" : "") + ByteString(number) }
    let days = seconds / 86_400
    let hours = seconds / 3_600 % 24
    let minutes = seconds / 60 % 60
    let short: ByteString =
      seconds < 3_600
      ? ByteString(minutes) + ":" + two(seconds % 60)
      : ByteString(hours) + ":" + two(minutes) + ":" + two(seconds % 60)
    return days > 0 ? ByteString(days) + "d " + short : short
  }

  /// `700`, `31.2 KiB`, `4.0 GiB`
  static func size(_ bytes: Int) -> ByteString {
    var (unit, count) = (0, bytes)
    while count >= 1_024 << 10, unit < 2 { (unit, count) = (unit + 1, count >> 10) }
    guard count >= 1_024 else { return ByteString(bytes) }
    let tenths = count * 10 / 1_024
    let name: ByteString = unit == 0 ? " KiB" : unit == 1 ? " MiB" : " GiB"
    return ByteString(tenths / 10) + "." + ByteString(tenths % 10) + name
  }

  /// Columns on a terminal: Chinese characters and full-width signs take two.
  static func width(_ text: ByteString) -> Int {
    var width = 0
    for byte in text.bytes where byte & 0xC0 != 0x80 {
      // What UTF-8 writes in three bytes from E3 on, or in four, is wide, but for little that does not occur here.
      width += byte >= 0xE3 ? 2 : 1
    }
    return width
  }
}
