// The signalling thread: waits for sockets, other threads, signals and time, hands what happened to the appliance and
// carries out what it says. Wiring: nothing is decided here about a call.

import Appliance
import Basics
import BranchConfiguration
import FlightRecorder
import Journal
import LinuxIO
import MediaEngine
import Storage
import VoiceService

/// After each input the appliance's outputs are drained.
struct Daemon {
  enum Limits {
    /// How often the core is told the wall clock's time while something happens, and while nothing does.
    static let wallWhileBusy = Interval.seconds(1)
    static let wallWhileIdle = Interval.seconds(10)
    /// How long lines of the log wait for others, and for a reader that is slow.
    static let logPatience = Interval.milliseconds(200)
    static let logBytesAtOnce = 4_096
    /// How long commands that nobody hears the delay of wait for others: each wake costs two switches of threads.
    static let openingPatience = Interval.milliseconds(20)
    static let closingPatience = Interval.milliseconds(200)
    /// How long a sound waits that begins, and where it goes: for a caller who is put through at once none is begun.
    static let beginningPatience = Interval.milliseconds(10)
    /// Room of the command ring below which the core is told how much there is.
    static let mediaRoomWorthTelling = MediaThread.Limits.commands / 4
    static let entropyBytes = 64
    /// How often the disk is asked for its room.
    static let diskEvery = Interval.minutes(1)
    /// Support bundles on the disk; the oldest go.
    static let keptBundles = 5
  }
  static var defaultControlSocketPath: ByteString { BranchSettings().controlSocketPath }

  let revisionFiles: RevisionFiles
  let acceptsPlausibleClock: Bool
  /// Streams that the media thread was made for.
  let mediaStreams: Int
  var settings: BranchSettings
  /// What storage remembered, until the core has it.
  var restored = Restored()
  /// Starts with this database.
  var runs: UInt64 = 0
  var copyState = CopyState.none

  let log: LogWriter
  let poller: Poller<PollSubject>
  let signals: SignalSource
  let interfaces: Interfaces
  let sockets: SignallingSockets
  let control: ControlSocket
  let media: MediaThread
  let storage: StorageLink
  let names: NameFiles
  let recordings: RecordingPool
  /// As they were at the start.
  let prompts: LoadedPrompts
  let captures: CaptureDesk

  var appliance: Appliance
  var now = MonotonicClock.now
  private var wallToldAt = Instant.zero
  private var mediaRoomTold = MediaThread.Limits.commands
  /// When the media thread is to be told of commands; nil when it knows of all.
  private var mediaDue: Instant?
  private var logDue: Instant?
  private var failedNamesNoted = 0
  var power = PowerWatch()
  private(set) var lostMediaCommands = 0
  /// Addresses of the configuration could not be taken.
  var lacksListeners = false
  /// What the core was told last, and when the disk was asked.
  var surroundings = Surroundings()
  var diskLookedAt: Instant?
  /// Support bundles that are being written, by who asked for them.
  var bundles: [UInt64: ByteString] = [:]
  /// Answers that are being read from the disk, by who asked.
  var readings: [UInt64: Shared<[UInt8]>] = [:]
  var web = WebKeeper()
  var measurement = Measurement()
  private var isStopping = false
  /// Set when the loop is to end.
  var exitCode: Int32?

  /// Until the end.
  mutating func run() -> Int32 {
    while true {
      let count = poller.wait(until: nextDeadline, at: now)
      now = MonotonicClock.now
      if now - wallToldAt >= Limits.wallWhileBusy { tellWall() }
      for index in 0..<count { take(poller.event(index)) }
      if let deadline = appliance.nextDeadline, deadline <= now {
        // Events that wake nobody: somebody may have waited for them until now.
        takeMediaEvents()
        handle(.wake)
      }
      if let deadline = control.nextDeadline, deadline <= now { attendControl() }
      if let deadline = power.nextDeadline, deadline <= now { attendPower() }
      if let deadline = web.nextDeadline, deadline <= now { attendWeb() }
      if let deadline = measurement.nextDeadline, deadline <= now { finishMeasurement() }
      followCaptures()
      if sockets.hasHandshakes { shakeHands() }
      if let due = mediaDue, due <= now {
        mediaDue = nil
        // A packet may have woken it before.
        if media.room < MediaThread.Limits.commands { media.wake() }
      }
      flushLog()
      if let exitCode { return exitCode }
    }
  }

