// The items that agents work on (waiting callers and callbacks), the offers of them, and the attempts to reach the
// customers of callbacks.

import Basics
import Journal

struct WaitingCall {
  let queue: QueueID
  let key: ItemKey
  let callerNumber: ByteString
  let callerName: ByteString
  let dialledNumber: ByteString
  let enteredAt: Instant
  var offer: OfferID?
  /// The callback that is being made durable for this caller.
  var request: UInt64?
  /// The caller hung up after confirming the callback, before it was durable.
  var hasLeft = false
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
    case offered(OfferID)
    case attempting(AttemptID)
  }

  /// As last handed to storage.
  var fact: CallbackFact
  let queue: QueueID
  var stage: Stage
  /// Its place while it counts in the queue.
  var key: ItemKey?
  /// What the record becomes when the merge is durable.
  var merged: CallbackFact?
  var mergedDueAt = Instant.zero
  var dueAt: Instant
  /// nil until a trusted clock has told.
  var expiresAt: Instant?
  var isCancelRequested = false
  /// The caller who may still hear the goodbye.
  var departing: CallReference?
}

struct LiveOffer {
  enum Item: Equatable {
    case call(CallReference)
    case callback(UInt64)
  }
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
  let item: Item
  let sequence: UInt64
  var state = State.ringing
  var attempt: AttemptID?
  /// How long agent and customer spoke, once that is over.
  var talked: Interval?
}

struct Attempt {
  enum State: Equatable {
    case preparing
    case persisting
    case dialling
    case talking(since: Instant)
    case hangingUp(HangUp)
  }
  enum HangUp: Equatable {
    case agentLeft
    case ringTimeout
    case storage
    case cancelled
    /// Looked at once more before dialling: not allowed any more.
    case denied
    /// Looked at once more: no channel, no trusted clock, or no callbacks in this queue at this moment.
    case obstructed
    /// A conversation ended by the agent.
    case talkOver
  }

  let callback: UInt64
  let queue: QueueID
  let offer: OfferID
  let sequence: UInt64
  var state = State.preparing
  /// Holds one of the channels that are free for callbacks.
  var holdsChannel = true
  var wasDialled = false
  var hasRung = false
}
