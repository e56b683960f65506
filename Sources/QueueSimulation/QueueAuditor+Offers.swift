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
    guard let book = offers[id] else { return }
    let rules = rules(book.queue)
    let isText = !book.medium.isVoice && book.isConnected
    conversationEnds(id, book)
    withdrawalsOwed.remove(id)
    if case .call(let call) = book.item {
      noLongerOffered(call, id)
      if book.isConnected { isAway(call, book.number) }
    }
    let now = now
    change(book.agent) { agent in
      if isText { agent.texts[book.medium, default: 1] -= 1 } else { agent.offer = nil }
      if book.isRinging { agent.leavesUnanswered(rules, at: now) }
      if book.isConnected, !isText, agent.isLoggedIn { agent.wrapsUpUntil = now + .seconds(rules.wrapUpSeconds) }
    }
    offers[id] = nil
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
    if !hasRoom(number, for: offer.medium) {
      blame(.noOfferUnready, "\(offer.item) by \(offer.medium) is offered to \(number), who has \(agent.texts)")
    }
    if !rules.agents.contains(number) { blame(.noOfferUnready, "\(number) is no agent of \(offer.queueName)") }
    if offers[offer.id] != nil { blame(.nonsense, "offer \(offer.id.number) is made twice") }
    var sequence: UInt64 = 0
    switch offer.item {
    case .call(let call):
      sequence = calls[call]?.sequence ?? 0
      judge(offer, of: call, rules)
    case .callback(let id):
      sequence = callbacks[id]?.fact.sequence ?? 0
      judge(offer, ofCallback: id, rules)
    }
    offers[offer.id] = OfferBook(
      agent: number, item: offer.item, medium: offer.medium, sequence: sequence, queue: offer.queueName)
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
    if offer.medium != book.entry.medium { blame(.nonsense, "\(call) is offered as \(offer.medium)") }
    if book.offers.isEmpty {
      let isKnown = !book.isTouched
      judgeOrder(offer, isKnown ? Rank(book.queue, priority(of: book), book.sequence) : nil)
    }
    calls[call]?.offers.insert(offer.id)
  }

  private mutating func judge(_ offer: ACD.Offer, ofCallback id: UInt64, _ rules: ACD.QueueSettings) {
    guard let book = callbacks[id] else { return blame(.exactlyOnce, "offers callback \(id), which nobody asked for") }
    judgeCallback(book, offer)
    // Customer first: whoever is on the line stands before everybody else.
    let isKnown =
      !book.isTouched && !book.isUrgent && !book.isRestored && !attempts.values.contains { $0.callback == id }
    // It may have waited for longer than is known.
    let priority = rules.ageEverySeconds > 0 ? 0 : book.priority
    judgeOrder(offer, isKnown ? Rank(book.fact.queue, priority, book.fact.sequence) : nil)
  }

  mutating func isWithdrawn(_ id: OfferID) {
    guard let offer = offers[id] else { return blame(.nonsense, "withdraws \(id.number), which is gone") }
    if isConfiguring { blame(.configuration, "offer \(id.number) is withdrawn by a configuration") }
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
    if !book.customer.isEmpty { acquaintances[book.customer] = offer.agent }
    if !offer.medium.isVoice {
      change(offer.agent) {
        $0.offer = nil
        $0.texts[offer.medium, default: 0] += 1
      }
    }
    for other in book.offers where other != id && offers[other]?.isRinging == true { withdrawalsOwed.insert(other) }
    meets(call, .answered)
  }

  mutating func isReleased(_ id: OfferID, _ reason: ACD.ReleaseReason) {
    guard let offer = offers[id] else { return blame(.nonsense, "releases \(id.number), which is gone") }
    if offer.isRinging { blame(.nonsense, "releases \(id.number), which was not accepted") }
    holdEnds(id)
    offers[id]?.isReleased = true
  }
}
