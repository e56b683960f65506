// An independent judge of what the distributor says. It knows the rules of the house, sees inputs and outputs, and keeps
// its own books; it knows nothing of how the distributor works.
//
// 1. One accepted offer per item, one live offer per agent. 2. No offer in wrap-up, back-off, to unreachable, busy or
// logged-out agents. 3. No overtaking. 4. After an abandonment the offer is withdrawn at once. 5. Every item has one fate.
// And of callbacks: durable before the INVITE, one dial at a time, one conversation, never forgotten.

import Basics
import Journal
import NumberPlan

@testable import ACD

final class Auditor {
  var complaints: [String] = []
  var now = Instant.zero
  var settings: ACD.Settings
  var agents: [ByteString: AgentBook] = [:]
  var offers: [OfferID: OfferBook] = [:]
  var calls: [CallReference: CallBook] = [:]
  var attempts: [AttemptID: AttemptBook] = [:]
  var disk: [UInt64: CallbackFact] = [:]
  var conversations: [UInt64: Int] = [:]
  var mayDialFrom: [UInt64: Instant] = [:]
  var orphansExpected: [CallbackFact.Leg] = []
  var isTrusted = false
  var channels = 0
  var plan: NumberPlan
  var hours: [ByteString: HoursBook] = [:]
  var isBrownOut = false
  /// Callbacks that a supervisor wants dialled next.
  var urgent: Set<UInt64> = []
  /// Who was asked what is to become of which callback.
  var asked: [CallReference: UInt64] = [:]
  var withdrawalsOwed: Set<OfferID> = []
  var fates: [UInt64: [QueueEventFact.Kind]] = [:]
  var callbackEnds: [UInt64: Int] = [:]
  var entered = 0
  var ended = 0

  /// The `enter` under way.
  var entering: ACD.Entry?
  /// How often what has happened.
  var seen: [QueueEventFact.Kind: Int] = [:]
  var rejoined: Set<UInt64> = []
  var promised: [CallReference: UInt64] = [:]
  var dueFrom: [UInt64: Instant] = [:]
  /// Of each callback, as last handed to the disk.
  var queueOf: [UInt64: ByteString] = [:]
  /// Facts that are on their way to the disk.
  var isBeingWritten: [UInt64: Int] = [:]
  /// The disk missed something about them: what it says of their times is old.
  var isBehind: [UInt64: UInt64] = [:]

  init(_ settings: ACD.Settings) {
    self.settings = settings
    plan = NumberPlan(settings.numberPlan)
  }

  func complain(_ text: String) {
    if complaints.count < 20 { complaints.append("at \(now.nanoseconds / 1_000_000_000) s: " + text) }
  }

  func rules(_ queue: ByteString) -> ACD.QueueSettings {
    settings.queues.first { $0.name == queue } ?? ACD.QueueSettings(name: queue)
  }

  // MARK: What goes in

  func timePassed(to now: Instant) { self.now = now }

  func willHandle(_ input: ACD.Input, at now: Instant) {
    self.now = now
    switch input {
    case .configure(let settings): self.settings = settings
    case .restored(_, let facts, _, _):
      for fact in facts where fact.loggedIn {
        change(fact.extension) { ($0.isLoggedIn, $0.isPaused) = (true, !fact.pauseReason.isEmpty) }
      }
    case .wall(_, let trusted): isTrusted = trusted
    case .trunkRoom(let free): channels = free
    case .act(.login(let number), _):
      change(number) { if !$0.isLoggedIn { ($0.isLoggedIn, $0.unanswered, $0.restsUntil) = (true, 0, .zero) } }
    case .act(.logout(let number), _):
      change(number) { ($0.isLoggedIn, $0.isPaused, $0.restsUntil) = (false, false, .zero) }
    case .act(.pause(let number, let reason), _) where agents[number]?.isLoggedIn == true && reason.count <= 32:
      change(number) { $0.isPaused = true }
    case .act(.ready(let number), _) where agents[number]?.isLoggedIn == true:
      change(number) { ($0.isPaused, $0.unanswered, $0.restsUntil) = (false, 0, .zero) }
    case .act(.endWrapUp(let number), _): change(number) { _ in }
    case .act(.prioritise(let item, let priority), _):
      for (call, book) in calls where book.sequence == item { calls[call]?.priority = priority }
    case .reachable(let number, let isReachable): change(number) { $0.isReachable = isReachable }
    case .busyElsewhere(let number, let isBusy): change(number) { $0.isBusy = isBusy }
    case .enter(let entry): entering = entry
    case .act(.dialNow(let id), _): urgent.insert(id)
    case .act(.brownOut(let isFailing), _): isBrownOut = isFailing
    case .opening(let queue, let isOpen, let closesIn): opening(queue, isOpen, closesIn)
    case .pendingResolved(let call, .keep):
      if let id = asked[call] { (promised[call], dueFrom[id]) = (id, now + .seconds(ACD.Limits.goodbyeSeconds)) }
    case .leave(let call, _): callerLeaves(call)
    case .accepted(let id):
      guard let offer = offers[id], !offer.isWithdrawn else { break }
      offers[id]?.isAccepted = true
      agents[offer.agent]?.unanswered = 0
    case .refused(let id, _): offerIsOver(id, refused: true)
    case .ended(let id): offerIsOver(id, refused: false)
    case .attemptLeg(let id, let leg): attempts[id]?.leg = leg
    case .attemptImpossible(let id): attempts[id] = nil
    case .attemptAnswered(let id, _):
      attempts[id]?.isAnswered = true
      guard attempts[id]?.isHungUp == false, !isCustomerFirst(id) else { break }
      attempts[id]?.talksSince = now
      if let offer = attempts[id]?.offer, offers[offer] != nil { offers[offer]?.hasTalked = true }
    case .attemptConfirmed(let id):
      if attempts[id]?.isAnswered == true, attempts[id]?.isHungUp == false { attempts[id]?.isConfirmed = true }
    case .attemptFailed(let id, _, _), .attemptEnded(let id): attemptIsOver(id)
    default: break
    }
  }

