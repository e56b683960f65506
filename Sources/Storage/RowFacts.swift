// Rows to facts, once at boot. A row that makes no sense is left where it is, counted and not handed out: SQLite finds
// broken pages, not a flipped bit within a number.

import Basics
import Journal

struct RowFacts {
  let connection: Connection
  private(set) var unreadableRows = 0

  init(_ connection: Connection) { self.connection = connection }

  mutating func bindings() throws(StorageError) -> [BindingFact] {
    let rows = try Statement(
      connection,
      """
      SELECT user, contact, call_id, cseq, address, port, listener, over_stream, user_agent, expires
      FROM bindings ORDER BY user, contact
      """)
    var facts: [BindingFact] = []
    while try rows.step() {
      guard let address = IPAddress(rows.text(4)), let cseq = UInt32(exactly: rows.integer(3)),
        let port = UInt16(exactly: rows.integer(5)), let listener = UInt16(exactly: rows.integer(6))
      else {
        unreadableRows += 1
        continue
      }
      facts.append(
        BindingFact(
          user: rows.text(0), contact: rows.text(1), callID: rows.text(2), cseq: cseq,
          source: Endpoint(address, port), listener: listener, overStream: rows.integer(7) != 0,
          userAgent: rows.text(8), expires: Self.time(rows.integer(9))))
    }
    return facts
  }

  mutating func agents() throws(StorageError) -> [AgentFact] {
    let rows = try Statement(connection, "SELECT extension, logged_in, pause_reason FROM agents ORDER BY extension")
    var facts: [AgentFact] = []
    while try rows.step() {
      facts.append(AgentFact(extension: rows.text(0), loggedIn: rows.integer(1) != 0, pauseReason: rows.text(2)))
    }
    return facts
  }

  mutating func extensions() throws(StorageError) -> [ExtensionFact] {
    let rows = try Statement(
      connection,
      """
      SELECT extension, do_not_disturb, forward_always, forward_busy, forward_no_answer
      FROM extensions ORDER BY extension
      """)
    var facts: [ExtensionFact] = []
    while try rows.step() {
      facts.append(
        ExtensionFact(
          extension: rows.text(0), doNotDisturb: rows.integer(1) != 0, forwardAlways: rows.text(2),
          forwardBusy: rows.text(3), forwardNoAnswer: rows.text(4)))
    }
    return facts
  }

  /// Those that are not in a final state, the oldest place first.
  mutating func callbacks() throws(StorageError) -> [CallbackFact] {
    let rows = try Statement(
      connection,
      """
      SELECT id, queue, number, raw_number, caller_name, dialled_number, sequence, enqueued_at, requested_at,
        not_before, expires_at, state, attempts, no_answers, busy, failures, last_status,
        leg_call_id, leg_local_tag, leg_remote_tag, leg_branch, leg_cseq, leg_trunk,
        recorded_name, is_scheduled, priority, is_urgent
      FROM callbacks ORDER BY sequence, id
      """)
    var facts: [CallbackFact] = []
    while try rows.step() {
      guard let fact = callback(rows) else {
        unreadableRows += 1
        continue
      }
      if !fact.state.isFinal { facts.append(fact) }
    }
    return facts
  }

  /// Within 1970 and 2199: differences of times fit an `Interval`.
  private static func time(_ microseconds: Int64) -> WallTime {
    WallTime(microseconds: min(max(0, microseconds), 7_258_118_400_000_000))
  }

  /// nil: none that this program has ever given; counting on from it would come to an end.
  private static func number(_ value: Int64) -> UInt64? { value >= 0 && value < 1 << 62 ? UInt64(value) : nil }

  private func callback(_ row: Statement) -> CallbackFact? {
    guard let stateNumber = UInt8(exactly: row.integer(11)), let state = CallbackFact.State(rawValue: stateNumber),
      let attempts = UInt8(exactly: row.integer(12)), let noAnswers = UInt8(exactly: row.integer(13)),
      let busy = UInt8(exactly: row.integer(14)), let failures = UInt8(exactly: row.integer(15)),
      let lastStatus = UInt16(exactly: row.integer(16))
    else { return nil }
    var leg: CallbackFact.Leg?
    if !row.isNull(17) {
      guard let cseq = UInt32(exactly: row.integer(21)) else { return nil }
      leg = CallbackFact.Leg(
        callID: row.text(17), localTag: row.text(18), remoteTag: row.text(19), branch: row.text(20), cseq: cseq,
        trunk: row.text(22))
    }
    var priority: UInt8?
    if !row.isNull(25) {
      guard let kept = UInt8(exactly: row.integer(25)) else { return nil }
      priority = kept
    }
    func time(_ column: Int32) -> WallTime { Self.time(row.integer(column)) }
    guard let id = Self.number(row.integer(0)), let sequence = Self.number(row.integer(6)) else { return nil }
    return CallbackFact(
      id: id, queue: row.text(1), number: row.text(2), rawNumber: row.text(3),
      callerName: row.text(4), dialledNumber: row.text(5), sequence: sequence,
      enqueuedAt: time(7), requestedAt: time(8), notBefore: time(9), expiresAt: time(10), state: state,
      attempts: attempts, noAnswerCount: noAnswers, busyCount: busy, failureCount: failures, lastStatus: lastStatus,
      leg: leg, recordedName: row.text(23), isScheduled: row.integer(24) != 0, priority: priority,
      isUrgent: row.integer(26) != 0)
  }

  /// The latest ones, oldest first.
  mutating func acts() throws(StorageError) -> [ActFact] {
    let rows = try Statement(
      connection,
      """
      SELECT at, who, act, subject, detail, is_done
      FROM acts WHERE id > (SELECT max(id) FROM acts) - ?1 ORDER BY id
      """)
    rows.bind(1, Int64(StorageLimits.restoredActs))
    var facts: [ActFact] = []
    while try rows.step() {
      facts.append(
        ActFact(
          at: WallTime(microseconds: rows.integer(0)), by: rows.text(1), act: rows.text(2), subject: rows.text(3),
          detail: rows.text(4), isDone: rows.integer(5) != 0))
    }
    return facts
  }

  /// The highest number that a row or, for rows since removed, `meta` bears.
  func lastSequence() throws(StorageError) -> UInt64 { try number(Retention.lastSequence) }
  func lastCallbackID() throws(StorageError) -> UInt64 { try number(Retention.lastCallback) }
  func lastCallID() throws(StorageError) -> UInt64 { try number(Retention.lastCall) }

  func epoch() throws(StorageError) -> EpochFact {
    let custody = try number("SELECT value FROM meta WHERE name = 'custody'")
    return EpochFact(
      number: try number("SELECT value FROM meta WHERE name = 'epoch'"),
      identity: try number("SELECT value FROM meta WHERE name = 'identity'"),
      // What makes no sense gives no right to call anybody.
      custody: UInt8(exactly: custody).flatMap { Custody(rawValue: $0) } ?? .unconfirmed)
  }

  private func number(_ sql: StaticString) throws(StorageError) -> UInt64 {
    UInt64(max(0, try connection.integer(sql)))
  }
}
