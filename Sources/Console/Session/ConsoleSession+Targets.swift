// What stands behind the statement of `rename`, `copy` and `move`, for completion: `to NAME`, `first`, `before KEY`.

import Basics
import Configuration

extension ConsoleSession {
  /// What the command that begins the line does with a statement, nil where it takes none.
  static func statementAction(_ typed: ByteString, in table: [Command]) -> Action? {
    guard let word = CommandLine(typed).words.first, let command = try? Command.find(word, in: table),
      case .path? = command.next.first?.place
    else { return nil }
    return command.next.first?.action
  }

  /// - Parameters:
  ///   - before: the words behind the command.
  ///   - inner: what could go on the statement that words name.
  func completion(
    of action: Action?, _ before: [CommandLine.Word], _ typed: CommandLine.Word,
    inner: ([CommandLine.Word]) -> Completion
  ) -> Completion {
    let last = before.last?.text ?? ""
    let former = before.dropLast().last?.text ?? ""
    var completion = Completion(offset: typed.offset)
    switch action {
    case .rename, .copy:
      if former == "to" {
        completion.mayEnd = true
      } else if last == "to" {
        completion.candidates = [value("NAME", Help("The new name", "新名称"))]
      } else {
        return inner(before).going(on: [("to", Help("Behind it the new name", "其后为新名称"))], typed, language)
      }
    case .move:
      if last == "first" || last == "last" || former == "before" || former == "after" {
        completion.mayEnd = true
      } else if last == "before" || last == "after" {
        // Where the key of the one that is moved stands, those of its like could.
        completion.candidates = inner(before.dropLast(2)).candidates.filter { !$0.isPlaceholder && $0.text != former }
        if completion.candidates.isEmpty {
          completion.candidates = [value("KEY", Help("Of another statement of this name", "同名语句之一"))]
        }
        completion.keep(typed.text)
      } else {
        let places: [(ByteString, Help)] = [
          ("first", Help("Before all others", "最前")), ("last", Help("Behind all others", "最后")),
          ("before", Help("Before another", "在另一条之前")), ("after", Help("Behind another", "在另一条之后")),
        ]
        return inner(before).going(on: places, typed, language)
      }
    default: return inner(before)
    }
    return completion
  }

  private func value(_ name: ByteString, _ help: Help) -> Candidate {
    Candidate(name, help.text(language), isPlaceholder: true)
  }
}

extension Completion {
  /// With these words too, where a whole statement stands; without them the line may not end.
  fileprivate func going(
    on words: [(ByteString, Help)], _ typed: CommandLine.Word, _ language: Language
  ) -> Completion {
    guard mayEnd else { return self }
    var completion = self
    completion.mayEnd = false
    completion.candidates = words.map { Candidate($0.0, $0.1.text(language)) } + candidates
    completion.keep(typed.text)
    return completion
  }
}
