// Agents: logging in and out, phones that come and go, and the one place that decides whether an agent is ready.

import Basics
import Journal

extension ACD {
  mutating func login(_ number: ByteString, at now: Instant) {
    guard let agent = agentByExtension[number], agents[agent].isConfigured else {
      counters.staleInputs += 1
      return log(.notice, "agent.unknown", number)
    }
    guard !agents[agent].isLoggedIn else { return }
    setLoggedIn(agent, true)
    agents[agent].unansweredInARow = 0
    agents[agent].isUnresponsive = false
    agents[agent].backoffUntil = nil
    timers.cancel(.backoff(agent))
    tellLogin(agent, at: now)
    agentChanged(agent, at: now)
  }

  mutating func logout(_ number: ByteString, at now: Instant) {
    guard let agent = agentByExtension[number], agents[agent].isLoggedIn else { return }
    logOut(agent, at: now)
  }

  /// A conversation goes on; an offer that rings is withdrawn.
  mutating func logOut(_ agent: AgentID, at now: Instant) {
    setLoggedIn(agent, false)
    agents[agent].pauseReason = nil
    agents[agent].backoffUntil = nil
    timers.cancel(.backoff(agent))
    tellLogin(agent, at: now)
    if agents[agent].duty == .wrapUp { endWrapUp(agent, at: now) }
    withdrawRinging(from: agent, at: now)
    agentChanged(agent, at: now)
  }

  mutating func setLoggedIn(_ agent: AgentID, _ isLoggedIn: Bool) {
    agents[agent].isLoggedIn = isLoggedIn
    for queue in agents[agent].queues { queues[queue].loggedIn += isLoggedIn ? 1 : -1 }
  }

  private mutating func tellLogin(_ agent: AgentID, at now: Instant) {
    let isLoggedIn = agents[agent].isLoggedIn
    persistAgent(agent)
    record(isLoggedIn ? .agentLoggedIn : .agentLoggedOut, queue: nil, agent: agent, at: now)
  }

  // MARK: Phones

  mutating func setReachable(_ number: ByteString, _ isReachable: Bool, at now: Instant) {
    notePhone(number) { $0.isReachable = isReachable }
    guard let agent = agentByExtension[number], agents[agent].isReachable != isReachable else { return }
    agents[agent].isReachable = isReachable
    agents[agent].isUnresponsive = false
    if !isReachable { withdrawRinging(from: agent, at: now) }
    agentChanged(agent, at: now)
  }

  mutating func setBusyElsewhere(_ number: ByteString, _ isBusy: Bool, at now: Instant) {
    notePhone(number) { $0.isBusyElsewhere = isBusy }
    guard let agent = agentByExtension[number], agents[agent].isBusyElsewhere != isBusy else { return }
    agents[agent].isBusyElsewhere = isBusy
    // Whoever makes a call is there.
    if !isBusy { agents[agent].isUnresponsive = false }
    if isBusy { withdrawRinging(from: agent, at: now) }
    agentChanged(agent, at: now)
  }

  private mutating func notePhone(_ number: ByteString, _ change: (inout Phone) -> Void) {
    var phone = phones[number] ?? Phone()
    change(&phone)
    guard phone.isOfInterest else {
      phones[number] = nil
      return
    }
    guard phones[number] != nil || phones.count < Limits.phones else {
      counters.phoneLimitHit += 1
      return
    }
    phones[number] = phone
  }

  mutating func withdrawRinging(from agent: AgentID, at now: Instant) {
    guard case .offer(let offer) = agents[agent].duty, offers[offer]?.state == .ringing else { return }
    withdraw(offer, itemIsGone: false, at: now)
  }

  // MARK: Wrap-up and back-off

  /// After a conversation: the agent has `wrapUpSeconds` of the queue for its notes.
  mutating func beginWrapUp(_ agent: AgentID, for queue: QueueID, at now: Instant) {
    let seconds = queues[queue].settings.wrapUpSeconds
    guard seconds > 0, agents[agent].isLoggedIn else {
      agents[agent].duty = .free
      return
    }
    agents[agent].duty = .wrapUp
    agents[agent].wrapUpQueue = queue
    agents[agent].wrapUpSince = now
    timers.set(.wrapUp(agent), to: now + .seconds(seconds))
  }

