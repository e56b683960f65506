// A new configuration: queues and agents are matched by name. Nothing that waits or talks is touched; a removed queue
// serves what it holds, by the agents it had; a removed agent is logged out once it is free.

import Basics
import Journal
import NumberPlan

extension ACD {
  mutating func configure(_ new: Settings, at now: Instant) {
    settings = new
    plan = NumberPlan(new.numberPlan)
    for index in agents.indices { takeFromReady(AgentID(index: UInt16(truncatingIfNeeded: index))) }
    for index in queues.indices {
      queues[index].isConfigured = false
      if queues[index].isEmpty { (queues[index].agents, queues[index].members) = ([], []) }
    }
    var repaced: [QueueID] = []
    for rules in new.queues {
      if let queue = queueByName[rules.name] {
        if pace(of: queue) != (rules.maximumWaitSeconds, rules.announceEverySeconds) { repaced.append(queue) }
        queues[queue].settings = rules
        queues[queue].isConfigured = true
      } else if addQueue(rules, isConfigured: true) == nil {
        counters.queueLimitHit += 1
        log(.alarm, "queue.limit", rules.name)
      }
    }
    nameAgents(new, at: now)
    sharesAreSet = new.queues.contains { $0.weight > 0 }
    rebuildMembership()
    // Waiting items are looked at again, by the new rules.
    rebuildClasses(at: now)
    for queue in repaced { for call in callersWaiting(in: queue) { setPace(of: call, at: now) } }
    for index in agents.indices { agentChanged(AgentID(index: UInt16(truncatingIfNeeded: index)), at: now) }
  }

  /// A slot for a queue: a new one, or that of a removed queue in which nothing is left. nil at the limit.
  mutating func addQueue(_ rules: QueueSettings, isConfigured: Bool) -> QueueID? {
    let queue = Queue(settings: rules, isConfigured: isConfigured)
    if queues.count < Limits.queues {
      let id = QueueID(index: UInt16(queues.count))
      queues.append(queue)
      queueByName[rules.name] = id
      return id
    }
    let named = Set(settings.queues.map { $0.name })
    guard
      let index = queues.firstIndex(where: {
        !$0.isConfigured && $0.isEmpty && $0.agents.isEmpty && !named.contains($0.settings.name)
      })
    else { return nil }
    let id = QueueID(index: UInt16(truncatingIfNeeded: index))
    queueByName[queues[id].settings.name] = nil
    queues[id] = queue
    queueByName[rules.name] = id
    return id
  }

  /// How long callers wait at most, and how often they hear their place.
  private func pace(of queue: QueueID) -> (Int, Int) {
    (queues[queue].settings.maximumWaitSeconds, queues[queue].settings.announceEverySeconds)
  }

  private mutating func nameAgents(_ new: Settings, at now: Instant) {
    for index in agents.indices { agents[index].isConfigured = false }
    for agent in new.agents { nameAgent(agent, replacesName: true, at: now) }
    for queue in new.queues {
      for number in queue.agents { nameAgent(AgentSettings(extension: number), replacesName: false, at: now) }
    }
    for queue in queues where !queue.isConfigured && !queue.isEmpty {
      for member in queue.settings.members {
        if let agent = agentByExtension[member.extension] { agents[agent].isConfigured = true }
      }
    }
  }

  /// To be called whenever something leaves a queue: one that is gone from the configuration may have lost its last.
  mutating func noteDrained(_ queue: QueueID) {
    if !queues[queue].isConfigured, queues[queue].isEmpty { desertedQueues.append(queue) }
  }

  /// Nothing is left in a queue that is gone: its agents leave it, and those whom nothing else names are logged out.
  mutating func dissolve(_ queue: QueueID, at now: Instant) {
    let served = queues[queue].agents
    (queues[queue].agents, queues[queue].members) = ([], [])
    (queues[queue].loggedIn, queues[queue].working) = (0, 0)
    for agent in served {
      agents[agent].queues.removeAll { $0 == queue }
      let number = agents[agent].settings.extension
      agents[agent].isConfigured = !agents[agent].queues.isEmpty || settings.agents.contains { $0.extension == number }
      agentChanged(agent, at: now)
    }
    findNeighbours()
  }

  private mutating func nameAgent(_ rules: AgentSettings, replacesName: Bool, at now: Instant) {
    if let agent = agentByExtension[rules.extension] {
      if replacesName { agents[agent].settings = rules }
      agents[agent].isConfigured = true
      return
    }
    var agent = Agent(settings: rules, at: now)
    let phone = phones[rules.extension] ?? Phone()
    agent.isReachable = phone.isReachable
    agent.isBusyElsewhere = phone.isBusyElsewhere
    let login = restoredLogins.removeValue(forKey: rules.extension)
    agent.isLoggedIn = login != nil
    if let reason = login?.pauseReason, !reason.isEmpty { agent.pauseReason = reason }
    let free = agents.count < Limits.agents ? nil : agents.firstIndex { $0.isForgettable }
    if let free {
      agentByExtension[agents[free].settings.extension] = nil
      agents[free] = agent
      agentByExtension[rules.extension] = AgentID(index: UInt16(truncatingIfNeeded: free))
    } else if agents.count < Limits.agents {
      agentByExtension[rules.extension] = AgentID(index: UInt16(agents.count))
      agents.append(agent)
    } else {
      counters.agentLimitHit += 1
      log(.alarm, "agent.limit", rules.extension)
    }
  }

  /// Which agent serves which queue. A removed queue keeps its agents while anything is left in it.
  private mutating func rebuildMembership() {
    for index in agents.indices {
      agents[index].queues = []
      agents[index].isWorking = false
    }
    for index in queues.indices {
      let queue = QueueID(index: UInt16(truncatingIfNeeded: index))
      queues[index].agents = []
      queues[index].members = []
      queues[index].loggedIn = 0
      queues[index].working = 0
      guard queues[index].isConfigured || !queues[index].isEmpty else { continue }
      for member in queues[index].settings.members {
        guard let agent = agentByExtension[member.extension], !agents[agent].queues.contains(queue) else { continue }
        agents[agent].queues.append(queue)
        queues[index].agents.append(agent)
        queues[index].members.append(member)
        if agents[agent].isLoggedIn { queues[index].loggedIn += 1 }
      }
    }
    findNeighbours()
  }

  mutating func findNeighbours() {
    for index in queues.indices {
      queues[index].neighbours = neighbours(of: QueueID(index: UInt16(truncatingIfNeeded: index)))
    }
  }

  /// In the order of the table.
  private func neighbours(of id: QueueID) -> [(queue: QueueID, shared: Int)] {
    var shared = [Int](repeating: 0, count: queues.count)
    for agent in queues[id].agents { for other in agents[agent].queues { shared[Int(other.index)] += 1 } }
    shared[Int(id.index)] = 0
    return shared.indices.filter { shared[$0] > 0 }.map {
      (queue: QueueID(index: UInt16(truncatingIfNeeded: $0)), shared: shared[$0])
    }
  }

  /// Its place among the idle stays.
  private mutating func takeFromReady(_ agent: AgentID) {
    guard !agents[agent].readyFor.isEmpty else { return }
    leaveReady(agent)
    agents[agent].readyFor = MediumSet()
    agents[agent].keepsRank = true
  }
}
