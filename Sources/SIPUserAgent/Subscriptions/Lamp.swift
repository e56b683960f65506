// What a key of a phone can show of something that is watched, and the name of who watches.

import Basics

/// One subscription, from `Event.subscribed` until `Event.unsubscribed`. Never used twice at a time.
public struct SubscriptionID: OwnNumber, Sendable {
  let slot: SlotID

  /// For call control's tests: those of the user agent name places in its table.
  public init(_ number: UInt32) { slot = SlotID(slot: number, generation: 0) }
  init(slot: SlotID) { self.slot = slot }

  public var ownNumber: UInt64 { slot.packed }

  public static func < (a: Self, b: Self) -> Bool { a.slot < b.slot }
}

/// In the words of RFC 4235: phones light a key for `confirmed`, let it blink for `early`, and put it out, or show their
/// colour for "free", for `terminated`.
public struct Lamp: Hashable, Sendable {
  public enum State: UInt8, Hashable, Sendable, CaseIterable {
    case terminated, early, confirmed
  }
  public enum Direction: UInt8, Hashable, Sendable, CaseIterable {
    /// What is watched called somebody.
    case initiator
    /// It is, or was, called.
    case recipient
  }
  public var state: State
  public var direction: Direction?

  public init(_ state: State, _ direction: Direction? = nil) {
    self.state = state
    self.direction = direction
  }

  public static let off = Lamp(.terminated)
}
