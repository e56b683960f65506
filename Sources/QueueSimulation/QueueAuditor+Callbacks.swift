// Callbacks: durable before it is promised and before it is dialled, one dial in flight, one conversation, never
// forgotten, never from a clock that is not trusted, never the last channel.

import ACD
import Basics
import Journal
import NumberPlan

extension QueueAuditor {
  // MARK: The record and the disk

  mutating func isHandedOver(_ fact: CallbackFact) {
    if disk[fact.id]?.state.isFinal == true, !fact.state.isFinal {
      blame(.exactlyOnce, "callback \(fact.id) rises from the dead")
    }
    let known = callbacks[fact.id]
    var book = known ?? made(fact)
    // Wall times are looked at when they are set, by the clock of that moment; a clock that jumps later moves nothing.
    if known?.fact.notBefore != fact.notBefore {
      book.dueFrom = max(now, now + (fact.notBefore - wallTime(at: now)))
    }
    if known?.fact.expiresAt != fact.expiresAt {
      book.expiresAt = max(now, now + (fact.expiresAt - wallTime(at: now)))
    }
    if book.fact.sequence != fact.sequence { book.knownSince = now }
    if fact.sequence > book.place {
      if !book.fact.isScheduled {
        blame(.conservation, "callback \(fact.id) loses its place \(book.place) for \(fact.sequence)")
      }
      book.place = fact.sequence
    }
    book.fact = fact
    if let asking { book.askedBy = asking }
    book.writesUnderWay += 1
    book.changedAt = now
    callbacks[fact.id] = book
  }

  /// It has the place of the caller who asks for it; that place may have been another's before, who is gone.
  private func made(_ fact: CallbackFact) -> CallbackBook {
    let call = calls.values.filter { $0.sequence == fact.sequence && $0.fate == nil }.min { $0.call < $1.call }
    var book = CallbackBook(fact: fact, priority: call?.priority ?? rules(fact.queue).priority, at: now)
    book.isTouched = call?.isTouched == true
    return book
  }

  mutating func isDurable(_ fact: Fact, at now: Instant) {
    guard case .callback(let fact) = fact else { return }
    disk[fact.id] = fact
    guard let book = callbacks[fact.id] else { return }
    callbacks[fact.id]?.writesUnderWay = max(0, book.writesUnderWay - 1)
    callbacks[fact.id]?.changedAt = now
    if book.fact == fact { callbacks[fact.id]?.isBehind = false }
    if book.fact.sequence == fact.sequence { callbacks[fact.id]?.place = fact.sequence }
    if fact.state.isFinal, book.writesUnderWay <= 1 { callbacks[fact.id] = nil }
  }

  mutating func isLost(_ fact: Fact) {
    guard case .callback(let fact) = fact, let book = callbacks[fact.id] else { return }
    callbacks[fact.id]?.writesUnderWay = max(0, book.writesUnderWay - 1)
    callbacks[fact.id]?.isBehind = true
    // Its promise was never made.
    if disk[fact.id] == nil, book.writesUnderWay <= 1 { callbacks[fact.id] = nil }
  }

  mutating func isPromised(_ call: CallReference, _ id: UInt64) {
    guard let fact = disk[id] else {
      return blame(.exactlyOnce, "\(call) hears goodbye, and callback \(id) is not on the disk")
    }
    if fact.state.isFinal { blame(.exactlyOnce, "\(call) hears goodbye for callback \(id), which is over") }
    if let book = calls[call], book.fate == nil { meets(call, .calledBack) }
    callbacks[id]?.departing = call
    // Its own call first hears the goodbye.
    callbacks[id]?.restsUntil = now + .seconds(ACD.Limits.goodbyeSeconds)
    callbacks[id]?.changedAt = now
  }

  // MARK: Offers of callbacks

