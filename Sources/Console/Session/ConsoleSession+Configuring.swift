// Changing the configuration: a candidate of one's own, which the daemon takes whole or not at all.

import Basics
import Configuration

extension ConsoleSession {
  mutating func beginConfiguration(_ value: JSONValue, at now: Instant) {
    guard let text = value.text("text"), let revision = value.number("revision") else {
      write(lines: Self.lines(ofAct: value, language))
      return prompt()
    }
    candidate = CandidateConfiguration(text, revision: revision, schema: setup.schema)
    mode = .configuration
    presenceSeen = ""
    tellPresence(at: now)
    prompt()
  }

  mutating func performConfiguring(
    _ match: CommandMatch, _ line: ByteString, _ filter: OutputFilter, at now: Instant
  ) throws(CommandFault) {
    switch match.action {
    case .confirm: ask("configuration confirm", .committed(isCandidate: false))
    case .undo: ask("configuration undo", .committed(isCandidate: false))
    case .set, .delete, .edit, .rename, .copy, .move, .annotate:
      try change(match, line)
      prompt()
    case .up, .top:
      if match.action == .top { candidate?.path = [] } else { goUp() }
      prompt()
    case .showCandidate: try showCandidate(match, line, filter)
    case .compare: page(comparison, filter)
    case .check: commit("configuration check")
    case .commit:
      guard candidate?.differences.isEmpty == false || match.words.count == 1 else {
        say(Phrase("Nothing is different.", "没有变更。"))
        return prompt()
      }
      commit("configuration commit base " + ByteString(candidate?.revision ?? 0) + match.options)
    case .rollBack:
      guard candidate?.differences.isEmpty == true else {
        say(Phrase("First commit or discard what you have changed.", "请先提交或放弃当前变更。"))
        return prompt()
      }
      ask(
        "configuration rollback " + (match.values.first ?? "") + match.options(from: 2), .committed(isCandidate: false))
    case .update: ask("configuration show", .update)
    case .discard:
      candidate?.discard()
      prompt()
    default: prompt()
    }
  }

  // MARK: Editing

  /// The words of a statement, from the top of the configuration; `dropped` words at the end are no part of it.
  func statement(_ line: ByteString, from offset: Int?, dropping dropped: Int = 0) throws(CommandFault) -> [Word] {
    guard let candidate else { return [] }
    let own = candidate.path.map { CommandLine.Word(text: $0.text, isQuoted: $0.isQuoted, offset: 0, end: 0) }
    let typed = offset.map { start in CommandLine(line).words.filter { $0.offset >= start } } ?? []
    return try StatementPath(schema: setup.schema, tree: candidate.tree, language: language)
      .expanded(own + typed.dropLast(dropped))
  }

  private mutating func change(_ match: CommandMatch, _ line: ByteString) throws(CommandFault) {
    let target = try Self.target(match)
    let words = try statement(line, from: match.restOffset, dropping: target.words)
    do throws(ConfigurationError) {
      switch target.change {
      case .set: try candidate?.editor.set(words)
      case .delete: try candidate?.editor.delete(words)
      case .edit: try edit(words)
      case .annotate(let text, let place): try candidate?.editor.annotate(text, place, words)
      case .rename(let key): try candidate?.editor.rename(words, to: Word(key))
      case .copy(let key): try candidate?.editor.copy(words, to: Word(key))
      case .move(let place): try candidate?.editor.move(words, to: place)
      }
    } catch {
      throw CommandFault(Phrase(error.message(.english), error.message(.chinese)), at: error.position.column - 1)
    }
  }

  private enum Change {
    case set, delete, edit
    case annotate(ByteString, ConfigurationEditor.CommentPlace)
    case rename(ByteString)
    case copy(ByteString)
    case move(ConfigurationEditor.Target)
  }

  /// What is to be done, and how many words at the end say so.
  private static func target(_ match: CommandMatch) throws(CommandFault) -> (change: Change, words: Int) {
    let last = match.values.last ?? ""
    let before = match.values.dropLast().last
    switch match.action {
    case .delete: return (.delete, 0)
    case .edit: return (.edit, 0)
    case .annotate: return (.annotate(match.values[1], SetForm.place(match.values[0]) ?? .above), 0)
    case .rename where before == "to": return (.rename(last), 2)
    case .copy where before == "to": return (.copy(last), 2)
    case .rename, .copy: throw usage(match, "rename BLOCK to NAME, copy BLOCK to NAME")
    case .move where last == "first": return (.move(.first), 1)
    case .move where last == "last": return (.move(.last), 1)
    case .move where before == "before": return (.move(.before(last)), 2)
    case .move where before == "after": return (.move(.after(last)), 2)
    case .move: throw usage(match, "move STATEMENT first|last|before KEY|after KEY")
    default: return (.set, 0)
    }
  }

  private static func usage(_ match: CommandMatch, _ text: ByteString) -> CommandFault {
    CommandFault(Phrase("it is written ", "写法：") + text, at: match.restOffset ?? 0)
  }

  /// Into a block, which is made if it is not there.
  private mutating func edit(_ words: [Word]) throws(ConfigurationError) {
    var level = setup.schema
    var rest = words[...]
    while let name = rest.popFirst() {
      guard let node = level.node(named: name.text), let children = node.children else {
        throw ConfigurationError(
          .invalidValue, at: name.position, found: Phrase(quoting: name.text), expected: Phrase("a block", "块"))
      }
      rest = rest.dropFirst(node.arguments.count)
      level = children
    }
    try candidate?.editor.set(words)
    candidate?.path = words
  }