  func change(_ number: ByteString, _ body: (inout AgentBook) -> Void) {
    var agent = agents[number] ?? AgentBook()
    let could = agent.mayBeOffered(now)
    body(&agent)
    if !could && agent.mayBeOffered(now) {
      if !agent.keepsIdleSince { agent.idleSince = now }
      agent.keepsIdleSince = false
    }
    if agent.offer == nil && !agent.mayBeOffered(now) { agent.keepsIdleSince = false }
    agents[number] = agent
  }

  func callerLeaves(_ call: CallReference) {
    if let id = promised.removeValue(forKey: call), let fact = disk[id] { dueFrom[id] = delayed(fact.queue) }
    guard let book = calls[call], !book.isGone else { return }
    calls[call]?.hasLeft = true
    lineIsFree(book.number)
    if let offer = book.offer, offers[offer]?.isWithdrawn == false { withdrawalsOwed.insert(offer) }
  }

  func offerIsOver(_ id: OfferID, refused: Bool) {
    guard let book = offers.removeValue(forKey: id) else { return }
    let rules = rules(book.queue)
    withdrawalsOwed.remove(id)
    if let number = book.number { lineIsFree(number) }
    if case .call(let call) = book.item, calls[call]?.offer == id { calls[call]?.offer = nil }
    change(book.agent) { agent in
      agent.offer = nil
      if !book.isAccepted && !book.isWithdrawn { back(&agent, off: rules) }
      if book.hasTalked && agent.isLoggedIn { agent.restsUntil = now + .seconds(rules.wrapUpSeconds) }
    }
    if let attempt = book.attempt, let since = attempts[attempt]?.talksSince {
      attempts[attempt]?.talksSince = nil
      countConversation(attempts[attempt]?.callback ?? 0, now - since, rules)
    }
  }

  func back(_ agent: inout AgentBook, off rules: ACD.QueueSettings) {
    let seconds = min(rules.noAnswerBackoffSeconds << min(agent.unanswered, 8), ACD.Limits.backoffSecondsMax)
    agent.unanswered += 1
    agent.restsUntil = now + .seconds(seconds)
  }

  func attemptIsOver(_ id: AttemptID) {
    guard let book = attempts.removeValue(forKey: id) else { return }
    if book.isConfirmed { oweWithdrawal(of: book.callback) }
    if let since = book.talksSince, let offer = book.offer.flatMap({ offers[$0] }) {
      countConversation(book.callback, now - since, rules(offer.queue))
    }
  }

  func countConversation(_ id: UInt64, _ length: Interval, _ rules: ACD.QueueSettings) {
    guard length >= .seconds(rules.callback?.doneAfterSeconds ?? 5) else { return }
    conversations[id, default: 0] += 1
    if conversations[id, default: 0] > 1 { complain("callback \(id) had two conversations") }
  }

  // MARK: What comes out

