// The stored quarters of an hour: one row for each queue or agent that had something to count in it.

import ACD
import Basics
import CSQLite

struct QuarterRows {
  enum Kind: Int64, CaseIterable {
    case queue = 0
    case agent = 1
  }

  private let connection: Connection
  private let find: Statement
  private let replace: Statement
  private let readState: Statement
  private let writeState: Statement
  private let oldest: Statement
  private let remove: Statement

  /// How far the events have been counted.
  struct State {
    var lastEvent: Int64
    var rowCount: Int64
    var carry: [UInt8]
  }

  init(_ connection: Connection) throws(StorageError) {
    self.connection = connection
    find = try Statement(connection, "SELECT numbers FROM quarters WHERE kind = ?1 AND quarter = ?2 AND name = ?3")
    replace = try Statement(connection, "REPLACE INTO quarters (kind, quarter, name, numbers) VALUES (?1, ?2, ?3, ?4)")
    readState = try Statement(connection, "SELECT last_event, row_count, carry FROM counted")
    writeState = try Statement(connection, "UPDATE counted SET last_event = ?1, row_count = ?2, carry = ?3")
    oldest = try Statement(connection, "SELECT min(quarter) FROM quarters WHERE kind = ?1")
    remove = try Statement(connection, "DELETE FROM quarters WHERE kind = ?1 AND quarter <= ?2")
  }

  func state() throws(StorageError) -> State {
    guard try readState.step() else { throw .damaged(code: 0) }
    defer { readState.reset() }
    return State(
      lastEvent: readState.integer(0), rowCount: readState.integer(1), carry: readState.blob(2))
  }

  func write(_ state: State) throws(StorageError) {
    writeState.bind(1, state.lastEvent)
    writeState.bind(2, state.rowCount)
    writeState.bind(3, blob: state.carry)
    try writeState.run()
  }

  /// Adds all that was counted to what stands there. Returns how many rows are new.
  func add(_ reports: Reports) throws(StorageError) -> Int64 {
    var new: Int64 = 0
    for row in reports.queueRows { if try add(row, .queue) { new += 1 } }
    for row in reports.agentRows { if try add(row, .agent) { new += 1 } }
    return new
  }

  /// True: there was no such row. One that makes no sense counts as nothing.
  private func add<Numbers: StoredNumbers>(_ row: Reports.NamedRow<Numbers>, _ kind: Kind) throws(StorageError) -> Bool
  {
    find.bind(1, kind.rawValue)
    find.bind(2, row.quarter)
    find.bind(3, row.name)
    let isThere = try find.step()
    var numbers = isThere ? Numbers(stored: find.blob(0)) ?? Numbers() : Numbers()
    find.reset()
    numbers.add(row.numbers)
    replace.bind(1, kind.rawValue)
    replace.bind(2, row.quarter)
    replace.bind(3, row.name)
    replace.bind(4, blob: numbers.stored)
    try replace.run()
    return !isThere
  }

  /// Removes the oldest quarters until there are no more rows than that. Returns how many went.
  func trim(from count: Int64, to limit: Int) throws(StorageError) -> Int64 {
    var removed: Int64 = 0
    while count - removed > Int64(limit) {
      var first: Int64?
      for kind in Kind.allCases {
        oldest.bind(1, kind.rawValue)
        if try oldest.step(), !oldest.isNull(0) { first = min(first ?? .max, oldest.integer(0)) }
        oldest.reset()
      }
      guard let first else { break }
      for kind in Kind.allCases {
        remove.bind(1, kind.rawValue)
        remove.bind(2, first)
        try remove.run()
        removed += Int64(connection.changes)
      }
    }
    return removed
  }
}
