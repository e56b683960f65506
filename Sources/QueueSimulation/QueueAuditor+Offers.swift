// Offers: to whom, of what, in which order; and what becomes of them.

import ACD
import Basics
import Journal

extension QueueAuditor {
  // MARK: Inputs about them

  mutating func accepts(_ id: OfferID) {
    guard let offer = offers[id], offer.isRinging else { return }
    offers[id]?.isAccepted = true
    change(offer.agent) { ($0.unanswered, $0.isGivenUp) = (0, false) }
  }

  /// - Parameter isRefused: and not just gone; both mean the same while it rings.
  mutating func legIsGone(_ id: OfferID, isRefused: Bool) {
    guard let book = offers.removeValue(forKey: id) else { return }
    let rules = rules(book.queue)
    withdrawalsOwed.remove(id)
    if case .call(let call) = book.item {
      noLongerOffered(call, id)
      if book.isConnected { isAway(call, book.number) }
    }
    let now = now
    change(book.agent) { agent in
      agent.offer = nil
      if book.isRinging { agent.leavesUnanswered(rules, at: now) }
      if book.isConnected, agent.isLoggedIn { agent.wrapsUpUntil = now + .seconds(rules.wrapUpSeconds) }
    }
    if case .callback(let id) = book.item { callbacks[id]?.changedAt = now }
    if let attempt = book.attempt, let since = attempts[attempt]?.talksSince {
      attempts[attempt]?.talksSince = nil
      countConversation(attempts[attempt]?.callback ?? 0, now - since, rules)
    }
  }

  mutating func noLongerOffered(_ call: CallReference, _ id: OfferID) {
    calls[call]?.offers.remove(id)
    calls[call]?.changedAt = now
  }

  // MARK: Outputs

  mutating func judge(_ offer: ACD.Offer) {
    offersSeen += 1
    let number = offer.extension
    let agent = agents[number] ?? AgentBook()
    let now = now
    let rules = rules(offer.queueName)
    if let other = agent.offer {
      blame(.oneAcceptance, "\(offer.item) is offered to \(number), who has the live offer \(other.number)")
    }
    if !agent.mayBeOffered(now) {
      blame(.noOfferUnready, "\(offer.item) is offered to \(number), who is \(agent.obstacles(now))")
    }
    if !rules.agents.contains(number) { blame(.noOfferUnready, "\(number) is no agent of \(offer.queueName)") }
    if offers[offer.id] != nil { blame(.nonsense, "offer \(offer.id.number) is made twice") }
    switch offer.item {
    case .call(let call): judge(offer, of: call, rules)
    case .callback(let id): judge(offer, ofCallback: id, rules)
    }
    offers[offer.id] = OfferBook(agent: number, item: offer.item, queue: offer.queueName)
    change(number) { $0.offer = offer.id }
  }

  private mutating func judge(_ offer: ACD.Offer, of call: CallReference, _ rules: ACD.QueueSettings) {
    guard let book = calls[call] else { return blame(.nonsense, "offers \(call), which never entered") }
    if !book.isWaiting { blame(.abandonment, "offers \(call), which is gone") }
    if !book.offers.isEmpty, rules.strategy != .ringAll {
      blame(.oneAcceptance, "\(call) is offered twice at once")
    }
    if !mayServe(offer.extension, book, at: now) {
      blame(.noOfferUnready, "\(offer.extension) may not be offered \(call): skills, preferred agent or reserve")
    }
    if !book.isTouched, book.offers.isEmpty {
      judgeAge(of: offer, sequence: book.sequence, priority: book.priority)
    }
    calls[call]?.offers.insert(offer.id)
  }

  private mutating func judge(_ offer: ACD.Offer, ofCallback id: UInt64, _ rules: ACD.QueueSettings) {
    guard let book = callbacks[id] else { return blame(.exactlyOnce, "offers callback \(id), which nobody asked for") }
    judgeCallback(book, offer)
    // Customer first: whoever is on the line stands before everybody else.
    guard !book.isTouched, !book.isRestored, !attempts.values.contains(where: { $0.callback == id }) else { return }
    judgeAge(of: offer, sequence: book.fact.sequence, priority: book.priority)
  }

  mutating func isWithdrawn(_ id: OfferID) {
    guard let offer = offers[id] else { return blame(.nonsense, "withdraws \(id.number), which is gone") }
    if !offer.isRinging { blame(.nonsense, "withdraws \(id.number), which does not ring") }
    offers[id]?.isWithdrawn = true
    withdrawalsOwed.remove(id)
    change(offer.agent) { _ in }
    switch offer.item {
    case .call(let call): noLongerOffered(call, id)
    case .callback(let callback): callbacks[callback]?.changedAt = now
    }
  }

  mutating func isConnected(_ call: CallReference, _ id: OfferID) {
    guard let offer = offers[id], offer.isAccepted, !offer.isReleased, offer.item == .call(call) else {
      return blame(.oneAcceptance, "connects \(call) by offer \(id.number), which is not accepted for it")
    }
    if offer.isConnected { blame(.oneAcceptance, "connects offer \(id.number) twice") }
    guard let book = calls[call], book.isWaiting else {
      return blame(.oneAcceptance, "connects \(call), which is gone")
    }
    offers[id]?.isConnected = true
    offers[id]?.number = book.number
    acquaintances[book.customer, default: []].insert(offer.agent)
    for other in book.offers where other != id && offers[other]?.isRinging == true { withdrawalsOwed.insert(other) }
    meets(call, .answered)
  }