  func saw(_ output: ACD.Output, at now: Instant) {
    self.now = now
    switch output {
    case .entered: break
    case .pendingCallback(let call, let id): asked[call] = id
    case .offer(let offer): check(offer)
    case .withdraw(let id):
      guard offers[id] != nil, offers[id]?.isAccepted == false else { return complain("withdraws \(id)") }
      offers[id]?.isWithdrawn = true
      withdrawalsOwed.remove(id)
    case .connect(let call, let id): connected(call, id)
    case .overflow(let call, _):
      if calls[call]?.isGone != false { complain("overflows a call that is not there") }
      calls[call]?.isGone = true
    case .callbackAccepted(let call, let id):
      calls[call]?.isGone = true
      // The goodbye to the latest caller counts.
      for (earlier, other) in promised where other == id { promised[earlier] = nil }
      promised[call] = id
      dueFrom[id] = now + .seconds(ACD.Limits.goodbyeSeconds)
    case .releaseAgent(let id, _):
      if offers[id] == nil { complain("releases \(id), which is gone") }
      offers[id]?.isReleased = true
    case .prepare(let id, let callback, _, _, let offer?):
      if offers[offer]?.isAccepted != true { complain("prepares for an offer that nobody accepted") }
      if attempts.values.contains(where: { $0.callback == callback }) { complain("two attempts of \(callback)") }
      attempts[id] = AttemptBook(callback: callback, offer: offer, isCustomerFirst: false)
      offers[offer]?.attempt = id
      urgent.remove(callback)
    case .prepare(let id, let callback, _, _, nil): preparedFirst(id, callback)
    case .confirmAttempt(let id):
      if attempts[id]?.isAnswered != true || !isCustomerFirst(id) { complain("asks nobody to confirm") }
    case .apologise(let id):
      if attempts[id]?.isConfirmed != true { complain("apologises to nobody") }
      attempts[id]?.isApologised = true
    case .connectAttempt(let id, let offer): connectedFirst(id, offer)
    case .dial(let id): dialled(id)
    case .dropAttempt(let id):
      if attempts[id]?.isDialled == true { complain("drops a dialled attempt") }
      attempts[id] = nil
    case .hangUpAttempt(let id):
      if attempts[id]?.isDialled != true { complain("hangs up what was not dialled") }
      attempts[id]?.isHungUp = true
    case .endOrphan(let leg, _, _): orphansExpected.removeAll { $0.callID == leg.callID }
    case .record(let event): booked(event)
    case .persist(.agent(let fact), _, _):
      if agents[fact.extension]?.isLoggedIn != fact.loggedIn {
        change(fact.extension) { $0.isLoggedIn = fact.loggedIn }
      }
    case .persist(.callback(let fact), _, _):
      if disk[fact.id]?.state.isFinal == true, !fact.state.isFinal { complain("\(fact.id) rises from the dead") }
    default: break
    }
  }

  func check(_ offer: ACD.Offer) {
    let number = offer.extension
    if isBrownOut { complain("offers while the power fails") }
    let agent = agents[number] ?? AgentBook()
    if !agent.mayBeOffered(now) { complain("offer to \(number): \(agent)") }
    if offers[offer.id] != nil { complain("offer id used twice") }
    for (other, book) in agents.sorted(by: { $0.key < $1.key }) where other != number && book.mayBeOffered(now) {
      guard rules(offer.queueName).agents.contains(other), book.idleFrom < agent.idleFrom else { continue }
      complain("\(other) has been idle longer than \(number)")
    }
    checkAge(offer, number)
    if case .callback(let id) = offer.item { checkCallback(id) }
    change(number) { $0.offer = offer.id }
    offers[offer.id] = OfferBook(agent: number, item: offer.item, queue: offer.queueName)
    if case .call(let call) = offer.item {
      if calls[call]?.offer != nil { complain("a call is offered twice at once") }
      if calls[call]?.isGone != false || calls[call]?.hasLeft != false { complain("offers a call that is gone") }
      calls[call]?.offer = offer.id
    }
  }

  func checkAge(_ offer: ACD.Offer, _ number: ByteString) {
    var place = (rules(offer.queueName).priority, UInt64.max)
    switch offer.item {
    case .call(let call):
      place.0 = calls[call]?.priority ?? place.0
      place.1 = calls[call]?.sequence ?? 0
    case .callback(let id):
      // A supervisor's wish, or a customer on the line who was apologised to, goes before everybody.
      if urgent.contains(id) || attempt(of: id)?.isApologised == true { return }
      place.1 = disk[id]?.sequence ?? 0
    }
    for attempt in attempts.values where attempt.isApologised && !attempt.isHungUp && attempt.talksSince == nil {
      guard let queue = queueOf[attempt.callback], rules(queue).agents.contains(number) else { continue }
      guard !offers.values.contains(where: { $0.item == .callback(attempt.callback) && $0.isLive }) else { continue }
      complain("a customer on the line is overtaken")
    }
    for (call, book) in calls where book.offer == nil && !book.hasLeft && !book.isGone {
      guard rules(book.queue).agents.contains(number) else { continue }
      if (book.priority ?? rules(book.queue).priority, book.sequence) < place {
        complain("call \(call.number) is overtaken")
      }
    }
    guard case .callback(let id) = offer.item, attempt(of: id) == nil else { return }
    for fact in disk.values where rules(fact.queue).agents.contains(number) && isWaiting(fact) {
      guard (rules(fact.queue).priority, fact.sequence) < place else { continue }
      complain("callback \(fact.id) is overtaken")
    }
  }

