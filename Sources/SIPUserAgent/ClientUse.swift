// What a client transaction is for, packed into the number that the transaction layer carries for us; and the timers.

import Basics

/// Which machine waits for the answer, and to which of its requests.
struct ClientUse: Hashable {
  enum Purpose: UInt8 {
    /// Nobody waits.
    case none
    case invite, cancel, reinvite, bye, info, prack, update
    case register, qualify
    /// OPTIONS whose answer somebody is told; the owner is a token.
    case ask
    case notify
    /// NOTIFY of a REFER.
    case reference
  }
  var purpose: Purpose
  /// The fork of an INVITE.
  var index: UInt8 = 0
  /// The leg, the trunk or the subscription.
  var owner = SlotID(slot: 0, generation: 0)

  init(_ purpose: Purpose, of owner: SlotID, index: Int = 0) {
    self.purpose = purpose
    self.owner = owner
    self.index = UInt8(truncatingIfNeeded: index)
  }

  static let nobody: UInt64 = 0

  var packed: UInt64 {
    UInt64(owner.generation) << 32 | UInt64(owner.slot & 0xFFFF) << 16 | UInt64(index) << 8 | UInt64(purpose.rawValue)
  }
  init?(packed: UInt64) {
    guard let purpose = Purpose(rawValue: UInt8(truncatingIfNeeded: packed)), purpose != .none else { return nil }
    self.purpose = purpose
    index = UInt8(truncatingIfNeeded: packed >> 8)
    owner = SlotID(
      slot: UInt32(packed >> 16 & 0xFFFF), generation: UInt32(truncatingIfNeeded: packed >> 32))
  }
}

struct TimerKey: OwnNumber {
  enum Kind: UInt8, CaseIterable {
    /// Legs.
    case trying, retransmit, unacknowledged, ring, cancelled, glare, reliable, session, reference
    /// Trunks.
    case register, registrationEnd, qualify, qualifyMissed
    /// The registrar.
    case binding
    /// Subscriptions.
    case subscription, notify

    static var ofLegs: [Kind] {
      [.trying, .retransmit, .unacknowledged, .ring, .cancelled, .glare, .reliable, .session, .reference]
    }
    static var ofTrunks: [Kind] { [.register, .registrationEnd, .qualify, .qualifyMissed] }
    static var ofSubscriptions: [Kind] { [.subscription, .notify] }
  }
  var kind: Kind
  var owner: SlotID

  init(_ kind: Kind, of owner: SlotID) {
    self.kind = kind
    self.owner = owner
  }

  var ownNumber: UInt64 { owner.packed ^ UInt64(kind.rawValue) << 56 }
}
