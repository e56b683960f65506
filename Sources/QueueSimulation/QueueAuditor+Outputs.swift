// What comes out, in the order in which it comes; callers and their fates.

import ACD
import Basics
import Journal

extension QueueAuditor {
  mutating func saw(_ output: ACD.Output, at now: Instant) {
    self.now = now
    switch output {
    case .entered(let call, let standing):
      enters(call)
      if standing.position < 1 { blame(.nonsense, "\(call) has position \(standing.position)") }
    case .announce(let call, let standing):
      if calls[call]?.isWaiting != true { blame(.nonsense, "announces to \(call), which is gone") }
      if standing.position < 1 { blame(.nonsense, "\(call) has position \(standing.position)") }
    case .pendingCallback(let call, _), .offerCallback(let call, _), .callbackRefused(let call, _):
      if calls[call].map({ $0.entry.medium != .call }) == true { blame(.nonsense, "speaks to \(call), which is text") }
      if calls[call]?.isWaiting == false { blame(.nonsense, "speaks to \(call), which is gone") }
      if case .callbackRefused = output { calls[call]?.hasAsked = false }
    case .moved(let call, let queue): isMoved(call, to: queue)
    case .refusedEntry(let call, _):
      if calls[call] != nil { blame(.conservation, "\(call) is refused and has entered") }
    case .overflow(let call, let reason): isSentOn(call, reason)
    case .tryElsewhere(let call): isTriedElsewhere(call)
    case .offer(let offer): judge(offer)
    case .withdraw(let id): isWithdrawn(id)
    case .connect(let call, let id): isConnected(call, id)
    case .releaseAgent(let id, let reason): isReleased(id, reason)
    case .callbackAccepted(let call, let id): isPromised(call, id)
    case .prepare(let id, let callback, let number, _, let offer): isPrepared(id, callback, number, offer)
    case .dial(let id): isDialled(id)
    case .connectAttempt(let id, let offer): attemptIsConnected(id, offer)
    case .dropAttempt(let id):
      if attempts[id]?.isDialled == true { blame(.exactlyOnce, "drops attempt \(id.number), which was dialled") }
      attempts[id] = nil
    case .hangUpAttempt(let id):
      if attempts[id]?.isDialled != true { blame(.nonsense, "hangs up attempt \(id.number), which was not dialled") }
      attempts[id]?.isHungUp = true
      attemptPauses(id)
    case .endOrphan(let leg, _, _): orphansOwed.remove(leg.callID)
    case .persist(.callback(let fact), _, _): isHandedOver(fact)
    case .persist(.agent(let fact), _, _):
      // An agent that was taken out of the configuration is logged out when it is free.
      if !fact.loggedIn, agents[fact.extension]?.isConfigured == false { change(fact.extension) { $0.logsOut() } }
    case .persist(.act(let fact), _, _): isWritten(fact)
    case .acted(let act, let who, let refusal): isAnswered(act, who, refusal)
    case .record(let event): isRecorded(event)
    default: break
    }
  }

  private mutating func enters(_ call: CallReference) {
    guard let entry = entering, entry.reference == call else {
      return blame(.conservation, "\(call) enters by itself")
    }
    if calls[call] != nil { blame(.conservation, "\(call) enters twice") }
    guard let item = enteredItem else { return blame(.conservation, "\(call) enters and is not recorded") }
    enteredItem = nil
    var book = CallBook(
      call: call, queue: entry.queue, enteredAt: now, entry: entry,
      priority: entry.priority ?? rules(entry.queue).priority, changedAt: now)
    book.customer =
      entry.customer.isEmpty ? plan.normalise(entry.callerNumber)?.digits ?? entry.callerNumber : entry.customer
    book.preferred = preferred(entry, book.customer)
    if let old = calls.values.first(where: { $0.sequence == item && $0.fate == nil }) {
      guard old.isKept else { return blame(.conservation, "\(call) enters as item \(item), who waits") }
      calls[old.call] = nil
      isAway(old.call, old.number)
      (book.enteredAt, book.entry.rings, book.priority) = (old.enteredAt, old.entry.rings, old.priority)
      (book.preferred, book.customer) = (old.preferred, old.customer)
      if old.entry.medium != entry.medium { blame(.nonsense, "\(call) goes on by another medium") }
      book.isTouched = old.isTouched
    }
    book.sequence = item
    book.number = plan.normalise(entry.callerNumber)?.digits ?? ""
    if !book.number.isEmpty { present[book.number, default: []].insert(call) }
    calls[call] = book
  }

