// Calling a customer back. Agent first: the agent accepts, the leg gets an identity, the attempt becomes durable, and only
// then the INVITE may leave. Customer first it is the same without the agent. At most one attempt of a callback is under way: the next one waits until its leg is gone.

import Basics
import Journal
import NumberPlan

extension ACD {
  // MARK: Before the INVITE

  mutating func beginAttempt(_ id: UInt64, _ offer: OfferID, at now: Instant) {
    if let attempt = waitingCustomer(id) { return connectCustomer(attempt, offer, at: now) }
    guard let callback = callbacks[id] else { return release(offer, .attemptFailed, at: now) }
    prepareAttempt(callback, offer, at: now)
  }

  /// - Parameter offer: nil customer first.
  mutating func prepareAttempt(_ callback: Callback, _ offer: OfferID?, at now: Instant) {
    let id = callback.fact.id
    lastAttempt += 1
    let attempt = AttemptID(lastAttempt)
    attempts[attempt] = Attempt(
      callback: id, queue: callback.queue, offer: offer, sequence: callback.fact.sequence,
      isCustomerFirst: offer == nil)
    if let offer {
      offers[offer]?.state = .reserved(attempt)
      offers[offer]?.attempt = attempt
    }
    takeCallbackFromQueue(id)
    callbacks[id]?.stage = .attempting(attempt)
    // What was not even tried stays the next, if it was that. Without an agent to accept it, it would come back here in
    // the same instant, and again, should whoever sent it ever see less than this does.
    let rest = offer == nil ? Interval.seconds(Limits.technicalRetrySeconds) : .zero
    if let obstacle = obstacle(callback, rest) { return finish(attempt, obstacle, at: now) }
    change(.callback(id)) { $0.isUrgent = false }
    callbacks[id]?.fact.isUrgent = false
    timers.set(.attemptWrite(attempt), to: now + .seconds(Limits.durableWaitSeconds))
    outputs.append(
      .prepare(
        attempt, callback: id, number: callback.fact.number, presenting: callback.fact.dialledNumber, offer: offer))
  }

  mutating func attemptLeg(_ id: AttemptID, _ leg: CallbackFact.Leg, at now: Instant) {
    guard let attempt = attempts[id], attempt.state == .preparing else {
      counters.staleInputs += 1
      return
    }
    attempts[id]?.state = .persisting
    callbacks[attempt.callback]?.fact.state = .dialling
    callbacks[attempt.callback]?.fact.leg = leg
    guard let fact = callbacks[attempt.callback]?.fact else { return }
    persist(.callback(fact), promise: true, for: .attempt(id))
  }

