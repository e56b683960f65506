// Offers: one item for one agent. An agent stays taken from its offer until the leg of that offer is gone, whatever
// happens to the item meanwhile: the race of an answer against a withdrawal is decided here and nowhere else.

import Basics
import Journal

extension ACD {
  mutating func offer(_ key: ItemKey, of queue: QueueID, to agent: AgentID, at now: Instant) {
    lastOffer += 1
    let id = OfferID(lastOffer)
    let deadline = now + .seconds(max(1, queues[queue].settings.ringSeconds))
    let offer = description(of: key, id, queue, agent, deadline)
    offers[id] = LiveOffer(queue: queue, agent: agent, item: key.item, medium: offer.medium, sequence: key.sequence)
    change(key.item) { $0.offers.append(id) }
    queues[queue].liveOffers += 1
    agents[agent].duty = .offer(id)
    agentChanged(agent, at: now)
    timers.set(.ring(id), to: deadline)
    counters.offers += 1
    outputs.append(.offer(offer))
    record(.offered, queue: queue, item: key.sequence, agent: agent, at: now)
  }

  private func description(
    of key: ItemKey, _ id: OfferID, _ queue: QueueID, _ agent: AgentID, _ deadline: Instant
  ) -> Offer {
    var offer = Offer(
      id: id, queue: queue, queueName: queues[queue].settings.name,
      queueDisplayName: queues[queue].settings.displayName, item: key.item, medium: .callback, agent: agent,
      extension: agents[agent].settings.extension, deadline: deadline, callerNumber: "", callerName: "",
      dialledNumber: "", attributes: [], recordedName: "")
    switch key.item {
    case .call(let call):
      guard let entry = calls[call]?.entry else { return offer }
      offer.medium = entry.medium
      offer.callerNumber = entry.callerNumber
      offer.callerName = entry.callerName
      offer.dialledNumber = entry.dialledNumber
      offer.attributes = entry.attributes
    case .callback(let id):
      guard let fact = callbacks[id]?.fact else { return offer }
      offer.callerNumber = fact.number
      offer.callerName = fact.callerName
      offer.dialledNumber = fact.dialledNumber
      offer.recordedName = fact.recordedName
    }
    return offer
  }

  // MARK: What the agent's phone says

  mutating func accept(_ id: OfferID, at now: Instant) {
    guard let offer = offers[id] else {
      counters.staleInputs += 1
      return
    }
    switch offer.state {
    case .ringing:
      timers.cancel(.ring(id))
      agents[offer.agent].unansweredInARow = 0
      rings(id, no: offer.item)
      for other in placement(of: offer.item)?.offers ?? [] { withdraw(other, itemIsGone: true, at: now) }
      switch offer.item {
      case .call(let call): connect(call, id, offer, at: now)
      case .callback(let callback): beginAttempt(callback, id, at: now)
      }
      agentChanged(offer.agent, at: now)
    case .withdrawn:
      counters.acceptedTooLate += 1
      release(id, .tooLate, at: now)
    case .reserved, .talking, .released:
      counters.staleInputs += 1
    }
  }

  private mutating func connect(_ call: CallReference, _ id: OfferID, _ offer: LiveOffer, at now: Instant) {
    offers[id]?.state = .talking(since: now)
    agents[offer.agent].answered += 1
    if !offer.medium.isVoice {
      agents[offer.agent].duty = .free
      agents[offer.agent].texts.append(id)
      noteConversation(offer.agent, offer)
    }
    guard let waiting = removeCall(call) else { return }
    queues[offer.queue].counts.answered += 1
    lastAgents.remember(offer.agent, for: waiting.customer)
    outputs.append(.connect(call, id))
    record(
      .answered, queue: offer.queue, item: offer.sequence, agent: offer.agent, lasting: now - waiting.enteredAt,
      at: now)
    if let callback = waiting.request { takeBack(callback, requestedBy: call, at: now) }
    conversationBegan(call, waiting, id, at: now)
  }

  mutating func refuse(_ id: OfferID, status: Int, at now: Instant) {
    guard let offer = offers[id], offer.state == .ringing else { return end(id, at: now) }
    remove(id)
    counters.offersRefused += 1
    record(.offerRefused, queue: offer.queue, item: offer.sequence, agent: offer.agent, at: now)
    agents[offer.agent].duty = .free
    missed(id, offer, at: now)
  }

