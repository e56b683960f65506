// Captures: orders go to the desk, and what comes of them to who asked, to the audit log and to the log.

import Appliance
import Basics
import LinuxIO

extension Daemon {
  mutating func carryOut(_ order: CaptureOrder, for client: UInt64, by who: ByteString) {
    captures.accept(order, from: client, by: who, settings, at: now)
    followCaptures()
    tellOfCaptures()
  }

  mutating func attendCaptures() {
    captures.attend()
    tellOfCaptures()
  }

  private mutating func tellOfCaptures() {
    while let entry = captures.pollLog() { note(entry) }
    while let outcome = captures.pollOutcome() {
      control.answer(outcome.client, outcome.bytes)
      guard outcome.order != .list else { continue }
      handle(.acted(by: outcome.who, act: outcome.order.act, subject: outcome.order.subject, isDone: outcome.isDone))
    }
  }

  /// After each turn in which something may have happened to a call.
  func followCaptures() {
    guard captures.isFollowing else { return }
    captures.follow(at: now) { appliance.traffic(within: $0) }
  }
}
