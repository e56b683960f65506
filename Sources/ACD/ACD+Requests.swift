// Promising a callback. The live call stays queued until the promise is on the disk; then, in one step, the callback has
// its place and the caller may go. A second request from the same number joins the one that is open.

import Basics
import Journal
import NumberPlan

extension ACD {
  mutating func requestCallback(_ call: CallReference, _ request: CallbackRequest, at now: Instant) {
    guard let waiting = calls[call], !waiting.hasLeft, waiting.request == nil else {
      counters.staleInputs += 1
      return
    }
    let wish: Wish
    switch self.wish(request, of: waiting, at: now) {
    case .granted(let found): wish = found
    case .refused(let reason):
      if let time = request.at, reason.isAboutTime, let hours = nearestHour(to: time, in: waiting.queue, at: now) {
        outputs.append(.nearestTime(call, inHours: hours))
      }
      return refuseCallback(call, reason)
    }
    if let open = queues[waiting.queue].callbackByNumber[wish.number.digits] {
      return merge(call, waiting, wish, into: open, at: now)
    }
    if let reason = roomObstacle(waiting, wish.number) { return refuseCallback(call, reason) }
    create(call, waiting, wish, at: now)
  }

  private mutating func roomObstacle(_ waiting: WaitingCall, _ number: Number) -> CallbackRefusal? {
    let queue = waiting.queue
    if queues[queue].callbacksOpen >= queues[queue].settings.callback?.maximumPending ?? 0 { return .queueLimit }
    if callbacks.count >= min(settings.maximumCallbacks, Limits.callbacks) {
      counters.callbackLimitHit += 1
      return .boxLimit
    }
    if callbacksByNumber[number.digits]?.count ?? 0 >= Limits.callbacksPerNumber {
      counters.callbackNumberLimitHit += 1
      return .callerLimit
    }
    if callbacksByCaller[callerKey(waiting.entry.callerNumber)]?.count ?? 0 >= Limits.callbacksPerCaller {
      counters.callbackCallerLimitHit += 1
      return .callerLimit
    }
    if unwritten.count >= Limits.unwritten {
      counters.unwrittenLimitHit += 1
      return .storage
    }
    return nil
  }

  mutating func refuseCallback(_ call: CallReference, _ reason: CallbackRefusal) {
    counters.callbacksRefused += 1
    outputs.append(.callbackRefused(call, reason))
  }

  private mutating func create(_ call: CallReference, _ waiting: WaitingCall, _ wish: Wish, at now: Instant) {
    let time = clock.time(at: now)
    lastCallbackID += 1
    let id = lastCallbackID
    let fact = CallbackFact(
      id: id, queue: queues[waiting.queue].settings.name, number: wish.number.digits,
      rawNumber: waiting.entry.callerNumber, callerName: waiting.entry.callerName,
      dialledNumber: waiting.entry.dialledNumber,
      sequence: waiting.sequence, enqueuedAt: clock.time(at: waiting.enteredAt), requestedAt: time,
      notBefore: time + wish.delay, expiresAt: time + wish.expiry, recordedName: wish.recordedName,
      isScheduled: wish.isScheduled, priority: waiting.placement.priority)
    var placement = Placement(
      queue: waiting.queue, medium: .callback, sequence: fact.sequence, priority: waiting.placement.priority,
      rings: waiting.placement.rings, since: waiting.enteredAt)
    placement.preferred = waiting.placement.preferred
    let callback = Callback(
      fact: fact, stage: .creating(call), placement: placement, dueAt: now + wish.delay,
      expiresAt: now + wish.expiry)
    add(callback)
    calls[call]?.request = id
    counters.callbacksRequested += 1
    timers.set(.callerWrite(call), to: now + .seconds(Limits.durableWaitSeconds))
    persist(.callback(fact), promise: true, for: .creation(call, callback: id))
  }

  /// The older age stays, and the newer wish counts: a time of the customer's choice, or the caller's place.
  private mutating func merge(
    _ call: CallReference, _ waiting: WaitingCall, _ wish: Wish, into id: UInt64, at now: Instant
  ) {
    guard let open = callbacks[id], open.hold == nil || open.hold == .call(call) else {
      return refuseCallback(call, .inProgress)
    }
    switch open.stage {
    case .resting, .due: break
    default: return refuseCallback(call, .inProgress)
    }
    let time = clock.time(at: now)
    var merged = open.fact
    let sequence = waiting.sequence
    merged.sequence = open.fact.isScheduled ? sequence : min(merged.sequence, sequence)
    merged.enqueuedAt = min(merged.enqueuedAt, clock.time(at: waiting.enteredAt))
    if merged.callerName.isEmpty { merged.callerName = waiting.entry.callerName }
    if !wish.recordedName.isEmpty { merged.recordedName = wish.recordedName }
    merged.isScheduled = wish.isScheduled
    merged.notBefore = time + wish.delay
    merged.expiresAt = max(merged.expiresAt, time + wish.expiry)
    takeCallbackFromQueue(id)
    callbacks[id]?.merged = merged
    callbacks[id]?.mergedDueAt = now + wish.delay
    callbacks[id]?.stage = .merging(call)
    calls[call]?.request = id
    timers.set(.callerWrite(call), to: now + .seconds(Limits.durableWaitSeconds))
    persist(.callback(merged), promise: true, for: .merge(call, callback: id))
  }

