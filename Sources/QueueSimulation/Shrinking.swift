// Makes a failing run small: events are left out, in halves, quarters and so on, as long as the same rule is broken
// (delta debugging). The same seed is always made small in the same way.

import Basics

public struct Shrinking {
  public enum Limits {
    public static let tries = 400
  }

  public private(set) var script: Script
  public private(set) var tries = 0
  private let rule: QueueAuditor.Rule
  private let judge: (Script) -> QueueAuditor.Violation?

  /// - Parameters:
  ///   - violation: of this script.
  ///   - judge: lives through a script and tells what went wrong.
  public init(
    _ script: Script, _ violation: QueueAuditor.Violation,
    judge: @escaping (Script) -> QueueAuditor.Violation? = { Run.outcome(of: $0).violation }
  ) {
    rule = violation.rule
    self.judge = judge
    // What comes later cannot have mattered, unless it is missed in the end.
    self.script = script.keeping(script.events.filter { $0.at <= violation.at })
  }

  public mutating func run() {
    keepsLastCalls()
    var chunks = 2
    while tries < Limits.tries, script.events.count > 1 {
      let size = max(1, script.events.count / chunks)
      guard !leavesOutOne(of: size) else { continue }
      guard size > 1 else { return }
      chunks *= 2
    }
  }

  /// Most failures need the last few calls only, and everything that was done to the branch.
  private mutating func keepsLastCalls() {
    let calls = script.events.filter(\.isCall)
    var kept = 4
    while kept < calls.count, tries < Limits.tries {
      let first = calls[calls.count - kept].at
      if stillFails(with: script.events.filter { !$0.isCall || $0.at >= first }) { return }
      kept *= 2
    }
  }

  private mutating func stillFails(with events: [Event]) -> Bool {
    tries += 1
    let smaller = script.keeping(events)
    guard let violation = judge(smaller), violation.rule == rule else { return false }
    script = smaller.keeping(events.filter { $0.at <= violation.at })
    return true
  }

  /// Leaves out what can be left out in pieces of that size. False if nothing could.
  private mutating func leavesOutOne(of size: Int) -> Bool {
    var found = false
    var start = 0
    while start < script.events.count, tries < Limits.tries {
      var kept = script.events
      kept.removeSubrange(start..<min(start + size, kept.count))
      if stillFails(with: kept) { found = true } else { start += size }
    }
    return found
  }

  /// What remains, and what was said just before the rule was broken.
  public func report(lastLines: Int = 40) -> [String] {
    let outcome = Run.outcome(of: script, traces: true)
    var lines = ["\(script.events.count) events remain after \(tries) tries:"]
    for event in script.events { lines.append("  \((event.at - World.start).milliseconds) ms \(event.kind)") }
    lines.append("the last of \(outcome.trace.count) lines:")
    lines += outcome.trace.suffix(lastLines).map { "  " + $0 }
    if let violation = outcome.violation { lines.append("VIOLATION \(violation)") }
    return lines
  }
}