  /// The attempt is on the disk. What allowed it is looked at once more: time has passed.
  mutating func attemptIsDurable(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id], attempt.state == .persisting, let callback = callbacks[attempt.callback] else {
      return
    }
    timers.cancel(.attemptWrite(id))
    if let obstacle = obstacle(callback) {
      return hangUp(id, obstacle == .denied ? .denied : .obstructed, at: now)
    }
    channelsHeld = max(0, channelsHeld - 1)
    channelsFree -= 1
    attempts[id]?.holdsChannel = false
    attempts[id]?.wasDialled = true
    attempts[id]?.state = .dialling
    timers.set(.attemptRing(id), to: now + .seconds(max(1, callbackRules(attempt.queue).ringSeconds)))
    counters.attempts += 1
    outputs.append(.dial(id))
    let agent = attempt.offer.flatMap { offers[$0]?.agent }
    record(.callbackDialled, queue: attempt.queue, item: attempt.sequence, agent: agent, at: now)
    log(.info, "callback.dialled", callback.fact.number.masked)
  }

  /// Why this callback may not be dialled at this instant.
  private func obstacle(_ callback: Callback, _ rest: Interval = .zero) -> AttemptEnd? {
    guard let rules = queues[callback.queue].settings.callback, clock.isTrusted, channelsFree > 0, !isBrownOut,
      queues[callback.queue].hours.allowsCallbacks
    else { return .void(rest) }
    return mayDial(callback.fact.number, own: callback.fact.dialledNumber, rules) ? nil : .denied
  }

  mutating func attemptWaitedForDisk(_ id: AttemptID, at now: Instant) {
    counters.durableTooLate += 1
    attemptNotWritten(id, at: now)
  }

  mutating func attemptNotWritten(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id], !attempt.wasDialled else { return }
    log(.warning, "callback.not-dialled", "the attempt could not be written in time")
    hangUp(id, .storage, at: now)
  }

  // MARK: The customer's phone

  mutating func attemptAnswered(_ id: AttemptID, remoteTag: ByteString, at now: Instant) {
    guard let attempt = attempts[id] else {
      counters.staleInputs += 1
      return
    }
    attempts[id]?.hasRung = true
    // An answer after `hangUpAttempt`: it is being hung up, `attemptEnded` follows.
    guard attempt.state == .dialling else { return }
    timers.cancel(.attemptRing(id))
    guard let offer = attempt.offer else { return askForConfirmation(id, remoteTag: remoteTag, at: now) }
    callbacks[attempt.callback]?.fact.leg?.remoteTag = remoteTag
    beginTalk(id, offer, at: now)
  }

  /// Agent and customer are bridged.
  mutating func beginTalk(_ id: AttemptID, _ offer: OfferID, at now: Instant) {
    guard let attempt = attempts[id] else { return }
    attempts[id]?.state = .talking(since: now)
    offers[offer]?.state = .talking(since: now)
    callbacks[attempt.callback]?.fact.state = .talking
    guard let callback = callbacks[attempt.callback], let agent = offers[offer]?.agent else { return }
    agents[agent].answered += 1
    agentChanged(agent, at: now)
    persistLasting(callback.fact)
    record(
      .callbackConnected, queue: attempt.queue, item: attempt.sequence, agent: agent,
      lasting: clock.time(at: now) - callback.fact.enqueuedAt, at: now)
    timers.set(.done(id), to: now + .seconds(max(0, callbackRules(attempt.queue).doneAfterSeconds)))
  }

  /// They have spoken long enough: the promise is kept, whatever comes.
  mutating func conversationCounts(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id], case .talking = attempt.state else { return }
    close(attempt.callback, .done, at: now)
  }

  mutating func attemptRangOut(_ id: AttemptID, at now: Instant) {
    guard attempts[id]?.state == .dialling else { return }
    hangUp(id, .ringTimeout, at: now)
  }

  mutating func attemptFailed(_ id: AttemptID, _ status: Int, _ q850: Int?, at now: Instant) {
    guard let attempt = attempts[id] else {
      counters.staleInputs += 1
      return
    }
    switch attempt.state {
    case .preparing, .persisting: finish(id, .outcome(.technical, status: status), at: now)
    case .dialling: finish(id, .outcome(AttemptOutcome(status: status, q850: q850), status: status), at: now)
    case .confirming, .waiting, .talking: attemptEnded(id, at: now)
    case .hangingUp(.ringTimeout) where status != 487 && status >= 300:
      // Its own answer crossed the CANCEL and says more than our patience.
      finish(id, .outcome(AttemptOutcome(status: status, q850: q850), status: status), at: now)
    case .hangingUp(let reason): finish(id, Self.end(after: reason, attempt, rules(attempt)), at: now)
    }
  }

  mutating func attemptEnded(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id] else {
      counters.staleInputs += 1
      return
    }
    switch attempt.state {
    case .preparing, .persisting, .dialling: attemptFailed(id, 480, nil, at: now)
    case .confirming, .waiting, .talking: finish(id, .outcome(.noAnswer, status: 200), at: now)
    case .hangingUp(let reason): finish(id, Self.end(after: reason, attempt, rules(attempt)), at: now)
    }
  }

  private func rules(_ attempt: Attempt) -> CallbackSettings { callbackRules(attempt.queue) }

  /// What an attempt that we ended ourselves means.
  private static func end(after reason: Attempt.HangUp, _ attempt: Attempt, _ rules: CallbackSettings) -> AttemptEnd {
    switch reason {
    case .ringTimeout: return .outcome(.noAnswer, status: 408)
    case .talkOver, .unconfirmed: return .outcome(.noAnswer, status: 200)
    case .storage: return .void(.seconds(Limits.technicalRetrySeconds))
    case .cancelled, .cameBack, .obstructed: return .void(.zero)
    case .nobodyCame: return .void(.seconds(rules.minimumDelaySeconds))
    case .denied: return .denied
    case .agentLeft:
      if attempt.hasRung { return .outcome(.noAnswer, status: 487) }
      return .void(attempt.wasDialled ? .seconds(rules.minimumDelaySeconds) : .zero)
    }
  }

  // MARK: The agent's side

  /// The leg of the agent who had accepted is gone.
  mutating func agentLeft(_ id: AttemptID, at now: Instant) {
    guard let attempt = attempts[id] else { return }
    switch attempt.state {
    case .preparing, .persisting, .dialling: hangUp(id, .agentLeft, at: now)
    case .talking: hangUp(id, .talkOver, at: now)
    // Of these no agent is a part.
    case .confirming, .waiting, .hangingUp: break
    }
  }

  mutating func cancelAttempt(_ id: AttemptID, at now: Instant) {
    switch attempts[id]?.state {
    case .preparing, .persisting, .dialling, .confirming: hangUp(id, .cancelled, at: now)
    // Whoever is on the line is not cut off.
    case .waiting, .talking, .hangingUp, nil: break
    }
  }

  /// An attempt that has not been dialled is over at once; otherwise the record waits until the leg is gone.
  mutating func hangUp(_ id: AttemptID, _ reason: Attempt.HangUp, at now: Instant) {
    customerLeavesQueue(id, at: now)
    guard let attempt = attempts[id] else { return }
    guard attempt.wasDialled else {
      outputs.append(.dropAttempt(id))
      return finish(id, Self.end(after: reason, attempt, rules(attempt)), at: now)
    }
    attempts[id]?.state = .hangingUp(reason)
    timers.cancel(.attemptWrite(id))
    timers.cancel(.attemptRing(id))
    timers.cancel(.done(id))
    timers.cancel(.confirm(id))
    timers.cancel(.customerWaits(id))
    outputs.append(.hangUpAttempt(id))
    if attempt.isCustomerFirst { markCallbackQueues() }
  }
}
