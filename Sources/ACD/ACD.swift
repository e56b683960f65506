// The automatic call distributor: who is next, which agent gets it, and which promises to call back are open. It decides
// by three inputs only: what happened, the time it happened, the settings. It never dials and never plays a sound.
//
// Rules: waiting items are ordered by (priority, durable sequence); of the agents who satisfy what an item asks for, the
// queue's strategy picks one. A callback is an item like a live call and keeps the place of its call. Items that ask the
// same stand in one class; matching looks only at the heads of classes to which something was added.

import Basics
import Journal
import NumberPlan

///     var acd = ACD()
///     acd.handle(.configure(settings), at: now)
///     while let output = acd.pollOutput() { … }    // after every handle and advance
public struct ACD {
  enum Timer: Hashable {
    case announce(CallReference)
    case shift(Offer.Item)
    /// A caller whose line broke has not come back.
    case forget(CallReference)
    case overflow(CallReference)
    /// A caller waits for the disk.
    case callerWrite(CallReference)
    case ring(OfferID)
    case wrapUp(AgentID)
    case backoff(AgentID)
    case due(UInt64)
    case expiry(UInt64)
    case lease(UInt64)
    /// An agent waits for the disk, or for the leg's identity.
    case attemptWrite(AttemptID)
    case attemptRing(AttemptID)
    case done(AttemptID)
    case rewrite
    /// The end of the opening hours, or of the time to drain after it.
    case hours(QueueID)
    /// Whether the caller should be told of callbacks.
    case advice(CallReference)
    /// Customer first: whoever answered may press 1 until then.
    case confirm(AttemptID)
    case customerWaits(AttemptID)
    /// A live conversation with the number of an open callback.
    case liveTalk(OfferID)
  }

  var settings = Settings()
  var plan: NumberPlan
  var queues: [Queue] = []
  var queueByName: [ByteString: QueueID] = [:]
  var agents: [Agent] = []
  var agentByExtension: [ByteString: AgentID] = [:]
  var phones: [ByteString: Phone] = [:]
  /// Restored log-ins of extensions that no configuration has named yet.
  var restoredLogins: [ByteString: AgentFact] = [:]
  var calls = KeyedSlab<CallReference, WaitingCall>()
  var callbacks: [UInt64: Callback] = [:]
  /// Callers who may still hear the goodbye, and their callbacks.
  var departing: [CallReference: UInt64] = [:]
  var offers: [OfferID: LiveOffer] = [:]
  var attempts: [AttemptID: Attempt] = [:]
  var timers = DeadlineHeap<Timer>()
  var unwritten = Unwritten()
  var outputs = Fifo<Output>()
  var classes: [RequirementClass] = []
  var freeClasses: [ClassID] = []
  var classByKey: [RequirementClass.Key: ClassID] = [:]
  var dirtyClasses: [ClassID] = []
  /// Queues that may have lost their last agent since the last match.
  var desertedQueues: [QueueID] = []
  /// Some queue has a weight; `latestPass` is the greatest share given out.
  var sharesAreSet = false
  var latestPass: UInt64 = 0
  var random = SeededRandom(seed: 0)
  var lastAgents = LastAgents()
  /// Callers whose line broke, by customer: their places are kept for a while.
  var broken: [ByteString: CallReference] = [:]
  var clock = Clock()
  var decisions = Decisions()
  var channelsFree = 0
  /// Held by callbacks that are offered or prepared, out of `channelsFree`.
  var channelsHeld = 0
  var lastSequence: UInt64 = 0
  var lastCallbackID: UInt64 = 0
  var lastOffer: UInt64 = 0
  var lastAttempt: UInt64 = 0
  var lastRank: UInt64 = 0
  /// Open callbacks by the number to be dialled, and by the number that asked for them.
  var callbacksByNumber: [ByteString: [UInt64]] = [:]
  var callbacksByCaller: [ByteString: [UInt64]] = [:]
  /// Callbacks held by a live conversation.
  var heldByTalk: [OfferID: [UInt64]] = [:]
  /// The power is failing.
  public internal(set) var isBrownOut = false
  public internal(set) var counters = Counters()
  public internal(set) var reports = Reports()
  var estimates = Estimates()
  var judged = Judged()

  public init() { plan = NumberPlan(settings.numberPlan) }

  public var nextDeadline: Instant? { timers.nextDeadline }

  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  /// Fires what is due, then takes the input in.
  public mutating func handle(_ input: Input, at now: Instant) {
    while fireDue(at: now) {}
    apply(input, at: now)
    dispatch(at: now)
  }

  /// Fires the timers that are due. Items and agents are brought together after all of them: who becomes ready and what
  /// becomes due at the same instant meet by age, not by the order of timers.
  public mutating func advance(to now: Instant) {
    while fireDue(at: now) {}
    dispatch(at: now)
  }

