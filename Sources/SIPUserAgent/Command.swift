// What call control tells the user agent to do with its legs. A command for a leg that is gone is ignored: its
// `ended` is already on the way.

import Basics
import Journal
import SDP

extension UserAgent {
  /// Addresses inside session descriptions are ignored: the one that the leg's peer can reach is filled in.
  /// What is large and rare is `indirect`: each letter is as large as the largest, and is copied at every hand.
  public enum Command: Sendable {
    indirect case invite(LegID, Invitation)
    /// Makes the identity of an INVITE to come, so that it can be made durable first: `Event.prepared` follows at once.
    case prepare(token: UInt64, target: Invitation.Target)
    /// 180, 183 or 182, with early media if a description is given.
    case progress(LegID, status: Int, SessionDescription?)
    /// 200.
    case accept(LegID, SessionDescription)
    case refuse(LegID, status: Int, reason: ByteString?, retryAfter: Int?)
    /// A re-INVITE from us.
    case offer(LegID, SessionDescription)
    /// To a re-INVITE or UPDATE from them; if theirs had no description, this one is our offer.
    case answerOffer(LegID, SessionDescription)
    case refuseOffer(LegID, status: Int)
    /// To `Event.referred`: 202, and how the call goes that was asked for is told from then on. A final status is the last.
    case acceptReferral(LegID)
    case tellReferral(LegID, status: Int)
    case refuseReferral(LegID, status: Int)
    /// INFO with application/dtmf-relay. 0–9, 10 is `*`, 11 is `#`, 12–15 are A–D.
    case sendDigit(LegID, digit: UInt8)
    /// BYE; CANCEL before the answer to our INVITE; a refusal with `status` of an unanswered incoming leg. `ended`
    /// follows.
    case hangUp(LegID, status: Int, q850: Int?)
    /// After a restart: CANCEL, and BYE for the dialog if one was made.
    indirect case endOrphan(CallbackFact.Leg, number: ByteString, presenting: ByteString)
    /// OPTIONS to a trunk, for whoever wants to know how it is: `Event.trunkAnswered` follows. Nothing else comes of it.
    case ask(trunk: ByteString, token: UInt32)
    /// A short text for each phone of a user (RFC 3428). Nothing is heard of it.
    case message(user: ByteString, text: ByteString)
    /// What there is to see now of what a phone watches.
    case show(SubscriptionID, WatchedState)
    /// There is nothing to watch, or not any more.
    case endSubscription(SubscriptionID)
    /// All phones of a user, until they register anew.
    case forget(user: ByteString)
    /// What a source has done is forgiven.
    case unblock(IPAddress)
    /// New INVITEs and subscriptions get 503 from now on.
    case drain
  }

  /// A call to make.
  public struct Invitation: Sendable {
    public enum Target: Hashable, Sendable {
      /// All registered contacts at once; the first 2xx wins.
      case user(ByteString)
      case trunk(ByteString, number: ByteString)
      /// Our own listener: what is sent comes in again as a call whose source says so.
      case itself
    }
    public var target: Target
    /// Empty: withheld.
    public var callerNumber: ByteString
    public var callerName: ByteString
    public var calledName: ByteString
    public var offer: SessionDescription
    /// Asks the phone to answer by itself.
    public var autoAnswer: Bool
    /// The Call-ID, tag, branch and CSeq to use, which were made durable before.
    public var identity: CallbackFact.Leg?
    /// The queue of ours that the caller comes from; nil: from none.
    public var origin: Origin?
    /// The extension that transferred the call, for the phone that is called; empty: none did.
    public var referrer: ByteString = ""

    /// Told to the other side as a diversion (RFC 5806), and how long the caller has waited (X-Queue).
    public struct Origin: Hashable, Sendable {
      /// That the caller dialled.
      public var number: ByteString
      /// A word.
      public var queue: ByteString
      public var displayName: ByteString
      public var waitedSeconds: Int
      /// One of RFC 5806's words.
      public var reason: ByteString

      public init(
        number: ByteString, queue: ByteString, displayName: ByteString, waitedSeconds: Int, reason: ByteString
      ) {
        self.number = number
        self.queue = queue
        self.displayName = displayName
        self.waitedSeconds = waitedSeconds
        self.reason = reason
      }
    }

    public init(
      target: Target, callerNumber: ByteString, callerName: ByteString = "", calledName: ByteString = "",
      offer: SessionDescription, autoAnswer: Bool = false, identity: CallbackFact.Leg? = nil,
      origin: Origin? = nil, referrer: ByteString = ""
    ) {
      self.target = target
      self.callerNumber = callerNumber
      self.callerName = callerName
      self.calledName = calledName
      self.offer = offer
      self.autoAnswer = autoAnswer
      self.identity = identity
      self.origin = origin
      self.referrer = referrer
    }
  }
}
