// The journal's way to the disk. A box whose disk cannot be used carries calls all the same: every batch is then
// answered as failed, so nothing is promised that would not be kept.

import ACD
import Appliance
import Basics
import Journal
import LinuxIO
import Storage

final class StorageLink {
  private let writer: JournalWriter?
  private var failures = Fifo<JournalResult>()
  /// Works of the daemon that were done at once for want of a storage thread.
  private var finished = Fifo<(ticket: UInt64, code: Int32)>()
  /// Of one file of the flight recorder; nil: nothing is recorded.
  let segmentBytes: Int?

  /// Readable when there are results; nil without storage.
  var descriptor: Int32? { writer?.wakeDescriptor }
  /// nil without storage.
  var counters: JournalWriter.Counters? { writer?.counters }

  private init(_ writer: JournalWriter?, segmentBytes: Int? = nil) {
    self.writer = writer
    self.segmentBytes = segmentBytes
  }

  /// - Parameter recordingBytes: room for the flight recorder's files; 0: nothing is recorded.
  /// - Returns: the link, what was remembered, and what there is to log.
  /// - Throws: where another program has the database open.
  static func open(
    _ path: ByteString, recordingBytes: Int, at time: WallTime
  ) throws(StorageError) -> (link: StorageLink, restored: Restored, log: [LogEntry]) {
    var log: [LogEntry] = []
    do throws(SystemError) {
      try Directories.makeParent(of: path)
    } catch {
      log.append(LogEntry(.alarm, "storage.unusable", error.text))
      return (StorageLink(nil), Restored(), log)
    }
    do throws(StorageError) {
      let database = try Database.open(path, at: time)
      while let entry = database.pollLog() { log.append(entry) }
      let restored = try database.restore()
      let flight = recordingBytes > 0 ? openFlight(beside: path, total: recordingBytes, &log) : nil
      let link = StorageLink(try JournalWriter(database, flight: flight), segmentBytes: flight?.segmentBytes)
      return (link, restored, log)
    } catch {
      guard error != .busy else { throw error }
      log.append(LogEntry(.alarm, "storage.unusable", path + ": " + text(error)))
      return (StorageLink(nil), Restored(), log)
    }
  }

  private static func openFlight(beside path: ByteString, total: Int, _ log: inout [LogEntry]) -> FlightFiles? {
    do throws(StorageError) {
      return try FlightFiles(beside: path, total: total)
    } catch {
      log.append(LogEntry(.warning, "recorder.unusable", path + ": " + text(error)))
      return nil
    }
  }

  /// A part of the flight recorder's recording.
  func append(_ bytes: [UInt8], beginsFile: Bool) { writer?.append(bytes, beginsFile: beginsFile) }

  func submit(_ batch: Batch) {
    if let writer { writer.submit(batch) } else { failures.append(.failed(from: batch.ticket, .ioError)) }
  }

  /// On the storage thread, before what is submitted after it. Without storage nothing is promised, and nothing is done.
  func perform(_ task: @escaping @Sendable () -> Int32) { writer?.perform(task) }

  /// The same, for a work that somebody waits for: `pollFinished` tells of it. Without storage it is done at once, for a
  /// box whose database cannot be opened must still take a new configuration.
  func perform(ticket: UInt64, _ task: @escaping @Sendable () -> Int32) {
    if let writer { writer.perform(ticket: ticket, task) } else { finished.append((ticket, task())) }
  }

  func pollFinished() -> (ticket: UInt64, code: Int32)? { finished.popFirst() ?? writer?.pollFinished() }

  /// Numbers of some time, as JSON. False: there is no storage, or too many ask.
  func ask(_ report: Report, _ quarters: Range<Int64>, for client: UInt64) -> Bool {
    let question = NumbersQuestion(
      report.isOfAgents ? .agents : .queues, quarters: quarters, isByQuarter: report.isByInterval)
    return writer?.ask(question, for: client) { answer in
      var json = JSONWriter(capacity: 4_096)
      switch answer {
      case .queues(let rows): report.write(rows, to: &json, withQuarter: report.isByInterval)
      case .agents(let rows): report.write(rows, to: &json, withQuarter: report.isByInterval)
      case .failed: json.object { $0.field("error", "the database cannot be read") }
      }
      return json.bytes
    } ?? false
  }

  func pollAnswer() -> (client: UInt64, bytes: [UInt8])? { writer?.pollAnswer() }

  /// For a backup; `pollCopied` tells of it. False: there is no storage.
  func copy(to path: ByteString) -> Bool {
    writer?.copy(to: path)
    return writer != nil
  }

  func pollCopied() -> CopyResult? { writer?.pollCopied() }

  func poll() -> JournalResult? { failures.popFirst() ?? writer?.poll() }

  /// Writes what waits and closes the database.
  func stop() { writer?.stop() }

  static func text(_ error: StorageError) -> ByteString {
    switch error {
    case .busy: "another program has the database open"
    case .damaged(let code): ByteString("damaged, SQLite ") + ByteString(Int(code))
    case .newer(let version): ByteString("written by a later release, version ") + ByteString(Int(version))
    case .failed(let code): ByteString("SQLite ") + ByteString(Int(code))
    case .cannotSetAside(let code): ByteString("cannot be set aside: ") + SystemError.name(of: code)
    case .cannotStart(let code): ByteString("cannot start: ") + SystemError.name(of: code)
    case .cannotCopy(let code): ByteString("cannot be copied: ") + SystemError.name(of: code)
    }
  }
}
