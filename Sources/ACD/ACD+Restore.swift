// After a restart: the promises of the previous run get their places back. An attempt of unknown fate has its leg ended
// and waits out a lease. Wall times are looked at once the clock is trusted, never before.

import Basics
import Journal

extension ACD {
  mutating func restore(
    _ facts: [CallbackFact], _ logins: [AgentFact], lastSequence sequence: UInt64, lastCallbackID id: UInt64,
    at now: Instant
  ) {
    lastSequence = max(lastSequence, sequence)
    lastCallbackID = max(lastCallbackID, id)
    record(.started, queue: nil, at: now)
    for fact in logins { restore(fact, at: now) }
    let open = facts.filter { !$0.state.isFinal }
    let sorted = open.sorted(by: { ($0.sequence, $0.id) < ($1.sequence, $1.id) })
    for (index, fact) in sorted.enumerated() {
      if fact.state == .pending, let next = sorted.dropFirst(index + 1).first, next.sequence == fact.sequence,
        callerKey(next.rawNumber) == callerKey(fact.rawNumber)
      {
        // The caller in its place asked for another number; that was written, this one's end was not.
        end(replaced: fact)
      } else {
        restore(fact, at: now)
      }
    }
  }

  private mutating func end(replaced fact: CallbackFact) {
    var fact = fact
    fact.state = .cancelled
    log(.notice, "callback.replaced", fact.number.masked)
    persistLasting(fact)
  }

  private mutating func restore(_ fact: AgentFact, at now: Instant) {
    guard fact.loggedIn else { return }
    guard let agent = agentByExtension[fact.extension] else {
      if restoredLogins.count < Limits.agents { restoredLogins[fact.extension] = fact }
      return
    }
    guard !agents[agent].isLoggedIn else { return }
    setLoggedIn(agent, true)
    agents[agent].pauseReason = fact.pauseReason.isEmpty ? nil : fact.pauseReason
    agentChanged(agent, at: now)
  }

  private mutating func restore(_ fact: CallbackFact, at now: Instant) {
    guard callbacks[fact.id] == nil, callbacks.count < Limits.callbacks,
      let queue = queueByName[fact.queue]
        ?? addQueue(QueueSettings(name: fact.queue), isConfigured: false)
    else {
      counters.callbackLimitHit += 1
      return log(.alarm, "callback.not-restored", fact.number.masked)
    }
    var fact = fact
    fact.clampTimes()
    if queues[queue].callbackByNumber[fact.number] != nil, !fact.state.isUnderWay {
      // Two of one number can only come from a disk that failed while one was taken back: the older stands for both.
      fact.state = .cancelled
      log(.notice, "callback.duplicate", fact.number.masked)
      return persistLasting(fact)
    }
    lastSequence = max(lastSequence, fact.sequence)
    lastCallbackID = max(lastCallbackID, fact.id)
    let isUnderWay = fact.state.isUnderWay
    let placement = Placement(
      queue: queue, medium: .callback, sequence: fact.sequence,
      priority: fact.priority ?? queues[queue].settings.priority, isUrgent: fact.isUrgent && !isUnderWay, since: now)
    add(
      Callback(
        fact: fact, stage: isUnderWay ? .leased : .untimed, placement: placement, dueAt: now, expiresAt: nil))
    if isUnderWay {
      if let leg = fact.leg {
        outputs.append(.endOrphan(leg, number: fact.number, presenting: fact.dialledNumber))
      }
      timers.set(.lease(fact.id), to: now + .seconds(Limits.leaseSeconds))
    }
    if clock.isTrusted { setTimes(fact.id, at: now) }
  }

  /// Wall times become instants. A clock that jumped while the box was off delays nobody beyond the longest time that
  /// the rules know.
  mutating func setTimes(_ id: UInt64, at now: Instant) {
    guard let callback = callbacks[id], callback.expiresAt == nil else { return }
    let rules = callbackRules(callback.queue)
    let time = clock.time(at: now)
    let longestPause =
      callback.fact.isScheduled
      ? Limits.scheduleAheadSeconds
      : max(rules.busyRetrySeconds, rules.noAnswerRetrySeconds, rules.minimumDelaySeconds, Limits.technicalRetrySeconds)
    // Rings and ageing go on from the original time.
    change(.callback(id)) {
      $0.since = now - min(max(time - callback.fact.enqueuedAt, .zero), .seconds(Limits.ageSeconds))
    }
    let pause = min(max(callback.fact.notBefore - time, .zero), .seconds(longestPause))
    callbacks[id]?.dueAt = now + pause
    let longest = .seconds(rules.expirySeconds) + (callback.fact.isScheduled ? pause : .zero)
    setExpiry(id, now + min(max(callback.fact.expiresAt - time, .zero), longest))
    if queues[callback.queue].hours.state == .closed { carryOver(id, at: now) }
    settle(id, at: now)
  }
}

extension CallbackFact {
  /// Times that no clock can have shown come from a damaged record; differences of the others fit an `Interval`.
  fileprivate mutating func clampTimes() {
    let latest = WallTime(seconds: 7_258_118_400)  // the year 2200
    func clamp(_ time: WallTime) -> WallTime { min(max(time, WallTime(seconds: 0)), latest) }
    enqueuedAt = clamp(enqueuedAt)
    requestedAt = clamp(requestedAt)
    notBefore = clamp(notBefore)
    expiresAt = clamp(expiresAt)
  }
}

extension CallbackFact.State {
  /// Its leg may have been left behind.
  fileprivate var isUnderWay: Bool { self == .dialling || self == .talking }
}
