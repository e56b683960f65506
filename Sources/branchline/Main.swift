// The program: the daemon that is a branch's phone system, and the commands that ask it.

import Basics
import Configuration
import LinuxIO

@main struct Main {
  static func main() {
    ProcessContext.keepMemorySmall()
    let language = Language.ofEnvironment
    guard let arguments = try? ProcessContext.arguments() else { ProcessContext.exit(ExitCode.failure) }
    // As somebody's log-in shell; SSH gives it a command by `-c`.
    let isShell = ProcessContext.calledAs == "branchline-console"
    let command = arguments.first == "-c" ? Array(arguments.prefix(2)) : []
    ProcessContext.exit(run(isShell ? ["console"] + command : arguments, language))
  }

  private static func run(_ arguments: [ByteString], _ language: Language) -> Int32 {
    let invocation: Invocation
    do throws(UsageError) {
      invocation = try Invocation(arguments)
    } catch {
      StandardStream.error.writeLine("branchline: " + error.text(language))
      StandardStream.error.writeLine(HelpText.hint.text(language))
      return ExitCode.usage
    }
    switch invocation.command {
    case .run: return Daemon.start(invocation.options, language)
    case .check: return CheckCommand.run(invocation.options, language)
    case .replay(let file): return ReplayCommand.run(file, invocation.options, language)
    case .pcap(let file): return PcapCommand.run(file, invocation.options, language)
    case .backup(let file): return BackupCommand.run(file, invocation.options, language)
    case .restore(let file): return RestoreCommand.run(file, invocation.options, language)
    case .recount(let path, let report, let span):
      return ReportCommand.run(path, report, span, invocation.options, language)
    case .ask(let question): return AskCommand.run(question, invocation.options, language)
    case .order(let line): return AskCommand.run(line, invocation.options, language)
    case .configuration(let line, let file): return AskCommand.run(line, textOf: file, invocation.options, language)
    case .trace(let line): return TraceCommand.run(line, invocation.options, language)
    case .console: return ConsoleCommand.run(invocation.options, language)
    case .web(let arguments): return WebCommand.run(arguments)
    case .version: return versionCommand(invocation.options)
    case .help:
      StandardStream.output.writeLine(HelpText.usage.text(language))
      return ExitCode.success
    }
  }

  private static func versionCommand(_ options: Invocation.Options) -> Int32 {
    if options.json {
      var json = JSONWriter()
      json.object {
        $0.field("program", "branchline")
        $0.field("version", Version.text)
      }
      StandardStream.output.writeLine(ByteString(json.bytes))
    } else {
      StandardStream.output.writeLine("branchline " + Version.text)
    }
    return ExitCode.success
  }
}

enum Version {
  static var text: ByteString { "0.1.0" }
}

enum ExitCode {
  static let success: Int32 = 0
  /// The daemon could not start, or a configuration has errors.
  static let failure: Int32 = 1
  /// The command line was not understood.
  static let usage: Int32 = 2
  /// No daemon answers.
  static let unreachable: Int32 = 3
}

extension Language {
  /// Chinese where the environment's locale is Chinese.
  static var ofEnvironment: Language {
    let locale =
      ProcessContext.environment("LC_ALL") ?? ProcessContext.environment("LC_MESSAGES")
      ?? ProcessContext.environment("LANG")
    return locale?.hasPrefix("zh") == true ? .chinese : .english
  }
}
