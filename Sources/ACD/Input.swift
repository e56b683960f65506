// Everything that the queue hears. An id that is no longer known is ignored: its race has been decided.

import Basics
import Journal

extension ACD {
  public enum Input: Sendable {
    /// Waiting items and the states of agents stay as they are. May come before or after `restored`.
    case configure(Settings)
    case restored(callbacks: [CallbackFact], agents: [AgentFact], lastSequence: UInt64, lastCallbackID: UInt64)
    case wall(WallTime, trusted: Bool)

    /// `callerNumber` as the carrier delivered it, empty if withheld.
    case enter(
      CallReference, queue: ByteString, callerNumber: ByteString, callerName: ByteString, dialledNumber: ByteString)
    /// The caller is gone while waiting. For an answered or unknown call it means nothing.
    case leave(CallReference)

    case login(extension: ByteString)
    case logout(extension: ByteString)
    case reachable(extension: ByteString, Bool)
    /// The agent's phone has a call that is none of this queue's offers.
    case busyElsewhere(extension: ByteString, Bool)

    case ringing(OfferID)
    case accepted(OfferID)
    /// The agent's leg was refused, timed out or failed before an answer: it is gone, no `ended` need follow.
    case refused(OfferID, status: Int)
    /// The agent's leg is gone after `withdraw`, `accepted` or `releaseAgent`.
    case ended(OfferID)

    /// The caller confirmed to be called back at the number of the call.
    case requestCallback(CallReference)
    /// A supervisor takes the promise back.
    case cancelCallback(UInt64)

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
    /// The INVITE failed, or was cancelled after `hangUpAttempt`.
    case attemptFailed(AttemptID, status: Int, q850: Int?)
    /// The customer's leg is gone after its answer, whoever hung up. Instead of `attemptFailed`.
    case attemptEnded(AttemptID)

    /// Outbound channels that callbacks may take, reserve (rule 21) subtracted, as they are now. To be told at every
    /// change, the legs of `dial` included. Until the first report it is 0.
    case trunkRoom(channelsFree: Int)
  }
}
