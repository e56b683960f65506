// The command line as a value: `branchline COMMAND [FILE] [--option VALUE…]`.

import Appliance
import Basics
import Configuration
import Console

struct Invocation: Equatable {
  enum Command: Equatable {
    case run
    case check
    /// Of a flight recorder's file.
    case replay(ByteString)
    /// Of a capture file.
    case pcap(ByteString)
    /// All that the box knows, into a file and out of it.
    case backup(ByteString)
    case restore(ByteString)
    /// The numbers, counted again from the events in a database at rest.
    case recount(ByteString, Report, ReportSpan?)
    /// A question to the running daemon, as it goes over the control socket.
    case ask(ByteString)
    /// An order to the running daemon, as it goes over the control socket.
    case order(ByteString)
    /// The messages of the running daemon, until it is interrupted.
    case trace(ByteString)
    /// About configurations, with the file whose text goes along.
    case configuration(ByteString, file: ByteString?)
    /// A session for a person.
    case console
    /// The process of the supervisor's page.
    case web(WebCommand.Arguments)
    case version
    case help
  }

  struct Options: Equatable {
    var configurationPath: ByteString = "/etc/branchline/branchline.conf"
    /// nil: what the configuration says.
    var socketPath: ByteString?
    var json = false
    /// Of a console: a serial device and its speed, or a socket to be listened at; otherwise the standard streams.
    var device: ByteString?
    var speed: UInt32 = 115_200
    var listenPath: ByteString?
    /// One command in place of a session.
    var consoleCommand: ByteString?
    /// Of a replay: every record in words.
    var traces = false
    /// Of `pcap`: that call alone.
    var callID: ByteString?
    /// Of a backup and a restore.
    var passphrasePath: ByteString?
    var withoutSecrets = false
    var handsOver = false
    var oldBoxIsOff = false
    /// Of a restore: into places that the archive names and the configuration here does not.
    var acceptsPaths = false
    /// A clock that nothing synchronises is believed as long as it does not stand in the past.
    var acceptsPlausibleClock = false
    /// Of `report`: agents in place of queues, quarters of an hour in place of the whole, a database in place of the
    /// daemon.
    var byAgent = false
    var byInterval = false
    var logPath: ByteString?
    /// The words of `--from` and `--to`, understood.
    var from: ByteString?
    var to: ByteString?
  }

  let command: Command
  let options: Options

