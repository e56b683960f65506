// What a box remembers, in one SQLite file: opened, checked and brought up to date at boot, then written by one thread
// in whole transactions. It decides nothing. A power cut at any instant leaves exactly the commits that were reported,
// and at most the one that was under way.

import Basics
import CSQLite
import Journal

/// Used by one thread at a time.
///
///     let database = try Database.open("/data/branchline.db", at: now)
///     let restored = try database.restore()
///     let ticket = try database.commit([batch])
public final class Database {
  public struct Counters: Sendable, Equatable {
    public var commits = 0
    public var facts = 0
    public var failedCommits = 0
    public var checkpoints = 0
    public var failedCheckpoints = 0
    public var trimmedRows = 0
    public var unreadableRows = 0
    /// Events that were counted into quarters of an hour, and how often that failed.
    public var countedEvents = 0
    public var failedRollUps = 0
    /// In the log now.
    public var keptEvents = 0
  }

  /// Of this program's databases, and of SQLite.
  public static var schemaVersion: Int { Int(Schema.version) }
  public static var libraryVersion: ByteString { ByteString(cString: sqlite3_libversion()) }

  public private(set) var counters = Counters()
  /// Whether this is a new database because the old one was set aside.
  public let wasDamaged: Bool
  /// How often this database has been opened, this time included.
  public private(set) var bootCount: UInt64 = 0
  /// False while a failed commit may still be on the disk. See `settle()`.
  public private(set) var isSettled = true

  let connection: Connection
  private let rows: FactRows
  private let retention: Retention
  private let transaction: Transaction
  private var rollUp: RollUp
  private var rowsSinceTrim = 0
  private var log: Fifo<LogEntry>

  /// Opens or makes the database. One that is damaged, foreign or of a newer release is renamed to
  /// `NAME.damaged-TIME` or `NAME.newer-VERSION-TIME`, and a new one is made.
  ///
  /// - Parameters:
  ///   - path: without a zero byte; its directory exists.
  ///   - time: for the name of a database that is set aside.
  /// - Throws: `.busy`, `.failed` or `.cannotSetAside`; never because of what is in the file.
  public static func open(_ path: ByteString, at time: WallTime) throws(StorageError) -> Database {
    try open(path, at: time, system: nil, limits: Retention.Limits())
  }

  static func open(
    _ path: ByteString, at time: WallTime, system: ByteString?, limits: Retention.Limits
  ) throws(StorageError) -> Database {
    let setAside = SetAside(path: path)
    var log = Fifo<LogEntry>()
    let mark: ByteString
    do throws(StorageError) {
      if setAside.hasLostItsContent { throw .damaged(code: 0) }
      return try Database(path, system: system, limits: limits, wasDamaged: false, log: log)
    } catch {
      switch error {
      case .damaged: mark = "damaged"
      case .newer(let version): mark = "newer-" + ByteString(Int(version))
      default: throw error
      }
    }
    let name = try setAside.rename(mark: mark, at: time)
    log.append(LogEntry(.alarm, "storage.damaged", "set aside as " + name))
    setAside.removeOldest()
    return try Database(path, system: system, limits: limits, wasDamaged: true, log: log)
  }

  private init(
    _ path: ByteString, system: ByteString?, limits: Retention.Limits, wasDamaged: Bool, log: Fifo<LogEntry>
  ) throws(StorageError) {
    let connection = try Connection(path: path, system: system)
    try Migration(connection).bringUpToDate()
    rows = try FactRows(connection)
    retention = try Retention(connection, limits)
    rollUp = try RollUp(connection, rowLimit: limits.quarterRows)
    transaction = try Transaction(connection)
    self.connection = connection
    self.wasDamaged = wasDamaged
    self.log = log
    connection.adopt()
    countBoot()
    counters.keptEvents = keptEvents
  }

  /// What there is to log, in order, nil when nothing is left.
  public func pollLog() -> LogEntry? { log.popFirst() }

  /// A box whose disk is full must start all the same: a boot that could not be counted is only logged.
  private func countBoot() {
    do throws(StorageError) {
      try transaction.begin()
      try rows.count("boots")
      counters.trimmedRows += try retention.trimBindings(connection)
      try transaction.commit()
    } catch {
      transaction.rollBack(connection)
      log.append(LogEntry(.warning, "storage.boot", "the database cannot be written"))
    }
    bootCount = UInt64(max(0, (try? connection.integer("SELECT value FROM meta WHERE name = 'boots'")) ?? 0))
  }

  /// All that was remembered. For boot: it reads every table.
  public func restore() throws(StorageError) -> Restored {
    var reader = RowFacts(connection)
    var restored = Restored()
    restored.bindings = try reader.bindings()
    restored.agents = try reader.agents()
    restored.extensions = try reader.extensions()
    restored.callbacks = try reader.callbacks()
    restored.acts = try reader.acts()
    restored.lastSequence = try reader.lastSequence()
    restored.lastCallbackID = try reader.lastCallbackID()
    restored.lastCallID = try reader.lastCallID()
    restored.runs = bootCount
    restored.epoch = try reader.epoch()
    restored.wasDamaged = wasDamaged
    counters.unreadableRows += reader.unreadableRows
    if reader.unreadableRows > 0 {
      log.append(
        LogEntry(.alarm, "storage.unreadable", ByteString(reader.unreadableRows) + " rows left out"))
    }
    connection.releaseMemory()
    return restored
  }