  mutating func judgeCallback(_ book: CallbackBook, _ offer: ACD.Offer) {
    let id = book.fact.id
    guard let fact = disk[id] else { return blame(.exactlyOnce, "offers callback \(id), which is not on the disk") }
    if fact.state.isFinal { blame(.exactlyOnce, "offers callback \(id), which is over") }
    let attempt = attempts.values.first { $0.callback == id }
    let others = offers.values.contains { $0.item == .callback(id) && $0.isLive && $0.attempt == nil }
    if others, rules(offer.queueName).strategy != .ringAll { blame(.exactlyOnce, "callback \(id) is offered twice") }
    if let attempt {
      // Customer first: the customer is on the line and has pressed the key.
      if !attempt.isConfirmed { blame(.exactlyOnce, "callback \(id) is offered while it is dialled") }
      return
    }
    if !isTrusted { blame(.exactlyOnce, "callback \(id) is offered by a clock that is not trusted") }
    if channels <= attempts.values.count(where: { !$0.isDialled }) {
      blame(.exactlyOnce, "callback \(id) is offered without a channel")
    }
    if !book.isTouched, !book.isRestored, !book.isBehind, now + Limits.dueSlack < book.dueFrom {
      blame(.exactlyOnce, "callback \(id) is offered before its time")
    }
    if now < book.mayDialFrom { blame(.exactlyOnce, "callback \(id) is offered before its lease is over") }
  }

  /// It has been due for as long as a meeting may take, and nothing that is known of is in its way.
  func mustBeCalled(_ book: CallbackBook, since then: Instant) -> Bool {
    let fact = book.fact
    guard let rules = rules(fact.queue).callback, rules.mode == .agentFirst, !book.isTouched, !book.isRestored,
      !book.isBehind, book.writesUnderWay == 0, fact.state == .pending, book.departing == nil,
      book.dueFrom + Limits.dueSlack <= then, book.restsUntil + Limits.dueSlack <= then, book.mayDialFrom <= then,
      book.expiresAt > now, isTrusted, isOpen(fact.queue), !isBrownOut, present[fact.number] == nil,
      channels > attempts.values.count(where: { !$0.isDialled }) + callbackOffers
    else { return false }
    return !offers.values.contains { $0.item == .callback(fact.id) && $0.isLive }
      && !attempts.values.contains { $0.callback == fact.id }
  }

  private func isOpen(_ queue: ByteString) -> Bool {
    guard let opening = openings[queue] else { return true }
    return opening.isOpen && opening.until > now
  }

  /// A caller of this number is gone: its callbacks may go on, after a while.
  mutating func isAway(_ call: CallReference, _ number: ByteString) {
    guard present[number]?.remove(call) != nil else { return }
    if present[number]?.isEmpty == true { present[number] = nil }
    for (id, book) in callbacks where book.fact.number == number {
      let rules = rules(book.fact.queue)
      callbacks[id]?.rests(from: now, rules)
    }
  }

  /// Each holds a channel.
  private var callbackOffers: Int {
    offers.values.count { offer in
      if case .callback = offer.item { offer.isRinging } else { false }
    }
  }

  mutating func lookAtCallbacks(_ acd: ACD) {
    guard isRestored else { return }
    let known = Set(acd.callbackViews(at: now).map(\.fact.id))
    for (id, fact) in disk where !fact.state.isFinal && !known.contains(id) {
      guard callbacks[id]?.fact.state.isFinal != true else { continue }
      blame(.exactlyOnce, "callback \(id) is forgotten")
    }
  }

  // MARK: Attempts

  mutating func isPrepared(_ id: AttemptID, _ callback: UInt64, _ number: ByteString, _ offer: OfferID?) {
    if attempts.values.contains(where: { $0.callback == callback }) {
      blame(.exactlyOnce, "two attempts of callback \(callback) at once")
    }
    if let offer, offers[offer]?.isAccepted != true {
      blame(.oneAcceptance, "prepares callback \(callback) for an offer that nobody accepted")
    }
    attempts[id] = AttemptBook(callback: callback, offer: offer)
    callbacks[callback]?.isUrgent = false
    if let offer { offers[offer]?.attempt = id }
    let queue = callbacks[callback]?.fact.queue ?? ""
    guard let rules = rules(queue).callback else { return }
    let numberClass = plan.normalise(number)?.numberClass ?? .unknown
    if numberClass == .emergency || numberClass == .unknown || !rules.allowedClasses.contains(numberClass) {
      blame(.exactlyOnce, "prepares a call to \(number), which may not be dialled")
    }
  }

