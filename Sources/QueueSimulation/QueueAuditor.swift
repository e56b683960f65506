// An independent judge of what the distributor says. It knows the rules of the house, sees inputs, outputs and the disk,
// and keeps its own books; it knows nothing of how the distributor works. What it cannot know for certain it does not
// demand: "may" is asked where something was done, "must" where something was left undone.

import ACD
import Basics
import Journal
import NumberPlan

public struct QueueAuditor {
  public enum Rule: UInt8, Sendable, CaseIterable {
    /// An item has at most one accepted offer, an agent at most one live one.
    case oneAcceptance = 1
    /// No offer in wrap-up, not ready, back-off, to an unreachable or busy phone, below the skills asked for.
    case noOfferUnready
    /// No item is offered while an older one of its class, eligible for that agent at that instant, waits.
    case noOvertaking
    /// After abandonment no offer lives longer than the cancel takes.
    case abandonment
    /// Every item has exactly one fate.
    case conservation
    /// Of an agent's queues the one of better priority is served first, and without shares the older item.
    case queueOrder
    /// Queues of one priority have their shares of the agents whom they share.
    case fairShare
    /// A ready agent and an eligible item meet within a bound.
    case liveness
    /// Callback: one dial in flight, one conversation, durable before the dial, never forgotten.
    case exactlyOnce
    /// An act is answered once, does what it says or nothing, and stands in the audit log.
    case acts
    /// Hold, passing on and the customer's verdict are recorded once, with the conversation that they belong to.
    case conversation
    /// A new configuration takes nothing from those who wait or work.
    case configuration
    /// A word that makes no sense where it is said.
    case nonsense
  }

  public struct Violation: Sendable, CustomStringConvertible {
    public let rule: Rule
    public let at: Instant
    public let text: String
    public var description: String {
      "\((at - World.start).milliseconds) ms: \(rule): \(text)"
    }
  }

  public enum Limits {
    /// A ready agent and an eligible item may look at each other for so long.
    static let meeting = Interval.seconds(2)
    /// From the end of an outage or a merge until a callback must be due, where it is not known exactly.
    static let dueSlack = Interval.seconds(2)
  }

  /// The first one; a run ends there.
  public internal(set) var violation: Violation?
  /// Offers that were judged.
  public internal(set) var offersSeen = 0
  public internal(set) var conversations = 0

  let branch: Branch
  var now = World.start
  var settings: ACD.Settings
  /// Of queues that are gone from the configuration, too.
  var rules: [ByteString: ACD.QueueSettings] = [:]
  var plan: NumberPlan
  var changedAt = World.start

  var agents: [ByteString: AgentBook] = [:]
  var offers: [OfferID: OfferBook] = [:]
  var calls: [CallReference: CallBook] = [:]
  var callbacks: [UInt64: CallbackBook] = [:]
  var attempts: [AttemptID: AttemptBook] = [:]
  /// Records on the disk.
  var disk: [UInt64: CallbackFact] = [:]
  /// Who spoke last with whom in this run: that agent is asked first.
  var acquaintances: [ByteString: ByteString] = [:]
  var openings: [ByteString: Opening] = [:]
  /// Live calls that wait or talk, by number: its callbacks rest meanwhile.
  var present: [ByteString: Set<CallReference>] = [:]
  /// Records of legs left behind by an earlier run, by Call-ID.
  var orphans: [ByteString: UInt64] = [:]
  var orphansOwed: Set<ByteString> = []
  var conversationsOf: [UInt64: Int] = [:]

  var wall = World.epoch
  var wallAt = World.start
  var isTrusted = false
  var channels = 0
  var isBrownOut = false
  /// The call of the `enter` that is being handled.
  var entering: ACD.Entry?
  var withdrawalsOwed: Set<OfferID> = []
  /// Callers whose `leave` is being handled.
  var leaving: [CallReference] = []
  /// Whom another branch has answered, in the `wentElsewhere` that is being handled.
  var takenElsewhere: CallReference?
  /// The item that entered, before its call is named.
  var enteredItem: UInt64?
  /// Who asks for a callback at this moment.
  var asking: CallReference?
  /// Calls with a fate, oldest first.
  var isOver: [CallReference] = []
  var isRestored = false
  var bootedAt = World.start
  var shares = ShareBook()
  /// The act that is being handled, and what was said of it.
  var act: ActBook?
  /// The configuration is being changed at this moment.
  var isConfiguring = false
  /// What must have been recorded of conversations when the input is handled, and what was.
  var owedRecords: [ConversationRecord] = []
  var seenRecords: [ConversationRecord] = []
  /// Conversations that may be judged, by offer; each once.
  var unjudged: [OfferID: ConversationRecord] = [:]
  /// What was said about items in this run, by sequence number.
  var fates: [UInt64: QueueEventFact.Kind] = [:]

