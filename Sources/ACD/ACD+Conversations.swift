// What happens in a conversation besides talk: hold, passing on, and the customer's verdict afterwards. Recorded for the
// numbers; nothing is decided by it.

import Basics
import Journal

/// Conversations that a customer may still judge, the latest ones.
struct Judged {
  struct Conversation {
    let offer: OfferID
    let queue: ByteString
    let item: UInt64
    let agent: ByteString
  }

  var open: [OfferID: Conversation] = [:]
  var order = Fifo<OfferID>()

  mutating func add(_ conversation: Conversation) {
    open[conversation.offer] = conversation
    order.append(conversation.offer)
    while order.count > ACD.Limits.surveys, let oldest = order.popFirst() { open[oldest] = nil }
  }

  /// Each is judged once.
  mutating func take(_ offer: OfferID) -> Conversation? { open.removeValue(forKey: offer) }
}

extension ACD {
  mutating func setHeld(_ id: OfferID, _ isHeld: Bool, at now: Instant) {
    guard let offer = offers[id], case .talking = offer.state else {
      counters.staleInputs += 1
      return
    }
    if !isHeld {
      endHold(id, at: now)
    } else if offer.heldSince == nil {
      offers[id]?.heldSince = now
    }
    agentChanged(offer.agent, at: now)
  }

  /// Resumed, or there is nobody to be held any more.
  mutating func endHold(_ id: OfferID, at now: Instant) {
    guard let offer = offers[id], let since = offer.heldSince else { return }
    offers[id]?.heldSince = nil
    record(.held, queue: offer.queue, item: offer.sequence, agent: offer.agent, lasting: now - since, at: now)
  }

  mutating func transferred(_ id: OfferID, at now: Instant) {
    guard let offer = offers[id], case .talking = offer.state else {
      counters.staleInputs += 1
      return
    }
    record(.transferred, queue: offer.queue, item: offer.sequence, agent: offer.agent, at: now)
  }

  /// Its leg is gone, but the offer is not yet forgotten.
  mutating func closeConversation(_ id: OfferID, at now: Instant) {
    endHold(id, at: now)
    guard let offer = offers[id] else { return }
    judged.add(
      Judged.Conversation(
        offer: id, queue: queues[offer.queue].settings.name, item: offer.sequence,
        agent: agents[offer.agent].settings.extension))
  }

  mutating func surveyed(_ id: OfferID, score: UInt8, at now: Instant) {
    guard (1...5).contains(score), let conversation = judged.take(id) else {
      counters.staleInputs += 1
      return
    }
    keep(
      QueueEventFact(
        .surveyed, at: clock.time(at: now), queue: conversation.queue, item: conversation.item,
        agent: conversation.agent, detail: ByteString(Int(score))),
      queue: nil, at: now)
  }
}
