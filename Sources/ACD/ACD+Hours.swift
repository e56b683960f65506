// Opening hours (callback rules 3 and 31): nobody enters a closed queue and nobody is called back from it. At closing,
// open callbacks are carried over to the next opening, worked off for a while, or cancelled, by the queue's policy. A
// conversation, a dial in flight and callers who wait already are left alone.

import Basics
import Journal

extension ACD {
  /// Why nobody may enter at this moment.
  func closedObstacle(_ queue: QueueID) -> EntryRefusal? {
    isBrownOut || queues[queue].hours.isClosed ? .closed : nil
  }

  mutating func setOpening(_ name: ByteString, isOpen: Bool, closesIn: Interval?, at now: Instant) {
    guard let queue = queueByName[name] else {
      counters.staleInputs += 1
      return
    }
    guard isOpen else { return shut(queue, at: now) }
    let wasClosed = queues[queue].hours.isClosed
    queues[queue].hours.state = .open
    queues[queue].hours.isSure = clock.isTrusted
    queues[queue].hours.closesAt = closesIn.map { now + min(max($0, .zero), .seconds(Limits.carryOverSeconds)) }
    timers.set(.hours(queue), to: queues[queue].hours.closesAt)
    if wasClosed { reopened(queue, at: now) }
  }

  mutating func setTimetable(_ name: ByteString, _ spans: [OpenSpan]) {
    guard let queue = queueByName[name] else {
      counters.staleInputs += 1
      return
    }
    queues[queue].hours.spans = Array(spans.prefix(Limits.openSpans))
  }

  /// The closing time that was told has come, or the time to drain is over.
  mutating func hoursChange(_ queue: QueueID, at now: Instant) {
    switch queues[queue].hours.state {
    case .open: if let closing = queues[queue].hours.closesAt, closing <= now { shut(queue, at: now) }
    case .draining: close(queue, at: now)
    case .unknown, .closed: break
    }
  }

  // MARK: Closing

  private mutating func shut(_ queue: QueueID, at now: Instant) {
    guard !queues[queue].hours.isClosed else { return }
    // Whoever hears first that it is closed, as after a restart, does not know since when.
    let hasJustClosed = queues[queue].hours.state == .open && queues[queue].hours.isSure
    queues[queue].hours.closesAt = nil
    let rules = callbackRules(queue)
    guard rules.closing == .drain, rules.drainMinutes > 0, hasJustClosed else { return close(queue, at: now) }
    queues[queue].hours.state = .draining
    timers.set(.hours(queue), to: now + .minutes(rules.drainMinutes))
    log(.info, "queue.drains", queues[queue].settings.name)
  }

  private mutating func close(_ queue: QueueID, at now: Instant) {
    queues[queue].hours.state = .closed
    timers.cancel(.hours(queue))
    let isCancelled = callbackRules(queue).closing == .cancel
    var count = 0
    for id in openCallbacks(of: queue) {
      recall(id, at: now)
      if isCancelled { cancelAtClosing(id, at: now) } else { carryOver(id, at: now) }
      settle(id, at: now)
      count += 1
    }
    guard count > 0 else { return }
    let text = queues[queue].settings.name + ": " + ByteString(count)
    log(.notice, isCancelled ? "queue.closed-callbacks-cancelled" : "queue.closed-callbacks-carried-over", text)
  }

  /// Oldest first.
  private func openCallbacks(of queue: QueueID) -> [UInt64] {
    callbacks.values.filter { $0.queue == queue }.map { ($0.fact.sequence, $0.fact.id) }.sorted(by: { $0 < $1 })
      .map { $0.1 }
  }

  /// What is under way runs to its end first. A time of the customer's own choice lies in other hours.
  private mutating func cancelAtClosing(_ id: UInt64, at now: Instant) {
    guard let callback = callbacks[id], !callback.fact.isScheduled else { return }
    callbacks[id]?.isCancelRequested = true
  }

  /// Its expiry stands still until the next opening; how long that takes is not known here.
  mutating func carryOver(_ id: UInt64, at now: Instant) {
    guard let callback = callbacks[id], callback.isDurable, callback.expiresAt != nil else { return }
    postpone(id, expiry: .seconds(Limits.carryOverSeconds), at: now)
    record(.callbackRescheduled, queue: callback.queue, item: callback.fact.sequence, detail: "carried over", at: now)
  }

  // MARK: Opening

  /// What was carried over goes on in its order, and has the time to expire of a fresh one.
  private mutating func reopened(_ queue: QueueID, at now: Instant) {
    let expiry = Interval.seconds(callbackRules(queue).expirySeconds)
    for id in openCallbacks(of: queue) {
      guard let callback = callbacks[id], callback.isDurable, callback.expiresAt != nil else { continue }
      postpone(id, expiry: max(callback.dueAt - now, .zero) + expiry, at: now)
      settle(id, at: now)
    }
    markCallbackQueues()
  }

  private mutating func postpone(_ id: UInt64, expiry: Interval, at now: Instant) {
    setExpiry(id, now + expiry)
    callbacks[id]?.fact.expiresAt = clock.time(at: now) + expiry
    if let fact = callbacks[id]?.fact { persistLasting(fact) }
  }
}

extension Callback {
  /// The disk has it as it is here.
  var isDurable: Bool {
    switch stage {
    case .creating, .merging: false
    default: true
    }
  }
}
