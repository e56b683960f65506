// One person at one terminal: log-in, commands, the candidate configuration, pages of output. A machine: bytes of the
// terminal and answers of the daemon come in, bytes for the terminal and questions to the daemon go out. It decides
// nothing about the box and trusts nobody: the daemon looks at the role again with each line.

import Basics
import Configuration

/// After each `handle` drain `pollOutput`.
public struct ConsoleSession {
  public struct Setup {
    /// Where the person sits: `ttyS0`, `pts/1`.
    public var place: ByteString
    /// Who the system has let in already; nil: a name and a password are asked for.
    public var user: ByteString?
    public var isDumb: Bool
    public var columns: Int
    public var rows: Int
    public var language: Language
    public var schema: [SchemaNode]
    /// The one command that the session is for; nil: a person types.
    public var command: ByteString?

    public init(
      place: ByteString, user: ByteString?, isDumb: Bool, columns: Int, rows: Int, language: Language,
      schema: [SchemaNode], command: ByteString? = nil
    ) {
      self.place = place
      self.user = user
      self.isDumb = isDumb
      self.columns = columns
      self.rows = rows
      self.language = language
      self.schema = schema
      self.command = command
    }
  }

  public enum Input {
    /// The terminal is there.
    case begin
    case bytes([UInt8])
    case size(columns: Int, rows: Int)
    /// BREAK on a serial line.
    case lineBreak
    case answer(UInt64, [UInt8])
    /// The daemon did not answer.
    case unanswered(UInt64, Phrase)
    /// Of a password, as the configuration keeps it; nil: it cannot be one.
    case hashed(ByteString?)
    /// Nothing but time has come.
    case wake
  }

  public enum Output {
    case write([UInt8])
    /// A line for the daemon, and a text that goes with it.
    case ask(UInt64, ByteString, text: [UInt8]?)
    /// A password to be hashed with fresh salt.
    case hash([UInt8])
    /// The person has left, or was away too long.
    case end
  }

  enum Mode: Hashable {
    case loggingIn(Login)
    case operational
    case configuration
    case ended
  }

  /// What the answer to the latest question is for.
  enum Pending {
    case greeting
    case logIn
    case show(OutputFilter, isJSON: Bool)
    case act(OutputFilter)
    case completion(line: ByteString, cursor: Int, Completion, isHelp: Bool)
    case candidate
    case committed(isCandidate: Bool)
    case update
    case presence
    case monitor
    case trace
    case userTree(ByteString, hash: ByteString)
    case userSet(ByteString)
    /// What was typed is in the audit log now.
    case noted
  }

  let setup: Setup
  var language: Language
  var mode = Mode.operational
  var editor: LineEditor
  var columns: Int
  var rows: Int
  /// As the daemon knows the person; empty before log-in.
  var user: ByteString = ""
  var role: ByteString = ""
  var branch: ByteString = "branchline"
  var pending: [UInt64: Pending] = [:]
  var lastQuestion: UInt64 = 0
  /// A question whose answer is yes or no, and what then happens.
  var confirming: Confirming?
  var pager: Pager?
  var filter = OutputFilter()
  var candidate: CandidateConfiguration?
  var monitoring: Monitoring?
  var tracing: Tracing?
  var passwords = NewPassword()
  /// When the person has been away too long.
  var idleAt: Instant?
  /// When the daemon is told again that somebody edits.
  var presenceAt: Instant?
  /// What was last said about others.
  var presenceSeen: ByteString = ""
  var outputs = Fifo<Output>()
  /// Of a session for one command: how far it is.
  private var single = Single.waits

  private enum Single { case waits, isDue, runs, isDone }

  public init(_ setup: Setup) {
    self.setup = setup
    language = setup.language
    columns = setup.columns
    rows = setup.rows
    editor = LineEditor(
      isDumb: setup.isDumb, searchWord: Phrase("search", "查找").text(setup.language))
  }

  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public var nextDeadline: Instant? {
    guard mode != .ended else { return nil }
    var earliest = idleAt
    for deadline in [presenceAt, monitoring?.dueAt, tracing?.dueAt] {
      if let deadline { earliest = min(earliest ?? deadline, deadline) }
    }
    return earliest
  }

