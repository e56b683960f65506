// Offers: one item for one agent. An agent stays taken from its offer until the leg of that offer is gone, whatever
// happens to the item meanwhile: the race of an answer against a withdrawal is decided here and nowhere else.

import Basics
import Journal

extension ACD {
  mutating func markDirty(_ queue: QueueID) {
    guard !queues[queue].isDirty else { return }
    queues[queue].isDirty = true
    dirtyQueues.append(queue)
  }

  /// The clock is trusted and a channel is free that no callback holds already.
  var callbacksMayGo: Bool { clock.isTrusted && channelsFree > channelsHeld }

  /// Brings items and agents together, the oldest item first, in the queues to which something was added. In all other
  /// queues either nobody is ready or nothing waits.
  mutating func dispatch(at now: Instant) {
    while !dirtyQueues.isEmpty {
      var best: (key: ItemKey, queue: QueueID, agent: AgentID)?
      var index = 0
      while index < dirtyQueues.count {
        let queue = dirtyQueues[index]
        guard let ready = queues[queue].ready.first, let key = queues[queue].next(callbacksMayGo: callbacksMayGo)
        else {
          queues[queue].isDirty = false
          dirtyQueues.swapAt(index, dirtyQueues.count - 1)
          dirtyQueues.removeLast()
          continue
        }
        if best.map({ key < $0.key }) ?? true { best = (key, queue, ready.agent) }
        index += 1
      }
      guard let best else { return }
      offer(best.key, of: best.queue, to: best.agent, at: now)
    }
  }

  private mutating func offer(_ key: ItemKey, of queue: QueueID, to agent: AgentID, at now: Instant) {
    lastOffer += 1
    let id = OfferID(lastOffer)
    let deadline = now + .seconds(max(1, queues[queue].settings.ringSeconds))
    var offer = Offer(
      id: id, queue: queue, queueName: queues[queue].settings.name,
      queueDisplayName: queues[queue].settings.displayName, item: .call(CallReference(key.number)),
      medium: key.isCallback ? .callback : .call, agent: agent,
      extension: agents[agent].settings.extension, deadline: deadline, callerNumber: "", callerName: "",
      dialledNumber: "",
      attributes: [], recordedName: "")
    var item = LiveOffer.Item.call(CallReference(key.number))
    if key.isCallback {
      queues[queue].dueCallbacks.remove(key)
      channelsHeld += 1
      callbacks[key.number]?.stage = .offered(id)
      item = .callback(key.number)
      if let fact = callbacks[key.number]?.fact {
        offer.item = .callback(fact.id)
        offer.callerNumber = fact.number
        offer.callerName = fact.callerName
        offer.dialledNumber = fact.dialledNumber
      }
    } else {
      let call = CallReference(key.number)
      queues[queue].waitingCalls.remove(key)
      calls[call]?.offer = id
      if let waiting = calls[call] {
        offer.callerNumber = waiting.callerNumber
        offer.callerName = waiting.callerName
        offer.dialledNumber = waiting.dialledNumber
      }
    }
    offers[id] = LiveOffer(queue: queue, agent: agent, item: item, sequence: key.sequence)
    queues[queue].liveOffers += 1
    agents[agent].duty = .offer(id)
    agentChanged(agent, at: now)
    timers.set(.ring(id), to: deadline)
    counters.offers += 1
    outputs.append(.offer(offer))
    record(.offered, queue: queue, item: key.sequence, agent: agent, at: now)
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
      switch offer.item {
      case .call(let call): connect(call, id, offer, at: now)
      case .callback(let callback): beginAttempt(callback, id, offer, at: now)
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
    guard let waiting = removeCall(call) else { return }
    queues[offer.queue].counts.answered += 1
    outputs.append(.connect(call, id))
    record(
      .answered, queue: offer.queue, item: offer.sequence, agent: offer.agent, lasting: now - waiting.enteredAt,
      at: now)
    if let callback = waiting.request { takeBack(callback, requestedBy: call, at: now) }
  }

  mutating func refuse(_ id: OfferID, status: Int, at now: Instant) {
    guard let offer = offers[id], offer.state == .ringing else { return end(id, at: now) }
    remove(id)
    counters.offersRefused += 1
    record(.offerRefused, queue: offer.queue, item: offer.sequence, agent: offer.agent, at: now)
    agents[offer.agent].duty = .free
    backOff(offer.agent, for: offer.queue, at: now)
    agentChanged(offer.agent, at: now)
    giveBack(offer.item, at: now)
  }

  mutating func ringTimeout(_ id: OfferID, at now: Instant) {
    guard let offer = offers[id], offer.state == .ringing else { return }
    offers[id]?.state = .withdrawn
    counters.offersUnanswered += 1
    outputs.append(.withdraw(id))
    record(.offerUnanswered, queue: offer.queue, item: offer.sequence, agent: offer.agent, at: now)
    backOff(offer.agent, for: offer.queue, at: now)
    agentChanged(offer.agent, at: now)
    giveBack(offer.item, at: now)
  }

  /// The agent's leg is gone.
  mutating func end(_ id: OfferID, at now: Instant) {
    guard let offer = offers[id] else {
      counters.staleInputs += 1
      return
    }
    if offer.state == .ringing { return refuse(id, status: 480, at: now) }
    remove(id)
    var talked = offer.talked
    if case .talking(let since) = offer.state { talked = now - since }
    agents[offer.agent].duty = .free
    if let talked {
      record(
        .completed, queue: offer.queue, item: offer.sequence, agent: offer.agent, lasting: talked, at: now)
      beginWrapUp(offer.agent, for: offer.queue, at: now)
    }
    agentChanged(offer.agent, at: now)
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
    if !itemIsGone { giveBack(offer.item, at: now) } else if case .callback = offer.item { releaseChannel() }
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
  }

  /// Nobody took it: back to its old place.
  private mutating func giveBack(_ item: LiveOffer.Item, at now: Instant) {
    switch item {
    case .call(let call):
      guard calls[call] != nil else { return }
      calls[call]?.offer = nil
      if overflowIfDue(call, at: now) { return }
      guard let waiting = calls[call], !waiting.hasLeft else { return }
      queues[waiting.queue].waitingCalls.insert(waiting.key)
      markDirty(waiting.queue)
    case .callback(let id):
      releaseChannel()
      guard case .offered = callbacks[id]?.stage else { return }
      callbacks[id]?.stage = .resting
      settle(id, at: now)
    }
  }
}