  init(_ arguments: [ByteString]) throws(UsageError) {
    var options = Options()
    var words: [ByteString] = []
    var wantsHelp = arguments.isEmpty
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      let value = index + 1 < arguments.count ? arguments[index + 1] : nil
      index += 1
      switch argument {
      case "-h", "--help": wantsHelp = true
      case "--json": options.json = true
      case "--queue", "--agent", "--interval":
        guard arguments.contains("report") else { throw .unknownOption(argument) }
        options.byAgent = options.byAgent || argument == "--agent"
        options.byInterval = options.byInterval || argument == "--interval"
      case "--trace": options.traces = true
      case "--without-secrets": options.withoutSecrets = true
      case "--hand-over", "--old-box-is-off", "--accept-paths":
        guard argument.needs.map({ arguments.contains($0) }) ?? true else { throw .unknownOption(argument) }
        options.handsOver = options.handsOver || argument == "--hand-over"
        options.oldBoxIsOff = options.oldBoxIsOff || argument == "--old-box-is-off"
        options.acceptsPaths = options.acceptsPaths || argument == "--accept-paths"
      case "--config", "--socket", "--clock", "--from-log", "--from", "--to", "--device", "--speed", "--listen",
        "--call", "--passphrase-file", "-c":
        guard argument.needs.map({ arguments.contains($0) }) ?? true else { throw .unknownOption(argument) }
        guard let value else { throw .missingValue(option: argument) }
        index += 1
        try options.set(argument, value)
      default:
        guard !argument.hasPrefix("-") else { throw .unknownOption(argument) }
        words.append(argument)
      }
    }
    command = wantsHelp ? .help : try Self.command(words, &options)
    self.options = options
  }

  private static func command(_ words: [ByteString], _ options: inout Options) throws(UsageError) -> Command {
    guard let name = words.first else { throw .noCommand }
    var extra = words.dropFirst()
    let command: Command
    switch name {
    case "run": command = .run
    case "check":
      command = .check
      if let file = extra.popFirst() { options.configurationPath = file }
    case "replay":
      guard let file = extra.popFirst() else { throw .missingFile }
      command = .replay(file)
    case "pcap":
      guard let file = extra.popFirst() else { throw .missingFile }
      command = .pcap(file)
    case "backup", "restore":
      guard let file = extra.popFirst() else { throw .missingFile }
      command = name == "backup" ? .backup(file) : .restore(file)
    case "report": command = report(options)
    case "console": command = .console
    case "web":
      guard let arguments = WebCommand.Arguments(Array(extra)) else { throw .usage(WebCommand.Arguments.usage) }
      return .web(arguments)
    case "version": command = .version
    case "help": command = .help
    default:
      if name == ConfigurationOrder.word { return try configuration(words) }
      if Order.names.contains(where: { ByteString($0) == name }) { return try order(words) }
      if ObservingOrder.names.contains(where: { ByteString($0) == name }) { return try observing(words) }
      guard let question = Question(name: name) else { throw .unknownCommand(name) }
      // How many lines of the log.
      let count = question == .log ? extra.popFirst() : nil
      if let count, count.decimalValue == nil { throw .unexpected(count) }
      command = .ask(count.map { question.line + " " + $0 } ?? question.line)
    }
    if let word = extra.first { throw .unexpected(word) }
    return command
  }

  /// Read here as the daemon will read it, so that nothing is sent that it would not understand.
  private static func order(_ words: [ByteString]) throws(UsageError) -> Command {
    let line = words.dropFirst().reduce(words[0]) { $0 + " " + $1 }
    do throws(Order.Fault) {
      _ = try Order(line: line)
    } catch {
      switch error {
      case .unknown: throw .unknownCommand(words[0])
      case .usage(let usage): throw .usage(usage)
      }
    }
    guard !line.bytes.contains(0x0A) else { throw .unexpected(line) }
    return .order(line)
  }

  /// Words with spaces, as the shell hands over `filter "port 5060"`, get their quotation marks again.
  private static func observing(_ words: [ByteString]) throws(UsageError) -> Command {
    let line = words.map { $0.bytes.contains(0x20) ? "\"" + $0 + "\"" : $0 }.reduce("" as ByteString) {
      $0.isEmpty ? $1 : $0 + " " + $1
    }
    guard !line.bytes.contains(0x0A) else { throw .unexpected(line) }
    do throws(Order.Fault) {
      let order = try ObservingOrder(line.bytes.split(separator: UInt8(ascii: " ")).map { ByteString($0) })
      if case .trace = order { return .trace(line) }
      return .order(line)
    } catch {
      guard case .usage(let usage) = error else { throw .unknownCommand(words[0]) }
      throw .usage(usage)
    }
  }

  /// `configuration commit FILE confirmed 10`: the file's name stays here, its text goes along.
  private static func configuration(_ words: [ByteString]) throws(UsageError) -> Command {
    var rest = Array(words.dropFirst())
    var file: ByteString?
    if let act = rest.first, ConfigurationOrder.takesText(act) {
      guard rest.count > 1 else { throw .missingFile }
      file = rest.remove(at: 1)
    }
    do throws(Order.Fault) {
      _ = try ConfigurationOrder(rest, text: [])
    } catch {
      throw .usage(ConfigurationOrder.usage)
    }
    return .configuration(rest.reduce(ConfigurationOrder.word) { $0 + " " + $1 }, file: file)
  }

  private static func report(_ options: Options) -> Command {
    let (report, query): (Report, Query) =
      switch (options.byAgent, options.byInterval) {
      case (false, false): (.queues, .report)
      case (true, false): (.agents, .reportAgents)
      case (false, true): (.queueIntervals, .reportIntervals)
      case (true, true): (.agentIntervals, .reportAgentIntervals)
      }
    let span = options.span
    if let path = options.logPath { return .recount(path, report, span) }
    guard span != nil else { return .ask(ByteString(query.name)) }
    let words = [ByteString(query.name), options.from ?? Options.beginning] + (options.to.map { [$0] } ?? [])
    return .ask(words.dropFirst().reduce(words[0]) { $0 + " " + $1 })
  }
}

