// Facts to rows: the statements of a commit, prepared once, and what of a fact stands in which column.

import Basics
import Journal

struct FactRows {
  private let binding: Statement
  private let bindingRemoved: Statement
  private let agent: Statement
  private let choice: Statement
  private let callback: Statement
  private let queueEvent: Statement
  private let call: Statement
  private let act: Statement
  private let marker: Statement
  private let number: Statement

  /// Fails where a table or a column is not as the schema has it.
  init(_ connection: Connection) throws(StorageError) {
    binding = try Statement(
      connection,
      """
      REPLACE INTO bindings
        (user, contact, call_id, cseq, address, port, listener, over_stream, user_agent, expires)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      """)
    bindingRemoved = try Statement(connection, "DELETE FROM bindings WHERE user = ?1 AND contact = ?2")
    agent = try Statement(connection, "REPLACE INTO agents (extension, logged_in, pause_reason) VALUES (?1, ?2, ?3)")
    choice = try Statement(
      connection,
      """
      REPLACE INTO extensions (extension, do_not_disturb, forward_always, forward_busy, forward_no_answer)
      VALUES (?1, ?2, ?3, ?4, ?5)
      """)
    callback = try Statement(
      connection,
      """
      REPLACE INTO callbacks
        (id, queue, number, raw_number, caller_name, dialled_number, sequence, enqueued_at, requested_at, not_before,
        expires_at, state, attempts, no_answers, busy, failures, last_status,
        leg_call_id, leg_local_tag, leg_remote_tag, leg_branch, leg_cseq, leg_trunk,
        recorded_name, is_scheduled, priority, is_urgent)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
        ?24, ?25, ?26, ?27)
      """)
    queueEvent = try Statement(
      connection,
      "INSERT INTO queue_events (kind, at, queue, item, agent, milliseconds, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    )
    call = try Statement(
      connection,
      """
      REPLACE INTO calls
        (id, caller, callee, destination, started_at, answered_at, ended_at, status, hung_up_by_caller)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      """)
    act = try Statement(
      connection, "INSERT INTO acts (at, who, act, subject, detail, is_done) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
    marker = try Statement(connection, "UPDATE meta SET value = value + 1 WHERE name = ?1")
    number = try Statement(connection, "UPDATE meta SET value = ?2 WHERE name = ?1")
  }

  func write(_ fact: Fact) throws(StorageError) {
    switch fact {
    case .binding(let fact): try write(fact)
    case .bindingRemoved(let user, let contact):
      bindingRemoved.bind(1, user)
      bindingRemoved.bind(2, contact)
      try bindingRemoved.run()
    case .agent(let fact):
      agent.bind(1, fact.extension)
      agent.bind(2, fact.loggedIn)
      agent.bind(3, fact.pauseReason)
      try agent.run()
    case .extension(let fact):
      choice.bind(1, fact.extension)
      choice.bind(2, fact.doNotDisturb)
      choice.bind(3, fact.forwardAlways)
      choice.bind(4, fact.forwardBusy)
      choice.bind(5, fact.forwardNoAnswer)
      try choice.run()
    case .callback(let fact): try write(fact)
    case .queueEvent(let fact): try write(fact)
    case .call(let fact): try write(fact)
    case .act(let fact): try write(fact)
    case .epoch(let fact):
      try set("epoch", fact.number)
      try set("identity", fact.identity)
      try set("custody", UInt64(fact.custody.rawValue))
    }
  }

  private func set(_ name: StaticString, _ value: UInt64) throws(StorageError) {
    number.bind(1, name)
    number.bind(2, value)
    try number.run()
  }

  /// Adds one to a number in `meta`: a commit that differs from every other.
  func count(_ name: StaticString) throws(StorageError) {
    marker.bind(1, name)
    try marker.run()
  }

  private func write(_ fact: BindingFact) throws(StorageError) {
    binding.bind(1, fact.user)
    binding.bind(2, fact.contact)
    binding.bind(3, fact.callID)
    binding.bind(4, fact.cseq)
    binding.bind(5, fact.source.address.text)
    binding.bind(6, fact.source.port)
    binding.bind(7, fact.listener)
    binding.bind(8, fact.overStream)
    binding.bind(9, fact.userAgent)
    binding.bind(10, fact.expires)
    try binding.run()
  }

  private func write(_ fact: CallbackFact) throws(StorageError) {
    callback.bind(1, fact.id)
    callback.bind(2, fact.queue)
    callback.bind(3, fact.number)
    callback.bind(4, fact.rawNumber)
    callback.bind(5, fact.callerName)
    callback.bind(6, fact.dialledNumber)
    callback.bind(7, fact.sequence)
    callback.bind(8, fact.enqueuedAt)
    callback.bind(9, fact.requestedAt)
    callback.bind(10, fact.notBefore)
    callback.bind(11, fact.expiresAt)
    callback.bind(12, fact.state.rawValue)
    callback.bind(13, fact.attempts)
    callback.bind(14, fact.noAnswerCount)
    callback.bind(15, fact.busyCount)
    callback.bind(16, fact.failureCount)
    callback.bind(17, fact.lastStatus)
    if let leg = fact.leg {
      callback.bind(18, leg.callID)
      callback.bind(19, leg.localTag)
      callback.bind(20, leg.remoteTag)
      callback.bind(21, leg.branch)
      callback.bind(22, leg.cseq)
      callback.bind(23, leg.trunk)
    } else {
      for position in 18...23 as ClosedRange<Int32> { callback.bindNull(position) }
    }
    callback.bind(24, fact.recordedName)
    callback.bind(25, fact.isScheduled)
    if let priority = fact.priority { callback.bind(26, priority) } else { callback.bindNull(26) }
    callback.bind(27, fact.isUrgent)
    try callback.run()
  }

  private func write(_ fact: QueueEventFact) throws(StorageError) {
    // By name: the numbers of the kinds may change between releases.
    queueEvent.bind(1, fact.kind.name)
    queueEvent.bind(2, fact.at)
    queueEvent.bind(3, fact.queue)
    queueEvent.bind(4, fact.item)
    queueEvent.bind(5, fact.agent)
    queueEvent.bind(6, fact.milliseconds)
    queueEvent.bind(7, fact.detail)
    try queueEvent.run()
  }

  private func write(_ fact: CallFact) throws(StorageError) {
    call.bind(1, fact.id)
    call.bind(2, fact.from)
    call.bind(3, fact.to)
    call.bind(4, fact.destination)
    call.bind(5, fact.startedAt)
    if let answeredAt = fact.answeredAt { call.bind(6, answeredAt) } else { call.bindNull(6) }
    call.bind(7, fact.endedAt)
    call.bind(8, fact.status)
    call.bind(9, fact.hungUpByCaller)
    try call.run()
  }

  private func write(_ fact: ActFact) throws(StorageError) {
    act.bind(1, fact.at)
    act.bind(2, fact.by)
    act.bind(3, fact.act)
    act.bind(4, fact.subject)
    act.bind(5, fact.detail)
    act.bind(6, fact.isDone)
    try act.run()
  }
}
