// What a start begins with: the kept configurations, settled on the disk before anything is opened, so that a start that
// fails counts as one; and the settings that run.

import Basics
import BranchConfiguration
import LinuxIO
import Revisions

struct KeptConfiguration {
  let revisions: Revisions
  let reading: BranchSettings.Reading
  let settings: BranchSettings
  /// To be written when there is a log.
  let log: [LogEntry]

  /// nil: nothing usable was found.
  init?(_ files: RevisionFiles, _ options: Invocation.Options) {
    let now = MonotonicClock.now
    let isTrusted = WallClock.isTrusted(plausibleIsEnough: options.acceptsPlausibleClock)
    guard let (started, text) = Revisions.start(files.found, at: now, wall: WallClock.now, trusted: isTrusted) else {
      return nil
    }
    var revisions = started
    reading = BranchSettings.parse(text)
    guard let settings = reading.settings else { return nil }
    self.settings = settings
    var log: [LogEntry] = []
    if let fault = files.keyFault { log.append(LogEntry(.alarm, "config.secrets-not-sealed", fault)) }
    if RevisionFiles.holdsSealed(text) {
      log.append(
        LogEntry(.alarm, "config.secrets-unreadable", "sealed under another key: they open nothing until set anew"))
    }
    while let output = revisions.pollOutput() {
      switch output {
      case .write(let ticket, let file, let bytes):
        let code = files.write(file, bytes)
        let reason = SystemError("write", code: code).text
        revisions.handle(code == 0 ? .written(ticket) : .failed(ticket, reason: reason), at: now)
      case .remove(let number): files.remove(number)
      case .log(let entry): log.append(entry)
      // Nobody has asked for anything yet.
      case .load, .adopt, .done, .refused: break
      }
    }
    self.revisions = revisions
    self.log = log
  }
}
