// The SIP messages of the box as they come and go: the daemon is asked again and again, and what is new is appended as a
// ladder, until a key is pressed.

import Basics
import Configuration

struct Tracing {
  var view: TraceView
  /// nil: an answer is awaited.
  var dueAt: Instant?
  /// Rows below the latest heading: it is told again when it has left the screen.
  var rowsSinceHeading = 0
  var hasBegun = false
}

extension ConsoleSession {
  mutating func beginTrace(_ match: CommandMatch) {
    tracing = Tracing(view: TraceView(match.text, language))
    askTrace()
  }

  mutating func askTrace() {
    guard let question = tracing?.view.question else { return }
    tracing?.dueAt = nil
    ask(question, .trace)
  }

  mutating func showTrace(_ value: JSONValue, at now: Instant) {
    guard var tracing else { return }
    guard let lines = tracing.view.lines(of: value) else {
      write(lines: Self.lines(ofAct: value, language))
      return stopTrace()
    }
    tracing.dueAt = tracing.view.hasMore ? now : now + ConsoleLimits.trace
    if !tracing.hasBegun {
      tracing.hasBegun = true
      say(Phrase("-- any key ends --", "-- 按任意键结束 --"))
    }
    write(lines: withHeadings(lines, &tracing))
    self.tracing = tracing
  }

  /// A dumb terminal keeps all lines, so that one heading is enough.
  private func withHeadings(_ lines: [ByteString], _ tracing: inout Tracing) -> [ByteString] {
    let heading = tracing.view.heading
    guard rows > heading.count * 2 + 4, !setup.isDumb, let first = heading.first else { return lines }
    var shown: [ByteString] = []
    for line in lines {
      if line == first { tracing.rowsSinceHeading = 0 }
      if tracing.rowsSinceHeading >= rows - 2 {
        shown += heading
        tracing.rowsSinceHeading = heading.count
      }
      shown.append(line)
      tracing.rowsSinceHeading += 1
    }
    return shown
  }

  mutating func stopTrace() {
    tracing = nil
    pending = pending.filter { if case .trace = $0.value { false } else { true } }
    prompt()
  }
}