  func connected(_ call: CallReference, _ id: OfferID) {
    if offers[id]?.isAccepted != true { complain("connects without acceptance") }
    if offers[id]?.item != .call(call) { complain("connects the wrong call") }
    if calls[call]?.isGone != false || calls[call]?.hasLeft != false { complain("connects a call that is gone") }
    calls[call]?.isGone = true
    offers[id]?.hasTalked = true
    offers[id]?.number = calls[call]?.number
  }

  func dialled(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return complain("dials what was not prepared") }
    guard let fact = disk[attempt.callback] else { return complain("dials what is not on the disk") }
    if fact.state != .dialling || fact.leg != attempt.leg { complain("the attempt is not durable") }
    if attempts.contains(where: { $0.value.callback == attempt.callback && $0.key != id && $0.value.isDialled }) {
      complain("two dials in flight")
    }
    if !isTrusted { complain("dials without a trusted clock") }
    if isBrownOut || !mayCallBack(queueOf[attempt.callback] ?? fact.queue) { complain("dials outside hours") }
    if channels <= 0 { complain("takes the last channel") }
    channels -= 1
    attempts[id]?.isDialled = true
  }

  func booked(_ event: QueueEventFact) {
    seen[event.kind, default: 0] += 1
    switch event.kind {
    case .entered:
      entered += 1
      if let entry = entering {
        let number = plan.normalise(entry.callerNumber)?.digits ?? "unknown"
        calls[entry.reference] = CallBook(queue: event.queue, number: number, sequence: event.item)
        if isBrownOut || hours[event.queue]?.isOpen(now) == false { complain("enters a closed queue") }
      }
    case .rejoined:
      // The place of the callback, whose own item was promised something once before.
      fates[event.item] = []
      rejoined.insert(event.item)
      for (call, book) in calls where ByteString(Int(book.sequence)) == event.detail {
        calls[call]?.sequence = event.item
      }
    case .answered, .abandoned, .overflowed, .callbackRequested, .callbackMerged:
      ended += 1
      fates[event.item, default: []].append(event.kind)
      if fates[event.item]?.count != 1 { complain("item \(event.item) has fates \(fates[event.item] ?? [])") }
      for (call, book) in calls where book.sequence == event.item {
        calls[call]?.isGone = true
        lineIsFree(book.number)
      }
      // A call in the place of a callback that is over may be promised another one.
      if event.kind == .callbackRequested, rejoined.contains(event.item) { callbackEnds[event.item] = nil }
      // A merge does not say with which: none of its queue is counted as overtaken for the minimum delay.
      for (id, fact) in disk where fact.queue == event.queue {
        guard event.kind == .callbackMerged || fact.sequence == event.item else { continue }
        dueFrom[id] = max(dueFrom[id] ?? .zero, delayed(fact.queue))
      }
    case .offerUnanswered:
      let rules = rules(event.queue)
      change(event.agent) { back(&$0, off: rules) }
      for (call, book) in calls where book.sequence == event.item && !book.isGone { calls[call]?.offer = nil }
    case .offerWithdrawn:
      for (call, book) in calls where book.sequence == event.item {
        calls[call]?.offer = nil
      }
      // Not its doing unless it went away itself.
      change(event.agent) { $0.keepsIdleSince = $0.isLoggedIn && $0.isReachable && !$0.isBusy && !$0.isPaused }
    case .moved:
      for (call, book) in calls where book.sequence == event.item {
        calls[call]?.queue = event.detail
        calls[call]?.priority = nil
        if book.offer != nil { calls[call]?.offer = nil }
      }
    case .wrapUpEnded: change(event.agent) { $0.restsUntil = min($0.restsUntil, now) }
    case .callbackDone, .callbackFailed, .callbackExpired, .callbackCancelled:
      callbackEnds[event.item, default: 0] += 1
      if callbackEnds[event.item] != 1 { complain("callback of item \(event.item) ends twice") }
    default: break
    }
  }
}
