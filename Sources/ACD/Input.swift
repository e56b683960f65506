// Everything that the queue hears. An id that is no longer known is ignored: its race has been decided.

import Basics
import Journal

extension ACD {
  public enum Input: Sendable {
    /// Waiting items and the states of agents stay as they are. May come before or after `restored`.
    case configure(Settings)
    case restored(callbacks: [CallbackFact], agents: [AgentFact], lastSequence: UInt64, lastCallbackID: UInt64)
    case wall(WallTime, trusted: Bool)

    /// For draws (`weightedRandom`): random bytes are an input, too.
    case seed(UInt64)
    /// `nil`: the queue has no hours. `closesIn` is the time left while it is open.
    case opening(queue: ByteString, isOpen: Bool, closesIn: Interval?)

    case enter(Entry)
    /// The customer is gone while waiting. For an answered or unknown call it means nothing.
    /// - Parameter lineBroke: no hang-up: the network lost the call, or its sound stopped.
    case leave(CallReference, lineBroke: Bool)

    /// An act of an operator, and who did it: an extension, or `console:` and a name. All go to the audit log.
    case act(Act, by: ByteString)
    case reachable(extension: ByteString, Bool)
    /// The agent's phone has a call that is none of this queue's offers.
    case busyElsewhere(extension: ByteString, Bool)

    case ringing(OfferID)
    case accepted(OfferID)
    /// The agent's leg was refused, timed out or failed before an answer: it is gone, no `ended` need follow.
    case refused(OfferID, status: Int)
    /// The agent's leg is gone after `withdraw`, `accepted` or `releaseAgent`.
    case ended(OfferID)
    /// The agent put the customer on hold, or resumed.
    case held(OfferID, Bool)
    /// The agent passed the customer on to somebody else before `ended`.
    case transferred(OfferID)
    /// The customer's answer to the question after the conversation, 1 (bad) to 5.
    case surveyed(OfferID, score: UInt8)

    /// The caller confirmed to be called back.
    case requestCallback(CallReference, CallbackRequest)
    /// The answer to `pendingCallback`.
    case pendingResolved(CallReference, PendingChoice)

    /// In the numbers of `Output.persist`.
    case durable(upTo: UInt64)
    /// The facts with `promise` from this number through the second are not on the disk and never will be.
    case persistFailed(from: UInt64, through: UInt64 = .max)

    /// The answer to `prepare`: the identity that the INVITE will have.
    case attemptLeg(AttemptID, CallbackFact.Leg)
    /// No leg can be made for this number (no trunk, no route). Instead of `attemptLeg`.
    case attemptImpossible(AttemptID)
    /// 180 or 183: the customer's phone rings.
    case attemptRinging(AttemptID)
    case attemptAnswered(AttemptID, remoteTag: ByteString)
    /// Customer first: whoever answered pressed 1, so it is no machine.
    case attemptConfirmed(AttemptID)
    /// The INVITE failed, or was cancelled after `hangUpAttempt`.
    case attemptFailed(AttemptID, status: Int, q850: Int?)
    /// The customer's leg is gone after its answer, whoever hung up. Instead of `attemptFailed`.
    case attemptEnded(AttemptID)

    /// Outbound channels that callbacks may take, reserve (rule 21) subtracted, as they are now. To be told at every
    /// change, the legs of `dial` included. Until the first report it is 0.
    case trunkRoom(channelsFree: Int)
    /// When the queue is open, from now on and in order, as far as it is known; empty: without hours, or not known. Its
    /// next closing is told by `opening` too.
    case timetable(queue: ByteString, [OpenSpan])
    /// The destination of `tryElsewhere` has answered. `overflow` follows, or the caller is not here any more.
    case wentElsewhere(CallReference)
  }

  public enum Act: Hashable, Sendable {
    case login(extension: ByteString)
    case logout(extension: ByteString)
    /// Not ready, with a reason of the agent's own words (a code of the configuration, at most 32 bytes).
    case pause(extension: ByteString, reason: ByteString)
    case ready(extension: ByteString)
    case endWrapUp(extension: ByteString)
    /// Of the latest conversation of this agent.
    case disposition(extension: ByteString, code: ByteString)
    /// Items are named by their sequence number.
    case move(item: UInt64, toQueue: ByteString)
    case prioritise(item: UInt64, UInt8)
    /// A live item goes to the queue's `else` destination; a callback is cancelled.
    case takeOut(item: UInt64)
    case cancelCallback(UInt64)
    /// Next, whatever its place and not-before time; still only inside hours, with an agent and a channel.
    case dialNow(UInt64)
    case reschedule(UInt64, to: WallTime)
    /// The power is failing: waiting callers are promised callbacks at once. false: it is back.
    case brownOut(Bool)
    case moveCallback(UInt64, toQueue: ByteString)
  }

  /// A stretch in which a queue is open.
  public struct OpenSpan: Hashable, Sendable {
    public var from: WallTime
    public var until: WallTime

    public init(from: WallTime, until: WallTime) {
      self.from = from
      self.until = until
    }
  }

  /// What a caller asks for.
  public struct CallbackRequest: Hashable, Sendable {
    /// As keyed in; empty: the caller's own number.
    public var number: ByteString
    /// nil: in the caller's place. Otherwise a time at which the queue is open.
    public var at: WallTime?
    /// The file that holds the recorded name; empty without.
    public var recordedName: ByteString

    public init(number: ByteString = "", at: WallTime? = nil, recordedName: ByteString = "") {
      self.number = number
      self.at = at
      self.recordedName = recordedName
    }
  }

  /// What a caller decides for whom a callback is open.
  public enum PendingChoice: UInt8, Hashable, Sendable, CaseIterable {
    /// Live, in the place of the callback, which is closed.
    case resume
    /// The caller leaves; the callback stays.
    case keep
    /// The callback is cancelled; the call waits as a new one.
    case cancel
  }
}