extension ByteString {
  /// The command that an option belongs to; nil: to any.
  fileprivate var needs: ByteString? {
    switch self {
    case "--from", "--to": "report"
    case "--device", "--speed", "--listen", "-c": "console"
    case "--call": "pcap"
    case "--hand-over": "backup"
    case "--old-box-is-off", "--accept-paths": "restore"
    default: nil
    }
  }
}

extension Invocation.Options {
  static let beginning: ByteString = "1970-01-01T00:00:00Z"

  /// nil: neither `--from` nor `--to` was given.
  var span: ReportSpan? {
    guard from != nil || to != nil, let first = ReportSpan.Moment(from ?? Self.beginning) else { return nil }
    return ReportSpan(from: first, to: to.flatMap { ReportSpan.Moment($0) })
  }

  fileprivate mutating func set(_ option: ByteString, _ value: ByteString) throws(UsageError) {
    switch (option, value) {
    case ("--config", _): configurationPath = value
    case ("--socket", _): socketPath = value
    case ("--from-log", _): logPath = value
    case ("--call", _): callID = value
    case ("--passphrase-file", _): passphrasePath = value
    case ("--device", _): device = value
    case ("--listen", _): listenPath = value
    case ("-c", _): consoleCommand = value
    case ("--speed", "9600"), ("--speed", "19200"), ("--speed", "38400"), ("--speed", "57600"), ("--speed", "115200"),
      ("--speed", "230400"):
      speed = UInt32(value.decimalValue ?? 115_200)
    case ("--speed", _): throw .badValue(option: option, value)
    case ("--from", _) where ReportSpan.Moment(value) != nil: from = value
    case ("--to", _) where ReportSpan.Moment(value) != nil: to = value
    case ("--from", _), ("--to", _): throw .badValue(option: option, value)
    case (_, "synchronised"): acceptsPlausibleClock = false
    case (_, "plausible"): acceptsPlausibleClock = true
    default: throw .badValue(option: option, value)
    }
  }
}

enum UsageError: Error, Equatable {
  case noCommand
  case missingFile
  case unknownCommand(ByteString)
  case unknownOption(ByteString)
  case missingValue(option: ByteString)
  case badValue(option: ByteString, ByteString)
  case unexpected(ByteString)
  case usage(ByteString)

  func text(_ language: Language) -> ByteString {
    let phrase =
      switch self {
      case .noCommand: Phrase("a command is missing", "缺少命令")
      case .missingFile: Phrase("a file is missing", "缺少文件")
      case .unknownCommand(let word): Phrase("unknown command ", "未知命令 ") + word.quoted
      case .unknownOption(let word): Phrase("unknown option ", "未知选项 ") + word.quoted
      case .missingValue(let option): Phrase("a value is missing after ", "缺少参数值：") + option
      case .badValue(let option, let value): Phrase(option + ": ") + value.quoted + Phrase(" is not possible", " 不可用")
      case .unexpected(let word): Phrase("unexpected ", "多余的参数 ") + word.quoted
      case .usage(let words): Sentence.phrase("usage: " + words)
      }
    return phrase.text(language)
  }
}
