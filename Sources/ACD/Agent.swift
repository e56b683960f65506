// An agent's own state: it belongs to the agent, not to the pair of agent and queue.

import Basics

struct Agent {
  enum Duty: Equatable {
    case free
    /// From the offer until its leg is gone: ringing, withdrawn, reserved or talking.
    case offer(OfferID)
    case wrapUp
  }

  var settings: ACD.AgentSettings
  /// False once it is gone from the configuration: logged out when it is free.
  var isConfigured = true
  var queues: [QueueID] = []
  var isLoggedIn = false
  var isReachable = false
  var isBusyElsewhere = false
  var duty = Duty.free
  var backoffUntil: Instant?
  var unansweredInARow = 0
  var answered = 0
  /// The queue for which it wraps up, and since when.
  var wrapUpQueue: QueueID?
  var wrapUpSince = Instant.zero
  /// Its place among the idle; kept over a withdrawn offer, which was not its doing.
  var rank: UInt64 = 0
  var keepsRank = false
  /// Set while it stands in the ready lists of its queues.
  var readyKey: ReadyKey?
  var shown = ACD.AgentState.loggedOut
  var shownSince: Instant

  init(settings: ACD.AgentSettings, at now: Instant) {
    self.settings = settings
    shownSince = now
  }

  var mayBeOffered: Bool {
    isLoggedIn && isConfigured && isReachable && !isBusyElsewhere && duty == .free && backoffUntil == nil
  }
}

/// What is known of a phone, agent or not: the configuration may make its extension an agent at any time.
struct Phone {
  var isReachable = false
  var isBusyElsewhere = false
  var isOfInterest: Bool { isReachable || isBusyElsewhere }
}
