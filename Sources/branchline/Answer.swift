// What the daemon answers to an order, as sentences for people.

import Basics
import Configuration

enum Answer {
  /// `done: false`, or an error.
  static func isRefusal(_ value: JSONValue) -> Bool {
    guard case .object(let members) = value else { return false }
    return members.contains { $0.key == "done" && $0.value == .flag(false) || $0.key == "error" }
  }

  /// nil where the answer is of another kind.
  static func toAct(_ value: JSONValue, _ language: Language) -> ByteString? {
    guard case .object(let members) = value else { return nil }
    if let error = text("error", members) { return "branchline: " + Table.printable(error) }
    guard let act = text("act", members), let subject = text("subject", members) else { return nil }
    let what = act + " " + Table.printable(subject) + ": "
    guard let refusal = text("refusal", members) else { return what + Phrase("done", "完成").text(language) }
    let reason = FieldName.value(refusal, of: "refusal", language)
    let nearest = text("nearest", members).map {
      Phrase("; possible at ", "；可选时间 ").text(language) + Table.printable($0)
    }
    return "branchline: " + what + Phrase("refused, ", "被拒绝，").text(language) + reason + (nearest ?? "")
  }

  /// The lines of `why` in one language; nil where the answer is of another kind.
  static func toWhy(_ value: JSONValue, _ language: Language) -> [ByteString]? {
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
