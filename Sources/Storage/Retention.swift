// How much history stays. Rows go by number, not by age or count: a few pages at the old end of a table, now and then.

import Journal

struct Retention {
  // Coalesced, for max(a, b) of SQL is null when either is.
  static let lastSequence: StaticString = """
    SELECT max(
      (SELECT value FROM meta WHERE name = 'last_sequence'),
      coalesce((SELECT max(sequence) FROM callbacks), 0),
      coalesce((SELECT max(item) FROM queue_events), 0))
    """
  static let lastCallback: StaticString = """
    SELECT max(
      (SELECT value FROM meta WHERE name = 'last_callback'), coalesce((SELECT max(id) FROM callbacks), 0))
    """
  static let lastCall: StaticString = """
    SELECT max((SELECT value FROM meta WHERE name = 'last_call'), coalesce((SELECT max(id) FROM calls), 0))
    """

  private let limits: Limits
  private let keepItems: Statement
  private let keepCallbackSequence: Statement
  private let trimEvents: Statement
  private let trimCalls: Statement
  private let trimActs: Statement
  private let trimCallbacks: Statement
  private let trimBindings: Statement

  struct Limits {
    var queueEvents = StorageLimits.queueEvents
    var calls = StorageLimits.calls
    var acts = StorageLimits.acts
    var finishedCallbacks = StorageLimits.finishedCallbacks
    var bindings = StorageLimits.bindings
    var quarterRows = StorageLimits.quarterRows
    var rowsBetweenTrims = StorageLimits.rowsBetweenTrims
  }

  init(_ connection: Connection, _ limits: Limits) throws(StorageError) {
    self.limits = limits
    // The highest row of calls and callbacks is never among those that go, but the highest sequence may be.
    keepItems = try Statement(
      connection,
      """
      UPDATE meta SET value = max(value, coalesce((SELECT max(item) FROM queue_events
        WHERE id <= (SELECT max(id) FROM queue_events) - ?1), 0))
      WHERE name = 'last_sequence'
      """)
    keepCallbackSequence = try Statement(
      connection,
      """
      UPDATE meta SET value = max(value, coalesce((SELECT max(sequence) FROM callbacks
        WHERE id <= (SELECT max(id) FROM callbacks) - ?1), 0))
      WHERE name = 'last_sequence'
      """)
    trimEvents = try Statement(
      connection, "DELETE FROM queue_events WHERE id <= (SELECT max(id) FROM queue_events) - ?1")
    trimCalls = try Statement(connection, "DELETE FROM calls WHERE id <= (SELECT max(id) FROM calls) - ?1")
    trimActs = try Statement(connection, "DELETE FROM acts WHERE id <= (SELECT max(id) FROM acts) - ?1")
    // States from `done` (3) on are final.
    trimCallbacks = try Statement(
      connection, "DELETE FROM callbacks WHERE id <= (SELECT max(id) FROM callbacks) - ?1 AND state >= 3")
    trimBindings = try Statement(
      connection,
      """
      DELETE FROM bindings WHERE expires <= (SELECT expires FROM bindings ORDER BY expires DESC LIMIT 1 OFFSET ?1)
      """)
  }

  /// How many rows of history may be written before the next trim.
  var rowsBetweenTrims: Int { limits.rowsBetweenTrims }

  /// Within a transaction. Returns the number of rows removed.
  func trimHistory(_ connection: Connection) throws(StorageError) -> Int {
    try run(keepItems, limits.queueEvents)
    try run(keepCallbackSequence, limits.finishedCallbacks)
    var removed = 0
    try run(trimEvents, limits.queueEvents)
    removed += connection.changes
    try run(trimCalls, limits.calls)
    removed += connection.changes
    try run(trimActs, limits.acts)
    removed += connection.changes
    try run(trimCallbacks, limits.finishedCallbacks)
    removed += connection.changes
    return removed
  }

  /// At boot: contacts of phones that have long gone elsewhere.
  func trimBindings(_ connection: Connection) throws(StorageError) -> Int {
    try run(trimBindings, limits.bindings)
    return connection.changes
  }

  private func run(_ statement: Statement, _ limit: Int) throws(StorageError) {
    statement.bind(1, Int64(limit))
    try statement.run()
  }
}
