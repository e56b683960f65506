// The end of an attempt: the agent is let go, and the callback is done, has failed, or returns to the queue with its old
// place and a time before which it is not tried again.

import Basics
import Journal

extension ACD {
  enum AttemptEnd: Equatable {
    case outcome(AttemptOutcome, status: Int)
    /// No attempt on the customer; it may be tried again after this time.
    case void(Interval)
    /// The number may not be dialled (any more).
    case denied

    /// For reports.
    var cause: ByteString {
      switch self {
      case .outcome(.busy, _): "busy"
      case .outcome(.noAnswer, _): "no-answer"
      case .outcome(.final, _), .denied: "final"
      case .outcome(.technical, _): "technical"
      case .void: ""
      }
    }
  }

  /// The customer's leg is gone, or never was.
  mutating func finish(_ id: AttemptID, _ end: AttemptEnd, at now: Instant) {
    customerLeavesQueue(id, at: now)
    guard let attempt = attempts.removeValue(forKey: id) else { return }
    timers.cancel(.attemptWrite(id))
    timers.cancel(.attemptRing(id))
    timers.cancel(.done(id))
    timers.cancel(.confirm(id))
    timers.cancel(.customerWaits(id))
    if attempt.holdsChannel { releaseChannel() }
    letAgentGo(attempt, at: now)
    if attempt.isCustomerFirst { markCallbackQueues() }
    guard callbacks[attempt.callback]?.stage == .attempting(id) else { return }
    if attempt.wasDialled, let number = callbacks[attempt.callback]?.fact.number {
      counters.attemptsFailed += 1
      record(.callbackAttemptFailed, queue: attempt.queue, item: attempt.sequence, detail: end.cause, at: now)
      log(.info, "callback.attempt-failed", number.masked)
    }
    if let state = count(end, of: attempt.callback) { return close(attempt.callback, state, at: now) }
    rest(attempt.callback, for: pause(after: end, attempt.callback), at: now)
  }

  private mutating func letAgentGo(_ attempt: Attempt, at now: Instant) {
    guard let id = attempt.offer, let offer = offers[id] else { return }
    switch offer.state {
    case .reserved:
      let callback = callbacks[attempt.callback]
      let isCancelled = callback?.isCancelRequested == true || callback?.hold != nil
      release(id, isCancelled ? .cancelled : .attemptFailed, at: now)
    case .talking(let since):
      endHold(id, at: now)
      offers[id]?.talked = now - since
      release(id, .customerLeft, at: now)
    case .ringing, .withdrawn, .released: break
    }
  }

  /// Counts the cause. Returns the final state if there is nothing more to try.
  private mutating func count(_ end: AttemptEnd, of id: UInt64) -> CallbackFact.State? {
    guard var fact = callbacks[id]?.fact, let queue = callbacks[id]?.queue else { return nil }
    let limit = max(1, callbackRules(queue).attempts)
    var isOver = false
    switch end {
    case .denied: isOver = true
    case .void: break
    case .outcome(let outcome, let status):
      fact.lastStatus = UInt16(clamping: status)
      switch outcome {
      case .busy:
        fact.attempts.increment()
        fact.busyCount.increment()
        isOver = Int(fact.busyCount) >= limit
      case .noAnswer:
        fact.attempts.increment()
        fact.noAnswerCount.increment()
        isOver = Int(fact.noAnswerCount) >= limit
      case .final:
        fact.attempts.increment()
        isOver = true
      case .technical:
        fact.failureCount.increment()
        isOver = Int(fact.failureCount) >= Limits.technicalFailures
      }
    }
    callbacks[id]?.fact = fact
    if callbacks[id]?.isCancelRequested == true { return .cancelled }
    return isOver ? .failed : nil
  }

  private func pause(after end: AttemptEnd, _ id: UInt64) -> Interval {
    guard let queue = callbacks[id]?.queue else { return .zero }
    switch end {
    case .void(let interval): return interval
    case .denied: return .zero
    case .outcome(.busy, _): return .seconds(callbackRules(queue).busyRetrySeconds)
    case .outcome(.technical, _): return .seconds(Limits.technicalRetrySeconds)
    case .outcome: return .seconds(callbackRules(queue).noAnswerRetrySeconds)
    }
  }

  /// Back to pending, at its old age.
  private mutating func rest(_ id: UInt64, for pause: Interval, at now: Instant) {
    callbacks[id]?.fact.state = .pending
    callbacks[id]?.fact.leg = nil
    callbacks[id]?.fact.notBefore = clock.time(at: now) + pause
    callbacks[id]?.dueAt = now + pause
    callbacks[id]?.stage = .resting
    if let fact = callbacks[id]?.fact { persistLasting(fact) }
    settle(id, at: now)
  }

  /// A restored attempt of unknown fate has waited long enough for its leg to be gone. It counts as one.
  mutating func leaseIsOver(_ id: UInt64, at now: Instant) {
    guard callbacks[id]?.stage == .leased else { return }
    if let state = count(.outcome(.noAnswer, status: 0), of: id) { return close(id, state, at: now) }
    rest(id, for: .zero, at: now)
  }
}

extension UInt8 {
  fileprivate mutating func increment() { self = self == .max ? .max : self + 1 }
}
