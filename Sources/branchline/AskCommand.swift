// `branchline status`, `branchline agent pause 101` and their like: asks the running daemon or orders something of it, and
// shows the answer, as a table, as a sentence, or as it came.

import Appliance
import Basics
import BranchConfiguration
import Configuration
import Console
import LinuxIO

enum AskCommand {
  private static let patienceMilliseconds = 5_000
  /// A test rings somebody's phone.
  private static let testMilliseconds = 57_000

  /// How long the answer to a line may take, which may begin with who asks.
  static func patience(for line: ByteString, otherwise usual: Int = patienceMilliseconds) -> Int {
    line.bytes.split(separator: UInt8(ascii: " ")).contains { ByteString($0) == "test" } ? testMilliseconds : usual
  }

  /// With the text of a file, if one is named.
  static func run(
    _ question: ByteString, textOf file: ByteString?, _ options: Invocation.Options, _ language: Language
  ) -> Int32 {
    guard let file else { return run(question, options, language) }
    do throws(FileReadError) {
      let text = try FileReader.read(file, limit: ConfigurationFile.Limits.bytes)
      return run(question, text: text, options, language)
    } catch {
      CommandFault(error).say(language)
      return ExitCode.failure
    }
  }

  static func run(
    _ question: ByteString, text: [UInt8]? = nil, _ options: Invocation.Options, _ language: Language
  ) -> Int32 {
    let socket = socketPath(options)
    let answer: [UInt8]
    do throws(ControlError) {
      answer = try ControlClient.ask(question, text: text, at: socket, milliseconds: patience(for: question))
    } catch {
      StandardStream.error.writeLine("branchline: " + Self.text(error, socket).text(language))
      return ExitCode.unreachable
    }
    let value = JSONValue(parsing: answer)
    if options.json {
      StandardStream.output.writeLine(ByteString(answer))
      return value.map(Answer.isRefusal) == true ? ExitCode.failure : ExitCode.success
    }
    guard let value else {
      StandardStream.error.writeLine(
        "branchline: " + Phrase("the daemon's answer is not understood", "无法理解守护进程的应答").text(language))
      return ExitCode.failure
    }
    if let sentence = Answer.toAct(value, language) {
      let isRefusal = Answer.isRefusal(value)
      let stream = isRefusal ? StandardStream.error : StandardStream.output
      for line in Answer.problems(in: value, language) + Answer.effects(in: value, language) { stream.writeLine(line) }
      stream.writeLine(sentence)
      return isRefusal ? ExitCode.failure : ExitCode.success
    }
    if let lines = Answer.toAlarms(value, language) ?? Answer.toWhy(value, language) ?? Answer.toConfiguration(value) {
      for line in lines + Answer.effects(in: value, language) { StandardStream.output.writeLine(line) }
      return ExitCode.success
    }
    let shown = question.hasPrefix(ByteString(Query.report.name)) ? ReportColumns.of(value) : value
    StandardStream.output.write(Table(shown, language).text)
    return Answer.hasFailed(value) ? ExitCode.failure : ExitCode.success
  }

  static func socketPath(_ options: Invocation.Options) -> ByteString {
    if let path = options.socketPath { return path }
    let reading = try? ConfigurationFile.read(options.configurationPath)
    return reading?.settings?.controlSocketPath ?? Daemon.defaultControlSocketPath
  }

  static func text(_ error: ControlError, _ socket: ByteString) -> Phrase {
    switch error {
    case .unreachable(let error): Phrase("no daemon answers (", "守护进程无应答（") + error.phrase + Phrase(")", "）")
    case .refused: Phrase("the daemon did not answer at ", "守护进程没有应答：") + socket
    case .timedOut: Phrase("the daemon took too long to answer at ", "守护进程应答超时：") + socket
    }
  }
}
