// When a caller is told of callbacks without having asked (callback rules 1 to 3): once, when the wait is expected to be
// long or nobody is working. Never what could not be kept before closing.

import Basics
import Journal
import NumberPlan

extension ACD {
  /// A callback that takes its turn from now on would come too near to closing, or after it.
  func closesTooSoon(_ queue: QueueID, after delay: Interval, at now: Instant) -> Bool {
    let hours = queues[queue].hours
    if hours.isClosed { return true }
    guard let closing = hours.closesAt else { return false }
    return now + delay + .seconds(callbackRules(queue).closingMarginSeconds) > closing
  }

  func delayOfTurn(_ waiting: WaitingCall, at now: Instant) -> Interval {
    let least = Interval.seconds(callbackRules(waiting.queue).minimumDelaySeconds)
    let wait = estimatedWait(of: waiting.entry.reference, at: now) ?? .zero
    return min(max(wait, least), .seconds(Limits.carryOverSeconds))
  }

  /// Looks at it when the caller enters, and again every `Limits.adviceSeconds`.
  mutating func advise(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], waiting.entry.medium == .call, !waiting.hasLeft, !waiting.wasOfferedCallback,
      let rules = queues[waiting.queue].settings.callback
    else { return }
    let isLong = (estimatedWait(of: call, at: now) ?? .zero) >= .seconds(rules.offerFromSeconds)
    guard isLong || queues[waiting.queue].working == 0, !waiting.isOffered, mayBeAdvised(waiting, at: now) else {
      return timers.set(.advice(call), to: now + .seconds(Limits.adviceSeconds))
    }
    offerCallback(call, isUrgent: false, at: now)
  }

  /// A request would be granted at this moment, as far as can be told before it is made.
  func mayBeAdvised(_ waiting: WaitingCall, at now: Instant) -> Bool {
    guard let rules = queues[waiting.queue].settings.callback, clock.isTrusted, waiting.request == nil,
      waiting.held == nil, !closesTooSoon(waiting.queue, after: delayOfTurn(waiting, at: now), at: now)
    else { return false }
    if case .refused = callableNumber("", of: waiting), !rules.allowsOtherNumber { return false }
    return queues[waiting.queue].callbacksOpen < rules.maximumPending
      && callbacks.count < min(settings.maximumCallbacks, Limits.callbacks)
  }

  mutating func offerCallback(_ call: CallReference, isUrgent: Bool, at now: Instant) {
    guard let waiting = calls[call] else { return }
    timers.cancel(.advice(call))
    outputs.append(.offerCallback(call, isUrgent: isUrgent))
    guard !waiting.wasOfferedCallback else { return }
    calls[call]?.wasOfferedCallback = true
    record(.callbackOffered, queue: waiting.queue, item: waiting.sequence, lasting: now - waiting.enteredAt, at: now)
  }
}
