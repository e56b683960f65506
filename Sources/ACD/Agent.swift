// An agent's own state: it belongs to the agent, not to the pair of agent and queue.

import Basics

struct Agent {
  enum Duty: Equatable {
    case free
    /// From the offer until its leg is gone: ringing, withdrawn, reserved or talking. A text conversation holds the
    /// agent only until it is accepted; then it stands in `texts`.
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
  /// Not ready, and why; nil when it is not on a break.
  var pauseReason: ByteString?
  /// Too many offers in a row were not answered: the phone counts as gone until its user shows up.
  var isUnresponsive = false
  var duty = Duty.free
  /// Text conversations under way.
  var texts: [OfferID] = []
  var backoffUntil: Instant?
  var unansweredInARow = 0
  var answered = 0
  /// Spoken with customers in this run.
  var talked = Interval.zero
  /// The queue for which it wraps up, and since when.
  var wrapUpQueue: QueueID?
  var wrapUpSince = Instant.zero
  /// Its place among the idle; kept over a withdrawn offer, which was not its doing.
  var rank: UInt64 = 0
  var keepsRank = false
  /// The requirement classes that it satisfies, ready or not.
  var classes: [ClassID] = []
  /// What it can be offered at this moment.
  var readyFor = MediumSet()
  /// Where it stands among the ready.
  var standings: [Standing] = []
  /// Whether its queues count it as working.
  var isWorking = false
  var shown = ACD.AgentState.loggedOut
  var shownSince: Instant
  /// Of the break that is shown.
  var shownReason: ByteString = ""
  /// Whom it served last, or serves.
  var latest: ACD.Conversation?

  struct Standing {
    let requirement: ClassID
    let key: ReadyKey
  }

  init(settings: ACD.AgentSettings, at now: Instant) {
    self.settings = settings
    shownSince = now
  }

  /// Whether it is there for its queues, be it busy at this moment.
  var mayWork: Bool { isLoggedIn && isConfigured && isReachable && pauseReason == nil && !isUnresponsive }

  /// Removed from the configuration and with nothing left to do: its slot may be used again.
  var isForgettable: Bool {
    !isConfigured && !isLoggedIn && duty == .free && texts.isEmpty && backoffUntil == nil
  }
}

/// What is known of a phone, agent or not: the configuration may make its extension an agent at any time.
struct Phone {
  var isReachable = false
  var isBusyElsewhere = false
  var isOfInterest: Bool { isReachable || isBusyElsewhere }
}

struct MediumSet: Equatable {
  var bits: UInt8 = 0
  var isEmpty: Bool { bits == 0 }
  func contains(_ medium: ACD.Medium) -> Bool { bits & 1 << medium.rawValue != 0 }
  mutating func insert(_ medium: ACD.Medium) { bits |= 1 << medium.rawValue }
}