  mutating func isDialled(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return blame(.exactlyOnce, "dials attempt \(id.number), never prepared") }
    let callback = attempt.callback
    guard let fact = disk[callback], fact.state == .dialling, fact.leg == attempt.leg else {
      return blame(.exactlyOnce, "dials callback \(callback), whose attempt is not on the disk")
    }
    if attempt.isDialled { blame(.exactlyOnce, "dials attempt \(id.number) twice") }
    if orphans.values.contains(callback) {
      blame(.exactlyOnce, "dials callback \(callback) while its leg of the run before lives")
    }
    if !isTrusted { blame(.exactlyOnce, "dials callback \(callback) by a clock that is not trusted") }
    if let opening = openings[fact.queue], !opening.isOpen, rules(fact.queue).callback?.closing != .drain,
      opening.drainsUntil < now
    {
      blame(.exactlyOnce, "dials callback \(callback) while its queue is closed")
    }
    if channels <= 0 { blame(.exactlyOnce, "dials callback \(callback) on the last channel") }
    if conversationsOf[callback, default: 0] > 0 {
      blame(.exactlyOnce, "dials callback \(callback) after its conversation")
    }
    channels -= 1
    attempts[id]?.isDialled = true
  }

  mutating func attemptIsAnswered(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return }
    attempts[id]?.isAnswered = true
    guard !attempt.isHungUp, let offer = attempt.offer, offers[offer]?.isAccepted == true else { return }
    attempts[id]?.talksSince = now
    offers[offer]?.isConnected = true
  }

  mutating func attemptIsConnected(_ id: AttemptID, _ offer: OfferID) {
    guard let attempt = attempts[id], attempt.isAnswered, attempt.isConfirmed else {
      return blame(.nonsense, "connects attempt \(id.number), which nobody confirmed")
    }
    if attempt.talksSince != nil { blame(.oneAcceptance, "connects attempt \(id.number) twice") }
    if offers[offer]?.isAccepted != true { blame(.oneAcceptance, "connects offer \(offer.number), not accepted") }
    attempts[id]?.offer = offer
    attempts[id]?.talksSince = now
    offers[offer]?.attempt = id
    offers[offer]?.isConnected = true
  }

  /// Hung up by the distributor: what was said until here counts.
  mutating func attemptPauses(_ id: AttemptID) {
    guard let attempt = attempts[id], let since = attempt.talksSince else { return }
    if let offer = attempt.offer { holdEnds(offer) }
    attempts[id]?.talksSince = nil
    countConversation(attempt.callback, now - since, rules(callbacks[attempt.callback]?.fact.queue ?? ""))
  }

  mutating func attemptIsOver(_ id: AttemptID) {
    attemptPauses(id)
    guard let attempt = attempts.removeValue(forKey: id) else { return }
    callbacks[attempt.callback]?.changedAt = now
  }

  mutating func countConversation(_ id: UInt64, _ length: Interval, _ rules: ACD.QueueSettings) {
    // The settings may have changed while they spoke.
    guard length >= .seconds(max(5, rules.callback?.doneAfterSeconds ?? 5)) else { return }
    conversations += 1
    conversationsOf[id, default: 0] += 1
    if conversationsOf[id, default: 0] > 1 { blame(.exactlyOnce, "callback \(id) had two conversations") }
  }

  // MARK: The end

  /// What is still open when everything has had time to be kept.
  public func unkept() -> [String] {
    var found: [String] = []
    // Whom the configuration lets wait where nobody serves is owed nothing.
    let unserved = settings.queues.filter(\.members.isEmpty).map(\.name)
    for fact in disk.values.sorted(by: { $0.id < $1.id }) where !fact.state.isFinal && !unserved.contains(fact.queue) {
      found.append("callback \(fact.id) is still \(fact.state) at the end")
    }
    for book in calls.values.filter(\.isWaiting).sorted(by: { $0.call < $1.call })
    where !unserved.contains(book.queue) {
      found.append("item \(book.sequence) still waits at the end")
    }
    for id in offers.keys.sorted() { found.append("offer \(id.number) is still there at the end") }
    for id in attempts.keys.sorted() { found.append("attempt \(id.number) is still there at the end") }
    return found
  }
}
