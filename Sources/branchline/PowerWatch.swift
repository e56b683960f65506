// Looks at the power line: a GPIO's when it changes, a file each second. One that cannot be opened or read is said once
// and tried again; the box runs all the same.

import Appliance
import Basics
import BranchConfiguration
import LinuxIO

struct PowerWatch {
  enum Limits {
    /// Between two looks at a file.
    static let fileEvery = Interval.seconds(1)
    /// Between two tries to open a line that is not there. A GPIO line is looked at so often, too, should an edge have been
    /// missed.
    static let retryAfter = Interval.seconds(10)
  }

  private var settings: BranchSettings.PowerWarning?
  private var line: PowerLine?
  private var isUnreadable = false
  private(set) var nextDeadline: Instant?
  private var isOpenedAnew = false

  /// Once for each line that was opened: to be watched until it is closed.
  mutating func takeDescriptor() -> Int32? {
    defer { isOpenedAnew = false }
    return isOpenedAnew ? line?.descriptor : nil
  }

  /// The line of this configuration, from now on.
  mutating func configure(_ new: BranchSettings.PowerWarning?, at now: Instant) {
    guard new != settings else { return }
    settings = new
    line = nil
    isUnreadable = false
    nextDeadline = new == nil ? nil : now
  }

  /// What the line says, and what there is to log. To be called at the deadline and when the descriptor is readable.
  mutating func look(at now: Instant) -> (level: PowerLevel, log: LogEntry?) {
    guard let settings else { return (.unwatched, nil) }
    nextDeadline = now + (settings.isFile ? Limits.fileEvery : Limits.retryAfter)
    do throws(SystemError) {
      let line: PowerLine
      if let open = self.line {
        line = open
      } else {
        line = try PowerLine(settings.lineSource, isActiveLow: settings.isActiveLow)
        self.line = line
        isOpenedAnew = true
      }
      let isFailing = try line.isActive()
      let wasUnreadable = isUnreadable
      isUnreadable = false
      return (
        isFailing ? .failing : .good, wasUnreadable ? LogEntry(.notice, "power.readable", settings.path) : nil
      )
    } catch {
      line = nil
      let entry = LogEntry(.warning, "power.unreadable", error.text + ": a failing power goes unnoticed")
      defer { isUnreadable = true }
      return (.unreadable, isUnreadable ? nil : entry)
    }
  }
}

extension BranchSettings.PowerWarning {
  fileprivate var isFile: Bool {
    if case .file = source { true } else { false }
  }

  fileprivate var path: ByteString {
    switch source {
    case .gpio(let path, _, _), .file(let path): path
    }
  }

  fileprivate var lineSource: PowerLine.Source {
    switch source {
    case .gpio(let path, let line, let debounce): .gpio(path, line: line, debounce: debounce)
    case .file(let path): .file(path)
    }
  }
}

extension Daemon {
  /// Whenever the line may say something else, or the configuration has changed.
  mutating func attendPower() {
    let (level, entry) = power.look(at: now)
    if let entry { note(entry) }
    // A closed descriptor leaves the poller by itself.
    if let descriptor = power.takeDescriptor() {
      do throws(SystemError) {
        try poller.add(descriptor, .power)
      } catch {
        note(LogEntry(.warning, "power.unwatched", error.text))
      }
    }
    handle(.power(level))
  }
}
