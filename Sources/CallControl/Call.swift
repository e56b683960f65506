// A call and its legs. A leg is one SIP dialog with one RTP stream; a call joins two of them, or a leg and a script.

import ACD
import Basics
import Dialplan
import Journal
import MediaEngine
import SDP
import SIPUserAgent

/// Which part a leg plays in its call.
enum Role: Equatable, Sendable {
  case caller
  case callee
  /// An agent's phone rings for this offer.
  case offered(OfferID)
  /// The agent who took this offer.
  case agent(OfferID)
  /// The customer whom a callback dials.
  case customer(AttemptID)
  /// Rings with others for one call.
  case candidate
  /// Hands the call on, and stays until that has worked.
  case transferor
  /// Another branch, asked whether it takes a caller who waits here.
  case elsewhere
  /// Whom a test calls.
  case tested
  /// The other end of a call to ourselves.
  case echo
}

enum Party: Equatable, Sendable {
  case user(ByteString)
  case trunk(ByteString)
  case itself
}

struct Leg {
  let id: LegID
  /// The call that it is in now: a transfer may lead it to another one.
  var call: CallNumber
  var role: Role
  let party: Party
  var stream: StreamID?
  /// The latest descriptions, theirs and ours, and whether ours was the offer.
  var remote: SessionDescription?
  var local: SessionDescription?
  var isAnswered = false
  /// Something of it was heard before an answer: it rings, so another trunk would ring a second time.
  var hasProgressed = false
  /// We were told to end it, or told it to end.
  var isEnding = false
  /// Why we ended it ourselves, where that says more than what the peer says then.
  var failure: Int?
  /// It put the other side on hold, which hears music.
  var holdsOther = false
  var sound = Sound.none
  /// Of what it sends us, when it was measured last.
  var quality: StreamStatistics?

  /// Of whoever wants something of the branch: a caller, or the customer of a callback.
  var isCustomer: Bool {
    switch role {
    case .caller, .customer: true
    case .callee, .candidate, .transferor, .offered, .agent, .elsewhere, .tested, .echo: false
    }
  }

  /// What was heard from it.
  enum Sound { case none, flows, stopped }

  var isIncoming: Bool { id.number & 1 == 0 }
}

/// Why a queue no longer has a caller.
enum QueueExit: Equatable, Sendable {
  case refused(ACD.EntryRefusal)
  case overflow(ACD.OverflowReason)
}

struct Call {
  enum Phase: Equatable {
    /// A leg comes in or waits for its callee.
    case ringing
    case talking
    /// In the distributor's hands; the name of the queue.
    case queued(ByteString)
    /// Hears an announcement, then is led on or hung up.
    case announcing
    /// The agent is gone; the caller is asked how it was.
    case rating(OfferID)
    /// A callback: the agent's phone rings, or the agent waits while the customer is dialled.
    case callingBack
    /// Left at a place from which any phone may take it.
    case parked
    /// The phone of somebody who wants to be called back rings; then the other one.
    case recalling
    /// Nobody's but the box's.
    case testing
    case ending
  }

  let number: CallNumber
  var phase: Phase
  /// The party that the call is about: the caller, or the customer of a callback.
  var first: LegID?
  /// The party it was led to.
  var second: LegID?
  var from: ByteString
  var fromName: ByteString
  var to: ByteString
  var destination: ByteString
  var startedAt: WallTime
  var answeredAt: WallTime?
  var status = 0
  var hungUpByCaller = false
  /// A callback is no call until the customer is dialled.
  var isToBeRecorded = true
  /// The latest queue.
  var queue: ByteString = ""
  /// When it came to its first queue.
  var queuedAt: WallTime?
  /// Where it leads after an announcement; nil: it is hung up.
  var leadsTo: Destination?
  /// The leg to another branch that may take the caller, who waits in the queue here.
  var elsewhere: LegID?
  /// Queues that have sent it on.
  var queuesTried: [ByteString] = []
  /// Trunks that may still be tried, and what to dial there.
  var furtherTrunks: [ByteString] = []
  var trunkNumber: ByteString = ""
  var callback: CallbackAttempt?
  /// What few calls have.
  var extra = Aside<Extra>()

  struct CallbackAttempt {
    let id: UInt64
    /// nil: the customer is dialled first, and waits for an agent.
    var offer: OfferID?
    var attempt: AttemptID?
    var number: ByteString
    var presenting: ByteString
    var trunk: ByteString = ""
    var identity: CallbackFact.Leg?
    /// The file with the customer's name; empty without.
    var nameFile: ByteString = ""
  }
}
