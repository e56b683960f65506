// A line as somebody may type it at either prompt: read as a command, completed at each of its places, and entered, with
// a daemon that answers everything with the same.

import Basics
import BranchConfiguration
import Terminals

@testable import Configuration
@testable import Console

struct FuzzGrammar {
  private let schema = BranchSchema.root
  /// By the bits of the first byte: the language, the mode, the block that is edited.
  private let sessions: [ConsoleSession]

  init() {
    var sessions: [ConsoleSession] = []
    for kind in 0..<8 {
      var session = ConsoleSession(
        .init(
          place: "ttyS0", user: "root", isDumb: false, columns: 80, rows: 24,
          language: kind & 1 == 0 ? .english : .chinese, schema: schema))
      session.handle(.begin, at: .zero)
      _ = FuzzDaemon.drain(&session)
      if kind & 2 != 0 { FuzzDaemon.type("configure\r", to: &session) }
      if kind & 6 == 6 { FuzzDaemon.type("edit queue service\r", to: &session) }
      sessions.append(session)
    }
    self.sessions = sessions
  }

  func run(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return }
    let session = sessions[Int(kind & 7)]
    for part in bytes.dropFirst().split(separator: 0x0A).prefix(3) {
      // As the line editor would have it.
      let line = TerminalText.visible(ByteString(part.prefix(200)))
      matches(line, session)
      completes(line, session)
    }
    enters(bytes.dropFirst(), session)
  }

  /// What matches does so in full words too, and what does not says where.
  private func matches(_ line: ByteString, _ session: ConsoleSession) {
    var command = line
    do throws(OutputFilterError) {
      command = try OutputFilter.split(line).command
    } catch {
      must(error.offset >= 0 && error.offset <= line.count, "a filter's fault at \(error.offset) of \(line.count)")
    }
    let table = session.mode == .configuration ? Command.configuring : Command.operational
    do throws(CommandFault) {
      let match = try Command.match(command, in: table)
      guard match.restOffset == nil else { return }
      let full = match.words.reduce("" as ByteString) { text, word in
        text + (ConfigurationFormatter.needsQuotes(word) ? FuzzDaemon.quoted(word) : word) + " "
      }
      let again = try Command.match(full, in: table)
      must(again.action == match.action && again.words == match.words, "\(line) is \(full)")
    } catch {
      must(error.offset >= 0 && error.offset <= command.count, "a fault at \(error.offset) of \(command.count)")
      for text in [error.text.english, error.text.chinese] {
        must(!text.isEmpty && !text.bytes.contains { $0 < 0x20 }, "a fault is one line: \(text)")
      }
    }
  }

  /// Whatever is offered is something that can be typed on from.
  private func completes(_ line: ByteString, _ session: ConsoleSession) {
    var session = session
    for end in 0...line.count where end == line.count || line.bytes[end] == 0x20 {
      let typed = TerminalText.visible(ByteString(line.bytes.prefix(end)))
      let completion = FuzzDaemon.filled(session.completion(of: typed))
      must(completion.offset >= 0 && completion.offset <= typed.count, "the word is in the line")
      let word = typed.dropFirst(completion.offset)
      for candidate in completion.candidates.dropFirst(end % 5).prefix(5)
      where !candidate.isPlaceholder && candidate.text.hasPrefix(word) {
        let name = ConfigurationFormatter.needsQuotes(candidate.text) ? candidate.text.quoted : candidate.text
        let taken = ByteString(typed.bytes.prefix(completion.offset)) + name + " "
        let next = FuzzDaemon.filled(session.completion(of: taken))
        must(!next.candidates.isEmpty || next.mayEnd, "nothing can follow \(taken)")
      }
      for key: UInt8 in [0x09, UInt8(ascii: "?")] where end == line.count {
        session.editor.handle(.replace(line: typed, cursor: typed.count))
        let before = session.editor.line
        FuzzDaemon.type([key], to: &session)
        if key != 0x09 { must(session.editor.line.bytes.starts(with: before.bytes), "help leaves the line") }
      }
    }
  }

  /// Every line leads back to a prompt, and the candidate stays one that can be written and read.
  private func enters(_ bytes: ArraySlice<UInt8>, _ session: ConsoleSession) {
    var session = session
    var screen = VirtualTerminal()
    for part in bytes.split(separator: 0x0A).prefix(6) {
      let line = TerminalText.visible(ByteString(part.prefix(200)))
      session.editor.handle(.replace(line: line, cursor: line.count))
      // Behind what is typed while a view is shown or a page waits comes Ctrl-C.
      let written = FuzzDaemon.type("\r", to: &session) + FuzzDaemon.type("\u{3}", to: &session)
      // The virtual terminal knows the widths of a few characters alone.
      screen.feed(written.filter { $0 < 0x80 })
      guard session.mode != .ended else { return }
      must(session.pager == nil && session.monitoring == nil && session.confirming == nil, "a prompt: \(line)")
      guard let tree = session.candidate?.tree else { continue }
      var problems = Problems()
      let again = Block(parsing: ConfigurationFormatter.format(tree), problems: &problems)
      must(problems.isEmpty, "\(line) leaves what can be read: \(problems.sorted.map { $0.text() })")
      must(again.bare.means(tree.bare), "\(line) leaves what means the same")
    }
    must(screen.problems == [], "the terminal understands all: \(screen.problems)")
  }
}

