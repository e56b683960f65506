// Live callers: entering, hearing their position, leaving, and being sent on when they have waited too long.

import Basics
import Journal

extension ACD {
  mutating func enter(_ entry: Entry, at now: Instant) {
    let (call, name) = (entry.reference, entry.queue)
    guard calls[call] == nil else {
      counters.staleInputs += 1
      return log(.warning, "queue.entered-twice", call: call, name)
    }
    guard let queue = queueByName[name], queues[queue].isConfigured else {
      return outputs.append(.refusedEntry(call, .unknownQueue))
    }
    if let reason = entryObstacle(queue) {
      queues[queue].counts.refused += 1
      return outputs.append(.refusedEntry(call, reason))
    }
    lastSequence += 1
    let key = ItemKey(
      priority: queues[queue].settings.priority, sequence: lastSequence, isCallback: false, number: call.number)
    calls[call] = WaitingCall(
      queue: queue, key: key, callerNumber: entry.callerNumber, callerName: entry.callerName,
      dialledNumber: entry.dialledNumber, enteredAt: now)
    queues[queue].present.insert(key)
    queues[queue].waitingCalls.insert(key)
    queues[queue].callsPresent += 1
    queues[queue].counts.entered += 1
    markDirty(queue)
    let rules = queues[queue].settings
    if rules.announceEverySeconds > 0 { timers.set(.announce(call), to: now + .seconds(rules.announceEverySeconds)) }
    if rules.maximumWaitSeconds > 0 { timers.set(.overflow(call), to: now + .seconds(rules.maximumWaitSeconds)) }
    outputs.append(.entered(call, Standing(position: position(of: key, in: queue))))
    record(.entered, queue: queue, item: key.sequence, at: now)
  }

  private mutating func entryObstacle(_ queue: QueueID) -> EntryRefusal? {
    if queues[queue].loggedIn == 0 { return .nobodyLoggedIn }
    if queues[queue].callsPresent >= queues[queue].settings.maximumLength { return .queueFull }
    if calls.count >= min(settings.maximumCalls, Limits.calls) {
      counters.callLimitHit += 1
      return .boxFull
    }
    return nil
  }

  func position(of key: ItemKey, in queue: QueueID) -> Int { queues[queue].present.rank(of: key) + 1 }

  mutating func announce(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], !waiting.hasLeft else { return }
    let every = queues[waiting.queue].settings.announceEverySeconds
    if every > 0 { timers.set(.announce(call), to: now + .seconds(every)) }
    outputs.append(.announce(call, Standing(position: position(of: waiting.key, in: waiting.queue))))
  }

  mutating func leave(_ call: CallReference, at now: Instant) {
    if let id = departing[call] { return callerLeft(promisedBy: id, at: now) }
    guard let waiting = calls[call], !waiting.hasLeft else {
      counters.staleInputs += 1
      return
    }
    if let offer = waiting.offer { withdraw(offer, itemIsGone: true, at: now) }
    if let request = waiting.request {
      // Confirmed before hanging up: it counts as accepted, if it can be written.
      takeFromQueue(call)
      calls[call]?.hasLeft = true
      return callerLeft(requesting: request, at: now)
    }
    removeCall(call)
    countAbandoned(waiting, at: now)
  }

  mutating func countAbandoned(_ waiting: WaitingCall, at now: Instant) {
    queues[waiting.queue].counts.abandoned += 1
    record(
      .abandoned, queue: waiting.queue, item: waiting.key.sequence, lasting: now - waiting.enteredAt, at: now)
  }

  /// The longest wait has passed. While a phone rings for the caller, or a callback is being written, that goes first.
  mutating func waitIsOver(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], !waiting.hasLeft else { return }
    guard waiting.offer == nil, waiting.request == nil else {
      calls[call]?.overflowIsDue = true
      return
    }
    overflow(call, at: now)
  }

  mutating func overflow(_ call: CallReference, at now: Instant) {
    guard let waiting = removeCall(call) else { return }
    queues[waiting.queue].counts.overflowed += 1
    outputs.append(.overflow(call, .maximumWait))
    record(
      .overflowed, queue: waiting.queue, item: waiting.key.sequence, lasting: now - waiting.enteredAt, at: now)
  }

  /// Overflows a call whose time had passed while something else was tried for it. True if it is gone.
  mutating func overflowIfDue(_ call: CallReference, at now: Instant) -> Bool {
    guard let waiting = calls[call], waiting.overflowIsDue, waiting.offer == nil, waiting.request == nil else {
      return false
    }
    overflow(call, at: now)
    return true
  }

  /// Takes the caller's place away; what remains of it is a promise being written.
  mutating func takeFromQueue(_ call: CallReference) {
    guard let waiting = calls[call], !waiting.hasLeft else { return }
    queues[waiting.queue].present.remove(waiting.key)
    queues[waiting.queue].waitingCalls.remove(waiting.key)
    queues[waiting.queue].callsPresent -= 1
    timers.cancel(.announce(call))
    timers.cancel(.overflow(call))
    timers.cancel(.callerWrite(call))
  }

  @discardableResult
  mutating func removeCall(_ call: CallReference) -> WaitingCall? {
    takeFromQueue(call)
    return calls.removeValue(forKey: call)
  }
}
