// Orders about the box itself that only the shell can carry out.

import Appliance
import Basics
import BranchConfiguration
import Console
import LinuxIO
import Revisions

extension Daemon {
  /// Marks the works of the storage thread that write a support bundle.
  static let bundleTickets: UInt64 = 1 << 62

  mutating func carryOut(_ upkeep: Upkeep, for client: UInt64) {
    switch upkeep {
    case .clearLog:
      log.forgetRecent()
      control.answer(client, upkeep.answer())
    case .supportBundle(let name): writeBundle(named: name, for: client)
    // The core has done it.
    case .shutDown, .clearCounters, .clearPhone, .clearCall, .clearLockOut, .clearBlocked: break
    }
  }

  private mutating func writeBundle(named name: ByteString?, for client: UInt64) {
    let time = WallClock.now
    let directory = Directories.parent(of: settings.storagePath) + "/support"
    let stamp = ByteString(time.rfc3339.utf8.filter { $0.isASCIILetter || $0.isASCIIDigit })
    let path = directory + "/" + (name ?? "support-" + stamp) + ".txt"
    let (branch, storageState, answers, configuration) = (settings.name, storageState, answersAtHand, maskedText)
    bundles[client] = path
    storage.perform(ticket: client | Self.bundleTickets) {
      var bundle = SupportBundle(branch: branch, at: time)
      for (question, answer) in answers { bundle.add(question, answer ?? StorageAnswer(storageState).bytes) }
      bundle.add(configuration: configuration)
      do throws(SystemError) {
        try WholeFile.write(bundle.bytes, to: path)
        OldFiles.remove(in: directory, keeping: Limits.keptBundles)
        return 0
      } catch {
        return error.code
      }
    }
    if storage.descriptor == nil { takeStorageResults() }
  }

  /// All that a bundle tells; nil for what has to be read from the disk.
  private var answersAtHand: [(Question, [UInt8]?)] {
    // Captures are listed by a thread of their own, and hold what the bundle must not.
    Question.allCases.filter { $0 != .captures }.map { question in
      guard question != .storage else { return (question, nil) }
      let line = question == .log ? question.line + " " + ByteString(LogWriter.Limits.keptLines) : question.line
      return (question, answer(to: line) ?? appliance.answer(alone: line, at: now) ?? [])
    }
  }

  /// What runs, not what somebody may have begun to write into the file: there a secret may stand at any place.
  private var maskedText: [UInt8] {
    let text = appliance.runningRevision.flatMap { revisionFiles.read(.text($0)) }
    return text.map { ConfigurationKeeper.masked($0) } ?? []
  }

  mutating func bundleWritten(for client: UInt64, _ code: Int32) {
    guard let path = bundles.removeValue(forKey: client) else { return }
    let order = Upkeep.supportBundle(nil)
    guard code == 0 else {
      let reason = SystemError("write", code: code).text
      note(LogEntry(.warning, "support.not-written", path + ": " + reason))
      return control.answer(client, order.answer(refusal: "cannot write", subject: path, detail: reason))
    }
    note(LogEntry(.notice, "support.written", path))
    control.answer(client, order.answer(subject: path))
  }
}
