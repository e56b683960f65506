// Promising a callback. The live call stays queued until the promise is on the disk; then, in one step, the callback has
// its place and the caller may go. A second request from the same number joins the one that is open.

import Basics
import Journal
import NumberPlan

extension ACD {
  mutating func requestCallback(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], !waiting.hasLeft, waiting.request == nil else {
      counters.staleInputs += 1
      return
    }
    let number: Number
    switch callableNumber(of: waiting) {
    case .number(let found): number = found
    case .refused(let reason): return refuseCallback(call, reason)
    }
    if let open = queues[waiting.queue].callbackByNumber[number.digits] {
      return merge(call, waiting, into: open, at: now)
    }
    if let reason = roomObstacle(waiting.queue) { return refuseCallback(call, reason) }
    create(call, waiting, number, at: now)
  }

  private enum CallableNumber { case number(Number), refused(CallbackRefusal) }

  private func callableNumber(of waiting: WaitingCall) -> CallableNumber {
    guard let rules = queues[waiting.queue].settings.callback else { return .refused(.notOffered) }
    guard clock.isTrusted else { return .refused(.clockUntrusted) }
    guard !waiting.entry.callerNumber.isEmpty else { return .refused(.numberWithheld) }
    guard let number = plan.normalise(waiting.entry.callerNumber), number.numberClass != .unknown else {
      return .refused(.numberInvalid)
    }
    return Self.mayDial(number.numberClass, rules) ? .number(number) : .refused(.classDenied)
  }

  /// Emergency and unknown numbers are called back by no setting.
  static func mayDial(_ numberClass: NumberClass, _ rules: CallbackSettings) -> Bool {
    numberClass != .emergency && numberClass != .unknown && rules.allowedClasses.contains(numberClass)
  }

  private mutating func roomObstacle(_ queue: QueueID) -> CallbackRefusal? {
    if queues[queue].callbacksOpen >= queues[queue].settings.callback?.maximumPending ?? 0 { return .queueLimit }
    if callbacks.count >= min(settings.maximumCallbacks, Limits.callbacks) {
      counters.callbackLimitHit += 1
      return .boxLimit
    }
    if unwritten.count >= Limits.unwritten {
      counters.unwrittenLimitHit += 1
      return .storage
    }
    return nil
  }

  private mutating func refuseCallback(_ call: CallReference, _ reason: CallbackRefusal) {
    counters.callbacksRefused += 1
    outputs.append(.callbackRefused(call, reason))
  }

  private mutating func create(_ call: CallReference, _ waiting: WaitingCall, _ number: Number, at now: Instant) {
    let rules = callbackRules(waiting.queue)
    let time = clock.time(at: now)
    lastCallbackID += 1
    let id = lastCallbackID
    let fact = CallbackFact(
      id: id, queue: queues[waiting.queue].settings.name, number: number.digits, rawNumber: waiting.entry.callerNumber,
      callerName: waiting.entry.callerName, dialledNumber: waiting.entry.dialledNumber, sequence: waiting.sequence,
      enqueuedAt: clock.time(at: waiting.enteredAt), requestedAt: time,
      notBefore: time + .seconds(rules.minimumDelaySeconds), expiresAt: time + .seconds(rules.expirySeconds))
    var placement = Placement(
      queue: waiting.queue, medium: .callback, sequence: fact.sequence, priority: waiting.placement.priority,
      rings: waiting.placement.rings, since: waiting.enteredAt)
    placement.preferred = waiting.placement.preferred
    let callback = Callback(
      fact: fact, stage: .creating(call), placement: placement, dueAt: now + .seconds(rules.minimumDelaySeconds),
      expiresAt: now + .seconds(rules.expirySeconds))
    add(callback)
    calls[call]?.request = id
    counters.callbacksRequested += 1
    timers.set(.callerWrite(call), to: now + .seconds(Limits.durableWaitSeconds))
    persist(.callback(fact), promise: true, for: .creation(call, callback: id))
  }

  private mutating func merge(_ call: CallReference, _ waiting: WaitingCall, into id: UInt64, at now: Instant) {
    guard let open = callbacks[id] else { return refuseCallback(call, .inProgress) }
    switch open.stage {
    case .resting, .due: break
    default: return refuseCallback(call, .inProgress)
    }
    let rules = callbackRules(waiting.queue)
    let time = clock.time(at: now)
    var merged = open.fact
    merged.sequence = min(merged.sequence, waiting.sequence)
    merged.enqueuedAt = min(merged.enqueuedAt, clock.time(at: waiting.enteredAt))
    if merged.callerName.isEmpty { merged.callerName = waiting.entry.callerName }
    merged.notBefore = time + .seconds(rules.minimumDelaySeconds)
    merged.expiresAt = max(merged.expiresAt, time + .seconds(rules.expirySeconds))
    takeCallbackFromQueue(id)
    callbacks[id]?.merged = merged
    callbacks[id]?.mergedDueAt = now + .seconds(rules.minimumDelaySeconds)
    callbacks[id]?.stage = .merging(call)
    calls[call]?.request = id
    timers.set(.callerWrite(call), to: now + .seconds(Limits.durableWaitSeconds))
    persist(.callback(merged), promise: true, for: .merge(call, callback: id))
  }

  // MARK: The promise is kept on disk

  mutating func created(_ id: UInt64, for call: CallReference, at now: Instant) {
    guard callbacks[id]?.stage == .creating(call) else { return }
    callbacks[id]?.stage = .resting
    handOver(call, to: id, .callbackRequested, at: now)
  }

  mutating func merged(_ id: UInt64, with call: CallReference, at now: Instant) {
    guard let callback = callbacks[id], callback.stage == .merging(call), let merged = callback.merged else { return }
    let rules = callbackRules(callback.queue)
    callbacks[id]?.fact = merged
    callbacks[id]?.merged = nil
    // The older of the two places counts.
    if let waiting = calls[call] {
      change(.callback(id)) {
        $0.sequence = merged.sequence
        $0.since = min($0.since, waiting.enteredAt)
      }
    }
    callbacks[id]?.stage = .resting
    callbacks[id]?.dueAt = callback.mergedDueAt
    setExpiry(id, max(callback.expiresAt ?? now, now + .seconds(rules.expirySeconds)))
    handOver(call, to: id, .callbackMerged, at: now)
  }

  /// The live call goes, the callback has its place: one step.
  private mutating func handOver(_ call: CallReference, to id: UInt64, _ kind: QueueEventFact.Kind, at now: Instant) {
    guard let waiting = calls[call] else { return settle(id, at: now) }
    withdrawAll(of: .call(call), at: now)
    removeCall(call)
    queues[waiting.queue].counts.callbacksTaken += 1
    record(kind, queue: waiting.queue, item: waiting.sequence, lasting: now - waiting.enteredAt, at: now)
    if let earlier = callbacks[id]?.departing { departing[earlier] = nil }
    callbacks[id]?.departing = nil
    if !waiting.hasLeft {
      callbacks[id]?.departing = call
      departing[call] = id
      // Its own call first hears the goodbye; see `callerLeft`.
      if let due = callbacks[id]?.dueAt { callbacks[id]?.dueAt = max(due, now + .seconds(Limits.goodbyeSeconds)) }
      outputs.append(.callbackAccepted(call, id: id))
    }
    if let number = callbacks[id]?.fact.number { log(.info, "callback.promised", call: call, number.masked) }
    settle(id, at: now)
  }

  /// The caller hung up before the promise was durable: the minimum delay counts from here.
  mutating func callerLeft(requesting id: UInt64, at now: Instant) {
    guard let queue = callbacks[id]?.queue else { return }
    let due = now + .seconds(callbackRules(queue).minimumDelaySeconds)
    if case .merging = callbacks[id]?.stage { callbacks[id]?.mergedDueAt = due } else { callbacks[id]?.dueAt = due }
  }

  /// The caller with a promise hung up: the minimum delay counts from here.
  mutating func callerLeft(promisedBy id: UInt64, at now: Instant) {
    guard let callback = callbacks[id], let call = callback.departing else { return }
    departing[call] = nil
    callbacks[id]?.departing = nil
    let delay = callbackRules(callback.queue).minimumDelaySeconds
    callbacks[id]?.dueAt = now + .seconds(delay)
    settle(id, at: now)
  }

  // MARK: The promise cannot be kept on disk

  mutating func notCreated(_ id: UInt64, for call: CallReference, at now: Instant) {
    guard callbacks[id]?.stage == .creating(call) else { return }
    discard(id)
    requestFailed(call, at: now)
  }

  mutating func notMerged(_ id: UInt64, with call: CallReference, at now: Instant) {
    guard callbacks[id]?.stage == .merging(call) else { return }
    unmerge(id, at: now)
    requestFailed(call, at: now)
  }

  private mutating func requestFailed(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call] else { return }
    guard !waiting.hasLeft else {
      removeCall(call)
      log(.alarm, "callback.lost", call: call, "not written, and the caller is gone: " + waiting.entry.callerNumber.masked)
      return countAbandoned(waiting, at: now)
    }
    calls[call]?.request = nil
    timers.cancel(.callerWrite(call))
    log(.warning, "callback.not-written", call: call, waiting.entry.callerNumber.masked)
    refuseCallback(call, .storage)
    _ = overflowIfDue(call, at: now)
  }

  /// The disk has not answered in time. What it may yet write is taken back behind it.
  mutating func callerWaitedForDisk(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], let id = waiting.request else { return }
    counters.durableTooLate += 1
    takeBack(id, requestedBy: call, at: now)
    requestFailed(call, at: now)
  }

  /// The request came to nothing before it was durable, e.g. an agent answered the call meanwhile.
  mutating func takeBack(_ id: UInt64, requestedBy call: CallReference, at now: Instant) {
    switch callbacks[id]?.stage {
    case .creating(call):
      guard var fact = callbacks[id]?.fact else { return }
      fact.state = .cancelled
      discard(id)
      persistLasting(fact)
    case .merging(call):
      if let fact = callbacks[id]?.fact { persistLasting(fact) }
      unmerge(id, at: now)
    default: break
    }
  }

  private mutating func unmerge(_ id: UInt64, at now: Instant) {
    callbacks[id]?.merged = nil
    callbacks[id]?.stage = .resting
    settle(id, at: now)
  }
}
