// From the log of events to quarters of an hour. The log alone says what happened: a part of it is counted, added to the
// rows and marked as counted in one transaction, so that a power cut doubles nothing and loses nothing.

import ACD
import Basics
import Journal

struct RollUp {
  private let rows: QuarterRows
  private let rowLimit: Int
  /// Events that are in the log and not in the rows, as far as is known, and the quarter of the first of them.
  private var uncounted: Int64
  private var firstQuarter: Int64?
  private var hasNewQuarter: Bool
  /// The disk could not be written: not again before another commit has been.
  private var isBlocked = false

  init(_ connection: Connection, rowLimit: Int) throws(StorageError) {
    rows = try QuarterRows(connection)
    self.rowLimit = rowLimit
    let last = try connection.integer("SELECT max(id) FROM queue_events")
    uncounted = max(0, last - (try rows.state().lastEvent))
    // What an earlier run left.
    hasNewQuarter = uncounted > 0
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
      }
    }
  }

  /// Within a transaction: a page of events. Nothing is known of it here until `noteCounted`.
  /// - Returns: events counted, and whether none is left.
  func count(_ connection: Connection) throws(StorageError) -> (events: Int, isLast: Bool) {
    var state = try rows.state()
    let page = try connection.events(after: state.lastEvent)
    var reports = Reports(carry: state.carry)
    for event in page.events {
      reports.add(event)
      guard !reports.hasRoom else { continue }
      state.rowCount += try rows.add(reports)
      reports = Reports(carry: reports.carry)
    }
    state.rowCount += try rows.add(reports)
    state.rowCount -= try rows.trim(from: state.rowCount, to: rowLimit)
    state.lastEvent = page.last
    state.carry = reports.carry
    try rows.write(state)
    return (page.events.count, page.isLast)
  }

  mutating func noteCounted(isLast: Bool) {
    guard isLast else { return hasNewQuarter = true }
    uncounted = 0
    firstQuarter = nil
    hasNewQuarter = false
  }

  mutating func noteFailed() { isBlocked = true }

  /// The events that are in no row yet, counted.
  func tail(_ connection: Connection) throws(StorageError) -> Reports {
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
