// What a running daemon does for a backup: a consistent copy of its database, made between the commits, and the marker by
// which an older database is known (`EpochMarker`).

import Backup
import Basics
import BranchConfiguration
import Journal
import LinuxIO
import Storage

/// Of the latest copy.
enum CopyState: Equatable {
  case none
  case running
  case done
  case failed(ByteString)

  var word: StaticString {
    switch self {
    case .none: "none"
    case .running: "running"
    case .done: "done"
    case .failed: "failed"
    }
  }
}

extension Daemon {
  /// Asked again and again while a copy is being made.
  static let copyQuestion: ByteString = "database-copy"

  private var copyPath: ByteString { settings.storagePath + ".copy" }

  mutating func copyDatabase(for client: UInt64) {
    let isBusy = copyState == .running
    let fault: ByteString? =
      if isBusy { "another backup is being made: try again when it is done" } else {
        storage.copy(to: copyPath) ? nil : "the database cannot be used"
      }
    if fault == nil { copyState = .running }
    var json = JSONWriter()
    json.object { json in
      if let fault { json.field("error", fault) } else { json.field("done", true) }
    }
    control.answer(client, json.bytes)
  }

  mutating func takeCopied() {
    switch storage.pollCopied() {
    case .done:
      copyState = .done
      note(LogEntry(.notice, "backup.copied", copyPath))
    case .failed(let error):
      copyState = .failed(StorageLink.text(error))
      note(LogEntry(.warning, "backup.not-copied", StorageLink.text(error)))
    case nil: break
    }
  }

  func answerCopy(_ client: UInt64) {
    var json = JSONWriter()
    json.object { json in
      json.field("copy", ByteString(copyState.word))
      json.field("path", copyPath)
      if case .failed(let reason) = copyState { json.field("error", reason) }
    }
    control.answer(client, json.bytes)
  }

  // MARK: Epochs

  /// What ran here last is looked at before the core hears of any promise.
  mutating func compareEpochs() {
    // Without a database there are no promises.
    guard restored.runs > 0 else { return }
    let marker = EpochFile.read(of: revisionFiles.configurationPath)
    if let marker, restored.runs == 1 || marker.supersedes(foundMarker(restored.epoch)) {
      restored.supersededBy = marker.number
    } else {
      keep(restored.epoch)
    }
  }

  private func foundMarker(_ epoch: EpochFact) -> EpochMarker {
    EpochMarker(number: epoch.number, identity: epoch.identity, runs: runs)
  }

  func keep(_ epoch: EpochFact) {
    let (path, marker) = (revisionFiles.configurationPath, foundMarker(epoch))
    storage.perform { EpochFile.write(marker, of: path) }
  }
}

enum EpochFile {
  private static let bytesMax = 256

  static func read(of configurationPath: ByteString) -> EpochMarker? {
    let path = RevisionFiles.epochPath(in: RevisionFiles.directory(configurationPath))
    return (try? FileReader.read(path, limit: bytesMax)).flatMap { EpochMarker(parsing: $0) }
  }

  /// errno(3), 0 when it is on the disk.
  static func write(_ marker: EpochMarker, of configurationPath: ByteString) -> Int32 {
    do throws(SystemError) {
      try WholeFile.write(
        marker.text, to: RevisionFiles.epochPath(in: RevisionFiles.directory(configurationPath)))
      return 0
    } catch {
      return error.code
    }
  }
}
