// Open callbacks between their attempts: resting until due, waiting with the live callers, expiring, coming to an end.

import Basics
import Journal

extension ACD {
  /// The rules of a queue; those of a fresh queue where it offers no callbacks (any more).
  func callbackRules(_ queue: QueueID) -> CallbackSettings { queues[queue].settings.callback ?? CallbackSettings() }

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
    if callback.hold != nil {
      takeCallbackFromQueue(id)
      callbacks[id]?.stage = .resting
      return timers.cancel(.due(id))
    }
    if expiry <= now { return close(id, .expired, at: now) }
    if callback.dueAt <= now {
      if callback.stage != .due || callback.placement.requirement == nil { becomeDue(id, at: now) }
    } else {
      takeCallbackFromQueue(id)
      callbacks[id]?.stage = .resting
      timers.set(.due(id), to: callback.dueAt)
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
    case .cancelled:
      queues[callback.queue].counts.callbacksFailed += 1
      record(.callbackCancelled, queue: callback.queue, item: fact.sequence, lasting: wait, at: now)
      log(.notice, "callback.cancelled", fact.number.masked)
    default:
      queues[callback.queue].counts.callbacksFailed += 1
      record(.callbackFailed, queue: callback.queue, item: fact.sequence, lasting: wait, at: now)
      log(.notice, "callback.failed", fact.number.masked)
    }
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

  mutating func markCallbackQueues() {
    for index in classes.indices where classes[index].key.medium == .callback { markDirty(ClassID(index: index)) }
  }
}