  mutating func ringTimeout(_ id: OfferID, at now: Instant) {
    guard let offer = offers[id], offer.state == .ringing else { return }
    offers[id]?.state = .withdrawn
    counters.offersUnanswered += 1
    outputs.append(.withdraw(id))
    record(.offerUnanswered, queue: offer.queue, item: offer.sequence, agent: offer.agent, at: now)
    missed(id, offer, at: now)
  }

  private mutating func missed(_ id: OfferID, _ offer: LiveOffer, at now: Instant) {
    noteMissed(offer)
    backOff(offer.agent, for: offer.queue, at: now)
    agentChanged(offer.agent, at: now)
    giveBack(id, of: offer.item, at: now)
  }

  /// The agent's leg is gone.
  mutating func end(_ id: OfferID, at now: Instant) {
    guard let offer = offers[id] else {
      counters.staleInputs += 1
      return
    }
    if offer.state == .ringing { return refuse(id, status: 480, at: now) }
    var talked = offer.talked
    if case .talking(let since) = offer.state { talked = now - since }
    if talked != nil { closeConversation(id, at: now) }
    remove(id)
    if let talked {
      agents[offer.agent].talked = agents[offer.agent].talked + talked
      record(
        .completed, queue: offer.queue, item: offer.sequence, agent: offer.agent, lasting: talked, at: now)
    }
    if let text = agents[offer.agent].texts.firstIndex(of: id) {
      agents[offer.agent].texts.remove(at: text)
    } else {
      agents[offer.agent].duty = .free
      if talked != nil { beginWrapUp(offer.agent, for: offer.queue, at: now) }
    }
    agentChanged(offer.agent, at: now)
    conversationEnded(id, at: now)
    if let attempt = offer.attempt { agentLeft(attempt, at: now) }
  }

  // MARK: What the queue says

  /// - Parameter itemIsGone: the reason lies with the item, so the agent keeps its place among the idle; otherwise it
  ///   lies with the agent, and the item is offered to somebody else.
  mutating func withdraw(_ id: OfferID, itemIsGone: Bool, at now: Instant) {
    guard let offer = offers[id], offer.state == .ringing else { return }
    timers.cancel(.ring(id))
    offers[id]?.state = .withdrawn
    counters.offersWithdrawn += 1
    outputs.append(.withdraw(id))
    record(.offerWithdrawn, queue: offer.queue, item: offer.sequence, agent: offer.agent, at: now)
    agents[offer.agent].keepsRank = itemIsGone
    agentChanged(offer.agent, at: now)
    guard itemIsGone else { return giveBack(id, of: offer.item, at: now) }
    rings(id, no: offer.item)
    if case .callback(let callback) = offer.item, waitingCustomer(callback) == nil { releaseChannel() }
  }

  /// All that ring for an item that is gone.
  mutating func withdrawAll(of item: Offer.Item, at now: Instant) {
    for offer in placement(of: item)?.offers ?? [] { withdraw(offer, itemIsGone: true, at: now) }
  }

  mutating func release(_ id: OfferID, _ reason: ReleaseReason, at now: Instant) {
    guard let offer = offers[id] else { return }
    offers[id]?.state = .released
    outputs.append(.releaseAgent(id, reason))
    agentChanged(offer.agent, at: now)
  }

  private mutating func remove(_ id: OfferID) {
    guard let offer = offers.removeValue(forKey: id) else { return }
    timers.cancel(.ring(id))
    queues[offer.queue].liveOffers -= 1
    noteDrained(offer.queue)
  }

  private mutating func rings(_ id: OfferID, no item: Offer.Item) { change(item) { $0.offers.removeAll { $0 == id } } }

  /// This agent did not take it. When none of those asked is left: back to its old place.
  private mutating func giveBack(_ id: OfferID, of item: Offer.Item, at now: Instant) {
    rings(id, no: item)
    switch item {
    case .call(let call):
      if overflowIfDue(call, at: now) { return }
      guard let waiting = calls[call], !waiting.isOffered, !waiting.hasLeft else { return }
      place(item, at: now)
    case .callback(let callback): giveBackCallback(callback, at: now)
    }
  }
}