  init(branch: Branch) {
    self.branch = branch
    settings = ACD.Settings()
    plan = NumberPlan(settings.numberPlan)
  }

  mutating func blame(_ rule: Rule, _ text: @autoclosure () -> String) {
    guard violation == nil else { return }
    violation = Violation(rule: rule, at: now, text: text())
  }

  func rules(_ queue: ByteString) -> ACD.QueueSettings { rules[queue] ?? ACD.QueueSettings(name: queue) }
  func wallTime(at now: Instant) -> WallTime { wall + (now - wallAt) }

  // MARK: For supervisors

  /// Sequence numbers of live items, oldest first.
  var waitingItems: [UInt64] { calls.values.filter(\.isWaiting).map(\.sequence).sorted() }
  var openCallbacks: [UInt64] { callbacks.values.filter { !$0.fact.state.isFinal }.map(\.fact.id).sorted() }

  // MARK: Inputs

  mutating func timePasses(to now: Instant) { self.now = now }

  mutating func willHandle(_ input: ACD.Input, at now: Instant) {
    self.now = now
    switch input {
    case .configure(let settings):
      isConfiguring = true
      configure(settings)
    case .restored(_, let facts, _, _):
      isRestored = true
      for fact in facts where fact.loggedIn {
        change(fact.extension) { ($0.isLoggedIn, $0.isPaused) = (true, !fact.pauseReason.isEmpty) }
      }
    case .wall(let time, let trusted):
      (wall, wallAt, isTrusted, changedAt) = (time, now, trusted, now)
    case .opening(let queue, let isOpen, let closesIn):
      isOpened(queue, isOpen, until: closesIn.map { now + $0 } ?? .never)
      changedAt = now
    case .trunkRoom(let free): (channels, changedAt) = (free, now)
    case .enter(let entry): entering = entry
    case .leave(let call, let lineBroke): leaves(call, lineBroke)
    case .act(let act, let who):
      self.act = ActBook(act: act, by: who)
      willPerform(act)
    case .reachable(let number, let isReachable): change(number) { $0.comesOrGoes(isReachable) }
    case .busyElsewhere(let number, let isBusy): change(number) { $0.isOnCall(isBusy) }
    case .accepted(let id): accepts(id)
    case .refused(let id, _): legIsGone(id, isRefused: true)
    case .ended(let id): legIsGone(id, isRefused: false)
    case .held(let id, let isHeld): isHeld ? holdBegins(id) : holdEnds(id)
    case .transferred(let id): isPassedOn(id)
    case .surveyed(let id, let score): isJudged(id, score)
    case .wentElsewhere(let call): takenElsewhere = call
    case .requestCallback(let call, _):
      calls[call]?.hasAsked = true
      asking = call
    case .pendingResolved(let call, _): calls[call]?.isTouched = true
    case .attemptLeg(let id, let leg): attempts[id]?.leg = leg
    case .attemptImpossible(let id): attempts[id] = nil
    case .attemptAnswered(let id, _): attemptIsAnswered(id)
    case .attemptConfirmed(let id): attempts[id]?.isConfirmed = true
    case .attemptFailed(let id, _, _), .attemptEnded(let id): attemptIsOver(id)
    default: break
    }
  }

  mutating func inputIsHandled(at now: Instant) {
    entering = nil
    takenElsewhereIsHandled()
    isConfiguring = false
    asking = nil
    actIsHandled()
    conversationsAreRecorded()
    if let id = withdrawalsOwed.min() { blame(.abandonment, "\(id) still rings for a caller who is gone") }
    withdrawalsOwed = []
    if isRestored, let owed = orphansOwed.min() {
      blame(.exactlyOnce, "the leg \(owed) of the run before was not ended")
    }
    for call in leaving {
      if let book = calls[call], book.fate == nil, !book.hasAsked, !book.isKept {
        blame(.conservation, "\(call) left without a fate")
      }
    }
    leaving = []
  }