  /// Takes the input in without bringing items and agents together.
  mutating func apply(_ input: Input, at now: Instant) {
    switch input {
    case .configure(let settings): configure(settings, at: now)
    case .restored(let callbacks, let agents, let sequence, let callbackID):
      restore(callbacks, agents, lastSequence: sequence, lastCallbackID: callbackID, at: now)
    case .wall(let time, let trusted): setClock(time, trusted: trusted, at: now)
    case .enter(let entry): enter(entry, at: now)
    case .leave(let call, let lineBroke): leave(call, lineBroke: lineBroke, at: now)
    case .act(let act, let who): perform(act, by: who, at: now)
    case .reachable(let number, let isReachable): setReachable(number, isReachable, at: now)
    case .busyElsewhere(let number, let isBusy): setBusyElsewhere(number, isBusy, at: now)
    case .ringing: break
    case .accepted(let offer): accept(offer, at: now)
    case .refused(let offer, let status): refuse(offer, status: status, at: now)
    case .ended(let offer): end(offer, at: now)
    case .requestCallback(let call, let request): requestCallback(call, request, at: now)
    case .pendingResolved(let call, let choice): pendingResolved(call, choice, at: now)
    case .durable(let number): durable(upTo: number, at: now)
    case .persistFailed(let first, let last): persistFailed(from: first, through: last, at: now)
    case .attemptLeg(let attempt, let leg): attemptLeg(attempt, leg, at: now)
    case .attemptImpossible(let attempt): attemptFailed(attempt, 503, nil, at: now)
    case .attemptRinging(let attempt): attempts[attempt]?.hasRung = true
    case .attemptAnswered(let attempt, let tag): attemptAnswered(attempt, remoteTag: tag, at: now)
    case .attemptConfirmed(let attempt): attemptConfirmed(attempt, at: now)
    case .attemptFailed(let attempt, let status, let cause): attemptFailed(attempt, status, cause, at: now)
    case .attemptEnded(let attempt): attemptEnded(attempt, at: now)
    case .wentElsewhere(let call): wentElsewhere(call, at: now)
    case .trunkRoom(let channels): setTrunkRoom(channels)
    case .seed(let seed): random = SeededRandom(seed: seed)
    case .timetable(let name, let spans): setTimetable(name, spans)
    case .opening(let name, let isOpen, let closesIn): setOpening(name, isOpen: isOpen, closesIn: closesIn, at: now)
    case .held(let offer, let isHeld): setHeld(offer, isHeld, at: now)
    case .transferred(let offer): transferred(offer, at: now)
    case .surveyed(let offer, let score): surveyed(offer, score: score, at: now)
    }
  }

  /// Fires the timer that has been due longest, if any.
  mutating func fireDue(at now: Instant) -> Bool {
    guard let timer = timers.popDue(at: now) else { return false }
    fire(timer, at: now)
    return true
  }

  private mutating func fire(_ timer: Timer, at now: Instant) {
    switch timer {
    case .announce(let call): announce(call, at: now)
    case .shift(let item): shift(item, at: now)
    case .forget(let call): lineIsLost(call, at: now)
    case .overflow(let call): waitIsOver(call, at: now)
    case .callerWrite(let call): callerWaitedForDisk(call, at: now)
    case .ring(let offer): ringTimeout(offer, at: now)
    case .wrapUp(let agent): endWrapUp(agent, at: now)
    case .backoff(let agent):
      agents[agent].backoffUntil = nil
      agentChanged(agent, at: now)
    case .due(let id), .expiry(let id):
      settle(id, at: now)
    case .lease(let id): leaseIsOver(id, at: now)
    case .attemptWrite(let attempt): attemptWaitedForDisk(attempt, at: now)
    case .attemptRing(let attempt): attemptRangOut(attempt, at: now)
    case .done(let attempt): conversationCounts(attempt, at: now)
    case .rewrite: rewriteFailed(at: now)
    case .hours(let queue): hoursChange(queue, at: now)
    case .advice(let call): advise(call, at: now)
    case .confirm(let attempt): attemptUnconfirmed(attempt, at: now)
    case .customerWaits(let attempt): customerStillWaits(attempt, at: now)
    case .liveTalk(let offer): liveTalkCounts(offer, at: now)
    }
  }

  // MARK: Words to the outside

  mutating func record(
    _ kind: QueueEventFact.Kind, queue: QueueID?, item: UInt64 = 0, agent: AgentID? = nil, lasting: Interval = .zero,
    detail: ByteString = "", at now: Instant
  ) {
    let event = QueueEventFact(
      kind, at: clock.time(at: now), queue: queue.map { queues[$0].settings.name } ?? "", item: item,
      agent: agent.map { agents[$0].settings.extension } ?? "", milliseconds: Int64(lasting.milliseconds),
      detail: detail)
    keep(event, queue: queue, at: now)
  }

  mutating func log(_ level: LogLevel, _ event: StaticString, call: CallReference? = nil, _ text: ByteString) {
    outputs.append(.log(LogEntry(level, event, call: call?.number ?? 0, text)))
  }
}

// Ids are handed out by the tables themselves and slots are never taken away, so that an id always has its element.
extension Array where Element == Queue {
  subscript(id: QueueID) -> Queue {
    _read { yield self[Int(id.index)] }
    _modify { yield &self[Int(id.index)] }
  }
}

extension Array where Element == Agent {
  subscript(id: AgentID) -> Agent {
    _read { yield self[Int(id.index)] }
    _modify { yield &self[Int(id.index)] }
  }
}
