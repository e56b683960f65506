// The state that an agent shows, break and back-off included: each change lights a lamp and leaves a line with the time
// spent in the state that was left, from which all times of agents are reckoned.

import Basics
import Journal

extension ACD {
  /// Whom an agent served last, for the code that is told afterwards.
  struct Conversation {
    let queue: ByteString
    let item: UInt64
  }

  /// To be called once for each change of `Agent.shown`, after it.
  mutating func shownStateChanged(
    _ agent: AgentID, from old: AgentState, to new: AgentState, since: Instant, at now: Instant
  ) {
    let reason = agents[agent].shownReason
    agents[agent].shownReason = new == .notReady ? agents[agent].pauseReason ?? "" : ""
    if new == .talking, case .offer(let id) = agents[agent].duty, let offer = offers[id] {
      noteConversation(agent, offer)
    }
    outputs.append(.agentState(agents[agent].settings.extension, new))
    record(
      .agentStateLeft, queue: nil, agent: agent, lasting: now - since,
      detail: reason.isEmpty ? ByteString(old.name) : ByteString(old.name) + " " + reason, at: now)
  }

  /// Of a text conversation it is told by itself: it leaves the agent's state as it is.
  mutating func noteConversation(_ agent: AgentID, _ offer: LiveOffer) {
    agents[agent].latest = Conversation(queue: queues[offer.queue].settings.name, item: offer.sequence)
  }

  /// A break, or with nil its end. A conversation and a wrap-up go on; an offer that rings is withdrawn.
  mutating func setPause(_ agent: AgentID, _ reason: ByteString?, at now: Instant) {
    guard agents[agent].pauseReason != reason else { return }
    agents[agent].pauseReason = reason
    persistAgent(agent)
    if reason != nil { withdrawRinging(from: agent, at: now) }
    agentChanged(agent, at: now)
    // From one break straight into another: the state stays, its reason does not.
    guard agents[agent].shown == .notReady, agents[agent].shownReason != reason ?? "" else { return }
    let since = agents[agent].shownSince
    agents[agent].shownSince = now
    shownStateChanged(agent, from: .notReady, to: .notReady, since: since, at: now)
  }

  mutating func persistAgent(_ agent: AgentID) {
    persist(
      .agent(
        AgentFact(
          extension: agents[agent].settings.extension, loggedIn: agents[agent].isLoggedIn,
          pauseReason: agents[agent].pauseReason ?? "")),
      promise: false)
  }

  /// Its user has shown up.
  mutating func endBackoff(_ agent: AgentID) {
    agents[agent].isUnresponsive = false
    agents[agent].unansweredInARow = 0
    agents[agent].backoffUntil = nil
    timers.cancel(.backoff(agent))
  }

  /// An offer that the agent did not take, for a notice on the phone.
  mutating func noteMissed(_ offer: LiveOffer) {
    outputs.append(
      .missedOffer(agents[offer.agent].settings.extension, queue: queues[offer.queue].settings.name))
  }
}
