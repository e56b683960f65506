// Tab and `?`: what could be typed at the cursor, from the command tables, the schema, the candidate and the daemon.

import Basics
import Configuration

extension ConsoleSession {
  mutating func complete(_ line: ByteString, _ cursor: Int, isHelp: Bool) {
    let typed = ByteString(line.bytes.prefix(cursor))
    continueCompletion(line, cursor, completion(of: typed), isHelp: isHelp)
  }

  /// Asks the daemon for values as long as there are some that only it knows.
  mutating func continueCompletion(_ line: ByteString, _ cursor: Int, _ completion: Completion, isHelp: Bool) {
    if let question = completion.question {
      return ask(question.question, .completion(line: line, cursor: cursor, completion, isHelp: isHelp))
    }
    finishCompletion(line, cursor, completion, isHelp: isHelp)
  }

  func completion(of typed: ByteString) -> Completion {
    if let bar = OutputFilter.lastBar(in: typed) { return filters(typed, behind: bar) }
    let table = mode == .configuration ? Command.configuring : Command.operational
    let action = Self.statementAction(typed, in: table)
    return Command.complete(typed, in: table, language) { before, word in
      guard let candidate else { return Completion(offset: word.offset) }
      let edited = candidate.path.map { CommandLine.Word(text: $0.text, isQuoted: $0.isQuoted, offset: 0, end: 0) }
      return completion(of: action, before, word) {
        StatementPath(schema: setup.schema, tree: candidate.tree, language: language).complete(edited + $0, word)
      }
    }
  }

  /// Behind the last `|`, which stands at `bar`.
  private func filters(_ typed: ByteString, behind bar: Int) -> Completion {
    let (before, word) = CommandLine(ByteString(typed.bytes[(bar + 1)...])).split(lineEnd: typed.count - bar - 1)
    var completion = Completion(offset: bar + 1 + word.offset)
    guard let first = before.first else {
      completion.candidates = OutputFilter.Verb.allCases.map { Candidate(ByteString($0.name), $0.help.text(language)) }
      completion.keep(word.text)
      return completion
    }
    guard let verb = OutputFilter.verb(first.text) else { return completion }
    completion.mayEnd = verb.placeholder.map { _ in before.count == 2 } ?? (before.count == 1)
    if let placeholder = verb.placeholder, before.count == 1 {
      completion.candidates = [Candidate(ByteString(placeholder), verb.help.text(language), isPlaceholder: true)]
    }
    return completion
  }

  mutating func finishCompletion(_ line: ByteString, _ cursor: Int, _ completion: Completion, isHelp: Bool) {
    let begun = CommandLine(ByteString(line.bytes[completion.offset..<max(completion.offset, cursor)])).words.last
    let typed = begun?.text ?? ""
    var completion = completion
    completion.keep(typed)
    guard !isHelp else { return list(completion, typed) }
    let common = completion.commonStart(typed: typed)
    let known = completion.candidates.filter { !$0.isPlaceholder }
    guard common.count > typed.count || known.count == 1 && !common.isEmpty else {
      if completion.candidates.isEmpty { editor.handle(.ring) }
      return list(completion, typed)
    }
    let isWhole = known.count == 1
    let rest = ByteString(line.bytes.dropFirst(cursor))
    var word = common
    if ConfigurationFormatter.needsQuotes(common) || begun?.isQuoted == true && !isWhole {
      // What may go on stays open.
      word = isWhole ? common.quoted : ByteString(common.quoted.bytes.dropLast())
    }
    let head = ByteString(line.bytes.prefix(completion.offset)) + word + (isWhole && rest.isEmpty ? " " : "")
    editor.handle(.replace(line: head + rest, cursor: head.count))
  }

  /// Above the line, which stays as it is.
  private mutating func list(_ completion: Completion, _ typed: ByteString) {
    var lines: [ByteString] = []
    let enter: ByteString = "<Enter>"
    let ends = completion.mayEnd && typed.isEmpty
    let width = max(completion.candidates.map { TerminalText.columns($0.text) }.max() ?? 0, ends ? enter.count : 0)
    for candidate in completion.candidates { lines += rows(of: candidate, width: width) }
    if ends { lines.append("  " + TerminalText.padded(enter, to: width + 2) + Phrase("Done", "执行").text(language)) }
    if lines.isEmpty {
      let nothing =
        typed.isEmpty
        ? Phrase("nothing can follow here", "此处不应再有内容")
        : Phrase("nothing here begins with ", "此处没有以此开头的内容：") + TerminalText.visible(typed).quoted
      lines = ["  " + nothing.text(language)]
    }
    editor.handle(.show(lines.dropFirst().reduce(lines[0]) { $0 + "\n" + $1 }))
    editor.handle(.resume)
  }

  /// The candidate, and its help beside it in as many rows as that takes.
  private func rows(of candidate: Candidate, width: Int) -> [ByteString] {
    let limit = max(20, columns > 0 ? columns : 80) - 1
    let name = TerminalText.cut(
      "  " + TerminalText.padded(TerminalText.visible(candidate.text), to: width + 2), to: limit)
    let place = min(width + 4, limit / 2)
    let help = TerminalText.wrapped(TerminalText.visible(candidate.help), to: limit - place)
    return help.enumerated().map { row, text in
      row == 0 ? TerminalText.cut(name + text, to: limit) : TerminalText.padded("", to: place) + text
    }
  }
}

extension Completion {
  /// With the values that the daemon has named, which was asked `question`.
  func filled(from value: JSONValue) -> Completion {
    guard let question else { return self }
    var filled = self
    var values: [ByteString] = []
    if case .array(let rows)? = question.list.map({ value.member($0) }) ?? value {
      values = rows.compactMap { $0.text(question.field) ?? $0.number(question.field).map { ByteString($0) } }
    }
    values.removeAll { $0.isEmpty }
    // A phone may be registered several times.
    var seen: Set<ByteString> = []
    filled.candidates += values.filter { seen.insert($0).inserted }.map { Candidate($0) }
    if !values.isEmpty, !question.isOpen { filled.candidates.removeAll { $0.source == question } }
    for index in filled.candidates.indices where filled.candidates[index].source == question {
      filled.candidates[index].source = nil
    }
    return filled
  }
}
