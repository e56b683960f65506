// The queue events as they were written, page by page, for counting again what has been reported.

import Basics
import CSQLite
import Journal

/// A part of the event log, oldest first.
public struct EventPage: Sendable {
  public var events: [QueueEventFact] = []
  /// Where the next page begins.
  public var last: Int64
  /// Rows that make no sense, left out.
  public var unreadableRows = 0
  /// Nothing follows.
  public var isLast = true
}

/// A database at rest, opened for its events alone. Nothing in it is changed. While a daemon has it open it is busy.
///
///     let log = try EventLog("/data/branchline.db")
///     while let event = try log.next() { … }
public final class EventLog {
  private let connection: Connection
  private var page = Fifo<QueueEventFact>()
  private var last: Int64 = 0
  private var isAtEnd = false
  public private(set) var unreadableRows = 0

  /// - Parameter path: without a zero byte.
  public init(_ path: ByteString) throws(StorageError) {
    connection = try Connection(path: path, system: nil, creates: false)
    guard try connection.integer("PRAGMA application_id") == Schema.applicationID else { throw .damaged(code: 0) }
    let version = try connection.integer("PRAGMA user_version")
    // Older ones lack columns that are read here; the daemon brings them up to date.
    guard version == Schema.version else {
      throw version > Schema.version ? .newer(version: version) : .failed(code: 0)
    }
  }

  /// nil at the end.
  public func next() throws(StorageError) -> QueueEventFact? {
    while page.isEmpty, !isAtEnd {
      let more = try connection.events(after: last)
      for event in more.events { page.append(event) }
      last = more.last
      isAtEnd = more.isLast
      unreadableRows += more.unreadableRows
    }
    return page.popFirst()
  }
}

extension Database {
  /// The events behind the page that ended at `last`.
  public func events(after last: Int64 = 0) throws(StorageError) -> EventPage { try connection.events(after: last) }
}

extension Connection {
  func events(after last: Int64) throws(StorageError) -> EventPage {
    let rows = try Statement(
      self,
      """
      SELECT id, kind, at, queue, item, agent, milliseconds, detail FROM queue_events
      WHERE id > ?1 ORDER BY id LIMIT ?2
      """)
    rows.bind(1, last)
    rows.bind(2, Int64(StorageLimits.eventsPerPage))
    // As they are written: by name, for the numbers of the kinds may change between releases.
    var kinds: [ByteString: QueueEventFact.Kind] = [:]
    for kind in QueueEventFact.Kind.allCases { kinds[ByteString(kind.name)] = kind }
    var page = EventPage(last: last)
    var count = 0
    while try rows.step() {
      count += 1
      page.last = rows.integer(0)
      guard let kind = kinds[rows.text(1)] else {
        page.unreadableRows += 1
        continue
      }
      page.events.append(
        QueueEventFact(
          kind, at: WallTime(microseconds: rows.integer(2)), queue: rows.text(3),
          item: UInt64(bitPattern: rows.integer(4)), agent: rows.text(5), milliseconds: rows.integer(6),
          detail: rows.text(7)))
    }
    page.isLast = count < StorageLimits.eventsPerPage
    return page
  }
}