  private var nextDeadline: Instant? {
    if sockets.hasHandshakes { return now }
    var earliest = wallToldAt + Limits.wallWhileIdle
    if let deadline = appliance.nextDeadline { earliest = min(earliest, deadline) }
    if let deadline = control.nextDeadline { earliest = min(earliest, deadline) }
    if let deadline = power.nextDeadline { earliest = min(earliest, deadline) }
    if let deadline = web.nextDeadline { earliest = min(earliest, deadline) }
    if let deadline = measurement.nextDeadline { earliest = min(earliest, deadline) }
    if let deadline = captures.nextDeadline { earliest = min(earliest, deadline) }
    if let mediaDue { earliest = min(earliest, mediaDue) }
    if let logDue { earliest = min(earliest, logDue) }
    return earliest
  }

  private mutating func flushLog() {
    guard log.isWaiting else { return }
    let due = logDue ?? now + Limits.logPatience
    if due <= now || log.waitingBytes >= Limits.logBytesAtOnce || exitCode != nil { log.flush() }
    logDue = log.isWaiting ? (due > now ? due : now + Limits.logPatience) : nil
  }

  private mutating func take(_ event: Poller<PollSubject>.Event) {
    switch event.token {
    case .listener(let number):
      sockets.receive(onListener: number)
      takeSocketInputs()
    case .connection(let number):
      sockets.attend(number, event)
      takeSocketInputs()
    case .media:
      media.clear()
      takeMediaEvents()
    case .storage: takeStorageResults()
    case .control: attendControl()
    case .power: attendPower()
    case .web: attendWeb()
    case .captures: attendCaptures()
    case .interfaces:
      interfaces.clear()
      tellInterfaces()
    case .signals:
      while let signal = signals.next() { obey(signal) }
    }
  }

  // MARK: - Inputs

  mutating func handle(_ input: Appliance.Input) {
    let room = media.room
    if room != mediaRoomTold, min(room, mediaRoomTold) < Limits.mediaRoomWorthTelling {
      mediaRoomTold = room
      appliance.handle(.mediaRoom(room), at: now)
      perform()
    }
    appliance.handle(input, at: now)
    perform()
  }

  private mutating func takeMediaEvents() {
    while let event = media.nextEvent() {
      handle(.media(event))
      if case .measuredAll = event { finishMeasurement() }
    }
  }

  private mutating func takeSocketInputs() {
    while let input = sockets.nextInput() { handle(.transport(input)) }
  }

  /// After all else.
  private mutating func shakeHands() {
    sockets.shakeHands(at: now)
    takeSocketInputs()
    while let entry = sockets.refusals.next() { note(entry) }
  }

  mutating func takeStorageResults() {
    noteFailedNames()
    takeCopied()
    while let (client, bytes) = storage.pollAnswer() { control.answer(client, bytes) }
    while let (ticket, code) = storage.pollFinished() {
      let isDone = code == 0
      guard ticket & Self.passwordTickets == 0 else {
        handle(.verified(ticket ^ Self.passwordTickets, isDone))
        continue
      }
      guard ticket & Self.bundleTickets == 0 else {
        bundleWritten(for: ticket ^ Self.bundleTickets, code)
        continue
      }
      guard ticket & Self.readingTickets == 0 else {
        answerWasRead(for: ticket ^ Self.readingTickets, code)
        continue
      }
      handle(
        .configurations(isDone ? .written(ticket) : .notWritten(ticket, SystemError("write", code: code).text)))
    }
    while let result = storage.poll() {
      switch result {
      case .durable(let ticket): handle(.durable(upTo: ticket))
      case .failed(let ticket, let failure): handle(.persistFailed(from: ticket, failure))
      case .recordLost: handle(.recordLost)
      }
    }
  }

