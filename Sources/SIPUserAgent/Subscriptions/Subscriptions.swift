// The table of subscriptions: which one a message, a command or a timer belongs to. It is bounded, and one leaves it
// when nothing is owed to the phone any more.

import Basics
import SIPMessage
import SIPTransaction

struct Subscriptions {
  private var slab = Slab<Subscription>(limit: UserAgent.Limits.subscriptions)
  /// By our tag: it names the dialog, and is unpredictable.
  private var slotOfTag: [ByteString: SlotID] = [:]
  private var slotsOfUser: [ByteString: [SlotID]] = [:]

  var count: Int { slab.count }
  var mostOfOneUser: Int { slotsOfUser.values.reduce(0) { max($0, $1.count) } }

  /// Whether `user` may have one more. A phone that has restarted does not know its old ones: at the limit one to the
  /// same number for the same contact makes room.
  mutating func hasRoom(for user: ByteString, _ number: ByteString, _ contact: SIPURI, _ wire: inout Wire) -> Bool {
    let own = slotsOfUser[user] ?? []
    guard slab.isFull || own.count >= UserAgent.Limits.subscriptionsPerUser else { return true }
    var oldest: (slot: SlotID, refreshedAt: Instant)?
    for slot in own {
      guard let one = slab[slot], one.number == number, one.contact.isEquivalent(to: contact),
        oldest.map({ one.refreshedAt < $0.refreshedAt }) ?? true
      else { continue }
      oldest = (slot, one.refreshedAt)
    }
    guard let oldest else { return false }
    wire.outbox.counters.subscriptionsReplaced += 1
    change(oldest.slot, &wire) { one, wire in one.finish(&wire) }
    return true
  }

  mutating func insert(_ subscription: Subscription, _ wire: inout Wire) -> SubscriptionID? {
    guard let slot = slab.insert(subscription) else { return nil }
    slab[slot]?.slot = slot
    slotOfTag[subscription.localTag] = slot
    slotsOfUser[subscription.user, default: []].append(slot)
    wire.timers.set(
      TimerKey(.subscription, of: slot), to: subscription.refreshedAt + UserAgent.Limits.subscriptionAnswer)
    return SubscriptionID(slot: slot)
  }

  func slot(ofDialog message: SIPMessage) -> SlotID? {
    guard let tag = message.toTag, let slot = slotOfTag[ByteString(tag)], slab[slot]?.owns(message) == true
    else { return nil }
    return slot
  }

  func user(of slot: SlotID) -> ByteString? { slab[slot]?.user }

  mutating func accepts(_ sequence: UInt32, _ slot: SlotID) -> Bool {
    slab[slot]?.accepts(sequence: sequence) ?? false
  }

  /// Does something to one in place, then sees whether it is over.
  mutating func change(_ slot: SlotID, _ wire: inout Wire, _ body: (inout Subscription, inout Wire) -> Void) {
    guard slab[slot]?.change(&wire, body) == true, let gone = slab.remove(slot) else { return }
    slotOfTag[gone.localTag] = nil
    slotsOfUser[gone.user]?.removeAll { $0 == slot }
    if slotsOfUser[gone.user]?.isEmpty == true { slotsOfUser[gone.user] = nil }
    for kind in TimerKey.Kind.ofSubscriptions { wire.timers.cancel(TimerKey(kind, of: slot)) }
  }
}

extension Subscription {
  /// True when it is over.
  fileprivate mutating func change(_ wire: inout Wire, _ body: (inout Subscription, inout Wire) -> Void) -> Bool {
    body(&self, &wire)
    return isOver
  }
}

// MARK: - What happens to phones

extension Subscriptions {
  /// Those of a phone that has registered anew are reached as its registration is: a NAT may have forgotten the old way.
  mutating func follow(_ user: ByteString, _ bindings: [Registrar.Binding], _ wire: inout Wire) {
    for slot in slotsOfUser[user] ?? [] {
      guard let contact = slab[slot]?.contact,
        let binding = bindings.first(where: { $0.uri == contact || $0.uri.isEquivalent(to: contact) })
      else { continue }
      slab[slot]?.follow(binding.reach)
    }
  }

  /// Those over a connection that is gone go with it; the phone asks anew over the next one.
  mutating func closed(_ connection: UInt32, _ wire: inout Wire) {
    guard count > 0 else { return }
    for slot in slab.ids where slab[slot]?.flow.connection == connection {
      change(slot, &wire) { one, wire in one.finish(&wire) }
    }
  }

  /// Those of users that are configured no more end.
  mutating func keep(_ isKnown: (ByteString) -> Bool, _ wire: inout Wire, at now: Instant) {
    for slot in slab.ids where slab[slot].map({ !isKnown($0.user) }) ?? false {
      change(slot, &wire) { one, wire in one.end(.rejected, &wire, at: now) }
    }
  }
}
