// An independent judge of what the distributor says. It knows the rules of the house, sees inputs and outputs, and keeps
// its own books; it knows nothing of how the distributor works.
//
// 1. One accepted offer per item, one live offer per agent. 2. No offer in wrap-up, back-off, to unreachable, busy or
// logged-out agents. 3. No overtaking. 4. After an abandonment the offer is withdrawn at once. 5. Every item has one fate.
// And of callbacks: durable before the INVITE, one dial at a time, one conversation, never forgotten.

import Basics
import Journal

@testable import ACD

final class Auditor {
  var complaints: [String] = []
  private var now = Instant.zero
  private var settings: ACD.Settings
  private var agents: [ByteString: AgentBook] = [:]
  private(set) var offers: [OfferID: OfferBook] = [:]
  private(set) var calls: [CallReference: CallBook] = [:]
  private(set) var attempts: [AttemptID: AttemptBook] = [:]
  private(set) var disk: [UInt64: CallbackFact] = [:]
  private var conversations: [UInt64: Int] = [:]
  private var mayDialFrom: [UInt64: Instant] = [:]
  private var orphansExpected: [CallbackFact.Leg] = []
  private var isTrusted = false
  private var channels = 0
  private var withdrawalsOwed: Set<OfferID> = []
  private var fates: [UInt64: [QueueEventFact.Kind]] = [:]
  private var callbackEnds: [UInt64: Int] = [:]
  private var entered = 0
  private var ended = 0

  init(_ settings: ACD.Settings) { self.settings = settings }

  func complain(_ text: String) {
    if complaints.count < 20 { complaints.append("at \(now.nanoseconds / 1_000_000_000) s: " + text) }
  }

  private func rules(_ queue: ByteString) -> ACD.QueueSettings {
    settings.queues.first { $0.name == queue } ?? ACD.QueueSettings(name: queue)
  }

  // MARK: What goes in

  func timePassed(to now: Instant) { self.now = now }

  func willHandle(_ input: ACD.Input, at now: Instant) {
    self.now = now
    switch input {
    case .configure(let settings): self.settings = settings
    case .restored(_, let facts, _, _):
      for fact in facts where fact.loggedIn { change(fact.extension) { $0.isLoggedIn = true } }
    case .wall(_, let trusted): isTrusted = trusted
    case .trunkRoom(let free): channels = free
    case .act(.login(let number), _):
      change(number) { if !$0.isLoggedIn { ($0.isLoggedIn, $0.unanswered, $0.restsUntil) = (true, 0, .zero) } }
    case .act(.logout(let number), _): change(number) { ($0.isLoggedIn, $0.restsUntil) = (false, .zero) }
    case .reachable(let number, let isReachable): change(number) { $0.isReachable = isReachable }
    case .busyElsewhere(let number, let isBusy): change(number) { $0.isBusy = isBusy }
    case .enter(let entry): entering = entry.reference
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
      guard attempts[id]?.isHungUp == false else { break }
      attempts[id]?.talksSince = now
      if let offer = attempts[id]?.offer, offers[offer] != nil { offers[offer]?.hasTalked = true }
    case .attemptFailed(let id, _, _), .attemptEnded(let id): attemptIsOver(id)
    default: break
    }
  }

