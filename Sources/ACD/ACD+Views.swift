// What a status page asks for: copies, taken when asked, in the order of the configuration or of age.

import Basics
import Journal

extension ACD {
  public func queueViews(at now: Instant) -> [QueueView] {
    var longest: [Interval] = Array(repeating: .zero, count: queues.count)
    for (_, call) in calls where !call.hasLeft {
      let index = Int(call.queue.index)
      longest[index] = max(longest[index], now - call.enteredAt)
    }
    return queues.indices.map { index in
      let queue = queues[index]
      return QueueView(
        id: QueueID(index: UInt16(truncatingIfNeeded: index)), name: queue.settings.name,
        displayName: queue.settings.displayName, isDraining: !queue.isConfigured, callsWaiting: queue.callsPresent,
        callbacksDue: queue.present.count - queue.callsPresent, callbacksOpen: queue.callbacksOpen,
        longestWait: longest[index], agentsLoggedIn: queue.loggedIn,
        agentsReady: queue.agents.reduce(0) { $0 + (agents[$1].readyFor.isEmpty ? 0 : 1) },
        counts: queue.counts)
    }
  }

  public func agentViews(at now: Instant) -> [AgentView] {
    agents.indices.map { index in
      let agent = agents[index]
      var offer: OfferID?
      if case .offer(let id) = agent.duty { offer = id }
      return AgentView(
        id: AgentID(index: UInt16(truncatingIfNeeded: index)), extension: agent.settings.extension,
        displayName: agent.settings.displayName, state: agent.shown,
        pauseReason: agent.pauseReason ?? "", inState: now - agent.shownSince,
        isLoggedIn: agent.isLoggedIn, isReachable: agent.isReachable,
        queues: agent.queues.map { queues[$0].settings.name }, unansweredInARow: agent.unansweredInARow, offer: offer,
        answered: agent.answered)
    }
  }

  /// Live callers who wait, oldest first.
  public func callViews(at now: Instant) -> [CallView] {
    var views: [CallView] = []
    for (call, waiting) in calls where !waiting.hasLeft {
      let agent = waiting.placement.offers.first.flatMap { offers[$0]?.agent }
      views.append(
        CallView(
          call: call, queue: queues[waiting.queue].settings.name,
          position: position(of: waiting), waited: now - waiting.enteredAt,
          sequence: waiting.sequence, offeredTo: agent.map { agents[$0].settings.extension }))
    }
    views.sort { $0.sequence < $1.sequence }
    return views
  }

  /// Open callbacks, oldest first. Numbers are whole: whoever shows them masks them.
  public func callbackViews(at now: Instant) -> [CallbackView] {
    var views: [CallbackView] = []
    for callback in callbacks.values {
      let isWaiting = callback.stage == .resting || callback.stage == .leased
      views.append(
        CallbackView(
          fact: callback.fact, stage: stage(of: callback),
          dueIn: isWaiting ? max(callback.dueAt - now, .zero) : .zero))
    }
    views.sort { ($0.fact.sequence, $0.fact.id) < ($1.fact.sequence, $1.fact.id) }
    return views
  }

  private func stage(of callback: Callback) -> CallbackView.Stage {
    switch callback.stage {
    case .creating: .creating
    case .merging, .untimed, .leased, .resting: .resting
    case .due: .due
    case .offered: .offered
    case .attempting(let id):
      if case .talking = attempts[id]?.state { .talking } else { .dialling }
    }
  }
}
