// Live views: one question asked again and again, drawn over itself until a key is pressed.

import Basics
import Configuration

struct Monitoring {
  var question: ByteString
  /// Of a log, the number of the next line: what is new is written below what stands there. nil: all of it is drawn anew.
  var nextLine: Int?
  /// nil: an answer is awaited.
  var dueAt: Instant?
}

extension ConsoleSession {
  mutating func beginMonitor(_ match: CommandMatch) {
    monitoring = Monitoring(question: match.words.last ?? "status")
    askMonitor()
  }

  mutating func askMonitor() {
    guard let question = monitoring?.question else { return }
    monitoring?.dueAt = nil
    ask(monitoring?.nextLine.map { question + " since " + ByteString($0) } ?? question, .monitor)
  }

  mutating func showMonitor(_ value: JSONValue, at now: Instant) {
    guard monitoring != nil else { return }
    monitoring?.dueAt = now + ConsoleLimits.monitor
    if let next = value.number("next"), let lines = Answer.toConfiguration(value) { return follow(lines, next: next) }
    let height = rows > 2 ? rows - 2 : 22
    let width = columns > 0 ? columns : 80
    var writer = ByteWriter()
    if !setup.isDumb { writer.append("\u{1B}[H") }
    let text =
      Answer.toAlarms(value, language)
      ?? Table(value, language, columns: width - 1).text.split(separator: 0x0A, omittingEmptySubsequences: false)
      .dropLast().map { ByteString($0) }
    for line in text.prefix(height) {
      writer.append(TerminalText.cut(TerminalText.visible(line), to: width - 1))
      writer.append(setup.isDumb ? "\r\n" : "\u{1B}[K\r\n")
    }
    let hidden = text.count - height
    if hidden > 0 { writer.append(ByteString("+ ") + ByteString(hidden)) }
    writer.append(Phrase("-- any key ends --", "-- 按任意键结束 --").text(language))
    writer.append(setup.isDumb ? "\r\n" : "\u{1B}[K\r\n\u{1B}[J")
    outputs.append(.write(writer.bytes))
  }

  /// At first what fills a screen.
  private mutating func follow(_ lines: [ByteString], next: Int) {
    let isFirst = monitoring?.nextLine == nil
    monitoring?.nextLine = next
    write(lines: isFirst ? lines.suffix(max(1, rows - 2)) : lines)
    if isFirst { say(Phrase("-- any key ends --", "-- 按任意键结束 --")) }
  }

  mutating func stopMonitoring(_ bytes: [UInt8]) {
    monitoring = nil
    pending = pending.filter { if case .monitor = $0.value { false } else { true } }
    prompt()
  }
}
