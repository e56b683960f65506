// What happens in conversations besides talk: each hold is recorded with its length, each passing on, and at most one
// verdict of each customer; none for a conversation that was not.

import ACD
import Basics
import Journal

extension QueueAuditor {
  struct ConversationRecord: Equatable {
    var kind: QueueEventFact.Kind
    let item: UInt64
    let agent: ByteString
    var milliseconds: Int64 = 0
    var detail: ByteString = ""

    init(_ kind: QueueEventFact.Kind, _ offer: OfferBook, lasting: Interval = .zero) {
      (self.kind, item, agent) = (kind, offer.sequence, offer.agent)
      milliseconds = Int64(lasting.milliseconds)
    }

    init(_ event: QueueEventFact) {
      (kind, item, agent, milliseconds, detail) = (
        event.kind, event.item, event.agent, event.milliseconds, event.detail
      )
    }
  }

  private func talking(_ id: OfferID) -> OfferBook? {
    guard let offer = offers[id], offer.isConnected, !offer.isReleased else { return nil }
    return offer
  }

  mutating func holdBegins(_ id: OfferID) {
    guard let offer = talking(id), offer.heldSince == nil else { return }
    offers[id]?.heldSince = now
  }

  /// Resumed, or the conversation is over.
  mutating func holdEnds(_ id: OfferID) {
    guard let offer = offers[id], let since = offer.heldSince else { return }
    offers[id]?.heldSince = nil
    owedRecords.append(ConversationRecord(.held, offer, lasting: now - since))
  }

  mutating func isPassedOn(_ id: OfferID) {
    guard let offer = talking(id) else { return }
    owedRecords.append(ConversationRecord(.transferred, offer))
  }

  mutating func isJudged(_ id: OfferID, _ score: UInt8) {
    guard (1...5).contains(score), var record = unjudged.removeValue(forKey: id) else { return }
    record.detail = ByteString(Int(score))
    owedRecords.append(record)
  }

  /// The agent's leg is gone.
  mutating func conversationEnds(_ id: OfferID, _ offer: OfferBook) {
    holdEnds(id)
    guard offer.isConnected else { return }
    unjudged[id] = ConversationRecord(.surveyed, offer)
    if unjudged.count > 2048 { unjudged = unjudged.filter { $0.key.number &+ 1024 > id.number } }
  }

  mutating func conversationsAreRecorded() {
    if owedRecords != seenRecords {
      let (seen, owed) = (seenRecords, owedRecords)
      blame(.conversation, "\(seen) is recorded in place of \(owed)")
    }
    owedRecords = []
    seenRecords = []
  }
}
