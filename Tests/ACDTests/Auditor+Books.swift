// What the auditor writes down of agents, offers, calls and attempts.

import Basics
import Journal

@testable import ACD

extension Auditor {
  struct HoursBook {
    var closesAt: Instant?
    /// When closed: how long callbacks may go on; nil where it follows from the rules and `closesAt`.
    var allowsUntil: Instant?
    func isOpen(_ now: Instant) -> Bool { closesAt.map { now < $0 } ?? true }
  }
  struct AgentBook {
    var isLoggedIn = false
    var isReachable = false
    var isBusy = false
    var isPaused = false
    var offer: OfferID?
    var restsUntil = Instant.zero
    var unanswered = 0
    var idleSince = Instant.zero
    var keepsIdleSince = false
    /// Wrap-up and back-off end by time alone.
    var idleFrom: Instant { max(idleSince, restsUntil) }
    func mayBeOffered(_ now: Instant) -> Bool {
      isLoggedIn && isReachable && !isBusy && !isPaused && offer == nil && restsUntil <= now
    }
  }
  struct OfferBook {
    let agent: ByteString
    let item: ACD.Offer.Item
    let queue: ByteString
    var isWithdrawn = false
    var isAccepted = false
    var isReleased = false
    var isLive: Bool { !isWithdrawn && !isReleased }
    var attempt: AttemptID?
    var talksSince: Instant?
    var hasTalked = false
    /// Of the live caller who is connected.
    var number: ByteString?
  }
  struct CallBook {
    var queue: ByteString
    let number: ByteString
    /// A supervisor's.
    var priority: UInt8?
    var sequence: UInt64
    var offer: OfferID?
    var hasLeft = false
    var isGone = false
  }
  struct AttemptBook {
    let callback: UInt64
    /// Customer first: of the agent who talks.
    var offer: OfferID?
    let isCustomerFirst: Bool
    var leg: CallbackFact.Leg?
    var isDialled = false
    var isAnswered = false
    var isConfirmed = false
    var isApologised = false
    var isHungUp = false
    var talksSince: Instant?
  }
}
