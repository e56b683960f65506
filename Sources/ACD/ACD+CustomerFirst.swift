// Calling back customer first (callback rules 16 to 18 and 26): a customer is dialled while an agent is ready, presses 1,
// and is then an item like any other, with the place of the callback. An agent never hears an answer that nobody
// confirmed: it may be a machine. Where no agent is left, the customer is told so and stands before everybody else.

import Basics
import Journal

extension ACD {
  /// Whether it is dialled before an agent is asked.
  func goesCustomerFirst(_ key: ItemKey) -> Bool {
    guard key.isCallback, let callback = callbacks[key.number], callback.stage == .due else { return false }
    return queues[callback.queue].settings.callback?.mode == .customerFirst
  }

  /// What callbacks of this class need besides an agent: a trusted clock, a channel, hours; and customer first, an agent
  /// for each who is dialled already.
  func callbacksMayGo(in id: ClassID) -> Bool {
    let queue = classes[id].key.queue
    return callbacksMayGo && queues[queue].settings.callback != nil && queues[queue].hours.allowsCallbacks
      && hasAgentForCustomer(of: id)
  }

  /// Where nobody is ready, that says it; here it counts whom the ready ones will be needed for.
  func hasAgentForCustomer(of id: ClassID) -> Bool {
    let queue = classes[id].key.queue
    guard queues[queue].settings.callback?.mode == .customerFirst else { return true }
    let expected = customersExpected(by: queue)
    return expected == 0 || expected < classes[id].ready.count
  }

  /// Customers being dialled who will need an agent of this queue.
  private func customersExpected(by queue: QueueID) -> Int {
    var count = 0
    for attempt in attempts.values where attempt.needsAgent {
      let isNear =
        attempt.queue == queue || queues[queue].agents.contains { agents[$0].queues.contains(attempt.queue) }
      if isNear { count += 1 }
    }
    return count
  }

  /// In place of an offer.
  mutating func beginCustomerFirst(_ id: UInt64, at now: Instant) {
    guard let callback = callbacks[id] else { return }
    channelsHeld += 1
    prepareAttempt(callback, nil, at: now)
  }

  // MARK: Is it a person?

  mutating func askForConfirmation(_ id: AttemptID, remoteTag: ByteString, at now: Instant) {
    guard let attempt = attempts[id] else { return }
    attempts[id]?.state = .confirming
    callbacks[attempt.callback]?.fact.leg?.remoteTag = remoteTag
    if let fact = callbacks[attempt.callback]?.fact { persistLasting(fact) }
    timers.set(.confirm(id), to: now + .seconds(max(1, callbackRules(attempt.queue).confirmSeconds)))
    outputs.append(.confirmAttempt(id))
  }

  mutating func attemptConfirmed(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id], attempt.state == .confirming else {
      counters.staleInputs += 1
      return
    }
    timers.cancel(.confirm(id))
    attempts[id]?.state = .waiting
    placeCustomer(id, at: now)
    // Looked at after items and agents were brought together.
    timers.set(.customerWaits(id), to: now)
  }

  mutating func attemptUnconfirmed(_ id: AttemptID, at now: Instant) {
    guard attempts[id]?.state == .confirming else { return }
    hangUp(id, .unconfirmed, at: now)
  }

  // MARK: On the line, without an agent

  func waitingCustomer(_ callback: UInt64) -> AttemptID? {
    guard case .attempting(let attempt) = callbacks[callback]?.stage, attempts[attempt]?.state == .waiting else {
      return nil
    }
    return attempt
  }

  /// The customer is on the line: needs no channel, no hours and no dial, and waits as a live caller does.
  private mutating func placeCustomer(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id] else { return }
    change(.callback(attempt.callback)) { $0.medium = .call }
    place(.callback(attempt.callback), at: now)
  }

  mutating func giveBackCustomer(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id], !isOffered(attempt) else { return }
    placeCustomer(id, at: now)
    if attempt.patience == .fresh { timers.set(.customerWaits(id), to: now) }
  }

  private func isOffered(_ attempt: Attempt) -> Bool {
    callbacks[attempt.callback]?.placement.offers.isEmpty == false
  }

  mutating func customerStillWaits(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id], attempt.state == .waiting else { return }
    switch attempt.patience {
    case .fresh: if !isOffered(attempt) { apologise(id, attempt, at: now) }
    case .apologised:
      attempts[id]?.patience = .alarmed
      log(.alarm, "callback.customer-waits", "answered and confirmed, and no agent is left")
      timers.set(.customerWaits(id), to: now + .seconds(Limits.customerWaitSeconds))
    case .alarmed: hangUp(id, .nobodyCame, at: now)
    }
  }

  private mutating func apologise(_ id: AttemptID, _ attempt: Attempt, at now: Instant) {
    attempts[id]?.patience = .apologised
    outputs.append(.apologise(id))
    record(.apologised, queue: attempt.queue, item: attempt.sequence, at: now)
    takeCallbackFromQueue(attempt.callback)
    change(.callback(attempt.callback)) { $0.isUrgent = true }
    placeCustomer(id, at: now)
    timers.set(.customerWaits(id), to: now + .seconds(Limits.apologyAlarmSeconds))
  }

  /// The customer waits no longer, one way or another: nobody is asked to take the call.
  mutating func customerLeavesQueue(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id], attempt.state == .waiting else { return }
    withdrawAll(of: .callback(attempt.callback), at: now)
    leaveLine(attempt.callback)
  }

  private mutating func leaveLine(_ id: UInt64) {
    displace(.callback(id))
    change(.callback(id)) { ($0.medium, $0.isUrgent) = (.callback, false) }
  }

  mutating func connectCustomer(_ id: AttemptID, _ offer: OfferID, at now: Instant) {
    guard let attempt = attempts[id] else { return }
    timers.cancel(.customerWaits(id))
    leaveLine(attempt.callback)
    attempts[id]?.offer = offer
    offers[offer]?.attempt = id
    outputs.append(.connectAttempt(id, offer))
    beginTalk(id, offer, at: now)
    markCallbackQueues()
  }
}

extension Attempt {
  /// Customer first: whoever answers will need an agent who is not there yet.
  var needsAgent: Bool {
    guard isCustomerFirst else { return false }
    switch state {
    case .preparing, .persisting, .dialling, .confirming, .waiting: return true
    case .talking, .hangingUp: return false
    }
  }
}
