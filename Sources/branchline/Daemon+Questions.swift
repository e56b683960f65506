// Questions that the shell answers of itself, or adds to what the core knows.

import Appliance
import Basics
import BranchConfiguration
import LinuxIO
import Storage

extension Daemon {
  /// nil: it is none of these.
  func answer(to line: ByteString) -> [UInt8]? {
    let words = line.bytes.split(separator: UInt8(ascii: " ")).map { ByteString($0) }
    if words.first == "log" { return LogAnswer.bytes(Array(words.dropFirst()), log.recent) }
    guard words.count == 1 else { return nil }
    switch words[0] {
    case "process": return process()
    case "versions": return VersionsAnswer.bytes(upSeconds: appliance.upSeconds(at: now))
    case "limits": return LimitUse.json(limitUses)
    case "network":
      return NetworkAnswer(
        interfaces: (try? Interfaces.all()) ?? [], settings: settings, trunks: appliance.trunkRoutes,
        streams: appliance.streamCount
      ).bytes
    case "audio":
      return AudioAnswer(
        streams: appliance.streamCount, streamLimit: min(mediaStreams, settings.mediaPorts.count / 2),
        directory: settings.promptsDirectory,
        language: settings.promptLanguage, prompts: prompts
      ).bytes
    default: return nil
    }
  }

  /// What the core cannot see, whenever it has changed.
  mutating func tellSurroundings() {
    var new = surroundings
    let counters = storage.counters
    new.hasStorage = counters != nil
    new.lacksListeners = lacksListeners
    new.unusablePrompts = prompts.unusable.count
    new.lostMediaCommands = lostMediaCommands
    new.droppedLogLines = Int(clamping: log.droppedEntries)
    new.failedFileWorks = counters?.failedTasks ?? 0
    if diskLookedAt.map({ now - $0 >= Limits.diskEvery }) ?? true {
      diskLookedAt = now
      let room = DiskRoom(at: Directories.parent(of: settings.storagePath))
      new.diskBytes = room?.totalBytes
      new.diskFreeBytes = room?.freeBytes
    }
    guard new != surroundings else { return }
    surroundings = new
    handle(.surroundings(new))
  }

  var storageState: StorageState {
    StorageState(
      path: settings.storagePath, isFailing: appliance.hasFailingStorage, counters: storage.counters, now: now)
  }

  private var limitUses: [LimitUse] {
    let room = LimitUse(
      "media-commands", most: MediaThread.Limits.commands, used: MediaThread.Limits.commands - media.room,
      hits: lostMediaCommands)
    // A console at a socket is a process of its own, which nobody asks.
    let consoles = LimitUse("console-sessions", most: ConsoleCommand.Limits.sessions)
    return appliance.limitUses(at: now) + [room] + (storage.counters?.limitUses ?? []) + captures.limitUses
      + [control.limitUse, consoles] + web.use.limitUses + log.limitUses
  }
}
