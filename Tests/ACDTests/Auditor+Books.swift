// What the auditor writes down of agents, offers, calls and attempts.

import Basics
import Journal

@testable import ACD

extension Auditor {
  struct AgentBook {
    var isLoggedIn = false
    var isReachable = false
    var isBusy = false
    var offer: OfferID?
    var restsUntil = Instant.zero
    var unanswered = 0
    var idleSince = Instant.zero
    var keepsIdleSince = false
    /// Wrap-up and back-off end by time alone.
    var idleFrom: Instant { max(idleSince, restsUntil) }
    func mayBeOffered(_ now: Instant) -> Bool {
      isLoggedIn && isReachable && !isBusy && offer == nil && restsUntil <= now
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
  }
  struct CallBook {
    let queue: ByteString
    let sequence: UInt64
    var offer: OfferID?
    var hasLeft = false
    var isGone = false
  }
  struct AttemptBook {
    let callback: UInt64
    let offer: OfferID
    var leg: CallbackFact.Leg?
    var isDialled = false
    var isAnswered = false
    var isHungUp = false
    var talksSince: Instant?
  }
}
