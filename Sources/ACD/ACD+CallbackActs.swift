// What supervisors do with callbacks (callback rule 33). Each function says whether it was done; the audit log is written
// by whoever asks.

import Basics
import Journal

extension ACD {
  /// Takes the promise back. A dial in flight is cancelled; a conversation, and a customer on the line, are not cut, and
  /// the promise is over with them.
  @discardableResult
  mutating func cancelCallback(_ id: UInt64, at now: Instant) -> Bool {
    guard let callback = callbacks[id], callback.isDurable else {
      // Unknown, or the caller is asking for it at this moment.
      counters.staleInputs += 1
      return false
    }
    switch callback.stage {
    case .leased: callbacks[id]?.isCancelRequested = true
    case .attempting(let attempt):
      callbacks[id]?.isCancelRequested = true
      cancelAttempt(attempt, at: now)
    default:
      recall(id, at: now)
      close(id, .cancelled, at: now)
    }
    return true
  }

  /// Next, whatever its place and not-before time; still only inside hours, with a trusted clock, an agent and a channel.
  @discardableResult
  mutating func dialNow(_ id: UInt64, at now: Instant) -> Bool {
    guard let callback = callbacks[id], callback.hold == nil, callback.departing == nil else {
      counters.staleInputs += 1
      return false
    }
    switch callback.stage {
    case .offered:
      // Should the agent not take it, it is still the next.
      change(.callback(id)) { $0.isUrgent = true }
      shift(.callback(id), at: now)
      return true
    case .resting, .due:
      takeCallbackFromQueue(id)
      change(.callback(id)) { $0.isUrgent = true }
      callbacks[id]?.dueAt = now
      callbacks[id]?.fact.isUrgent = true
      callbacks[id]?.fact.notBefore = min(callback.fact.notBefore, clock.time(at: now))
      if let fact = callbacks[id]?.fact { persistLasting(fact) }
      settle(id, at: now)
      return true
    default: return false
    }
  }

  /// To a time of the customer's choice: like one that was scheduled from the start, it enters the queue then.
  @discardableResult
  mutating func reschedule(_ id: UInt64, to time: WallTime, at now: Instant) -> Bool {
    guard let callback = callbacks[id], clock.isTrusted, let delay = scheduleDelay(time, at: now), isAtRest(callback)
    else {
      counters.staleInputs += 1
      return false
    }
    recall(id, at: now)
    takeCallbackFromQueue(id)
    let expiry = delay + .seconds(callbackRules(callback.queue).expirySeconds)
    change(.callback(id)) { $0.isUrgent = false }
    callbacks[id]?.fact.isUrgent = false
    callbacks[id]?.dueAt = now + delay
    callbacks[id]?.keptDueAt = callback.departing == nil ? nil : now + delay
    callbacks[id]?.fact.isScheduled = true
    callbacks[id]?.fact.notBefore = time
    callbacks[id]?.fact.expiresAt = clock.time(at: now) + expiry
    setExpiry(id, now + expiry)
    if let fact = callbacks[id]?.fact { persistLasting(fact) }
    record(.callbackRescheduled, queue: callback.queue, item: callback.fact.sequence, detail: "by supervisor", at: now)
    settle(id, at: now)
    return true
  }

  /// To another queue, with its age. That queue must offer callbacks to this number, and have none open for it.
  @discardableResult
  mutating func moveCallback(_ id: UInt64, to name: ByteString, at now: Instant) -> Bool {
    guard let callback = callbacks[id], isAtRest(callback), let queue = queueByName[name], queue != callback.queue,
      queues[queue].isConfigured, let rules = queues[queue].settings.callback,
      queues[queue].callbackByNumber[callback.fact.number] == nil, callback.hold == nil,
      mayDial(callback.fact.number, own: callback.fact.dialledNumber, rules)
    else {
      counters.staleInputs += 1
      return false
    }
    recall(id, at: now)
    takeCallbackFromQueue(id)
    leaveTable(of: callback)
    let priority = queues[queue].settings.priority
    change(.callback(id)) { ($0.queue, $0.priority, $0.preferred) = (queue, priority, nil) }
    callbacks[id]?.stage = .resting
    callbacks[id]?.fact.queue = name
    callbacks[id]?.fact.priority = priority
    queues[queue].callbacksOpen += 1
    queues[queue].callbackByNumber[callback.fact.number] = id
    if let fact = callbacks[id]?.fact { persistLasting(fact) }
    record(.moved, queue: callback.queue, item: callback.fact.sequence, detail: name, at: now)
    settle(id, at: now)
    return true
  }

  /// Nothing is under way for it; a phone that rings can be recalled.
  private func isAtRest(_ callback: Callback) -> Bool {
    switch callback.stage {
    case .resting, .due, .offered: true
    case .creating, .merging, .untimed, .leased, .attempting: false
    }
  }
}