  public mutating func handle(_ input: Input, at now: Instant) {
    guard mode != .ended else { return }
    switch input {
    case .begin: greet()
    case .bytes(let bytes): receive(bytes, at: now)
    case .size(let columns, let rows):
      (self.columns, self.rows) = (columns, rows)
      editor.handle(.size(columns: columns, rows: rows))
      pager?.handle(.size(columns: columns, rows: rows))
    case .lineBreak: interrupt()
    case .answer(let number, let bytes): answered(number, bytes, at: now)
    case .unanswered(let number, let reason): unanswered(number, reason, at: now)
    case .hashed(let text): hashed(text)
    case .wake: break
    }
    advance(to: now)
    collect(at: now)
    guard single == .isDue, let command = setup.command else { return }
    single = .runs
    perform(command, at: now)
    collect(at: now)
  }

  private mutating func receive(_ bytes: [UInt8], at now: Instant) {
    idleAt = now + ConsoleLimits.idle
    if monitoring != nil { return stopMonitoring(bytes) }
    if tracing != nil { return stopTrace() }
    if pager != nil {
      pager?.handle(.bytes(bytes))
    } else {
      editor.handle(.bytes(bytes))
    }
  }

  private mutating func interrupt() {
    if monitoring != nil { return stopMonitoring([]) }
    if tracing != nil { return stopTrace() }
    if pager != nil { pager?.handle(.lineBreak) } else { editor.handle(.lineBreak) }
  }

  private mutating func advance(to now: Instant) {
    if idleAt == nil { idleAt = now + ConsoleLimits.idle }
    if let due = idleAt, due <= now {
      say(Phrase("Nobody was here for a while: the session is over.", "长时间无操作，会话结束。"))
      return leave()
    }
    if let due = presenceAt, due <= now { tellPresence(at: now) }
    if let due = monitoring?.dueAt, due <= now { askMonitor() }
    if let due = tracing?.dueAt, due <= now { askTrace() }
  }

  // MARK: The terminal

  private mutating func collect(at now: Instant) {
    while true {
      if let output = pager?.pollOutput() {
        take(output)
      } else if let output = editor.pollOutput() {
        take(output, at: now)
      } else {
        return
      }
    }
  }

  private mutating func take(_ output: Pager.Output) {
    switch output {
    case .write(let bytes): outputs.append(.write(bytes))
    case .finished(_, let unused):
      pager = nil
      prompt()
      if !unused.isEmpty { editor.handle(.bytes(unused)) }
    }
  }

  private mutating func take(_ output: LineEditor.Output, at now: Instant) {
    switch output {
    case .write(let bytes): outputs.append(.write(bytes))
    case .line(let line): perform(line, at: now)
    case .complete(let line, let cursor): complete(line, cursor, isHelp: false)
    case .help(let line, let cursor): complete(line, cursor, isHelp: true)
    case .interrupt: interrupted()
    case .end: mode == .configuration ? leaveConfiguration() : leave()
    case .tooLong:
      say(Phrase("The line is too long; at most ", "行过长，最多 ") + ByteString(ConsoleLimits.lineBytes) + " bytes")
      prompt()
    }
  }

  /// Lines that nobody pages, above the next prompt.
  mutating func say(_ phrase: Phrase) { write(lines: [phrase.text(language)]) }

  mutating func write(lines: [ByteString]) {
    var writer = ByteWriter()
    for line in lines {
      for row in TerminalText.wrapped(TerminalText.visible(line), to: columns > 0 ? columns : 80) {
        writer.append(row)
        writer.append("\r\n")
      }
    }
    outputs.append(.write(writer.bytes))
  }

  /// Through the filters of the command, a page at a time; then the next prompt.
  mutating func page(_ lines: [ByteString], _ filter: OutputFilter) {
    var filter = filter
    var shown = lines.compactMap { filter.pass($0) }
    shown += filter.finish(language)
    var pager = Pager(
      more: Phrase("-- more (space, enter, G, q) --", "-- 更多（空格、回车、G、q）--").text(language), columns: columns,
      rows: filter.isPaged ? rows : 0, isDumb: setup.isDumb, isAfterReturn: editor.isAfterReturn)
    pager.handle(.lines(shown))
    pager.handle(.endOfLines)
    self.pager = pager
  }