  // MARK: Sent on

  private mutating func isSentOn(_ call: CallReference, _ reason: ACD.OverflowReason) {
    if isConfiguring, reason != .nobodyLeft { blame(.configuration, "\(call) is sent on by a configuration") }
    guard let book = calls[call], book.isWaiting else {
      return blame(.conservation, "sends \(call) on, which is gone")
    }
    if reason == .maximumWait, rules(book.queue).triesElsewhere, takenElsewhere != call {
      blame(.conservation, "sends \(call) to a branch that has not answered")
    }
    meets(call, .sentOn)
  }

  private mutating func isTriedElsewhere(_ call: CallReference) {
    guard let book = calls[call], book.isWaiting else {
      return blame(.nonsense, "tries another branch for \(call), which is gone")
    }
    let rules = rules(book.queue)
    if !rules.triesElsewhere || now - book.enteredAt < .seconds(rules.maximumWaitSeconds) {
      blame(.nonsense, "tries another branch for \(call), which is not to leave")
    }
    if let pause = book.triedElsewhereAt.map({ now - $0 }), pause < .seconds(ACD.Limits.elsewhereEverySeconds) {
      blame(.nonsense, "tries another branch for \(call) once more after \(pause.seconds) s")
    }
    calls[call]?.triedElsewhereAt = now
  }

  /// Whoever talks there waits here no longer, unless a callback has been asked for: that goes first.
  mutating func takenElsewhereIsHandled() {
    defer { takenElsewhere = nil }
    guard let call = takenElsewhere, let book = calls[call], book.isWaiting, !book.hasAsked, !book.isTouched else {
      return
    }
    blame(.conservation, "\(call) was answered by another branch and waits on")
  }

  /// The caller goes on in the place of the own callback: what was said of that place so far no longer counts.
  private mutating func takesPlace(_ item: UInt64, from entered: UInt64) {
    guard let call = calls.values.first(where: { $0.sequence == entered && $0.fate == nil })?.call else { return }
    calls[call]?.sequence = item
    for (id, offer) in offers where offer.item == .call(call) { offers[id]?.sequence = item }
    calls[call]?.isTouched = true
    fates[entered] = .rejoined
    fates[item] = nil
  }

  mutating func meets(_ call: CallReference, _ fate: Fate) {
    guard let book = calls[call] else { return blame(.conservation, "\(call) has a fate and never entered") }
    if let other = book.fate { blame(.conservation, "\(call) is \(fate) and was \(other)") }
    calls[call]?.fate = fate
    leavesQueue(book.queue)
    for id in book.offers where offers[id]?.isRinging == true { withdrawalsOwed.insert(id) }
    if fate != .answered { isAway(call, book.number) }
    isOver.append(call)
    // Those who are gone stay in the books for a while: the distributor might still speak of them.
    if isOver.count > 64 { calls[isOver.removeFirst()] = nil }
  }

  private mutating func isRecorded(_ event: QueueEventFact) {
    switch event.kind {
    case .entered: enteredItem = event.item
    case .rejoined:
      if let entered = event.detail.decimalValue {
        takesPlace(event.item, from: UInt64(clamping: entered))
      } else {
        enteredItem = event.item
      }
    case .answered, .abandoned, .overflowed, .callbackRequested, .callbackMerged: ends(event)
    case .held, .transferred, .surveyed: seenRecords.append(ConversationRecord(event))
    case .agentLoggedOut: isLoggedOut(event.agent)
    case .offerUnanswered:
      let (rules, now) = (rules(event.queue), now)
      change(event.agent) { $0.leavesUnanswered(rules, at: now) }
    default: break
    }
  }

  private mutating func ends(_ event: QueueEventFact) {
    if let other = fates[event.item] {
      blame(.conservation, "item \(event.item) is recorded as \(event.kind.name) and as \(other.name)")
    }
    fates[event.item] = event.kind
    if fates.count > 4096 { fates = fates.filter { $0.key + 2048 > event.item } }
    guard let book = calls.values.first(where: { $0.sequence == event.item && $0.fate == nil }) else { return }
    switch event.kind {
    case .abandoned: meets(book.call, .abandoned)
    // Whoever hung up after asking is not told.
    case .callbackRequested, .callbackMerged: meets(book.call, .calledBack)
    default: break
    }
  }
}