  mutating func endWrapUp(_ agent: AgentID, at now: Instant) {
    guard agents[agent].duty == .wrapUp else { return }
    timers.cancel(.wrapUp(agent))
    agents[agent].duty = .free
    record(
      .wrapUpEnded, queue: agents[agent].wrapUpQueue, agent: agent, lasting: now - agents[agent].wrapUpSince, at: now)
    agents[agent].wrapUpQueue = nil
    agentChanged(agent, at: now)
  }

  /// An offer came to nothing by the agent's doing: no other for a while, doubling each time in a row.
  mutating func backOff(_ agent: AgentID, for queue: QueueID, at now: Instant) {
    let doublings = min(agents[agent].unansweredInARow, 8)
    agents[agent].unansweredInARow += 1
    let limit = queues[queue].settings.unreachableAfter
    if limit > 0, agents[agent].unansweredInARow >= limit {
      agents[agent].isUnresponsive = true
      log(.warning, "agent.unresponsive", agents[agent].settings.extension)
    }
    let first = min(queues[queue].settings.noAnswerBackoffSeconds, Limits.backoffSecondsMax)
    let seconds = min(first << doublings, Limits.backoffSecondsMax)
    guard seconds > 0 else { return }
    agents[agent].backoffUntil = now + .seconds(seconds)
    timers.set(.backoff(agent), to: now + .seconds(seconds))
  }

  // MARK: Readiness

  /// To be called after every change of an agent: puts it among the ready of its classes or takes it out.
  mutating func agentChanged(_ agent: AgentID, at now: Instant) {
    if agents[agent].duty == .free, agents[agent].texts.isEmpty, !agents[agent].isConfigured, agents[agent].isLoggedIn {
      return logOut(agent, at: now)
    }
    let readiness = readiness(agents[agent])
    if readiness != agents[agent].readyFor {
      let wasReady = !agents[agent].readyFor.isEmpty
      leaveReady(agent)
      agents[agent].readyFor = readiness
      if !readiness.isEmpty {
        if !wasReady { rank(agent) }
        joinReady(agent)
      }
    }
    if readiness.isEmpty, agents[agent].duty == .free { agents[agent].keepsRank = false }
    countAsWorking(agent)
    let state = state(of: agent)
    if state != agents[agent].shown {
      let (old, since) = (agents[agent].shown, agents[agent].shownSince)
      agents[agent].shown = state
      agents[agent].shownSince = now
      shownStateChanged(agent, from: old, to: state, since: since, at: now)
    }
  }

  /// Idle from now on, unless its latest offer was taken back through no doing of its own.
  private mutating func rank(_ agent: AgentID) {
    if !agents[agent].keepsRank {
      lastRank += 1
      agents[agent].rank = lastRank
    }
    agents[agent].keepsRank = false
  }

  private mutating func countAsWorking(_ agent: AgentID) {
    let isWorking = agents[agent].mayWork
    let wasWorking = agents[agent].isWorking
    agents[agent].isWorking = isWorking
    for queue in agents[agent].queues {
      if isWorking != wasWorking { queues[queue].working += isWorking ? 1 : -1 }
      if queues[queue].working == 0, queues[queue].callsPresent > 0 { desertedQueues.append(queue) }
    }
  }

  private func state(of id: AgentID) -> AgentState {
    let agent = agents[id]
    switch agent.duty {
    case .offer(let offer):
      switch offers[offer]?.state {
      case .ringing: return .offered
      case .reserved: return .reserved
      case .talking: return offers[offer]?.heldSince == nil ? .talking : .held
      case .withdrawn, .released, nil: return .withdrawing
      }
    case .wrapUp: return .wrapUp
    case .free: break
    }
    if !agent.isLoggedIn { return .loggedOut }
    if agent.pauseReason != nil { return .notReady }
    if !agent.isReachable || agent.isUnresponsive { return .unreachable }
    if agent.isBusyElsewhere { return .busyElsewhere }
    return agent.backoffUntil == nil ? .ready : .backoff
  }
}