  private mutating func noteFailedNames() {
    guard let counters = storage.counters, counters.failedTasks > failedNamesNoted else { return }
    failedNamesNoted = counters.failedTasks
    note(LogEntry(.warning, "name.not-written", SystemError("write", code: counters.latestTaskError).text))
  }

  mutating func tellWall() {
    wallToldAt = now
    handle(.wall(WallClock.now, trusted: WallClock.isTrusted(plausibleIsEnough: acceptsPlausibleClock)))
    tellSurroundings()
  }

  private mutating func obey(_ signal: ProcessSignal) {
    switch signal {
    case .terminate, .interrupt:
      guard !isStopping else {
        note(LogEntry(.notice, "daemon.killed", "a second signal: not waiting for calls"))
        exitCode = ExitCode.failure
        return
      }
      isStopping = true
      handle(.shutdown)
    case .hangUp: reload()
    case .user1: handle(.query(Self.logClient, .counters))
    }
  }

  // MARK: - Outputs

  /// No client of the control socket has this number.
  static let logClient: UInt64 = 0

  private mutating func perform() {
    while let output = appliance.pollOutput() {
      switch output {
      case .transport(.datagram(let listener, let remote, let bytes)): sockets.send(bytes, on: listener, to: remote)
      case .transport(.connect(let connection, _, let remote, let expected)):
        sockets.connect(connection, to: remote, expecting: expected)
      case .transport(.write(let connection, let bytes)): sockets.write(bytes, on: connection)
      case .transport(.close(let connection)): sockets.close(connection)
      case .transport(.log(let entry)), .log(let entry): note(entry)
      // What stays inside the core.
      case .transport(.message), .transport(.failed): break
      case .media(let command): send(command)
      case .persist(let batch): storage.submit(batch)
      case .name(let file): carryOut(file)
      case .keepNames(let files): names.keep(files)
      case .record(let part): storage.append(part.bytes, beginsFile: part.beginsSegment)
      case .answer(let client, let bytes): answer(client, bytes)
      case .configurations(let output): carryOut(output)
      case .upkeep(let client, let upkeep): carryOut(upkeep, for: client)
      case .question(let client, let line): answer(question: line, for: client)
      case .verify(let ticket, let password, let hash): verify(ticket, password, hash)
      case .copyDatabase(let client): copyDatabase(for: client)
      case .keepEpoch(let epoch): keep(epoch)
      case .capture(let client, let order, let who): carryOut(order, for: client, by: who)
      case .stopped: exitCode = ExitCode.success
      }
    }
  }

  mutating func send(_ command: MediaCommand) {
    if !media.send(command) {
      lostMediaCommands += 1
      note(LogEntry(.alarm, "media.full", "a command was lost"))
    }
    let due = now + command.patience
    mediaDue = min(mediaDue ?? due, due)
  }

  private func carryOut(_ file: VoiceService.NameFile) {
    switch file {
    case .write(let name, let slot, _):
      // Of its own: the place in the pool is given away again.
      let (names, samples) = (names, Array(recordings.samples(slot)))
      storage.perform {
        do throws(SystemError) {
          try names.write(name, samples)
          return 0
        } catch {
          return error.code
        }
      }
    case .read(let name, let slot):
      recordings.clear(slot)
      names.read(name).withUnsafeBytes { _ = recordings.append($0, to: slot) }
    case .remove(let name):
      let names = names
      storage.perform {
        names.remove(name)
        return 0
      }
    }
  }

  func note(_ entry: LogEntry) { log.write(entry, at: WallClock.now) }

  private func answer(_ client: UInt64, _ bytes: [UInt8]) {
    if client == Self.logClient {
      note(LogEntry(.notice, "daemon.counters", ByteString(bytes)))
    } else {
      control.answer(client, bytes)
    }
  }
}

extension MediaCommand {
  /// Ports are opened before anybody knows of them, and closed after the sound has ended.
  fileprivate var patience: Interval {
    switch self {
    case .open: Daemon.Limits.openingPatience
    case .target, .play: Daemon.Limits.beginningPatience
    case .close: Daemon.Limits.closingPatience
    default: .zero
    }
  }
}