  private mutating func configure(_ new: ACD.Settings) {
    settings = new
    plan = NumberPlan(new.numberPlan)
    changedAt = now
    shares = ShareBook()
    for queue in new.queues { rules[queue.name] = queue }
    let known = Set(new.agents.map(\.extension) + new.queues.flatMap(\.agents))
    for number in agents.keys.sorted() where !known.contains(number) {
      // It is logged out once it is free; when that is, is nobody's promise.
      change(number) { ($0.isConfigured, $0.mustBeAsked) = (false, false) }
    }
    for number in known { change(number) { $0.isConfigured = true } }
  }

  /// What is worked off after closing is worked off by the rules of that moment, whatever is configured afterwards.
  private mutating func isOpened(_ queue: ByteString, _ isOpen: Bool, until: Instant) {
    var opening = Opening(isOpen: isOpen, until: until)
    if !isOpen, let old = openings[queue] {
      let rules = rules(queue).callback
      let drains = old.isOpen && rules?.closing == .drain
      opening.drainsUntil = drains ? now + .minutes(rules?.drainMinutes ?? 0) : old.drainsUntil
    }
    openings[queue] = opening
  }

  private mutating func willPerform(_ act: ACD.Act) {
    switch act {
    case .move(let item, _), .prioritise(let item, _), .takeOut(let item): willMean(item)
    case .login(let number): change(number) { $0.logsIn() }
    case .logout(let number): change(number) { $0.logsOut() }
    case .pause(let number, _): change(number) { if $0.isLoggedIn { $0.isPaused = true } }
    case .ready(let number): change(number) { $0.isReady() }
    case .endWrapUp(let number): change(number) { $0.wrapsUpUntil = .zero }
    case .cancelCallback(let id): callbacks[id]?.isTouched = true
    case .brownOut(let isOn): (isBrownOut, changedAt) = (isOn, now)
    default: break
    }
  }

  mutating func change(_ number: ByteString, _ body: (inout AgentBook) -> Void) {
    var agent = agents[number] ?? AgentBook()
    body(&agent)
    agent.changedAt = now
    agents[number] = agent
  }

  private mutating func leaves(_ call: CallReference, _ lineBroke: Bool) {
    for (id, book) in callbacks
    where book.departing == call || (book.askedBy == call && book.writesUnderWay > 0) {
      callbacks[id]?.departing = nil
      let rules = rules(book.fact.queue)
      callbacks[id]?.rests(from: now, rules)
    }
    guard let book = calls[call], book.isWaiting else { return }
    calls[call]?.hasLeft = true
    // Whose line broke may come back: the fate is open until the place is given up.
    let mayComeBack = lineBroke && rules(book.queue).rejoinSeconds > 0
    calls[call]?.isKept = mayComeBack
    leavesQueue(book.queue)
    leaving.append(call)
    for id in book.offers where offers[id]?.isRinging == true { withdrawalsOwed.insert(id) }
  }

  // MARK: Power

  mutating func powerFails(at now: Instant) {
    self.now = now
    for id in attempts.keys.sorted() {
      guard let attempt = attempts[id], attempt.isDialled, let leg = attempt.leg else { continue }
      orphans[leg.callID] = attempt.callback
    }
    agents = [:]
    offers = [:]
    // Whoever waited live is gone with the box; that is no fate the queue chose.
    calls = [:]
    isOver = []
    attempts = [:]
    fates = [:]
    callbacks = [:]
    leaving = []
    withdrawalsOwed = []
    shares = ShareBook()
    (unjudged, owedRecords, seenRecords, act) = ([:], [], [], nil)
    (isTrusted, isRestored, channels, isBrownOut) = (false, false, 0, false)
    openings = [:]
    acquaintances = [:]
    present = [:]
    settings = ACD.Settings()
  }

  mutating func powerReturns(at now: Instant) {
    self.now = now
    bootedAt = now
    changedAt = now
    for id in disk.keys.sorted() {
      guard let fact = disk[id] else { continue }
      guard !fact.state.isFinal else {
        // Memory for years.
        disk[id] = nil
        conversationsOf[id] = nil
        continue
      }
      var book = CallbackBook(fact: fact, priority: 0, at: now)
      book.isRestored = true
      // An attempt whose end the disk never heard of may be repeated, and so may its conversation.
      conversationsOf[id] = nil
      if fact.state == .dialling || fact.state == .talking {
        book.mayDialFrom = now + .seconds(ACD.Limits.leaseSeconds)
        if let leg = fact.leg { orphansOwed.insert(leg.callID) }
      }
      callbacks[id] = book
    }
  }

  mutating func orphanIsGone(_ callID: ByteString) { orphans[callID] = nil }
}