  mutating func prompt() {
    switch mode {
    case .loggingIn(let login): promptLogin(login)
    case .operational where setup.command != nil: promptForNobody()
    case .operational: editor.handle(.prompt(branch + "> ", .command))
    case .configuration:
      let path = candidate?.path.isEmpty == false ? "[" + (candidate?.pathText ?? "") + "]" : ""
      editor.handle(.prompt(branch + path + "# ", .command))
    case .ended: break
    }
  }

  /// Where a person would be asked for the next command, one that was given is due, or done.
  private mutating func promptForNobody() {
    single = single == .waits ? .isDue : .isDone
    if single == .isDone { leave() }
  }

  mutating func leave() {
    mode = .ended
    if setup.command == nil { outputs.append(.write(Array("\r\n".utf8))) }
    outputs.append(.end)
  }

  private mutating func interrupted() {
    confirming = nil
    passwords = NewPassword()
    if case .loggingIn = mode { return beginLogin() }
    prompt()
  }

  // MARK: The daemon

  mutating func ask(_ line: ByteString, _ pending: Pending, text: [UInt8]? = nil) {
    lastQuestion += 1
    self.pending[lastQuestion] = pending
    let who = user.isEmpty ? setup.place : user + "@" + setup.place
    outputs.append(.ask(lastQuestion, "as " + who + " " + line, text: text))
  }

  private mutating func unanswered(_ number: UInt64, _ reason: Phrase, at now: Instant) {
    guard let pending = pending.removeValue(forKey: number) else { return }
    switch pending {
    case .presence, .noted: return
    case .monitor:
      monitoring = nil
      say(reason)
      return prompt()
    case .trace:
      tracing = nil
      say(reason)
      return prompt()
    case .completion(let line, let cursor, let completion, let isHelp):
      return finishCompletion(line, cursor, completion, isHelp: isHelp)
    case .greeting where setup.user == nil: return beginLogin(notice: reason)
    case .greeting where setup.command != nil:
      say(reason)
      return leave()
    default: break
    }
    say(reason)
    prompt()
  }

  private mutating func answered(_ number: UInt64, _ bytes: [UInt8], at now: Instant) {
    guard let pending = pending.removeValue(forKey: number) else { return }
    guard let value = JSONValue(parsing: bytes) else {
      say(Phrase("The daemon's answer is not understood.", "无法理解守护进程的应答。"))
      return prompt()
    }
    switch pending {
    case .greeting: greeted(value)
    case .logIn: loggedIn(value)
    case .show(let filter, let isJSON): show(value, bytes, filter, isJSON: isJSON)
    case .act(let filter): page(Self.lines(ofAct: value, language), filter)
    case .completion(let line, let cursor, let completion, let isHelp):
      continueCompletion(line, cursor, completion.filled(from: value), isHelp: isHelp)
    case .candidate: beginConfiguration(value, at: now)
    case .committed(let isCandidate): committed(value, isCandidate: isCandidate)
    case .update: update(value)
    case .presence: heard(presence: value)
    case .monitor: showMonitor(value, at: now)
    case .trace: showTrace(value, at: now)
    case .userTree(let name, let hash): setPassword(of: name, hash, in: value)
    case .userSet(let name): passwordSet(name, value)
    case .noted: break
    }
  }

  /// An act's answer as lines: what was wrong, and a sentence.
  static func lines(ofAct value: JSONValue, _ language: Language) -> [ByteString] {
    if let lines = Answer.toWhy(value, language) ?? Answer.toConfiguration(value) { return lines }
    guard let sentence = Answer.toAct(value, language) else {
      return Table(value, language).text.split(separator: 0x0A).map { ByteString($0) }
    }
    let prefix: ByteString = "branchline: "
    let own = sentence.hasPrefix(prefix) ? sentence.dropFirst(prefix.count) : sentence
    return Answer.problems(in: value, language) + [own]
  }
}

/// A yes or no that somebody owes.
struct Confirming {
  enum Act {
    case order(ByteString, OutputFilter)
    case leaveConfiguration
  }
  var act: Act
}

/// What is typed twice before it counts.
struct NewPassword {
  var name: ByteString = ""
  var first: ByteString?
  var isForFirstUser = false
}
