// What a typed line does at the first prompt, and what is the same at both.

import Basics
import Configuration

extension ConsoleSession {
  mutating func perform(_ line: ByteString, at now: Instant) {
    if case .loggingIn(let login) = mode { return performLogin(login, line) }
    if let confirming { return perform(confirming, line) }
    let trimmed = CommandLine(line).words.isEmpty
    guard !trimmed, line.bytes.first(where: { $0 != 0x20 }) != UInt8(ascii: "#") else { return prompt() }
    do throws(CommandFault) {
      let (command, filter) = try Self.split(line)
      let table = mode == .configuration ? Command.configuring : Command.operational
      let isJSON = command.hasJSONSuffix
      let text = isJSON ? command.withoutJSONSuffix : command
      let match = try Command.match(text, in: table)
      note(match, line)
      try perform(match, text, filter, isJSON: isJSON, at: now)
    } catch {
      complain(error)
    }
  }

  /// Into the audit log, as it was typed but for secrets.
  private mutating func note(_ match: CommandMatch, _ line: ByteString) {
    var text = line
    if match.action == .set {
      // What is not understood may hold a secret at any place.
      let words = try? statement(line, from: match.restOffset)
      text = "set " + (words?.masked(setup.schema) ?? ConfigurationDisplay.mask)
    }
    // The number of a test call outside is a customer's.
    if match.words.first == "test", match.words.count == 5, match.words[3] == "via" {
      text = "test call " + match.words[2].masked + " via " + match.words[4]
    }
    ask("console typed", .noted, text: text.bytes)
  }

  private static func split(_ line: ByteString) throws(CommandFault) -> (ByteString, OutputFilter) {
    do throws(OutputFilterError) {
      let (command, filter) = try OutputFilter.split(line)
      return (command, filter)
    } catch {
      throw CommandFault(error.text, at: error.offset)
    }
  }

  private mutating func complain(_ fault: CommandFault) {
    write(lines: [fault.text.text(language)])
    prompt()
  }

  private mutating func perform(
    _ match: CommandMatch, _ line: ByteString, _ filter: OutputFilter, isJSON: Bool, at now: Instant
  ) throws(CommandFault) {
    switch match.action {
    case .order(confirmed: false): ask(match.text, .act(filter))
    case .order(confirmed: true):
      confirming = Confirming(act: .order(match.text, filter))
      editor.handle(
        .prompt((Phrase("Really ", "确定 ") + match.text + Phrase("? [yes/no] ", "？[yes/no] ")).text(language), .answer))
    case .show(let shown): ask(question(shown, match), .show(filter, isJSON: isJSON))
    case .configure: ask("configuration show", .candidate)
    case .password: beginPassword()
    case .language:
      language = match.values.first == "zh" ? .chinese : .english
      prompt()
    case .help: page(help, filter)
    case .exit: mode == .configuration ? leaveConfiguration() : leave()
    case .monitor: beginMonitor(match)
    case .trace: beginTrace(match)
    case .capture: ask(match.quotedText, .act(filter))
    default: try performConfiguring(match, line, filter, at: now)
    }
  }

  private func question(_ shown: Action.Shown, _ match: CommandMatch) -> ByteString {
    switch shown {
    case .question(.report):
      let words = match.words.dropFirst(match.words.first == "run" ? 3 : 2)
      let isByInterval = words.contains("intervals")
      let isByAgent = words.contains("agents")
      return "report" + (isByAgent ? "-agent" : "") + (isByInterval ? "-intervals" : isByAgent ? "s" : "")
    case .question(let question): return match.values.reduce(question.line) { $0 + " " + $1 }
    case .configuration:
      return match.values.reduce("configuration show") { $0 + " " + $1 } + (match.words.last == "set" ? " set" : "")
    case .compare: return match.values.reduce("configuration compare") { $0 + " " + $1 }
    }
  }

  mutating func show(_ value: JSONValue, _ bytes: [UInt8], _ filter: OutputFilter, isJSON: Bool) {
    if isJSON { return page([ByteString(bytes)], filter) }
    if let lines = Answer.toConfiguration(value) ?? Answer.toAlarms(value, language) { return page(lines, filter) }
    if Answer.isRefusal(value) { return page(Self.lines(ofAct: value, language), filter) }
    let shown = ReportColumns.isReport(value) ? ReportColumns.of(value) : value
    let text = Table(shown, language, columns: setup.isDumb ? nil : columns).text
    page(text.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map { ByteString($0) }, filter)
  }

  private mutating func perform(_ confirming: Confirming, _ line: ByteString) {
    self.confirming = nil
    let isYes = line == "yes" || line == "y" || line == "是"
    switch confirming.act {
    case .order(let text, let filter):
      guard isYes else {
        say(Phrase("Not done.", "未执行。"))
        return prompt()
      }
      ask(text, .act(filter))
    case .leaveConfiguration:
      if isYes { discardConfiguration() }
      prompt()
    }
  }

  var help: [ByteString] {
    let text = Phrase(
      """
      ?        what can be typed here       Tab      completes a word
      Up, Down the history                  Ctrl-R   searches it
      Ctrl-C   drops the line               Ctrl-D   leaves
      Words may be shortened: sh q is show queues.
      Behind a command: | match TEXT, | except TEXT, | find TEXT, | count, | last N, | no-more, and --json.
      """,
      """
      ?        此处可输入的内容             Tab      补全
      上、下   历史命令                     Ctrl-R   查找历史
      Ctrl-C   放弃本行                     Ctrl-D   退出
      命令可缩写：sh q 即 show queues。
      命令后可加：| match 文本、| except 文本、| find 文本、| count、| last N、| no-more，以及 --json。
      """
    ).text(language)
    let table = mode == .configuration ? Command.configuring : Command.operational
    let width = table.map { $0.shown.count }.max() ?? 0
    return text.bytes.split(separator: 0x0A).map { ByteString($0) } + [""]
      + table.map { TerminalText.padded($0.shown, to: width + 2) + $0.help.text(language) }
  }
}

extension Array where Element == Word {
  /// One line of them, with `***` for a secret.
  fileprivate func masked(_ schema: [SchemaNode]) -> ByteString {
    var level = schema
    var hides = false
    var text: ByteString = ""
    for word in self {
      text += (text.isEmpty ? "" : " ") + (hides ? ConfigurationDisplay.mask : word.text)
      guard !hides, let node = level.node(named: word.text) else { continue }
      hides = node.isSecret
      if let children = node.children { level = children }
    }
    return text
  }
}

extension CommandMatch {
  /// As it goes to the daemon.
  var text: ByteString {
    let own = words.first == "run" ? words.dropFirst() : words[...]
    return own.dropFirst().reduce(own.first ?? "") { $0 + " " + $1 }
  }

  /// The same, with quotation marks around words that have spaces.
  var quotedText: ByteString {
    var quoted = self
    quoted.words = words.map { $0.bytes.contains(0x20) ? $0.quoted : $0 }
    return quoted.text
  }
}

extension ByteString {
  private static var jsonSuffix: ByteString { " --json" }
  var hasJSONSuffix: Bool {
    bytes.count > Self.jsonSuffix.count && bytes.suffix(Self.jsonSuffix.count).elementsEqual(Self.jsonSuffix.bytes)
  }
  var withoutJSONSuffix: ByteString { ByteString(bytes.dropLast(Self.jsonSuffix.count)) }
}

extension ReportColumns {
  /// Reports have far more columns than a screen.
  static func isReport(_ value: JSONValue) -> Bool {
    guard case .array(let rows) = value, case .object(let members)? = rows.first else { return false }
    return members.count > 30
  }
}