  mutating func isReleased(_ id: OfferID, _ reason: ACD.ReleaseReason) {
    guard let offer = offers[id] else { return blame(.nonsense, "releases \(id.number), which is gone") }
    if offer.isRinging { blame(.nonsense, "releases \(id.number), which was not accepted") }
    offers[id]?.isReleased = true
  }

  // MARK: Order

  /// Counts as overtaken: whoever is older, of the same queue and at least the same priority, and must have been eligible
  /// for this agent at this instant.
  private mutating func judgeAge(of offer: ACD.Offer, sequence: UInt64, priority: UInt8) {
    let number = offer.extension
    for (call, book) in calls where book.queue == offer.queueName && book.sequence < sequence {
      guard book.isWaiting, book.offers.isEmpty, !book.isTouched, book.priority <= priority,
        mustServe(number, book, at: now)
      else { continue }
      blame(.noOvertaking, "\(call) (item \(book.sequence)) is overtaken by item \(sequence) at \(number)")
    }
    for (id, book) in callbacks where book.fact.queue == offer.queueName && book.fact.sequence < sequence {
      guard book.priority <= priority, mustBeCalled(book, since: now), mustServe(number, book, at: now) else {
        continue
      }
      blame(.noOvertaking, "callback \(id) (item \(book.fact.sequence)) is overtaken by item \(sequence) at \(number)")
    }
  }

  // MARK: Who may serve what

  func isMember(_ number: ByteString, _ queue: ByteString, servesAfter waited: Interval) -> Bool {
    let rules = rules(queue)
    guard let member = rules.members.first(where: { $0.extension == number }) else { return false }
    return !member.isReserve || waited >= .seconds(rules.reserveAfterSeconds)
  }

  private func ring(_ own: [ACD.SkillRing], _ rules: ACD.QueueSettings, waited: Interval) -> [ACD.Skill] {
    let rings = own.isEmpty ? rules.rings : own
    return rings.last { .seconds($0.afterSeconds) <= waited }?.skills ?? []
  }

  private func hasSkills(_ number: ByteString, _ wanted: [ACD.Skill]) -> Bool {
    let skills = settings.agents.first { $0.extension == number }?.skills ?? []
    return wanted.allSatisfy { want in skills.contains { $0.name == want.name && $0.level >= want.level } }
  }

  func mayServe(_ number: ByteString, _ book: CallBook, at now: Instant) -> Bool {
    let rules = rules(book.queue)
    let waited = now - book.enteredAt
    if waited < .seconds(rules.preferredAgentSeconds), isPreferred(number, book) { return true }
    return book.isTouched
      || isMember(number, book.queue, servesAfter: waited)
        && hasSkills(number, ring(book.entry.rings, rules, waited: waited))
  }

  private func isPreferred(_ number: ByteString, _ book: CallBook) -> Bool {
    book.entry.preferredAgent.isEmpty
      ? acquaintances[book.customer]?.contains(number) == true : book.entry.preferredAgent == number
  }

  func mustServe(_ number: ByteString, _ book: CallBook, at then: Instant) -> Bool {
    let rules = rules(book.queue)
    // Whom it waits for until then is not always known.
    if then < book.enteredAt + .seconds(rules.preferredAgentSeconds) { return false }
    return !book.isTouched && mayServe(number, book, at: then)
  }

  /// By the time that it has waited at least.
  private func mustServe(_ number: ByteString, _ book: CallbackBook, at then: Instant) -> Bool {
    let waited = then - book.knownSince
    return waited >= .seconds(rules(book.fact.queue).preferredAgentSeconds)
      && isMember(number, book.fact.queue, servesAfter: waited)
      && hasSkills(number, ring([], rules(book.fact.queue), waited: waited))
  }

  // MARK: Liveness

  /// Everybody who is ready and everything that waits: nobody may look at each other for long. And the distributor
  /// holds exactly those whom the books hold.
  mutating func look(at acd: ACD, _ now: Instant) {
    self.now = now
    let waiting = calls.values.filter(\.isWaiting).map(\.call).sorted()
    let held = acd.callViews(at: now).map(\.call).sorted()
    if waiting != held { blame(.conservation, "\(held.count) calls are held where \(waiting.count) wait") }
    lookAtCallbacks(acd)
    let then = now - Limits.meeting
    // While the power fails nobody is asked to begin a conversation.
    guard changedAt <= then, !isBrownOut else { return }
    for number in agents.keys.sorted() {
      guard let agent = agents[number], agent.isReadySince(then) else { continue }
      for (call, book) in calls where book.isWaiting && book.offers.isEmpty && book.changedAt <= then {
        guard mustServe(number, book, at: then) else { continue }
        blame(.liveness, "\(number) is ready and \(call) (item \(book.sequence)) waits")
      }
      for (id, book) in callbacks where mustBeCalled(book, since: then) {
        guard book.changedAt <= then, mustServe(number, book, at: then) else { continue }
        blame(.liveness, "\(number) is ready and callback \(id) is due")
      }
    }
  }
}
