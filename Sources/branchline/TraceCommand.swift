// `branchline trace sip`: the daemon's messages as a ladder, as they come, until it is interrupted. With --json the
// answers as they are, those without messages left out.

import Basics
import Configuration
import Console
import LinuxIO

enum TraceCommand {
  private static let patienceMilliseconds = 5_000
  private static let pause = Interval.milliseconds(500)

  static func run(_ order: ByteString, _ options: Invocation.Options, _ language: Language) -> Int32 {
    let socket = AskCommand.socketPath(options)
    guard let clock = try? Poller<UInt64>() else { return ExitCode.failure }
    var view = TraceView(order, language)
    while true {
      let answer: [UInt8]
      do throws(ControlError) {
        answer = try ControlClient.ask(view.question, at: socket, milliseconds: patienceMilliseconds)
      } catch {
        StandardStream.error.writeLine("branchline: " + AskCommand.text(error, socket).text(language))
        return ExitCode.unreachable
      }
      guard let value = JSONValue(parsing: answer), let lines = view.lines(of: value) else {
        let sentence = JSONValue(parsing: answer).flatMap { Answer.toAct($0, language) }
        StandardStream.error.writeLine(sentence ?? ByteString(answer))
        return ExitCode.failure
      }
      if options.json {
        if !lines.isEmpty { StandardStream.output.writeLine(ByteString(answer)) }
      } else {
        for line in lines { StandardStream.output.writeLine(line) }
      }
      let now = MonotonicClock.now
      if !view.hasMore { _ = clock.wait(until: now + pause, at: now) }
    }
  }
}
