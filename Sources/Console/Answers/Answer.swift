// What the daemon answers to an order, as sentences for people.

import Basics
import Configuration

public enum Answer {
  /// `done: false`, or an error.
  public static func isRefusal(_ value: JSONValue) -> Bool {
    value.member("done") == .flag(false) || value.member("error") != nil
  }

  /// A test that was not passed.
  public static func hasFailed(_ value: JSONValue) -> Bool {
    switch value {
    case .object: value.member("passed") == .flag(false)
    case .array(let rows): rows.contains(where: hasFailed)
    default: false
    }
  }

  /// nil where the answer is of another kind.
  public static func toAct(_ value: JSONValue, _ language: Language) -> ByteString? {
    if let error = value.text("error") {
      return "branchline: " + Table.printable(FieldName.value(error, of: "error", language))
    }
    guard let act = value.text("act"), let subject = value.text("subject") else { return nil }
    let what = act + " " + Table.printable(subject) + ": "
    guard let refusal = value.text("refusal") else {
      let place = value.text("path").map { ByteString(", ") + Table.printable($0) }
      return what + Phrase("done", "完成").text(language) + (place ?? "")
    }
    let reason = FieldName.value(refusal, of: "refusal", language)
    let nearest = value.text("nearest").map {
      Phrase("; possible at ", "；可选时间 ").text(language) + Table.printable($0)
    }
    let detail = value.text("detail").map {
      ByteString(": ") + Table.printable(FieldName.value($0, of: "detail", language))
    }
    let author = value.text("by").map { who in
      ByteString(" (") + Table.printable(who) + (value.text("at").map { ByteString(", ") + $0 } ?? "") + ")"
    }
    return "branchline: " + what + Phrase("refused, ", "被拒绝，").text(language) + reason
      + (nearest ?? detail ?? author ?? "")
  }

  /// What is wrong with a configuration, a line each: `12:5: …`.
  public static func problems(in value: JSONValue, _ language: Language) -> [ByteString] {
    (value.member("problems")?.elements ?? []).compactMap { problem in
      guard let line = problem.number("line"), let column = problem.number("column"),
        let message = problem.text(language == .chinese ? "chinese" : "english")
      else { return nil }
      return ByteString(line) + ":" + ByteString(column) + ": " + Table.printable(message)
    }
  }

  /// What the changes of a configuration reach, a line each.
  public static func effects(in value: JSONValue, _ language: Language) -> [ByteString] {
    (value.member("effects")?.elements ?? []).compactMap {
      $0.text(language == .chinese ? "chinese" : "english").map(Table.printable)
    }
  }

  /// The lines of a configuration that was asked for, or of the differences of two; nil where the answer is of another
  /// kind.
  public static func toConfiguration(_ value: JSONValue) -> [ByteString]? {
    if let shown = value.text("text"), value.member("revision") != nil {
      return shown.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map {
        Table.printable(ByteString($0))
      }
    }
    guard case .array(let lines)? = value.member("lines") else { return nil }
    return lines.map { if case .text(let line) = $0 { Table.printable(line) } else { "" } }
  }

  /// Alarms, two lines each: how bad, how long, what is wrong; and what helps. nil where the answer is of another kind.
  public static func toAlarms(_ value: JSONValue, _ language: Language) -> [ByteString]? {
    guard case .array(let elements) = value, !elements.isEmpty else { return nil }
    var lines: [ByteString] = []
    for element in elements {
      guard let alarm = element.text("alarm"), let severity = element.text("severity"),
        let seconds = element.number("seconds"),
        let sentence = element.text(language == .chinese ? "chinese" : "english"),
        let cure = element.text(language == .chinese ? "chineseCure" : "englishCure")
      else { return nil }
      let limit = alarm == "limit-hit" ? element.text("subject") : nil
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

  /// The lines of `why` in one language; nil where the answer is of another kind.
  public static func toWhy(_ value: JSONValue, _ language: Language) -> [ByteString]? {
    guard case .array(let elements) = value, !elements.isEmpty else { return nil }
    var lines: [ByteString] = []
    for element in elements {
      guard let line = element.text(language == .chinese ? "chinese" : "english") else { return nil }
      lines.append(Table.printable(line))
    }
    return lines
  }
}
