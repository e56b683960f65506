// What the auditor writes down of agents, offers, calls, callbacks and attempts.

import ACD
import Basics
import Journal

extension QueueAuditor {
  struct AgentBook {
    var isConfigured = true
    var isLoggedIn = false
    var isPaused = false
    var isReachable = false
    var isBusy = false
    /// After too many unanswered offers the phone counts as unreachable until its agent shows up; nil: the agent may
    /// have shown up.
    var isGivenUp: Bool? = false
    /// The offer whose leg is not gone yet; of conversations in writing only until they begin.
    var offer: OfferID?
    /// Conversations in writing.
    var texts: [ACD.Medium: Int] = [:]
    var wrapsUpUntil = Instant.zero
    var restsUntil = Instant.zero
    var unanswered = 0
    var mustBeAsked = true
    var changedAt = Instant.zero

    func mayBeOffered(_ now: Instant) -> Bool {
      isLoggedIn && !isPaused && isReachable && !isBusy && isGivenUp != true && offer == nil && wrapsUpUntil <= now
        && restsUntil <= now
    }

    /// Why it may not be offered anything, for people.
    func obstacles(_ now: Instant) -> String {
      var found: [String] = []
      if !isLoggedIn { found.append("logged out") }
      if isPaused { found.append("paused") }
      if !isReachable { found.append("unreachable") }
      if isBusy { found.append("busy") }
      if isGivenUp == true { found.append("given up") }
      if let offer { found.append("in offer \(offer.number)") }
      if wrapsUpUntil > now { found.append("in wrap-up") }
      if restsUntil > now { found.append("in back-off") }
      return found.joined(separator: ", ")
    }

    /// Has been ready for as long as a meeting may take.
    func isReadySince(_ then: Instant) -> Bool {
      mustBeAsked && isConfigured && isGivenUp == false && changedAt <= then && mayBeOffered(then)
    }

    mutating func logsIn() {
      if isGivenUp == true { isGivenUp = nil }
      guard !isLoggedIn else { return }
      var fresh = AgentBook()
      (fresh.isReachable, fresh.isBusy, fresh.isConfigured) = (isReachable, isBusy, isConfigured)
      (fresh.offer, fresh.texts, fresh.isLoggedIn) = (offer, texts, isConfigured)
      self = fresh
    }

    mutating func logsOut() { (isLoggedIn, isPaused, wrapsUpUntil, restsUntil) = (false, false, .zero, .zero) }

    /// Whoever makes a call is there.
    mutating func isOnCall(_ isBusy: Bool) {
      self.isBusy = isBusy
      if isGivenUp == true { isGivenUp = nil }
    }

    mutating func isReady() {
      guard isLoggedIn else { return }
      (isPaused, wrapsUpUntil, restsUntil, unanswered) = (false, .zero, .zero, 0)
      if isGivenUp == true { isGivenUp = nil }
    }

    mutating func comesOrGoes(_ isReachable: Bool) {
      self.isReachable = isReachable
      if isGivenUp == true { isGivenUp = nil }
    }

    mutating func leavesUnanswered(_ rules: ACD.QueueSettings, at now: Instant) {
      let first = min(rules.noAnswerBackoffSeconds, ACD.Limits.backoffSecondsMax)
      restsUntil = now + .seconds(min(first << min(unanswered, 8), ACD.Limits.backoffSecondsMax))
      unanswered += 1
      if rules.unreachableAfter > 0, unanswered >= rules.unreachableAfter { isGivenUp = true }
    }
  }

  struct OfferBook {
    let agent: ByteString
    let item: ACD.Offer.Item
    let medium: ACD.Medium
    /// Its number when it was offered.
    var sequence: UInt64
    let queue: ByteString
    var isWithdrawn = false
    var isAccepted = false
    var isReleased = false
    var isConnected = false
    var attempt: AttemptID?
    var heldSince: Instant?
    /// Of the caller who is connected.
    var number: ByteString = ""
    var isRinging: Bool { !isWithdrawn && !isAccepted && !isReleased }
    /// It may still lead to a conversation, or is one.
    var isLive: Bool { !isWithdrawn && !isReleased }
  }

  enum Fate { case answered, abandoned, sentOn, calledBack }

  /// Who alone is offered an item at first.
  enum Preferred: Equatable {
    case nobody
    case agent(ByteString)
  }

  /// What was said of a queue's hours.
  struct Opening {
    var isOpen: Bool
    var until: Instant
    var drainsUntil = Instant.zero
  }

  struct CallBook {
    let call: CallReference
    var queue: ByteString
    var enteredAt: Instant
    /// With what it entered first.
    var entry: ACD.Entry
    var preferred = Preferred.nobody
    var priority: UInt8
    var sequence: UInt64 = 0
    /// Those whose phone may ring.
    var offers: Set<OfferID> = []
    var hasAsked = false
    var hasLeft = false
    /// When another branch was last asked whether it takes the caller.
    var triedElsewhereAt: Instant?
    /// The place of a caller whose line broke.
    var isKept = false
    /// It has the place of the customer's callback, and its age is not known.
    var isTouched = false
    var fate: Fate?
    var changedAt: Instant
    var isWaiting: Bool { !hasLeft && fate == nil }
    /// Normalised; empty where there is none.
    var number: ByteString = ""
    var customer: ByteString = ""
  }

  struct CallbackBook {
    /// As last handed to the disk.
    var fact: CallbackFact
    /// The sequence number that was promised. A better one that was taken back before the disk had it was promised to
    /// nobody: its caller was served meanwhile.
    var place: UInt64
    var writesUnderWay = 0
    /// The disk missed something: what it says of times is old.
    var isBehind = false
    var isRestored = false
    /// What becomes of it is not known any more: it was cancelled, or its caller's place is not known.
    var isTouched = false
    /// A supervisor wants it dialled before everything else.
    var isUrgent = false
    /// The caller to whom it is being promised.
    var askedBy: CallReference?
    /// The caller who hears the goodbye.
    var departing: CallReference?
    /// Not before this; as far as it is known.
    var mayDialFrom = Instant.zero
    /// From here on it must be offered, if nothing else is in the way.
    var dueFrom: Instant
    /// Nor before this, because of what its caller does.
    var restsUntil = Instant.zero
    var expiresAt: Instant
    var changedAt: Instant
    /// It has waited at least since then.
    var knownSince: Instant
    var priority: UInt8

    init(fact: CallbackFact, priority: UInt8, at now: Instant) {
      self.fact = fact
      place = fact.sequence
      self.priority = priority
      knownSince = now
      dueFrom = now
      expiresAt = .never
      changedAt = now
    }

    mutating func rests(from now: Instant, _ rules: ACD.QueueSettings) {
      let delay = rules.callback?.minimumDelaySeconds ?? ACD.CallbackSettings().minimumDelaySeconds
      restsUntil = now + .seconds(delay)
      changedAt = now
    }
  }

  struct AttemptBook {
    let callback: UInt64
    var offer: OfferID?
    var leg: CallbackFact.Leg?
    var isDialled = false
    var isAnswered = false
    var isConfirmed = false
    var isHungUp = false
    var talksSince: Instant?
  }
}
