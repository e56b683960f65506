// What the user agent tells call control about its legs, phones and trunks.

import Basics
import Journal
import SDP
import SIPMessage

extension UserAgent {
  public enum Event: Sendable {
    /// Authenticated or from a known trunk; 100 is already sent.
    indirect case incoming(LegID, IncomingCall)
    /// The answer to `Command.prepare`.
    case prepared(token: UInt64, CallbackFact.Leg)
    /// 18x to our INVITE.
    case progress(LegID, status: Int, SessionDescription?)
    /// 2xx to our INVITE; the ACK is sent.
    case accepted(LegID, SessionDescription?, remoteTag: ByteString)
    /// Our 2xx was acknowledged.
    case confirmed(LegID)
    /// A re-INVITE or UPDATE from them; nil asks us for an offer.
    case offered(LegID, SessionDescription?)
    case offerAnswered(LegID, SessionDescription?)
    case offerRefused(LegID, status: Int)
    /// From INFO. 0–9, 10 is `*`, 11 is `#`, 12–15 are A–D.
    case digit(LegID, digit: UInt8, milliseconds: Int)
    /// A phone wants somebody else to have its place in the call: `Command.acceptReferral` or `.refuseReferral` follows.
    case referred(LegID, Referral)
    /// Exactly once for each leg, the last one about it.
    case ended(LegID, Ending)
    /// The first contact registered, or the last one gone.
    case reachable(user: ByteString, Bool)
    case trunk(name: ByteString, isUp: Bool)
    /// The answer to `Command.ask`: 408 is none at all, 503 that it could not be sent.
    case trunkAnswered(token: UInt32, status: Int)
    /// A phone wants to see the state of a number. `Command.show` or `.endSubscription` is the answer.
    case subscribed(SubscriptionID, user: ByteString, number: ByteString, EventPackage)
    /// It does not any more. Exactly once for each `subscribed`.
    case unsubscribed(SubscriptionID)
  }

  public struct IncomingCall: Sendable {
    public enum Source: Hashable, Sendable {
      case user(ByteString)
      case trunk(ByteString)
      /// The other end of this leg of ours.
      case itself(LegID)
    }
    public var source: Source
    /// The number called: the user part of the Request-URI, or of To where the Request-URI names our own registration.
    public var number: ByteString
    /// Of a user its own number; of a trunk P-Asserted-Identity before From. Empty if withheld.
    public var callerNumber: ByteString
    public var callerName: ByteString
    public var offer: SessionDescription?
    /// The peer is in a local network.
    public var flowIsLocal: Bool
    /// It takes the place of this instead of calling the number.
    public var replaced: Replaced?

    public init(
      source: Source, number: ByteString, callerNumber: ByteString, callerName: ByteString,
      offer: SessionDescription?, flowIsLocal: Bool, replaced: Replaced? = nil
    ) {
      self.source = source
      self.number = number
      self.callerNumber = callerNumber
      self.callerName = callerName
      self.offer = offer
      self.flowIsLocal = flowIsLocal
      self.replaced = replaced
    }
  }

  public struct Ending: Sendable {
    /// As the peer gave it; 200 is a BYE, 487 cancelled, 408 no answer at all, 503 not reachable.
    public var status: Int
    /// The cause in a Reason header (RFC 3326).
    public var q850: Int?
    public var byRemote: Bool
    /// The first Contact of a 3xx.
    public var redirect: SIPURI?

    public init(status: Int, q850: Int? = nil, byRemote: Bool, redirect: SIPURI? = nil) {
      self.status = status
      self.q850 = q850
      self.byRemote = byRemote
      self.redirect = redirect
    }
  }
}