  // MARK: The promise is kept on disk

  mutating func created(_ id: UInt64, for call: CallReference, at now: Instant) {
    guard callbacks[id]?.stage == .creating(call) else { return }
    callbacks[id]?.stage = .resting
    // A supervisor may have changed it while the promise was written.
    if let priority = calls[call]?.placement.priority, priority != callbacks[id]?.fact.priority {
      setLasting(priority, of: id)
    }
    handOver(call, to: id, .callbackRequested, at: now)
  }

  mutating func merged(_ id: UInt64, with call: CallReference, at now: Instant) {
    guard let callback = callbacks[id], callback.stage == .merging(call), let merged = callback.merged else { return }
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
    callbacks[id]?.keptDueAt = nil
    setExpiry(id, max(callback.expiresAt ?? now, now + (merged.expiresAt - clock.time(at: now))))
    handOver(call, to: id, .callbackMerged, at: now)
  }

  /// The live call goes, the callback has its place: one step.
  private mutating func handOver(_ call: CallReference, to id: UInt64, _ kind: QueueEventFact.Kind, at now: Instant) {
    guard let waiting = calls[call] else { return settle(id, at: now) }
    withdrawAll(of: .call(call), at: now)
    removeCall(call)
    queues[waiting.queue].counts.callbacksTaken += 1
    record(kind, queue: waiting.queue, item: waiting.sequence, lasting: now - waiting.enteredAt, at: now)
    replaceHeld(by: id, of: call, waiting, at: now)
    if waiting.hasLeft {
      stopGoodbye(for: id)
    } else {
      sayGoodbye(call, for: id, at: now)
      outputs.append(.callbackAccepted(call, id: id))
    }
    if let number = callbacks[id]?.fact.number { log(.info, "callback.promised", call: call, number.masked) }
    settle(id, at: now)
  }

  /// Its own call first hears the goodbye, then the minimum delay begins; see `callerLeft`.
  mutating func sayGoodbye(_ call: CallReference, for id: UInt64, at now: Instant) {
    guard let callback = callbacks[id] else { return }
    let due = callback.departing == nil ? callback.dueAt : callback.keptDueAt ?? callback.dueAt
    stopGoodbye(for: id)
    callbacks[id]?.keptDueAt = due
    callbacks[id]?.departing = call
    departing[call] = id
    callbacks[id]?.dueAt = max(due, now + .seconds(Limits.goodbyeSeconds))
  }

  private mutating func stopGoodbye(for id: UInt64) {
    if let earlier = callbacks[id]?.departing { departing[earlier] = nil }
    callbacks[id]?.departing = nil
    callbacks[id]?.keptDueAt = nil
  }

  /// A caller for whom another callback was held has a new promise now. Whoever had taken that one's place has it no
  /// more: the new one stands for both.
  private mutating func replaceHeld(by id: UInt64, of call: CallReference, _ waiting: WaitingCall, at now: Instant) {
    guard let held = waiting.held, var fact = callbacks[held]?.fact, callbacks[held]?.hold == .call(call) else {
      return
    }
    if held == id {
      callbacks[id]?.hold = nil
    } else if fact.sequence == waiting.sequence {
      fact.state = .cancelled
      discard(held)
      persistLasting(fact)
      log(.notice, "callback.replaced", call: call, fact.number.masked)
    } else {
      releaseHeld(by: call, waiting, at: now)
    }
  }

  /// The caller hung up before the promise was durable: the minimum delay counts from here.
  mutating func callerLeft(requesting id: UInt64, at now: Instant) {
    guard let callback = callbacks[id] else { return }
    let due = now + .seconds(callbackRules(callback.queue).minimumDelaySeconds)
    if let merged = callback.merged {
      if !merged.isScheduled { callbacks[id]?.mergedDueAt = due }
    } else if !callback.fact.isScheduled {
      callbacks[id]?.dueAt = due
    }
  }

  /// The caller with a promise hung up: the minimum delay counts from here. Neither that nor the delay of a queue to which
  /// the callback was moved meanwhile makes it due before the time that is on the disk.
  mutating func callerLeft(promisedBy id: UInt64, at now: Instant) {
    guard let callback = callbacks[id], let call = callback.departing else { return }
    departing[call] = nil
    callbacks[id]?.departing = nil
    let delay = callbackRules(callback.queue).minimumDelaySeconds
    callbacks[id]?.dueAt = max(callback.keptDueAt ?? callback.dueAt, now + .seconds(delay))
    callbacks[id]?.keptDueAt = nil
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
      releaseHeld(by: call, waiting, at: now)
      log(
        .alarm, "callback.lost", call: call, "not written, and the caller is gone: " + waiting.entry.callerNumber.masked
      )
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
