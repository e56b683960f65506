// From the log of events to quarters of an hour. The log alone says what happened: a part of it is counted, added to the
// rows and marked as counted in one transaction, so that a power cut doubles nothing and loses nothing.

import ACD
import Basics
import Journal

struct RollUp {
  /// What one turn has counted.
  struct Turn {
    var events: Int
    /// None is left.
    var isLast: Bool
    var carry: [UInt8]
  }

  private let rows: QuarterRows
  private let rowLimit: Int
  /// Events that are in the log and not in the rows, as far as is known, and the quarter of the first of them.
  private var uncounted: Int64
  private var firstQuarter: Int64?
  private var hasNewQuarter: Bool
  /// The uncounted events, counted as they were committed, so that they need not be read again; nil while the log holds
  /// others: those of an earlier run, or more than there is room for.
  private var latest: Reports?
  /// The disk could not be written: not again before another commit has been.
  private var isBlocked = false

  init(_ connection: Connection, rowLimit: Int) throws(StorageError) {
    rows = try QuarterRows(connection)
    self.rowLimit = rowLimit
    let state = try rows.state()
    uncounted = max(0, try Self.lastEvent(connection) - state.lastEvent)
    // What an earlier run left.
    hasNewQuarter = uncounted > 0
    if uncounted == 0 { latest = Reports(carry: state.carry) }
  }

  private static func lastEvent(_ connection: Connection) throws(StorageError) -> Int64 {
    try connection.integer("SELECT max(id) FROM queue_events")
  }

  /// A quarter is over, or much has happened.
  var isDue: Bool { !isBlocked && (hasNewQuarter || uncounted >= Int64(StorageLimits.uncountedEvents)) }

  /// The events of these batches are in the log.
  mutating func noteCommitted(_ batches: [Batch]) {
    isBlocked = false
    for batch in batches {
      for case .queueEvent(let event) in batch.facts {
        uncounted += 1
        let quarter = Reports.quarter(of: event.at)
        if let firstQuarter, quarter > firstQuarter { hasNewQuarter = true }
        firstQuarter = firstQuarter ?? quarter
        add(event)
      }
    }
  }

  private mutating func add(_ event: QueueEventFact) {
    guard let hasRoom = latest?.hasRoom else { return }
    if hasRoom {
      latest?.add(event)
    } else {
      latest = nil
      hasNewQuarter = true
    }
  }

  /// Within a transaction: all events, or a page of them where they must be read. Nothing is known of it here until
  /// `noteCounted`.
  func count(_ connection: Connection) throws(StorageError) -> Turn {
    var state = try rows.state()
    let turn: Turn
    if let latest {
      turn = try taking(latest, connection, &state)
    } else {
      turn = try reading(connection, &state)
    }
    state.rowCount -= try rows.trim(from: state.rowCount, to: rowLimit)
    state.carry = turn.carry
    try rows.write(state)
    return turn
  }

  private func taking(
    _ latest: Reports, _ connection: Connection, _ state: inout QuarterRows.State
  ) throws(StorageError) -> Turn {
    state.rowCount += try rows.add(latest)
    // The oldest rows of the log are trimmed, never the last.
    state.lastEvent = try Self.lastEvent(connection)
    return Turn(events: Int(uncounted), isLast: true, carry: latest.carry)
  }

  private func reading(_ connection: Connection, _ state: inout QuarterRows.State) throws(StorageError) -> Turn {
    let page = try connection.events(after: state.lastEvent)
    var reports = Reports(carry: state.carry)
    for event in page.events {
      reports.add(event)
      guard !reports.hasRoom else { continue }
      state.rowCount += try rows.add(reports)
      reports = Reports(carry: reports.carry)
    }
    state.rowCount += try rows.add(reports)
    state.lastEvent = page.last
    return Turn(events: page.events.count, isLast: page.isLast, carry: reports.carry)
  }

  mutating func noteCounted(_ turn: Turn) {
    guard turn.isLast else { return hasNewQuarter = true }
    latest = Reports(carry: turn.carry)
    uncounted = 0
    firstQuarter = nil
    hasNewQuarter = false
  }

  mutating func noteFailed() { isBlocked = true }

  /// The events that are in no row yet, counted.
  func tail(_ connection: Connection) throws(StorageError) -> Reports {
    if let latest { return latest }
    let state = try rows.state()
    var reports = Reports(carry: state.carry)
    var last = state.lastEvent
    while true {
      let page = try connection.events(after: last)
      for event in page.events { reports.add(event) }
      last = page.last
      if page.isLast { return reports }
    }
  }
}
