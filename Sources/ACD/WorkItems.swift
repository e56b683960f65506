// The items that agents work on (waiting callers and callbacks), the offers of them, and the attempts to reach the
// customers of callbacks.

import Basics
import Journal

/// Where an item stands, and what that follows from. The key and the class are functions of the rest and of the time
/// waited (`ACD.aim`); the offers are those that ring.
struct Placement {
  var queue: QueueID
  /// A callback whose customer is on the line waits among the calls.
  var medium: ACD.Medium
  var sequence: UInt64
  /// Before ageing.
  var priority: UInt8
  var isUrgent = false
  /// In place of the queue's where not empty.
  var rings: [ACD.SkillRing] = []
  var preferred: AgentID?
  /// Since when it counts as waiting; before the start of this run for what was restored.
  var since: Instant
  /// nil while it counts nowhere.
  var key: ItemKey?
  /// nil while it is offered, or counts nowhere.
  var requirement: ClassID?
  var offers: [OfferID] = []
}

/// A live item of any medium.
struct WaitingCall {
  var placement: Placement
  let entry: ACD.Entry
  /// Since when the caller is here, for the longest wait: a place that was taken over from a callback is older.
  let cameAt: Instant
  /// Who brings it, for the agent who is remembered and the place that is kept: the customer, or the number.
  let customer: ByteString
  /// The callback that is being made durable for this caller.
  var request: UInt64?
  /// The open callback of this caller's number, which waits for what becomes of this call.
  var held: UInt64?
  /// What is to become of `held` has been asked, and not answered.
  var isAsked = false
  var wasOfferedCallback = false
  /// The caller is gone: after confirming a callback that is not durable yet, or because the line broke (`leftAt`).
  var hasLeft = false
  var leftAt: Instant?
  /// The longest wait passed during an offer or a request: overflows when that comes to nothing.
  var overflowIsDue = false
}

struct Callback {
  enum Stage: Equatable {
    /// Not durable yet; the caller is still in the queue.
    case creating(CallReference)
    /// A second request is being made durable; not offered until it is.
    case merging(CallReference)
    /// Restored, and the clock cannot be trusted yet: neither due nor expired.
    case untimed
    /// Restored from an attempt of unknown fate.
    case leased
    /// Not due yet.
    case resting
    case due
    case offered
    case attempting(AttemptID)
  }

  /// Who keeps it from being dialled: its customer is on the line already.
  enum Hold: Equatable {
    /// A caller from its number, who waits live.
    case call(CallReference)
    /// A conversation with its number.
    case talk(OfferID)
  }

  /// As last handed to storage.
  var fact: CallbackFact
  var stage: Stage
  var placement: Placement
  /// What the record becomes when the merge is durable.
  var merged: CallbackFact?
  var mergedDueAt = Instant.zero
  var dueAt: Instant
  /// nil until a trusted clock has told.
  var expiresAt: Instant?
  var isCancelRequested = false
  /// The caller who may still hear the goodbye.
  var departing: CallReference?
  /// While its caller hears the goodbye: when it is due apart from that. Not earlier, whenever the caller hangs up.
  var keptDueAt: Instant?
  var hold: Hold?
  /// Who asked, in one form; empty where withheld.
  var caller: ByteString = ""
}

extension WaitingCall {
  mutating func change(_ body: (inout Placement) -> Void) { body(&placement) }
  var queue: QueueID { placement.queue }
  var sequence: UInt64 { placement.sequence }
  var enteredAt: Instant { placement.since }
  var isOffered: Bool { !placement.offers.isEmpty }
}

extension Callback {
  mutating func change(_ body: (inout Placement) -> Void) { body(&placement) }
  var queue: QueueID { placement.queue }
}

struct LiveOffer {
  enum State: Equatable {
    case ringing
    /// Its agent stays taken until the leg is gone.
    case withdrawn
    /// Accepted; the customer of the callback is being called.
    case reserved(AttemptID)
    case talking(since: Instant)
    /// The agent was told to let go.
    case released
  }

  let queue: QueueID
  let agent: AgentID
  let item: ACD.Offer.Item
  let medium: ACD.Medium
  var sequence: UInt64
  var state = State.ringing
  var attempt: AttemptID?
  /// The agent has put the customer on hold.
  var heldSince: Instant?
  /// How long agent and customer spoke, once that is over.
  var talked: Interval?
}

struct Attempt {
  enum State: Equatable {
    case preparing
    case persisting
    case dialling
    /// Customer first: answered, and not yet known to be a person.
    case confirming
    /// Customer first: a person is on the line and waits for an agent.
    case waiting
    case talking(since: Instant)
    case hangingUp(HangUp)
  }
  enum HangUp: UInt8 {
    case agentLeft
    case ringTimeout
    case storage
    case cancelled
    /// Whoever answered did not press 1.
    case unconfirmed
    /// The customer calls in at this moment.
    case cameBack
    /// Customer first: no agent came within `Limits.customerWaitSeconds`.
    case nobodyCame
    /// Looked at once more before dialling: not allowed any more.
    case denied
    /// Looked at once more: no channel, no trusted clock, or no callbacks in this queue at this moment.
    case obstructed
    /// A conversation ended by the agent.
    case talkOver
  }

  /// What a customer has been through who waits for an agent.
  enum Patience: UInt8 {
    case fresh, apologised, alarmed
  }

  let callback: UInt64
  let queue: QueueID
  /// Of the agent who accepted; customer first there is none before the customer has confirmed.
  var offer: OfferID?
  let sequence: UInt64
  let isCustomerFirst: Bool
  var state = State.preparing
  var patience = Patience.fresh
  /// Holds one of the channels that are free for callbacks.
  var holdsChannel = true
  var wasDialled = false
  var hasRung = false
}
