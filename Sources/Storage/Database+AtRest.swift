// A database that no daemon has open: looked at, copied, or given an epoch, for backups and restores.

import Basics
import CSQLite
import Journal

/// Holds a database, so that no daemon opens it. Nothing in it is changed.
public final class DatabaseHold {
  private let connection: Connection
  public let epoch: EpochFact

  /// - Parameter path: without a zero byte; there is a database.
  /// - Throws: `.busy` where a daemon has it open; `.damaged` and `.newer` where nothing can be said of what is in it.
  public init(_ path: ByteString) throws(StorageError) {
    let hasLog = DirectoryEntries.size(of: path + "-wal").map { $0 > 0 } ?? false
    connection = try Connection(path: path, system: nil, creates: false)
    // An empty log that only this makes goes with it.
    if !hasLog { connection.adopt() }
    guard try connection.integer("PRAGMA application_id") == Schema.applicationID else { throw .damaged(code: 0) }
    let version = try connection.integer("PRAGMA user_version")
    guard version <= Schema.version else { throw .newer(version: version) }
    // Before epochs there was one.
    epoch = version >= Schema.firstWithEpochs ? try RowFacts(connection).epoch() : EpochFact()
  }

  public func copy(to path: ByteString) throws(StorageError) {
    let copy = try DatabaseCopy(of: connection, to: path)
    while try !copy.turn() {}
  }
}

extension Database {
  /// What stands in a database at rest.
  public struct Summary: Equatable, Sendable {
    public var epoch = EpochFact()
    public var runs: UInt64 = 0
    public var openCallbacks = 0
  }

  /// Checks every page and index, brings the database up to date and gives it an epoch; afterwards it is one file again.
  /// - Parameter change: of what it was; nil leaves it.
  @discardableResult
  public static func settle(
    _ path: ByteString, _ change: (Summary) -> EpochFact?
  ) throws(StorageError) -> Summary {
    let connection = try Connection(path: path, system: nil, creates: false)
    let check = try Statement(connection, "PRAGMA integrity_check(1)")
    guard try check.step(), check.text(0) == "ok" else { throw .damaged(code: 0) }
    check.reset()
    try Migration(connection).bringUpToDate()
    var summary = Summary()
    summary.epoch = try RowFacts(connection).epoch()
    summary.runs = UInt64(max(0, try connection.integer("SELECT value FROM meta WHERE name = 'boots'")))
    // States before `done` (3) are open.
    summary.openCallbacks = Int(try connection.integer("SELECT count(*) FROM callbacks WHERE state < 3"))
    if let epoch = change(summary) {
      try connection.execute("BEGIN IMMEDIATE")
      try FactRows(connection).write(.epoch(epoch))
      try connection.execute("COMMIT")
      summary.epoch = epoch
    }
    connection.adopt()
    return summary
  }
}
