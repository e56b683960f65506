// Keeps the process of the supervisor's page: starts it, starts it again when it has ended, and starts another when the
// configuration says so. A stranger's bytes are read there and nowhere else.

import Basics
import BranchConfiguration
import Digests
import LinuxIO

struct WebKeeper {
  enum Limits {
    /// Until it is started again; twice as long each time, up to the other.
    static let pause = Interval.seconds(1)
    static let pauseMax = Interval.minutes(1)
    /// Whoever has lived so long has done well.
    static let settled = Interval.minutes(1)
    /// Lines of the log that it may write in a minute.
    static let linesPerMinute = 30
  }

  private var arguments: [ByteString]?
  /// Who could log in when it was started: a changed password or role ends what was begun with the old one.
  private var users: [BranchSettings.User] = []
  /// Of the certificate that it was started with.
  private var stamp: [UInt8]?
  private var child: ChildProgram?
  private var startedAt = Instant.zero
  private var startsAt: Instant?
  private var pause = Limits.pause
  private var linesSince = Instant.zero
  private var lines = 0

  // For whoever asks.
  private(set) var starts = 0
  private(set) var droppedLines = 0
  /// Of the certificate.
  private(set) var fingerprint: ByteString?
  /// Of the process that runs.
  var number: Int? { child?.number }
  var isWanted: Bool { arguments != nil }
  /// Of its limits.
  private(set) var use = PageUse()

  var nextDeadline: Instant? { startsAt }

  /// - Parameters:
  ///   - new: nil: there is to be none.
  ///   - stamp: another one for another certificate; nil where that is not known.
  mutating func configure(_ new: [ByteString]?, _ users: [BranchSettings.User], stamp: [UInt8]?, at now: Instant) {
    guard new != arguments || users != self.users || stamp != nil && stamp != self.stamp else { return }
    arguments = new
    self.users = users
    self.stamp = stamp
    child = nil
    use.end()
    fingerprint = nil
    pause = Limits.pause
    startsAt = new == nil ? nil : now
  }

  /// When it is due: the descriptor to watch, or why there is none.
  mutating func start(at now: Instant) throws(SystemError) -> Int32? {
    guard let arguments, let due = startsAt, due <= now else { return nil }
    startsAt = now + pause
    pause = min(Limits.pauseMax, pause + pause)
    let new = try ChildProgram(arguments)
    startsAt = nil
    child = new
    startedAt = now
    starts += 1
    return new.descriptor
  }

  /// When the descriptor is readable: what it says.
  mutating func hear(at now: Instant) -> [LogEntry] {
    guard let child else { return [] }
    guard let heard = child.read() else {
      self.child = nil
      use.end()
      if now - startedAt >= Limits.settled { pause = Limits.pause }
      startsAt = now + pause
      pause = min(Limits.pauseMax, pause + pause)
      return [LogEntry(.warning, "web.ended", "it is started again")]
    }
    for line in heard where line.hasPrefix(PageUse.mark) { use.hear(line) }
    let said = heard.filter { !$0.hasPrefix(PageUse.mark) }
    if now - linesSince >= .minutes(1) { (linesSince, lines) = (now, 0) }
    let room = said.prefix(Limits.linesPerMinute - lines)
    lines += room.count
    droppedLines += said.count - room.count
    return room.map { line in
      if line.hasPrefix(WebCommand.fingerprintMark) { fingerprint = line.dropFirst(WebCommand.fingerprintMark.count) }
      return LogEntry(line.hasPrefix(WebCommand.faultMark) ? .warning : .notice, "web.said", line)
    }
  }
}

extension Daemon {
  /// With every configuration, and with SIGHUP: a certificate that was renewed under its name is taken by another process.
  mutating func configureWeb(_ settings: BranchSettings) {
    let arguments = settings.web.map { web in
      WebCommand.Arguments(web, socket: settings.controlSocketPath, ownCertificate: revisionFiles.certificatePath).words
    }
    web.configure(arguments, settings.users, stamp: settings.web.flatMap { Self.stamp($0.certificate) }, at: now)
    attendWeb()
  }

  private static func stamp(_ certificate: BranchSettings.Web.Certificate) -> [UInt8]? {
    guard case .given(let certificate, let key) = certificate,
      let first = try? FileReader.read(certificate, limit: WebCommand.Limits.fileBytes),
      let second = try? FileReader.read(key, limit: WebCommand.Limits.fileBytes)
    else { return nil }
    return Digests.sha256(first, second)
  }

  /// At the deadline, and when its process has something to say.
  mutating func attendWeb() {
    for entry in web.hear(at: now) { note(entry) }
    do throws(SystemError) {
      if let descriptor = try web.start(at: now) { try poller.add(descriptor, .web) }
    } catch {
      note(LogEntry(.warning, "web.cannot-start", error.text))
    }
  }

  func writeWeb(to json: inout JSONWriter) {
    json.field("process", web.number)
    json.field("starts", web.starts)
    json.field("logLinesDropped", web.droppedLines)
    json.field("fingerprint", web.fingerprint)
  }
}