extension Block {
  fileprivate func means(_ other: Block) -> Bool {
    nodes.count == other.nodes.count && zip(nodes, other.nodes).allSatisfy { $0.means($1) }
  }
}

/// Answers every question of a session at once.
enum FuzzDaemon {
  static let configuration = """
    name "Branch office"
    listen udp 10.0.0.1:5060
    extension 101 { name "Reception"; secret "a secret for 101" }
    extension 102 { secret "a secret for 102" }
    trunk carrier { server 192.0.2.1:5060 }
    queue service { title "Customer service"; number 600; agents 101 102 }
    """

  static func answer(to line: ByteString) -> ByteString {
    let words = line.bytes.split(separator: 0x20).dropFirst(2).map { ByteString($0) }
    switch words.first ?? "" {
    case "console": return #"{"branch":"Branch","role":"technician","others":["lee@pts/2"],"revision":3,"by":"lee"}"#
    case "configuration" where words.count > 1 && words[1] == "revisions":
      return #"[{"revision":3,"state":"running"},{"revision":12,"state":"kept"}]"#
    case "configuration" where words.count > 1 && words[1] == "show":
      let text = ByteString(configuration.split(separator: "\n").joined(separator: "\\n").replacingQuotes)
      return "{\"text\":\"" + text + "\",\"revision\":3}"
    case "configuration":
      return #"{"done":true,"act":"commit","subject":"revision 4","revision":4,"confirmWithinSeconds":600}"#
    case "queues": return #"[{"queue":"service","waiting":2},{"queue":"服务 a","waiting":0}]"#
    case "agents":
      return #"[{"agent":"101","state":"ready"},{"agent":"102","state":"not-ready","pauseReason":"lunch break"}]"#
    case "phones": return #"[{"user":"101"},{"user":"101"},{"user":"102"}]"#
    case "trunks": return #"[{"trunk":"carrier"}]"#
    case "calls": return #"[{"call":17,"from":"101"}]"#
    case "waiting": return #"[{"item":4}]"#
    case "callbacks": return "[]"
    case "audio": return #"{"prompts":[{"prompt":"beep"},{"prompt":"all-busy"}]}"#
    case "network": return #"{"interfaces":[{"interface":"lo"},{"interface":"eth0"},{"interface":"eth0"}]}"#
    case "lockouts": return #"[{"name":"lee"},{"name":"pts/2"}]"#
    default: return #"{"done":true,"act":"what","subject":"1"}"#
    }
  }

  /// - Returns: what was written.
  @discardableResult static func drain(_ session: inout ConsoleSession) -> [UInt8] {
    var written: [UInt8] = []
    var outputs = 0
    while let output = session.pollOutput() {
      outputs += 1
      must(outputs < 1_000, "there is an end")
      switch output {
      case .write(let bytes): written += bytes
      case .ask(let number, let line, _): session.handle(.answer(number, answer(to: line).bytes), at: .zero)
      case .hash: session.handle(.hashed("$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"), at: .zero)
      case .end: return written
      }
    }
    return written
  }

  @discardableResult static func type(_ text: String, to session: inout ConsoleSession) -> [UInt8] {
    type(Array(text.utf8), to: &session)
  }
  @discardableResult static func type(_ bytes: [UInt8], to session: inout ConsoleSession) -> [UInt8] {
    session.handle(.bytes(bytes), at: .zero)
    return drain(&session)
  }

  static func filled(_ completion: Completion) -> Completion {
    var filled = completion
    while let question = filled.question {
      guard let value = JSONValue(parsing: answer(to: "as x " + question.question).bytes) else { return filled }
      filled = filled.filled(from: value)
    }
    return filled
  }

  /// As a command line has it: a backslash takes the next byte as it is.
  static func quoted(_ word: ByteString) -> ByteString {
    ByteString([0x22] + word.bytes.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] } + [0x22])
  }
}

extension String {
  fileprivate var replacingQuotes: String { map { $0 == "\"" ? "\\\"" : String($0) }.joined() }
}
