// Live callers: entering, hearing their position, leaving, and being sent on when they have waited too long.

import Basics
import Journal
import NumberPlan

extension ACD {
  mutating func enter(_ entry: Entry, at now: Instant) {
    let call = entry.reference
    guard calls[call] == nil else {
      counters.staleInputs += 1
      return log(.warning, "queue.entered-twice", call: call, entry.queue)
    }
    guard let queue = queueByName[entry.queue], queues[queue].isConfigured else {
      return outputs.append(.refusedEntry(call, .unknownQueue))
    }
    let customer = customer(of: entry)
    if comesBack(entry, customer, in: queue, at: now) { return }
    if let reason = entryObstacle(queue) {
      queues[queue].counts.refused += 1
      record(.entryRefused, queue: queue, detail: ByteString(reason.name), at: now)
      return outputs.append(.refusedEntry(call, reason))
    }
    lastSequence += 1
    var placement = Placement(
      queue: queue, medium: entry.medium, sequence: lastSequence,
      priority: entry.priority ?? queues[queue].settings.priority, rings: entry.rings, since: now)
    placement.preferred = preferredAgent(of: entry, customer, in: queue)
    calls[call] = WaitingCall(placement: placement, entry: entry, cameAt: now, customer: customer)
    queues[queue].counts.entered += 1
    record(.entered, queue: queue, item: lastSequence, at: now)
    wait(call, at: now)
    if entry.medium == .call { callerComesBack(call, at: now) }
    advise(call, at: now)
  }

  /// Without a number or a name nobody is remembered.
  private func customer(of entry: Entry) -> ByteString {
    if !entry.customer.isEmpty { return entry.customer }
    return plan.normalise(entry.callerNumber)?.digits ?? entry.callerNumber
  }

  private func preferredAgent(of entry: Entry, _ customer: ByteString, in queue: QueueID) -> AgentID? {
    guard queues[queue].settings.preferredAgentSeconds > 0 else { return nil }
    let agent = entry.preferredAgent.isEmpty ? lastAgents[customer] : agentByExtension[entry.preferredAgent]
    guard let agent, agents[agent].isLoggedIn, queues[queue].agents.contains(agent) else { return nil }
    return agent
  }