  private func change(_ number: ByteString, _ body: (inout AgentBook) -> Void) {
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

  private func callerLeaves(_ call: CallReference) {
    if let id = promised.removeValue(forKey: call), let fact = disk[id] { dueFrom[id] = delayed(fact.queue) }
    guard let book = calls[call], !book.isGone else { return }
    calls[call]?.hasLeft = true
    if let offer = book.offer, offers[offer]?.isWithdrawn == false { withdrawalsOwed.insert(offer) }
  }

  private func offerIsOver(_ id: OfferID, refused: Bool) {
    guard let book = offers.removeValue(forKey: id) else { return }
    let rules = rules(book.queue)
    withdrawalsOwed.remove(id)
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

  private func back(_ agent: inout AgentBook, off rules: ACD.QueueSettings) {
    let seconds = min(rules.noAnswerBackoffSeconds << min(agent.unanswered, 8), ACD.Limits.backoffSecondsMax)
    agent.unanswered += 1
    agent.restsUntil = now + .seconds(seconds)
  }

  private func attemptIsOver(_ id: AttemptID) {
    guard let book = attempts.removeValue(forKey: id) else { return }
    if let since = book.talksSince, let offer = offers[book.offer] {
      countConversation(book.callback, now - since, rules(offer.queue))
    }
  }

  private func countConversation(_ id: UInt64, _ length: Interval, _ rules: ACD.QueueSettings) {
    guard length >= .seconds(rules.callback?.doneAfterSeconds ?? 5) else { return }
    conversations[id, default: 0] += 1
    if conversations[id, default: 0] > 1 { complain("callback \(id) had two conversations") }
  }

  // MARK: What comes out

  func saw(_ output: ACD.Output, at now: Instant) {
    self.now = now
    switch output {
    case .entered: break
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
      attempts[id] = AttemptBook(callback: callback, offer: offer)
      offers[offer]?.attempt = id
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

  private func check(_ offer: ACD.Offer) {
    let number = offer.extension
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

  private func checkAge(_ offer: ACD.Offer, _ number: ByteString) {
    var place = (rules(offer.queueName).priority, UInt64.max)
    switch offer.item {
    case .call(let call): place.1 = calls[call]?.sequence ?? 0
    case .callback(let id): place.1 = disk[id]?.sequence ?? 0
    }
    for (call, book) in calls where book.offer == nil && !book.hasLeft && !book.isGone {
      guard rules(book.queue).agents.contains(number) else { continue }
      if (rules(book.queue).priority, book.sequence) < place { complain("call \(call.number) is overtaken") }
    }
    guard case .callback = offer.item else { return }
    for fact in disk.values where rules(fact.queue).agents.contains(number) && isWaiting(fact) {
      guard (rules(fact.queue).priority, fact.sequence) < place else { continue }
      complain("callback \(fact.id) is overtaken")
    }
  }

  private func checkCallback(_ id: UInt64) {
    if !isTrusted { complain("offers a callback without a trusted clock") }
    let held = attempts.values.filter { !$0.isDialled }.count
    if channels <= held { complain("offers a callback without a channel") }
    if attempts.values.contains(where: { $0.callback == id }) { complain("offers a callback that is under way") }
    for book in offers.values where book.item == .callback(id) && book.isLive && book.attempt == nil {
      complain("callback \(id) is offered twice")
    }
    guard let fact = disk[id] else { return complain("offers a callback that is not on the disk") }
    if fact.state.isFinal { complain("offers a callback that is over") }
    if let from = mayDialFrom[id], now < from { complain("offers a callback before its lease is over") }
  }

  private func connected(_ call: CallReference, _ id: OfferID) {
    if offers[id]?.isAccepted != true { complain("connects without acceptance") }
    if offers[id]?.item != .call(call) { complain("connects the wrong call") }
    if calls[call]?.isGone != false || calls[call]?.hasLeft != false { complain("connects a call that is gone") }
    calls[call]?.isGone = true
    offers[id]?.hasTalked = true
  }

  private func dialled(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return complain("dials what was not prepared") }
    guard let fact = disk[attempt.callback] else { return complain("dials what is not on the disk") }
    if fact.state != .dialling || fact.leg != attempt.leg { complain("the attempt is not durable") }
    if attempts.contains(where: { $0.value.callback == attempt.callback && $0.key != id && $0.value.isDialled }) {
      complain("two dials in flight")
    }
    if !isTrusted { complain("dials without a trusted clock") }
    if channels <= 0 { complain("takes the last channel") }
    channels -= 1
    attempts[id]?.isDialled = true
  }

  private func booked(_ event: QueueEventFact) {
    switch event.kind {
    case .entered:
      entered += 1
      if let call = entering { calls[call] = CallBook(queue: event.queue, sequence: event.item) }
    case .answered, .abandoned, .overflowed, .callbackRequested, .callbackMerged:
      ended += 1
      fates[event.item, default: []].append(event.kind)
      if fates[event.item]?.count != 1 { complain("item \(event.item) has fates \(fates[event.item] ?? [])") }
      for (call, book) in calls where book.sequence == event.item { calls[call]?.isGone = true }
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
      change(event.agent) { $0.keepsIdleSince = $0.isLoggedIn && $0.isReachable && !$0.isBusy }
    case .wrapUpEnded: change(event.agent) { $0.restsUntil = min($0.restsUntil, now) }
    case .callbackDone, .callbackFailed, .callbackExpired:
      callbackEnds[event.item, default: 0] += 1
      if callbackEnds[event.item] != 1 { complain("callback of item \(event.item) ends twice") }
    default: break
    }
  }
  /// The call of the `enter` under way.
  private var entering: CallReference?
  private var promised: [CallReference: UInt64] = [:]
  private var dueFrom: [UInt64: Instant] = [:]
  /// Facts that are on their way to the disk.
  private var isBeingWritten: [UInt64: Int] = [:]
  /// The disk missed something about them: what it says of their times is old.
  private var isBehind: [UInt64: UInt64] = [:]

  /// Neither overtaken nor offered before the caller has heard the goodbye and the minimum delay is over.
  private func delayed(_ queue: ByteString) -> Instant {
    now + .seconds(rules(queue).callback?.minimumDelaySeconds ?? 0)
  }

  func gaveToDisk(_ fact: Fact) {
    if case .callback(let fact) = fact { isBeingWritten[fact.id, default: 0] += 1 }
  }
  func lost(_ fact: Fact, _ number: UInt64) {
    guard case .callback(let fact) = fact else { return }
    isBeingWritten[fact.id, default: 1] -= 1
    isBehind[fact.id] = number
  }

  /// Callbacks that must not be passed over at this instant, as far as the disk tells.
  private func isWaiting(_ fact: CallbackFact) -> Bool {
    guard isBehind[fact.id] == nil, fact.state == .pending, isBeingWritten[fact.id] ?? 0 == 0, isTrusted else {
      return false
    }
    let start = Instant(nanoseconds: 1_000_000_000_000)
    let offset = fact.notBefore - WallTime(seconds: Floor.bootWall)
    guard start + offset <= now, dueFrom[fact.id] ?? .zero <= now, mayDialFrom[fact.id] ?? .zero <= now else {
      return false
    }
    guard start + (fact.expiresAt - WallTime(seconds: Floor.bootWall)) > now else { return false }
    let isOffered = offers.values.contains { $0.item == .callback(fact.id) && $0.isLive }
    return !isOffered && !attempts.values.contains { $0.callback == fact.id }
  }

  // MARK: Disk, restart, and the end of a step

  func durable(_ fact: Fact, _ number: UInt64) {
    guard case .callback(let fact) = fact else { return }
    disk[fact.id] = fact
    isBeingWritten[fact.id, default: 1] -= 1
    if let lost = isBehind[fact.id], number > lost { isBehind[fact.id] = nil }
  }

  func restarted(at now: Instant, trusted: Bool) {
    self.now = now
    // Where the disk knows that it is done, the conversation ended with the box, as live calls do.
    for attempt in attempts.values where attempt.isDialled && disk[attempt.callback]?.state.isFinal == false {
      if let leg = attempt.leg { orphansExpected.append(leg) }
      mayDialFrom[attempt.callback] = now + .seconds(ACD.Limits.leaseSeconds)
    }
    // Whoever waited live is gone with the box; that is no fate the queue chose.
    entered = ended
    agents = [:]
    offers = [:]
    calls = [:]
    attempts = [:]
    withdrawalsOwed = []
    promised = [:]
    dueFrom = [:]
    isBeingWritten = [:]
    isBehind = [:]
    isTrusted = trusted
    channels = 0
    // What the disk never heard of may happen again; nothing in the world can prevent that.
    for fact in disk.values where !fact.state.isFinal {
      callbackEnds[fact.sequence] = nil
      conversations[fact.id] = nil
    }
  }

  func stepEnded(_ acd: ACD, at now: Instant) {
    if !withdrawalsOwed.isEmpty { complain("an abandoned call still rings: \(withdrawalsOwed)") }
    withdrawalsOwed = []
    // Those who left with a promise that is being written are among them.
    let waiting = acd.calls.count
    if entered != ended + waiting { complain("\(entered) entered, \(ended) ended, \(waiting) wait") }
    if calls.count != waiting { calls = calls.filter { !$0.value.isGone } }
  }

  /// After restored facts were taken in: every promise on the disk is known, every orphan was ended.
  func checkNothingForgotten(_ acd: ACD) {
    let open = Set(acd.callbackViews(at: now).map(\.fact.id))
    for (id, fact) in disk where !fact.state.isFinal && !open.contains(id) && isBeingWritten[id] ?? 0 == 0 {
      complain("callback \(id) is forgotten")
    }
    if !orphansExpected.isEmpty { complain("orphans not ended: \(orphansExpected.count)") }
  }
}
