// Open callbacks between their attempts: resting until due, waiting with the live callers, expiring, being cancelled.

import Basics
import Journal

extension ACD {
  /// The rules of a queue; those of a fresh queue where it offers no callbacks (any more).
  func callbackRules(_ queue: QueueID) -> CallbackSettings { queues[queue].settings.callback ?? CallbackSettings() }

  mutating func add(_ callback: Callback) {
    let id = callback.fact.id
    callbacks[id] = callback
    queues[callback.queue].callbacksOpen += 1
    // Where two were restored for one number, requests join the older.
    if queues[callback.queue].callbackByNumber[callback.fact.number] == nil {
      queues[callback.queue].callbackByNumber[callback.fact.number] = id
    }
    if let expiry = callback.expiresAt { timers.set(.expiry(id), to: expiry) }
  }

  mutating func setExpiry(_ id: UInt64, _ expiry: Instant) {
    callbacks[id]?.expiresAt = expiry
    timers.set(.expiry(id), to: expiry)
  }

  /// Gives a callback that nobody works on its place: cancelled, expired, held, resting or due.
  mutating func settle(_ id: UInt64, at now: Instant) {
    guard let callback = callbacks[id] else { return }
    switch callback.stage {
    case .resting, .due, .untimed: break
    default: return
    }
    if callback.isCancelRequested { return close(id, .cancelled, at: now) }
    guard let expiry = callback.expiresAt else {
      callbacks[id]?.stage = .untimed
      return
    }
    if expiry <= now { return close(id, .expired, at: now) }
    if callback.dueAt <= now {
      if callback.stage != .due || callback.placement.requirement == nil { becomeDue(id, callback, at: now) }
    } else {
      takeCallbackFromQueue(id)
      callbacks[id]?.stage = .resting
      timers.set(.due(id), to: callback.dueAt)
    }
  }

  private mutating func becomeDue(_ id: UInt64, _ callback: Callback, at now: Instant) {
    callbacks[id]?.stage = .due
    timers.cancel(.due(id))
    if let call = callback.departing {
      departing[call] = nil
      callbacks[id]?.departing = nil
    }
    place(.callback(id), at: now)
  }

  /// It no longer counts among those who wait.
  mutating func takeCallbackFromQueue(_ id: UInt64) { displace(.callback(id)) }

  mutating func cancelCallback(_ id: UInt64, at now: Instant) {
    guard let callback = callbacks[id] else {
      counters.staleInputs += 1
      return
    }
    switch callback.stage {
    case .creating, .merging:
      // The caller is asking for it at this moment.
      counters.staleInputs += 1
    case .untimed, .resting, .due: close(id, .cancelled, at: now)
    case .leased: callbacks[id]?.isCancelRequested = true
    case .offered:
      withdrawAll(of: .callback(id), at: now)
      close(id, .cancelled, at: now)
    case .attempting(let attempt):
      callbacks[id]?.isCancelRequested = true
      cancelAttempt(attempt, at: now)
    }
  }

  /// The end of a promise, one way or another. Nothing of it remains here.
  mutating func close(_ id: UInt64, _ state: CallbackFact.State, at now: Instant) {
    guard let callback = callbacks[id] else { return }
    var fact = callback.fact
    fact.state = state
    fact.leg = nil
    discard(id)
    persistLasting(fact)
    let wait = clock.time(at: now) - fact.requestedAt
    switch state {
    case .done:
      queues[callback.queue].counts.callbacksDone += 1
      record(.callbackDone, queue: callback.queue, item: fact.sequence, lasting: wait, at: now)
    case .expired:
      queues[callback.queue].counts.callbacksFailed += 1
      record(.callbackExpired, queue: callback.queue, item: fact.sequence, lasting: wait, at: now)
      log(.notice, "callback.expired", fact.number.masked)
    default:
      // Cancelled ones, too: the record says which.
      queues[callback.queue].counts.callbacksFailed += 1
      record(.callbackFailed, queue: callback.queue, item: fact.sequence, lasting: wait, at: now)
      log(.notice, state == .cancelled ? "callback.cancelled" : "callback.failed", fact.number.masked)
    }
  }

  /// Removes every trace without a word.
  mutating func discard(_ id: UInt64) {
    takeCallbackFromQueue(id)
    guard let callback = callbacks.removeValue(forKey: id) else { return }
    queues[callback.queue].callbacksOpen -= 1
    if queues[callback.queue].callbackByNumber[callback.fact.number] == id {
      queues[callback.queue].callbackByNumber[callback.fact.number] = nil
    }
    if let call = callback.departing { departing[call] = nil }
    timers.cancel(.due(id))
    timers.cancel(.expiry(id))
    timers.cancel(.lease(id))
  }

  // MARK: Clock and channels

  mutating func setClock(_ time: WallTime, trusted: Bool, at now: Instant) {
    let wasTrusted = clock.isTrusted
    clock.set(time, trusted: trusted, at: now)
    guard trusted, !wasTrusted else { return }
    let untimed = callbacks.values.filter { $0.expiresAt == nil }.map { ($0.fact.sequence, $0.fact.id) }
    for (_, id) in untimed.sorted(by: { $0 < $1 }) { setTimes(id, at: now) }
    markCallbackQueues()
  }

  mutating func setTrunkRoom(_ channels: Int) {
    let couldGo = callbacksMayGo
    channelsFree = max(0, channels)
    if callbacksMayGo && !couldGo { markCallbackQueues() }
  }

  mutating func releaseChannel() {
    channelsHeld = max(0, channelsHeld - 1)
    if callbacksMayGo { markCallbackQueues() }
  }

  private mutating func markCallbackQueues() {
    for index in classes.indices where classes[index].key.medium == .callback { markDirty(ClassID(index: index)) }
  }
}
