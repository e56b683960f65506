// Everything that is opened before the first call, and closed after the last.

import Appliance
import Basics
import BranchConfiguration
import Configuration
import FlightRecorder
import Journal
import LinuxIO
import MediaEngine
import Revisions
import SIPUserAgent
import Storage

/// Why the daemon did not start.
enum StartError: Error {
  case system(SystemError)
  case storage(ByteString, StorageError)

  var fault: CommandFault {
    switch self {
    case .system(let error): CommandFault(error)
    case .storage(let path, let error): CommandFault(path, error)
    }
  }
}

extension Daemon {
  /// `branchline run`.
  static func start(_ options: Invocation.Options, _ language: Language) -> Int32 {
    do throws(CommandFault) {
      try RestoreFinish.finish(options.configurationPath)
    } catch {
      error.say(language)
      return ExitCode.failure
    }
    let files = RevisionFiles(configurationPath: options.configurationPath)
    guard let kept = KeptConfiguration(files, options) else {
      tellWhyNot(options.configurationPath, language)
      return ExitCode.failure
    }
    for line in ConfigurationFile.lines(kept.reading, options.configurationPath, language) {
      StandardStream.error.writeLine(line)
    }
    ProcessContext.allowManyDescriptors()
    var daemon: Daemon
    do throws(StartError) {
      daemon = try Daemon(kept.settings, options, files)
    } catch {
      error.fault.say(language)
      return ExitCode.failure
    }
    daemon.begin(kept)
    ProcessContext.releaseStartCode()
    let code = daemon.run()
    daemon.end()
    return code
  }

  /// Nothing usable was found.
  private static func tellWhyNot(_ path: ByteString, _ language: Language) {
    do throws(FileReadError) {
      let reading = try ConfigurationFile.read(path)
      for line in ConfigurationFile.lines(reading, path, language) { StandardStream.error.writeLine(line) }
    } catch {
      CommandFault(error).say(language)
    }
  }

  private init(
    _ settings: BranchSettings, _ options: Invocation.Options, _ files: RevisionFiles
  ) throws(StartError) {
    self.settings = settings
    revisionFiles = files
    acceptsPlausibleClock = options.acceptsPlausibleClock
    mediaStreams = Self.mediaLimits(settings).streams
    log = LogWriter(to: settings.logTarget.destination, minimumLevel: settings.logLevel)
    let stored: (link: StorageLink, restored: Restored, log: [LogEntry])
    let sounds = PromptFiles.load(from: settings.promptsDirectory)
    prompts = LoadedPrompts(sounds.table, unusable: sounds.unusable)
    let entropy: [UInt8]
    do throws(SystemError) {
      // First: the threads inherit what is done with signals.
      signals = try SignalSource()
      poller = try Poller()
      interfaces = try Interfaces()
      sockets = SignallingSockets(poller)
      try sockets.listen(settings.userAgent.listeners)
      control = try ControlSocket(path: settings.controlSocketPath)
      captures = try CaptureDesk(beside: settings.storagePath)
      entropy = try Entropy.bytes(Limits.entropyBytes)
    } catch {
      throw .system(error)
    }
    do throws(StorageError) {
      stored = try StorageLink.open(
        settings.storagePath, recordingBytes: settings.flightRecorderBytes, at: WallClock.now)
      storage = stored.link
      names = NameFiles(in: Directories.parent(of: settings.storagePath) + "/names")
      recordings = sounds.table.recordings
      appliance = Appliance(recorder: Self.recorder(stored.link, run: stored.restored.runs))
    } catch {
      throw .storage(settings.storagePath, error)
    }
    do throws(SystemError) {
      media = try MediaThread(
        MediaEngine(prompts: sounds.table, limits: Self.mediaLimits(settings), seed: Self.seed(try Entropy.bytes(8))))
      try poller.add(signals.descriptor, .signals)
      try poller.add(interfaces.descriptor, .interfaces)
      try poller.add(control.descriptor, .control)
      try poller.add(captures.descriptor, .captures)
      try poller.add(media.descriptor, .media)
      if let descriptor = storage.descriptor { try poller.add(descriptor, .storage) }
    } catch {
      throw .system(error)
    }
    for entry in stored.log { note(entry) }
    noteUnusable(prompts.unusable)
    handle(.entropy(entropy))
    restored = stored.restored
    runs = restored.runs
  }

  /// As many streams as there are ports for: a stream takes two.
  static func mediaLimits(_ settings: BranchSettings) -> MediaEngine.Limits {
    var limits = MediaEngine.Limits()
    limits.streams = max(limits.streams, settings.mediaPorts.count / 2)
    return limits
  }

  private static func recorder(_ storage: StorageLink, run: UInt64) -> FlightRecorder? {
    guard let bytes = storage.segmentBytes else { return nil }
    return FlightRecorder(
      SegmentStart(run: run, startedAt: WallClock.now, version: Version.text), segmentBytes: bytes)
  }

  private static func seed(_ bytes: [UInt8]) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  private func noteUnusable(_ prompts: [ByteString]) {
    guard let first = prompts.first else { return }
    let others = prompts.count > 1 ? ByteString(" and ") + ByteString(prompts.count - 1) + " more" : ""
    note(
      LogEntry(
        .warning, "prompts.unusable", settings.promptsDirectory + ": " + first + others + ": callers hear nothing")
    )
  }

  private mutating func begin(_ kept: KeptConfiguration) {
    for entry in kept.log { note(entry) }
    tellWall()
    tellInterfaces()
    configureTLS(settings)
    handle(.configurations(.start(kept.revisions)))
    handle(.configure(revision: UInt64(clamping: kept.revisions.state.running), settings))
    compareEpochs()
    handle(.restored(restored))
    restored = Restored()
    configureWeb(settings)
    power.configure(settings.power, at: now)
    if settings.power != nil { attendPower() }
    note(LogEntry(.notice, "daemon.started", "branchline " + Version.text + ", " + settings.name))
    log.flush()
  }

  mutating func tellInterfaces() {
    do throws(SystemError) {
      let addresses = try Interfaces.addresses()
      handle(.interfaces(addresses.map { Interface(address: $0.address, prefixLength: $0.prefixLength) }))
    } catch {
      note(LogEntry(.warning, "daemon.interfaces", error.text))
    }
  }

  /// Lets the disk have what waits, stops the sound, writes the last lines.
  private func end() {
    storage.stop()
    media.stop()
    note(LogEntry(.notice, "daemon.ended"))
    log.flush()
  }
}

extension BranchSettings.LogTarget {
  var destination: LogWriter.Destination {
    switch self {
    case .standardError: .standardError
    case .systemLog: .path("/dev/log")
    case .file(let path): .path(path)
    }
  }
}
