// The customer of an open callback calls in (callback rules 28 to 30). While its number waits live or talks, the callback
// rests: it keeps its record on the disk as it is, so that a restart forgets nothing, and is not dialled. A conversation
// that is long enough closes it; anything less gives it back to the queue with its old place.

import Basics
import Journal
import NumberPlan

extension ACD {
  /// After `enter`. A dial in flight is cancelled and the caller has the place at once; otherwise the caller is asked.
  mutating func callerComesBack(_ call: CallReference, at now: Instant) {
    guard !callbacks.isEmpty, let waiting = calls[call],
      let number = plan.normalise(waiting.entry.callerNumber)?.digits,
      let id = queues[waiting.queue].callbackByNumber[number]
    else { return }
    let isDialled = isInFlight(id)
    guard hold(id, .call(call), at: now) else { return }
    calls[call]?.held = id
    if isDialled {
      log(.info, "callback.caller-came-back", call: call, number.masked)
      takePlace(call, of: id, at: now)
    } else {
      calls[call]?.isAsked = true
      outputs.append(.pendingCallback(call, id: id))
    }
  }

  private func isInFlight(_ id: UInt64) -> Bool {
    guard case .attempting(let attempt) = callbacks[id]?.stage else { return false }
    switch attempts[attempt]?.state {
    case .preparing, .persisting, .dialling, .confirming: return true
    case .waiting, .talking, .hangingUp, nil: return false
    }
  }

  mutating func pendingResolved(_ call: CallReference, _ choice: PendingChoice, at now: Instant) {
    guard let waiting = calls[call], !waiting.hasLeft, waiting.request == nil, waiting.isAsked, let id = waiting.held,
      callbacks[id]?.hold == .call(call)
    else {
      counters.staleInputs += 1
      return
    }
    calls[call]?.isAsked = false
    switch choice {
    case .resume: takePlace(call, of: id, at: now)
    case .keep: keep(id, of: call, waiting, at: now)
    case .cancel:
      calls[call]?.held = nil
      close(id, .cancelled, at: now)
    }
  }

  /// The place of the callback, if that is older. A scheduled one has none yet.
  private mutating func takePlace(_ call: CallReference, of id: UInt64, at now: Instant) {
    guard let waiting = calls[call], let fact = callbacks[id]?.fact else { return }
    guard !fact.isScheduled, fact.sequence < waiting.sequence else { return }
    let entered = ByteString(Int(waiting.sequence))
    let since = callbacks[id]?.placement.since ?? waiting.enteredAt
    change(.call(call)) { ($0.sequence, $0.since) = (fact.sequence, min($0.since, since)) }
    for offer in waiting.placement.offers { offers[offer]?.sequence = fact.sequence }
    if waiting.isOffered { shift(.call(call), at: now) } else { place(.call(call), at: now) }
    record(.rejoined, queue: waiting.queue, item: fact.sequence, detail: entered, at: now)
    announce(call, at: now)
  }

  /// The caller goes; the promise that was there already stands. A second one is not needed on the disk.
  private mutating func keep(_ id: UInt64, of call: CallReference, _ waiting: WaitingCall, at now: Instant) {
    withdrawAll(of: .call(call), at: now)
    removeCall(call)
    queues[waiting.queue].counts.callbacksTaken += 1
    record(
      .callbackMerged, queue: waiting.queue, item: waiting.sequence, lasting: now - waiting.enteredAt, at: now)
    callbacks[id]?.hold = nil
    // The goodbye to an earlier caller with this number, if one is being said, binds no longer.
    let due = callbacks[id]?.departing == nil ? callbacks[id]?.dueAt : callbacks[id]?.keptDueAt
    sayGoodbye(call, for: id, at: now)
    callbacks[id]?.keptDueAt = due
    settle(id, at: now)
  }

  // MARK: Holding

  /// Nobody dials it until `release`. False where a conversation goes on already, or somebody else holds it.
  private mutating func hold(_ id: UInt64, _ hold: Callback.Hold, replacing old: Callback.Hold? = nil, at now: Instant)
    -> Bool
  {
    guard let callback = callbacks[id], callback.hold == nil || callback.hold == old else { return false }
    switch callback.stage {
    case .creating, .merging: return false
    case .untimed, .leased, .resting, .due, .offered:
      callbacks[id]?.hold = hold
      recall(id, at: now)
      settle(id, at: now)
    case .attempting(let attempt):
      switch attempts[attempt]?.state {
      case .waiting, .talking, nil: return false
      case .preparing, .persisting, .dialling, .confirming:
        callbacks[id]?.hold = hold
        hangUp(attempt, .cameBack, at: now)
      case .hangingUp: callbacks[id]?.hold = hold
      }
    }
    // It may have come to its end by another rule.
    return callbacks[id]?.hold == hold
  }

  private mutating func release(_ id: UInt64, from hold: Callback.Hold, at now: Instant) {
    guard let callback = callbacks[id], callback.hold == hold else { return }
    callbacks[id]?.hold = nil
    let delay = Interval.seconds(callbackRules(callback.queue).minimumDelaySeconds)
    callbacks[id]?.dueAt = max(callback.dueAt, now + delay)
    settle(id, at: now)
  }

  /// The live call is gone without a conversation and without a new promise.
  mutating func releaseHeld(by call: CallReference, _ waiting: WaitingCall, at now: Instant) {
    if let id = waiting.held { release(id, from: .call(call), at: now) }
  }

  /// The line broke, and the same caller goes on under another reference.
  mutating func passHold(of waiting: WaitingCall, from old: CallReference, to call: CallReference) {
    guard let id = waiting.held, callbacks[id]?.hold == .call(old) else { return }
    callbacks[id]?.hold = .call(call)
    calls[call]?.held = id
  }

  // MARK: Conversations

  /// A live caller talks with an agent: what is open for that number, in any queue, need not be dialled meanwhile.
  mutating func conversationBegan(
    _ call: CallReference, _ waiting: WaitingCall, _ offer: OfferID, at now: Instant
  ) {
    guard !callbacks.isEmpty else { return }
    let number = plan.normalise(waiting.entry.callerNumber)?.digits ?? ""
    var held: [UInt64] = []
    for id in callbacksByNumber[number] ?? [] {
      if hold(id, .talk(offer), replacing: .call(call), at: now) { held.append(id) }
    }
    releaseHeld(by: call, waiting, at: now)
    guard !held.isEmpty else { return }
    heldByTalk[offer] = held
    let rules = callbackRules(waiting.queue)
    timers.set(.liveTalk(offer), to: now + .seconds(max(0, rules.doneAfterSeconds)))
  }

  /// They have spoken long enough: whatever was promised to this number is kept.
  mutating func liveTalkCounts(_ offer: OfferID, at now: Instant) {
    for id in heldByTalk.removeValue(forKey: offer) ?? [] where callbacks[id]?.hold == .talk(offer) {
      close(id, .done, at: now)
    }
  }

  mutating func conversationEnded(_ offer: OfferID, at now: Instant) {
    timers.cancel(.liveTalk(offer))
    for id in heldByTalk.removeValue(forKey: offer) ?? [] { release(id, from: .talk(offer), at: now) }
  }
}
