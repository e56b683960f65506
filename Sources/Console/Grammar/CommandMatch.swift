// Finds the command that a line means: every word may be shortened to what no other at its place begins with.

import Basics
import Configuration

public struct CommandMatch: Sendable {
  public var action: Action
  /// The words as the table has them, values as they were typed.
  public var words: [ByteString]
  /// The values alone, in their order; all that `rest` and `path` took are the last.
  public var values: [ByteString]
  /// Where the words of a `path` or `rest` begin in the line.
  public var restOffset: Int?
}

/// What is wrong with a line, and where.
public struct CommandFault: Error, Hashable, Sendable {
  public var text: Phrase
  /// In bytes of the line.
  public var offset: Int

  public init(_ text: Phrase, at offset: Int) {
    self.text = text
    self.offset = offset
  }
}

extension Command {
  static func match(_ line: ByteString, in table: [Command]) throws(CommandFault) -> CommandMatch {
    let words = CommandLine(line).words
    var match = CommandMatch(action: .help, words: [], values: [])
    var level = table
    var reached: Action?
    var index = 0
    while index < words.count {
      let word = words[index]
      let command = try find(word, in: level)
      reached = command.action
      switch command.place {
      case .word(let text): match.words.append(ByteString(text))
      case .value:
        match.words.append(word.text)
        match.values.append(word.text)
      case .rest, .path:
        match.restOffset = word.offset
        match.values += words[index...].map { $0.text }
        match.words += words[index...].map { $0.text }
        index = words.count
      }
      level = command.next
      index += 1
    }
    guard let reached else {
      throw CommandFault(
        Phrase("more has to follow: ", "命令不完整，其后应为：") + names(level), at: line.count)
    }
    match.action = reached
    return match
  }

  /// The one that the word means.
  static func find(_ word: CommandLine.Word, in level: [Command]) throws(CommandFault) -> Command {
    guard !level.isEmpty else {
      throw CommandFault(Phrase("nothing can follow here", "此处不应再有内容"), at: word.offset)
    }
    var shortened: [Command] = []
    for command in level {
      guard case .word(let text) = command.place else { continue }
      if ByteString(text) == word.text { return command }
      if ByteString(text).hasPrefix(word.text), !word.isQuoted { shortened.append(command) }
    }
    if shortened.count == 1 { return shortened[0] }
    guard shortened.isEmpty else {
      throw CommandFault(
        Phrase("several commands begin with ", "多个命令以此开头：") + word.text.quoted + ": " + names(shortened),
        at: word.offset)
    }
    if let value = level.first(where: { $0.accepts(word.text) }) { return value }
    let known = level.compactMap { $0.wordText }
    let near = NearestName.of(word.text, among: known).map { Phrase("; did you mean ", "；是否想输入 ") + $0.quoted }
    throw CommandFault(
      Phrase("unknown: ", "未知：") + TerminalText.visible(word.text).quoted
        + (near ?? (Phrase("; there are ", "；可用：") + names(level))), at: word.offset)
  }

  private var wordText: ByteString? { if case .word(let text) = place { ByteString(text) } else { nil } }

  private func accepts(_ word: ByteString) -> Bool {
    switch place {
    case .word: false
    case .value(_, .words(let allowed)): allowed.contains { $0.text == word }
    case .value, .rest, .path: true
    }
  }

  /// For messages and help.
  var shown: ByteString {
    switch place {
    case .word(let text): ByteString(text)
    case .value(let name, .words(let words)):
      words.isEmpty ? ByteString(name) : words.dropFirst().reduce(words[0].text) { $0 + "|" + $1.text }
    case .value(let name, _): ByteString(name)
    case .rest(let name, _): ByteString(name)
    case .path: "STATEMENT"
    }
  }

  static func names(_ level: [Command]) -> Phrase {
    var text: ByteString = ""
    for command in level { text += (text.isEmpty ? "" : ", ") + command.shown }
    return Phrase(text)
  }

  // MARK: Completion

  /// What could stand at the end of `line`.
  ///
  /// - Parameter path: completes a statement of the configuration, given the words of it.
  static func complete(
    _ line: ByteString, in table: [Command], _ language: Language,
    path: ([CommandLine.Word], CommandLine.Word) -> Completion
  ) -> Completion {
    let (before, typed) = CommandLine(line).split(lineEnd: line.count)
    var level = table
    var mayEnd = false
    for (index, word) in before.enumerated() {
      guard let command = try? find(word, in: level) else { return Completion(offset: typed.offset) }
      if case .path = command.place { return path(Array(before[index...]), typed) }
      if case .rest(let name, _) = command.place {
        var completion = Completion(offset: typed.offset, mayEnd: true)
        completion.candidates = [Candidate(ByteString(name), command.help.text(language), isPlaceholder: true)]
        return completion
      }
      mayEnd = command.action != nil
      level = command.next
    }
    var completion = Completion(offset: typed.offset, mayEnd: mayEnd)
    for command in level {
      if case .path = command.place {
        completion.candidates += path([], typed).candidates
        continue
      }
      completion.add(command, language)
    }
    completion.keep(typed.text)
    return completion
  }
}

extension Completion {
  fileprivate mutating func add(_ command: Command, _ language: Language) {
    let help = command.help.text(language)
    switch command.place {
    case .word(let text): candidates.append(Candidate(ByteString(text), help))
    case .value(_, .words(let words)): candidates += words.map { Candidate($0.text, help) }
    case .rest(_, .words(let words)): candidates += words.map { Candidate($0.text, help) }
    case .value(let name, .answer(let question)), .rest(let name, .answer(let question)):
      candidates.append(Candidate(ByteString(name), help, isPlaceholder: true, source: question))
    case .value(let name, .anything), .rest(let name, .anything):
      candidates.append(Candidate(ByteString(name), help, isPlaceholder: true))
    case .path: break
    }
  }
}
