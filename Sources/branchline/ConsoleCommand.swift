// `branchline console`: a session for whoever sits at a serial line, for each who connects to a socket, or for the one
// whom SSH has let in. It carries bytes between them, the session and the daemon.

import Basics
import BranchConfiguration
import Configuration
import Console
import LinuxIO
import Sealing

struct ConsoleCommand {
  enum Limits {
    /// Sessions on a socket at once.
    static let sessions = 8
    static let answerMilliseconds = 10_000
    /// How long a serial line rests whose device cannot be opened, or that has hung up.
    static let reopening = Interval.seconds(1)
  }

  private final class Line {
    let terminal: Terminal
    var session: ConsoleSession
    var size: (columns: Int, rows: Int)
    var isOver = false

    init(_ terminal: Terminal, _ setup: ConsoleSession.Setup) {
      self.terminal = terminal
      size = (setup.columns, setup.rows)
      session = ConsoleSession(setup)
    }
  }

  private let daemonSocket: ByteString
  private let language: Language
  private let poller: Poller<UInt64>
  private var lines: [(number: UInt64, line: Line)] = []
  private var lastNumber: UInt64 = 0
  private var now = MonotonicClock.now

  static func run(_ options: Invocation.Options, _ language: Language) -> Int32 {
    do throws(SystemError) {
      var command = ConsoleCommand(
        socket: AskCommand.socketPath(options), language: language, poller: try Poller<UInt64>())
      if let device = options.device { return try command.serve(device: device, speed: options.speed) }
      if let path = options.listenPath { return try command.serve(LocalListener(path: path)) }
      return try command.serveStandardStreams(command: options.consoleCommand)
    } catch {
      CommandFault(error).say(language)
      return ExitCode.failure
    }
  }

  private init(socket: ByteString, language: Language, poller: Poller<UInt64>) {
    daemonSocket = socket
    self.language = language
    self.poller = poller
  }

  // MARK: The three ways in

  /// For ever: who leaves makes room for the next log-in.
  private mutating func serve(device: ByteString, speed: UInt32) throws(SystemError) -> Int32 {
    while true {
      let terminal = try Terminal(device: device, speed: speed)
      let place = device.hasPrefix("/dev/") ? device.dropFirst(5) : device
      try add(terminal, place: place, user: nil)
      while let first = lines.first?.line, !first.isOver { turn() }
      lines = []
      _ = poller.wait(until: MonotonicClock.now + Limits.reopening, at: MonotonicClock.now)
    }
  }

  private mutating func serve(_ listener: LocalListener) throws(SystemError) -> Int32 {
    try poller.add(listener.descriptor, 0)
    while true {
      turn()
      while let (connection, user) = listener.accept() {
        // Closes with it.
        let terminal = Terminal(connection: connection)
        guard let user else { continue }
        guard lines.count < Limits.sessions else {
          _ = terminal.write((Phrase("too many sessions", "会话过多").text(language) + "\r\n").bytes)
          continue
        }
        try add(terminal, place: "socket", user: SystemUsers.name(of: user) ?? ByteString(user))
      }
      lines.removeAll { $0.line.isOver }
    }
  }

  private mutating func serveStandardStreams(command: ByteString?) throws(SystemError) -> Int32 {
    let user = ProcessContext.user
    let place = ProcessContext.terminalName ?? "pipe"
    try add(Terminal(), place: place, user: SystemUsers.name(of: user) ?? ByteString(user), command: command)
    while let first = lines.first?.line, !first.isOver { turn() }
    lines = []
    return ExitCode.success
  }

  private mutating func add(
    _ terminal: Terminal, place: ByteString, user: ByteString?, command: ByteString? = nil
  ) throws(SystemError) {
    lastNumber += 1
    let size = terminal.size
    let term = ProcessContext.environment("TERM") ?? "vt100"
    let isDumb = user != nil && !terminal.isTerminal && place == "pipe" || term == "dumb"
    let line = Line(
      terminal,
      ConsoleSession.Setup(
        place: place, user: user, isDumb: isDumb, columns: size.columns > 0 ? size.columns : 80,
        rows: size.rows > 0 || isDumb ? size.rows : 24, language: language, schema: BranchSchema.root,
        command: command))
    // What cannot be waited for, a file, is read at once.
    let canWait = (try? poller.add(terminal.input, lastNumber)) != nil
    lines.append((lastNumber, line))
    tell(line, .begin)
    while !canWait, !line.isOver { hear(line) }
  }

  // MARK: Carrying

  private mutating func turn() {
    let deadline = lines.compactMap { $0.line.session.nextDeadline }.min()
    let count = poller.wait(until: deadline, at: now)
    now = MonotonicClock.now
    for index in 0..<count {
      let token = poller.event(index).token
      guard let line = lines.first(where: { $0.number == token })?.line else { continue }
      hear(line)
    }
    for (_, line) in lines where line.session.nextDeadline.map({ $0 <= now }) == true { tell(line, .wake) }
  }

  private func hear(_ line: Line) {
    let size = line.terminal.size
    if size.columns > 0, size != line.size {
      line.size = size
      tell(line, .size(columns: size.columns, rows: size.rows))
    }
    for event in line.terminal.read() {
      switch event {
      case .bytes(let bytes): tell(line, .bytes(bytes))
      case .lineBreak: tell(line, .lineBreak)
      case .gone: end(line)
      }
    }
  }

  private func tell(_ line: Line, _ input: ConsoleSession.Input) {
    guard !line.isOver else { return }
    line.session.handle(input, at: now)
    while let output = line.session.pollOutput() {
      switch output {
      case .write(let bytes): if !line.terminal.write(bytes) { end(line) }
      case .ask(let number, let question, let text): ask(line, number, question, text)
      case .hash(let password): tell(line, .hashed(Self.hash(password)))
      case .end: end(line)
      }
    }
  }

  private func ask(_ line: Line, _ number: UInt64, _ question: ByteString, _ text: [UInt8]?) {
    do throws(ControlError) {
      let answer = try ControlClient.ask(
        question, text: text, at: daemonSocket,
        milliseconds: AskCommand.patience(for: question, otherwise: Limits.answerMilliseconds))
      tell(line, .answer(number, answer))
    } catch {
      tell(line, .unanswered(number, AskCommand.text(error, daemonSocket)))
    }
  }

  private func end(_ line: Line) {
    guard !line.isOver else { return }
    line.isOver = true
    poller.remove(line.terminal.input)
  }

  private static func hash(_ password: [UInt8]) -> ByteString? {
    guard let salt = try? Entropy.bytes(PasswordHash.saltBytes) else { return nil }
    return PasswordHash(of: password, salt: salt)?.text
  }
}
