// What is wrong now, and since when. A cause that lasts is an alarm as long as it lasts; one that happens and is over
// (a limit was hit) stays for a while after it was last seen. Each alarm is in the log when it begins and when it ends.
//
// It looks, it does nothing: `Appliance.lookForAlarms` says what is there, this says what is new and what is over.

import ACD
import Basics
import Configuration
import FlightRecorder
import Journal
import Revisions
import SIPUserAgent

struct Alarms {
  enum Limits {
    /// How long what has happened stays an alarm.
    static let recent = Interval.minutes(10)
    /// A trunk that is away for less is not worth a person's time: after a start it has to register first.
    static let trunkPatience = Interval.seconds(10)
    /// The disk is nearly full with less than this free, in thousandths or in bytes, and is not any more with half as much
    /// again.
    static let diskFreeThousandths = 50
    static let diskFreeBytes = 32 << 20
  }

  /// What it is and what it is about: a trunk, a limit, a revision.
  struct Cause: Hashable {
    var kind: AlarmKind
    var subject: ByteString = ""
  }

  /// They are as many as there are kinds, trunks and limits at most.
  struct Alarm {
    var cause: Cause
    var since: Instant
    /// By the clock of then.
    var sinceWall: WallTime
  }

  private struct Count {
    var cause: Cause
    var total: Int
    /// Until when the latest rise is an alarm.
    var until = Instant.zero
  }

  /// Oldest first.
  private(set) var raised: [Alarm] = []
  private var counts: [Count] = []
  private var log = Fifo<LogEntry>()

  mutating func pollLog() -> LogEntry? { log.popFirst() }

  /// How often something has happened since the start.
  mutating func count(_ kind: AlarmKind, _ subject: ByteString = "", total: Int, at now: Instant) {
    let cause = Cause(kind: kind, subject: subject)
    guard let index = counts.firstIndex(where: { $0.cause == cause }) else {
      guard total > 0 else { return }
      return counts.append(Count(cause: cause, total: total, until: now + Limits.recent))
    }
    if total > counts[index].total { counts[index].until = now + Limits.recent }
    counts[index].total = total
  }

  /// All that is there now, besides what was counted.
  mutating func update(_ lasting: [Cause], at now: Instant, wall: WallTime) {
    let causes = lasting + counts.filter { $0.until > now }.map { $0.cause }
    for alarm in raised where !causes.contains(alarm.cause) {
      let length = ByteString((now - alarm.since).seconds)
      log.append(LogEntry(.notice, "alarm.cleared", alarm.cause.text + ", after " + length + " s"))
    }
    raised.removeAll { !causes.contains($0.cause) }
    for cause in causes where !raised.contains(where: { $0.cause == cause }) {
      raised.append(Alarm(cause: cause, since: now, sinceWall: wall))
      log.append(LogEntry(cause.kind.isCritical ? .alarm : .warning, "alarm.raised", cause.text))
    }
  }

  func isRaised(_ kind: AlarmKind) -> Bool { raised.contains { $0.cause.kind == kind } }
}

extension Alarms.Cause {
  /// `trunk-down carrier`
  var text: ByteString { ByteString(kind.word) + (subject.isEmpty ? "" : " " + subject) }
}

/// What only the shell sees of the box. Counts are since the start.
public struct Surroundings: Hashable, Sendable {
  public var hasStorage = true
  /// Of the disk with the database; nil where it is not known.
  public var diskBytes: Int?
  public var diskFreeBytes: Int?
  /// Addresses of the configuration that could not be taken.
  public var lacksListeners = false
  public var unusablePrompts = 0
  public var lostMediaCommands = 0
  public var droppedLogLines = 0
  public var failedFileWorks = 0

  public init() {}
}

extension Surroundings {
  /// - Parameter wasFull: a disk that was nearly full needs more room to be so no longer.
  func isDiskNearlyFull(wasFull: Bool) -> Bool {
    guard let diskBytes, let diskFreeBytes else { return false }
    let (share, bytes) = (Alarms.Limits.diskFreeThousandths, Alarms.Limits.diskFreeBytes)
    let least = max(diskBytes / 1_000 * share, bytes)
    return diskFreeBytes < (wasFull ? least + least / 2 : least)
  }
}

extension Appliance {
  /// Counts the alarms that there are.
  var alarmCount: Int { alarms.raised.count }

  /// To be called when the machines are quiet.
  mutating func lookForAlarms(at now: Instant) {
    for use in limitUses(at: now) { alarms.count(.limitHit, ByteString(use.name), total: use.hits ?? 0, at: now) }
    alarms.count(.promisesRefused, total: Int(clamping: journal.refused), at: now)
    alarms.count(.mediaCommandsLost, total: surroundings.lostMediaCommands, at: now)
    alarms.count(.logLinesDropped, total: surroundings.droppedLogLines, at: now)
    alarms.count(.filesNotWritten, total: surroundings.failedFileWorks, at: now)
    alarms.update(causes(at: now), at: now, wall: wall)
    while let entry = alarms.pollLog() { outputs.append(.log(entry)) }
  }

  /// What lasts.
  private func causes(at now: Instant) -> [Alarms.Cause] {
    var causes: [Alarms.Cause] = []
    func add(_ kind: AlarmKind, _ isThere: Bool, _ subject: ByteString = "") {
      if isThere { causes.append(Alarms.Cause(kind: kind, subject: subject)) }
    }
    for trunk in agent.trunkViews {
      add(.trunkDown, !trunk.isUp && now - trunk.since >= Alarms.Limits.trunkPatience, trunk.name)
    }
    add(.clockUntrusted, !clockIsTrusted)
    add(.callbacksRest, custody.custody != .own, ByteString(custody.custody.name))
    add(.storageUnusable, !surroundings.hasStorage)
    add(.storageFailing, storageIsFailing && surroundings.hasStorage)
    add(.databaseDamaged, databaseWasDamaged)
    add(.diskNearlyFull, surroundings.isDiskNearlyFull(wasFull: alarms.isRaised(.diskNearlyFull)))
    add(.recorderEnded, recorder?.hasEnded ?? false)
    add(.promptsUnusable, surroundings.unusablePrompts > 0, ByteString(surroundings.unusablePrompts))
    add(.listenersMissing, surroundings.lacksListeners)
    add(.powerFailing, power.level == .failing)
    add(.powerUnreadable, power.level == .unreadable)
    add(.brownOut, distributor.isBrownOut)
    add(.sourcesBlocked, agent.isAnyBlocked(at: now))
    if let state = configurations.revisions?.state {
      add(.commitUnconfirmed, state.confirmation != nil, ByteString(state.running))
    }
    return causes
  }

  /// Newest first.
  func writeAlarms(to json: inout JSONWriter, at now: Instant) {
    json.array { json in
      for alarm in alarms.raised.reversed() {
        let (kind, subject) = (alarm.cause.kind, alarm.cause.subject)
        json.object { json in
          json.field("alarm", ByteString(kind.word))
          json.field("subject", subject)
          json.field("severity", kind.isCritical ? "critical" : "warning")
          json.field("since", ByteString(alarm.sinceWall.rfc3339))
          json.field("seconds", (now - alarm.since).seconds)
          json.field("english", kind.text(.english, of: subject))
          json.field("chinese", kind.text(.chinese, of: subject))
          json.field("englishCure", kind.cure(.english))
          json.field("chineseCure", kind.cure(.chinese))
        }
      }
    }
  }
}