  /// Writes all batches in one transaction and returns when it is on the disk. Returns the highest ticket (0 of none).
  ///
  /// After a failure nothing of the batches is in the database, nor will be, once `isSettled`.
  public func commit(_ batches: [Batch]) throws(CommitFailure) -> Ticket {
    var isCommitting = false
    do throws(StorageError) {
      let written = try write(batches)
      isCommitting = true
      try transaction.commit()
      rowsSinceTrim = written.sinceTrim
      counters.trimmedRows += written.trimmed
      counters.keptEvents = written.trimmed > 0 ? keptEvents : counters.keptEvents + written.events
    } catch {
      throw undo(error, isCommitting: isCommitting)
    }
    isSettled = true
    rollUp.noteCommitted(batches)
    counters.commits += 1
    var last = Ticket(0)
    for batch in batches {
      last = max(last, batch.ticket)
      counters.facts += batch.facts.count
    }
    return last
  }

  /// Rows of events go at the old end, so that their numbers have no holes.
  private var keptEvents: Int {
    let count = try? connection.integer(
      "SELECT (SELECT max(id) FROM queue_events) - (SELECT min(id) FROM queue_events) + 1")
    return Int(count ?? 0)
  }

  /// Returns how many rows of history were written since the latest trim, these included, how many it removed, and how
  /// many of those that were written now are events.
  private func write(_ batches: [Batch]) throws(StorageError) -> (sinceTrim: Int, trimmed: Int, events: Int) {
    var history = rowsSinceTrim
    var events = 0
    try transaction.begin()
    // What failed stands at the end of the log. This commit must not be empty, or it would not overwrite it.
    if !isSettled { try rows.count("voided") }
    for batch in batches {
      for fact in batch.facts {
        try rows.write(fact)
        if case .queueEvent = fact { events += 1 }
        switch fact {
        case .queueEvent, .call, .callback, .act: history += 1
        case .binding, .bindingRemoved, .agent, .extension, .epoch: break
        }
      }
    }
    guard history >= retention.rowsBetweenTrims else { return (history, 0, events) }
    return (0, try retention.trimHistory(connection), events)
  }

  private func undo(_ error: StorageError, isCommitting: Bool) -> CommitFailure {
    transaction.rollBack(connection)
    counters.failedCommits += 1
    let reason = error.persistFailure
    // The frame that makes a transaction valid is written last. If the disk was full, it was not written; after any
    // other error it may have been, and only its sync failed.
    if isCommitting && reason != .diskFull { isSettled = false }
    // A checkpoint needs no room where the pages are there already, and afterwards the log can be written again from
    // its beginning.
    if reason == .diskFull { checkpoint() }
    if !isSettled { settle() }
    return CommitFailure(reason: reason, isSettled: isSettled)
  }

  /// Makes sure that a failed commit cannot come back after a power cut: another commit takes its place in the log.
  /// True when that is done, or there is nothing to do.
  @discardableResult public func settle() -> Bool {
    guard !isSettled else { return true }
    do throws(StorageError) {
      try transaction.begin()
      try rows.count("voided")
      try transaction.commit()
      isSettled = true
    } catch {
      transaction.rollBack(connection)
    }
    return isSettled
  }

  /// Whether events are to be counted into quarters of an hour.
  public var isRollUpDue: Bool { rollUp.isDue }

  /// Counts a page of events into the quarters. A failure loses nothing: the events stay and the next time does it.
  public func rollUpOnce() {
    do throws(StorageError) {
      try transaction.begin()
      let turn = try rollUp.count(connection)
      try transaction.commit()
      rollUp.noteCounted(turn)
      counters.countedEvents += turn.events
    } catch {
      transaction.rollBack(connection)
      rollUp.noteFailed()
      counters.failedRollUps += 1
    }
  }

  /// To be read in turns before anything is counted again.
  func reading(_ question: NumbersQuestion) throws(StorageError) -> NumbersReading {
    try NumbersReading(question, connection, tail: try rollUp.tail(connection))
  }

  /// Whether the log has grown enough to be moved into the database.
  public var isCheckpointDue: Bool { connection.logPages >= StorageLimits.logPages }

  /// Moves the log into the database. A failure loses nothing: the log stays and the next checkpoint does it.
  public func checkpoint() {
    do throws(StorageError) {
      try connection.checkpoint()
      counters.checkpoints += 1
    } catch {
      counters.failedCheckpoints += 1
    }
  }
}

/// BEGIN, COMMIT, ROLLBACK.
private struct Transaction {
  private let beginning: Statement
  private let committing: Statement
  private let rollingBack: Statement

  init(_ connection: Connection) throws(StorageError) {
    beginning = try Statement(connection, "BEGIN IMMEDIATE")
    committing = try Statement(connection, "COMMIT")
    rollingBack = try Statement(connection, "ROLLBACK")
  }

  func begin() throws(StorageError) { try beginning.run() }
  func commit() throws(StorageError) { try committing.run() }

  /// SQLite has rolled back by itself after some errors.
  func rollBack(_ connection: Connection) {
    if connection.isInTransaction { try? rollingBack.run() }
  }
}