  /// In its place, with its announcements and its longest wait.
  mutating func wait(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call] else { return }
    queues[waiting.queue].callsPresent += 1
    place(.call(call), at: now)
    setPace(of: call, at: now)
    if let placed = calls[call] { outputs.append(.entered(call, standing(of: placed, at: now))) }
    if queues[waiting.queue].working == 0 { desertedQueues.append(waiting.queue) }
  }

  /// Its announcements from now on, and its longest wait, counted from when it entered the first queue.
  mutating func setPace(of call: CallReference, at now: Instant) {
    guard let waiting = calls[call] else { return }
    let rules = queues[waiting.queue].settings
    if rules.announceEverySeconds > 0 {
      timers.set(.announce(call), to: now + .seconds(rules.announceEverySeconds))
    } else {
      timers.cancel(.announce(call))
    }
    if rules.maximumWaitSeconds > 0 {
      timers.set(.overflow(call), to: max(now, waiting.cameAt + .seconds(rules.maximumWaitSeconds)))
    } else {
      timers.cancel(.overflow(call))
      calls[call]?.overflowIsDue = false
    }
  }

  func position(of waiting: WaitingCall) -> Int {
    waiting.placement.key.map { position(of: $0, in: waiting.queue) } ?? 1
  }

  private mutating func entryObstacle(_ queue: QueueID) -> EntryRefusal? {
    if let closed = closedObstacle(queue) { return closed }
    if !queues[queue].holds(queues[queue].settings.joinPolicy) {
      return queues[queue].loggedIn == 0 ? .nobodyLoggedIn : .allPaused
    }
    if queues[queue].callsPresent >= queues[queue].settings.maximumLength { return .queueFull }
    if calls.count >= min(settings.maximumCalls, Limits.calls) {
      counters.callLimitHit += 1
      return .boxFull
    }
    return nil
  }

  func position(of key: ItemKey, in queue: QueueID) -> Int { queues[queue].present.rank(of: key) + 1 }

  mutating func announce(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], !waiting.hasLeft else { return }
    let every = queues[waiting.queue].settings.announceEverySeconds
    if every > 0 { timers.set(.announce(call), to: now + .seconds(every)) }
    outputs.append(.announce(call, standing(of: waiting, at: now)))
  }

  mutating func leave(_ call: CallReference, lineBroke: Bool, at now: Instant) {
    if let id = departing[call] { return callerLeft(promisedBy: id, at: now) }
    guard let waiting = calls[call], !waiting.hasLeft else {
      counters.staleInputs += 1
      return
    }
    withdrawAll(of: .call(call), at: now)
    if let request = waiting.request {
      // Confirmed before hanging up: it counts as accepted, if it can be written.
      takeFromQueue(call)
      calls[call]?.hasLeft = true
      return callerLeft(requesting: request, at: now)
    }
    if lineBroke, keepPlace(of: call, waiting, at: now) { return }
    removeCall(call)
    releaseHeld(by: call, waiting, at: now)
    countAbandoned(waiting, at: now)
  }

  mutating func countAbandoned(_ waiting: WaitingCall, at now: Instant) {
    queues[waiting.queue].counts.abandoned += 1
    record(
      .abandoned, queue: waiting.queue, item: waiting.sequence, lasting: (waiting.leftAt ?? now) - waiting.enteredAt,
      at: now)
  }

  /// The longest wait has passed. While a phone rings for the caller, or a callback is being written, that goes first.
  mutating func waitIsOver(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], !waiting.hasLeft else { return }
    guard !waiting.isOffered, waiting.request == nil else {
      calls[call]?.overflowIsDue = true
      return
    }
    sendOn(call, waiting, at: now)
  }

  /// To the else destination; where that may refuse, it is tried first, again and again, and the place is kept.
  private mutating func sendOn(_ call: CallReference, _ waiting: WaitingCall, at now: Instant) {
    guard queues[waiting.queue].settings.triesElsewhere else { return overflow(call, .maximumWait, at: now) }
    calls[call]?.overflowIsDue = false
    timers.set(.overflow(call), to: now + .seconds(Limits.elsewhereEverySeconds))
    outputs.append(.tryElsewhere(call))
  }

  /// The else destination has answered: it has the caller, unless a callback is being written for them.
  mutating func wentElsewhere(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], !waiting.hasLeft, waiting.request == nil else {
      counters.staleInputs += 1
      return
    }
    withdrawAll(of: .call(call), at: now)
    overflow(call, .maximumWait, at: now)
  }

  mutating func overflow(_ call: CallReference, _ reason: OverflowReason, at now: Instant) {
    guard let waiting = removeCall(call) else { return }
    releaseHeld(by: call, waiting, at: now)
    queues[waiting.queue].counts.overflowed += 1
    outputs.append(.overflow(call, reason))
    record(
      .overflowed, queue: waiting.queue, item: waiting.sequence, lasting: now - waiting.enteredAt,
      detail: ByteString(reason.name), at: now)
  }

  /// Overflows a call whose time had passed while something else was tried for it. True if it is gone.
  mutating func overflowIfDue(_ call: CallReference, at now: Instant) -> Bool {
    guard let waiting = calls[call], waiting.overflowIsDue, !waiting.isOffered, waiting.request == nil else {
      return false
    }
    sendOn(call, waiting, at: now)
    return calls[call] == nil
  }

  /// Takes the caller's place away; what remains of it is a promise being written.
  mutating func takeFromQueue(_ call: CallReference) {
    guard let waiting = calls[call], !waiting.hasLeft else { return }
    displace(.call(call))
    queues[waiting.queue].callsPresent -= 1
    noteDrained(waiting.queue)
    timers.cancel(.announce(call))
    timers.cancel(.overflow(call))
    timers.cancel(.callerWrite(call))
    timers.cancel(.advice(call))
  }

  @discardableResult
  mutating func removeCall(_ call: CallReference) -> WaitingCall? {
    takeFromQueue(call)
    return calls.removeValue(forKey: call)
  }
}