  private mutating func goUp() {
    guard let path = candidate?.path, !path.isEmpty else { return }
    var level = setup.schema
    var starts: [Int] = []
    var index = 0
    while index < path.count, let node = level.node(named: path[index].text) {
      starts.append(index)
      index += 1 + node.arguments.count
      level = node.children ?? []
    }
    candidate?.path = Array(path.prefix(starts.last ?? 0))
  }

  // MARK: Showing

  private mutating func showCandidate(
    _ match: CommandMatch, _ line: ByteString, _ filter: OutputFilter
  ) throws(CommandFault) {
    guard let candidate else { return prompt() }
    let words = try statement(line, from: match.restOffset)
    var shown = candidate.tree.masked(setup.schema)
    if !words.isEmpty { shown = shown.only(words, setup.schema) }
    if match.words.last == "set", match.restOffset == nil {
      return page(SetForm.lines(shown, schema: setup.schema), filter)
    }
    page(ConfigurationFormatter.format(shown).split(separator: 0x0A).map { ByteString($0) }, filter)
  }

  private var comparison: [ByteString] {
    let differences = candidate?.differences ?? []
    guard !differences.isEmpty else { return [Phrase("Nothing is different.", "没有变更。").text(language)] }
    return Difference.lines(differences, schema: setup.schema, language)
  }

  // MARK: Committing

  private mutating func commit(_ line: ByteString) {
    ask(line, .committed(isCandidate: true), text: ConfigurationFormatter.format(candidate?.tree ?? Block()))
  }

  mutating func committed(_ value: JSONValue, isCandidate: Bool) {
    write(lines: Self.lines(ofAct: value, language))
    if value.text("refusal") == "stale" {
      say(Phrase("Type update to bring that in, then commit again.", "请输入 update 并入后再提交。"))
    }
    if let seconds = value.number("confirmWithinSeconds") {
      say(
        Phrase("It is undone in ", "若未确认，将在 ") + ByteString(seconds / 60)
          + Phrase(" min unless you type confirm.", " 分钟后撤销；输入 confirm 确认。"))
    }
    if isCandidate {
      if let revision = value.number("revision") { candidate?.committed(as: revision) }
      return prompt()
    }
    guard mode == .configuration, !Answer.isRefusal(value), candidate?.differences.isEmpty == true else {
      return prompt()
    }
    // After a rollback or an undo something else runs than what was begun with.
    ask("configuration show", .update)
  }

  mutating func update(_ value: JSONValue) {
    guard let text = value.text("text"), let revision = value.number("revision") else {
      write(lines: Self.lines(ofAct: value, language))
      return prompt()
    }
    let conflicts = candidate?.update(to: text, revision: revision) ?? []
    if !conflicts.isEmpty {
      say(Phrase("Both of you changed these; yours stands:", "双方都更改了以下语句，保留您的版本："))
      write(lines: conflicts.map { "  " + $0 })
    }
    prompt()
  }

  // MARK: Leaving

  mutating func leaveConfiguration() {
    guard candidate?.differences.isEmpty == false else {
      discardConfiguration()
      return prompt()
    }
    confirming = Confirming(act: .leaveConfiguration)
    editor.handle(
      .prompt(Phrase("Forget what you have changed? [yes/no] ", "放弃所有变更？[yes/no] ").text(language), .answer))
  }

  mutating func discardConfiguration() {
    candidate = nil
    presenceAt = nil
    mode = .operational
    ask("console left", .noted)
  }

  // MARK: Others

  mutating func tellPresence(at now: Instant) {
    presenceAt = now + ConsoleLimits.presence
    ask("console editing", .presence)
  }

  /// Says what is new about others.
  mutating func heard(presence value: JSONValue) {
    guard mode == .configuration else { return }
    var news: [ByteString] = []
    if case .array(let others)? = value.member("others") {
      for case .text(let other) in others {
        news.append((Phrase("Also changes the configuration: ", "同时在修改配置：") + other).text(language))
      }
    }
    if let running = value.number("revision"), let own = candidate?.revision, running != own {
      let author = value.text("by") ?? ""
      news.append(
        (Phrase("Meanwhile ", "期间 ") + author + Phrase(" has let revision ", " 已使版本 ") + ByteString(running)
          + Phrase(" run: update brings it in.", " 运行：输入 update 并入。")).text(language))
    }
    let text = news.reduce("" as ByteString) { $0.isEmpty ? $1 : $0 + "\n" + $1 }
    guard text != presenceSeen else { return }
    presenceSeen = text
    if !text.isEmpty, pager == nil, confirming == nil { editor.handle(.show(text)) }
  }
}

extension CommandMatch {
  /// What stands behind the command's own words: `confirmed 10 comment …`.
  var options: ByteString { options(from: 1) }
  func options(from index: Int) -> ByteString { words.dropFirst(index).reduce("") { $0 + " " + $1 } }
}

extension Block {
  /// Nothing but the statements that the words name, with the blocks around them.
  func only(_ words: [Word], _ schema: [SchemaNode]) -> Block {
    guard let name = words.first, let description = schema.node(named: name.text) else { return Block() }
    let own = words.dropFirst().prefix(description.children == nil ? words.count : description.arguments.count)
    let rest = Array(words.dropFirst(1 + own.count))
    var nodes = all(name.text).filter { node in
      own.isEmpty || own.elementsEqual(node.values.prefix(own.count)) { $0.text == $1.text }
    }
    if !rest.isEmpty, let children = description.children {
      for index in nodes.indices { nodes[index].block = nodes[index].block?.only(rest, children) }
    }
    return Block(nodes)
  }
}
