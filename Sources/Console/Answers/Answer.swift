// What the daemon answers to an order, as sentences for people.

import Basics
import Configuration

public enum Answer {
  /// `done: false`, or an error.
  public static func isRefusal(_ value: JSONValue) -> Bool {
    guard case .object(let members) = value else { return false }
    return members.contains { $0.key == "done" && $0.value == .flag(false) || $0.key == "error" }
  }

  /// A test that was not passed.
  public static func hasFailed(_ value: JSONValue) -> Bool {
    switch value {
    case .object(let members): members.contains { $0.key == "passed" && $0.value == .flag(false) }
    case .array(let rows): rows.contains(where: hasFailed)
    default: false
    }
  }

  /// nil where the answer is of another kind.
  public static func toAct(_ value: JSONValue, _ language: Language) -> ByteString? {
    guard case .object(let members) = value else { return nil }
    if let error = text("error", members) { return "branchline: " + Table.printable(error) }
    guard let act = text("act", members), let subject = text("subject", members) else { return nil }
    let what = act + " " + Table.printable(subject) + ": "
    guard let refusal = text("refusal", members) else {
      let place = text("path", members).map { ByteString(", ") + Table.printable($0) }
      return what + Phrase("done", "完成").text(language) + (place ?? "")
    }
    let reason = FieldName.value(refusal, of: "refusal", language)
    let nearest = text("nearest", members).map {
      Phrase("; possible at ", "；可选时间 ").text(language) + Table.printable($0)
    }
    let detail = text("detail", members).map { ByteString(": ") + Table.printable($0) }
    let author = text("by", members).map { who in
      ByteString(" (") + Table.printable(who) + (text("at", members).map { ByteString(", ") + $0 } ?? "") + ")"
    }
    return "branchline: " + what + Phrase("refused, ", "被拒绝，").text(language) + reason
      + (nearest ?? detail ?? author ?? "")
  }

  /// What is wrong with a configuration, a line each: `12:5: …`.
  public static func problems(in value: JSONValue, _ language: Language) -> [ByteString] {
    guard case .object(let members) = value, case .array(let problems)? = self.value("problems", members) else {
      return []
    }
    return problems.compactMap { problem in
      guard case .object(let members) = problem, case .number(let line)? = self.value("line", members),
        case .number(let column)? = self.value("column", members),
        let message = text(language == .chinese ? "chinese" : "english", members)
      else { return nil }
      return ByteString(line) + ":" + ByteString(column) + ": " + Table.printable(message)
    }
  }

  /// What the changes of a configuration reach, a line each.
  public static func effects(in value: JSONValue, _ language: Language) -> [ByteString] {
    guard case .object(let members) = value, case .array(let effects)? = self.value("effects", members) else {
      return []
    }
    return effects.compactMap { effect in
      guard case .object(let members) = effect else { return nil }
      return text(language == .chinese ? "chinese" : "english", members).map(Table.printable)
    }
  }

  /// The lines of a configuration that was asked for, or of the differences of two; nil where the answer is of another
  /// kind.
  public static func toConfiguration(_ value: JSONValue) -> [ByteString]? {
    guard case .object(let members) = value else { return nil }
    if let shown = text("text", members), self.value("revision", members) != nil {
      return shown.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map {
        Table.printable(ByteString($0))
      }
    }
    guard case .array(let lines)? = self.value("lines", members) else { return nil }
    return lines.map { if case .text(let line) = $0 { Table.printable(line) } else { "" } }
  }

  /// Alarms, two lines each: how bad, how long, what is wrong; and what helps. nil where the answer is of another kind.
  public static func toAlarms(_ value: JSONValue, _ language: Language) -> [ByteString]? {
    guard case .array(let elements) = value, !elements.isEmpty else { return nil }
    var lines: [ByteString] = []
    for element in elements {
      guard case .object(let members) = element, let alarm = text("alarm", members),
        let severity = text("severity", members), case .number(let seconds)? = self.value("seconds", members),
        let sentence = text(language == .chinese ? "chinese" : "english", members),
        let cure = text(language == .chinese ? "chineseCure" : "englishCure", members)
      else { return nil }
      let limit = alarm == "limit-hit" ? text("subject", members) : nil
      let said = limit.map {
        (Phrase("A limit was reached: ", "达到上限：") + FieldName.value($0, of: "limit", language)).text(language)
      }
      lines.append(
        FieldName.value(severity, of: "severity", language) + "  " + Table.duration(seconds) + "  "
          + Table.printable(said ?? sentence))
      lines.append("    " + Table.printable(cure))
    }
    return lines
  }

  private static func value(_ key: ByteString, _ members: [JSONValue.Member]) -> JSONValue? {
    members.first { $0.key == key }?.value
  }

  /// The lines of `why` in one language; nil where the answer is of another kind.
  public static func toWhy(_ value: JSONValue, _ language: Language) -> [ByteString]? {
    guard case .array(let elements) = value, !elements.isEmpty else { return nil }
    var lines: [ByteString] = []
    for element in elements {
      guard case .object(let members) = element,
        let line = text(language == .chinese ? "chinese" : "english", members)
      else { return nil }
      lines.append(Table.printable(line))
    }
    return lines
  }

  private static func text(_ key: ByteString, _ members: [JSONValue.Member]) -> ByteString? {
    for member in members where member.key == key {
      if case .text(let text) = member.value { return text }
    }
    return nil
  }
}
