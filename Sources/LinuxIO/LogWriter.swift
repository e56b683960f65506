// The log: one line an entry, to standard error, a file or the system's log. Never blocks: lines wait in a bounded
// buffer, and what does not fit is counted and the count written when there is room again.
//
//     2026-03-01T08:15:00Z notice call.answered call=17 101 answers 138****5678

import Basics
import CLinux

public final class LogWriter {
  public enum Destination: Sendable, Equatable {
    case standardError
    /// A file that is appended to, or the socket of the system's log (`/dev/log`).
    case path(ByteString)
  }
  public enum Limits {
    /// Bytes that wait for a slow reader.
    public static let waitingBytes = 65_536
    /// Bytes of text in one line; the rest is cut.
    public static let textBytes = 3_500
    /// The kernel takes this much of a pipe that is writable without blocking (PIPE_BUF).
    static let writeBytes = 4_096
    /// Of the latest lines that are kept for whoever asks for them.
    public static let keptLines = 500
    public static let keptBytes = 49_152
  }

  public var minimumLevel: LogLevel
  public private(set) var droppedEntries: UInt64 = 0
  /// What was written last, as it is written to a file.
  public private(set) var recent = LineRing(lineLimit: Limits.keptLines, byteLimit: Limits.keptBytes)

  private var destination: Destination
  private var descriptor: Int32 = STDERR_FILENO
  /// One datagram an entry, as syslog(3) sends them.
  private var isSystemLog = false
  /// A regular file takes what it is given; others are asked first whether they would block.
  private var isFile = false
  private var waiting: [UInt8] = []
  private var droppedSinceTold: UInt64 = 0
  /// The second that `stamp` shows.
  private var stampedSecond = Int64.min
  private var stamp: [UInt8] = []

  public init(to destination: Destination, minimumLevel: LogLevel) {
    self.minimumLevel = minimumLevel
    self.destination = destination
    open()
  }
  /// Writes to a descriptor that is another's, in the form that standard error gets.
  init(descriptor: Int32, minimumLevel: LogLevel) {
    self.minimumLevel = minimumLevel
    self.descriptor = descriptor
    destination = .standardError
  }
  deinit { closeOwn() }

  /// Goes on elsewhere, or with a new file in place of one that was renamed meanwhile. Where the destination cannot be
  /// opened, standard error takes its place.
  public func reopen(to destination: Destination) {
    flush()
    closeOwn()
    self.destination = destination
    open()
  }

  private func open() {
    descriptor = STDERR_FILENO
    isSystemLog = false
    isFile = false
    guard case .path(let path) = destination else { return }
    let socket = path.withCString { linux_unix_socket($0, false, false) }
    if socket >= 0 {
      descriptor = socket
      isSystemLog = true
      return
    }
    let file = path.withCString { linux_open_to_append($0) }
    guard file < 0 else {
      descriptor = file
      isFile = linux_is_regular_file(file)
      return
    }
    let error = SystemError(ByteString("open ") + path, code: linux_errno())
    write(LogEntry(.warning, "log.unreachable", error.text), at: WallClock.now)
  }

  private func closeOwn() {
    if destination != .standardError && descriptor != STDERR_FILENO { close(descriptor) }
  }

  public var limitUses: [LimitUse] {
    [
      LimitUse(
        "log-bytes-waiting", most: Limits.waitingBytes, used: waitingBytes, hits: Int(clamping: droppedEntries)),
      LimitUse("log-lines-kept", most: Limits.keptLines, used: recent.count),
      LimitUse("log-bytes-kept", most: Limits.keptBytes, used: recent.byteCount),
    ]
  }

  /// Bytes of the lines that wait.
  public var waitingBytes: Int { waiting.count }
  /// Lines wait to be written: `flush` is due soon.
  public var isWaiting: Bool { !waiting.isEmpty || droppedSinceTold > 0 }

  public func write(_ entry: LogEntry, at time: WallTime) {
    guard entry.level >= minimumLevel else { return }
    var line = ByteWriter(capacity: 96)
    appendStamp(time, to: &line)
    append(entry, to: &line)
    recent.append(ByteString(line.bytes))
    guard isSystemLog else { return keep(line.bytes + [UInt8(ascii: "\n")]) }
    line = ByteWriter(capacity: 96)
    line.append("<")
    line.append(decimal: Self.facility | Self.severity(entry.level))
    line.append(">branchline: ")
    append(entry, to: &line)
    // One datagram a line. A log that does not keep up loses lines, as standard error's reader does.
    let sent = line.bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { linux_send(descriptor, $0, bytes.count) } ?? 0
    }
    if sent < 0 { countDropped() }
  }

  /// The lines that are kept go; those that wait to be written stay.
  public func forgetRecent() { recent.clear() }

  /// Writes what waits, as far as it goes without blocking.
  public func flush() {
    if droppedSinceTold > 0, waiting.count < Limits.waitingBytes / 2 {
      let count = droppedSinceTold
      droppedSinceTold = 0
      write(
        LogEntry(.warning, "log.dropped", ByteString(Int(clamping: count)) + " lines did not fit"), at: WallClock.now)
    }
    var start = 0
    waiting.withUnsafeBytes { bytes in
      while start < bytes.count, let base = bytes.baseAddress, isFile || linux_is_writable(descriptor) == 1 {
        let written = CLinux.write(descriptor, base + start, min(Limits.writeBytes, bytes.count - start))
        guard written > 0 else { return }
        start += written
      }
    }
    if start > 0 { waiting.removeFirst(start) }
  }

  private func keep(_ line: [UInt8]) {
    guard waiting.count + line.count <= Limits.waitingBytes else { return countDropped() }
    waiting.append(contentsOf: line)
  }

  private func countDropped() {
    droppedEntries &+= 1
    droppedSinceTold &+= 1
  }

  private func append(_ entry: LogEntry, to line: inout ByteWriter) {
    line.append(entry.level.name)
    line.append(UInt8(ascii: " "))
    line.append(entry.event)
    if entry.call != 0 {
      line.append(" call=")
      line.append(decimal: Int(clamping: entry.call))
    }
    guard !entry.text.isEmpty else { return }
    line.append(UInt8(ascii: " "))
    // What came from outside must not be able to start a line of its own or to steer a terminal.
    for byte in entry.text.bytes.prefix(Limits.textBytes) {
      if byte >= 0x20 && byte != 0x7F {
        line.append(byte)
      } else {
        line.append("\\x")
        line.append(hex: UInt64(byte), digits: 2)
      }
    }
  }

  private func appendStamp(_ time: WallTime, to line: inout ByteWriter) {
    if time.seconds != stampedSecond {
      stampedSecond = time.seconds
      stamp = Array(time.rfc3339.utf8) + [UInt8(ascii: " ")]
    }
    line.append(stamp)
  }

  /// syslog(3): facility daemon.
  private static let facility = 3 << 3
  private static func severity(_ level: LogLevel) -> Int {
    switch level {
    case .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .alarm: 1
    }
  }
}
