// The table of requirement classes, and the ready agents in each. A class exists while items stand in it, and a while
// longer if it is of the common kind.

import Basics

extension ACD {
  /// The class with this key, made when it is not there. nil at the limit, which is logged: the item waits until another
  /// change of its own.
  mutating func requirement(_ key: RequirementClass.Key) -> ClassID? {
    if let id = classByKey[key] { return id }
    if classByKey.count >= Limits.classes { forgetEmptyClasses() }
    guard classByKey.count < Limits.classes else {
      counters.classLimitHit += 1
      log(.alarm, "queue.class-limit", queues[key.queue].settings.name)
      return nil
    }
    var new = RequirementClass(key)
    for (index, agent) in queues[key.queue].agents.enumerated() where satisfies(agent, key, member: index) {
      new.members.append(agent)
    }
    let id: ClassID
    if let free = freeClasses.popLast() {
      id = free
      classes[id] = new
    } else {
      id = ClassID(index: classes.count)
      classes.append(new)
    }
    classByKey[key] = id
    queues[key.queue].classes.append(id)
    for agent in new.members {
      agents[agent].classes.append(id)
      if agents[agent].readyFor.contains(key.medium) { stand(agent, in: id) }
    }
    return id
  }

  private func satisfies(_ agent: AgentID, _ key: RequirementClass.Key, member index: Int) -> Bool {
    key.isSatisfied(by: agent, agents[agent].settings, queues[key.queue].members[index])
  }

  mutating func leave(_ id: ClassID, _ key: ItemKey) {
    classes[id].waiting.remove(key)
    // Those of one agent are as many as there are customers who know one.
    if classes[id].waiting.isEmpty, classes[id].key.preferred != nil { forget(id) }
  }

  private mutating func forget(_ id: ClassID) {
    for agent in classes[id].members {
      agents[agent].classes.removeAll { $0 == id }
      agents[agent].standings.removeAll { $0.requirement == id }
    }
    classByKey[classes[id].key] = nil
    queues[classes[id].key.queue].classes.removeAll { $0 == id }
    classes[id].members = []
    classes[id].ready.removeAll()
    // A dirty one is passed over by the next match, and free after that.
    if !classes[id].isDirty { freeClasses.append(id) }
  }

  /// A class that was forgotten while it stood in the list of dirty ones.
  func isForgotten(_ id: ClassID) -> Bool { classByKey[classes[id].key] != id }

  private mutating func forgetEmptyClasses() {
    for index in classes.indices {
      let id = ClassID(index: index)
      if classes[id].waiting.isEmpty, !isForgotten(id) { forget(id) }
    }
  }

  /// After a change of queues or agents: every class anew, every item in its class.
  mutating func rebuildClasses(at now: Instant) {
    var standing: [ItemKey] = []
    for id in classByKey.values {
      classes[id].waiting.forEach {
        standing.append($0)
        return true
      }
    }
    for index in agents.indices {
      agents[index].classes = []
      agents[index].standings = []
    }
    for index in queues.indices { queues[index].classes = [] }
    classes = []
    freeClasses = []
    classByKey = [:]
    dirtyClasses = []
    for key in standing { change(key.item) { $0.requirement = nil } }
    // In the order of their keys: that of a dictionary must not reach an output.
    for key in standing.sorted() { place(key.item, at: now) }
  }

  // MARK: Ready agents

  /// What an agent can be offered now.
  func readiness(_ agent: Agent) -> MediumSet {
    var media = MediumSet()
    guard agent.mayWork, !agent.isBusyElsewhere, agent.duty == .free, agent.backoffUntil == nil else { return media }
    for medium in Medium.allCases {
      if medium.isVoice {
        if agent.texts.isEmpty || agent.settings.takesCallsBesideText { media.insert(medium) }
      } else {
        // No closure: it would copy the whole distributor.
        var busy = 0
        for text in agent.texts where offers[text]?.medium == medium { busy += 1 }
        if busy < agent.settings.capacity(for: medium) { media.insert(medium) }
      }
    }
    return media
  }

  mutating func joinReady(_ agent: AgentID) {
    for id in agents[agent].classes where agents[agent].readyFor.contains(classes[id].key.medium) {
      stand(agent, in: id)
    }
  }

  mutating func leaveReady(_ agent: AgentID) {
    for standing in agents[agent].standings { classes[standing.requirement].ready.remove(standing.key) }
    agents[agent].standings = []
  }

  private mutating func stand(_ agent: AgentID, in id: ClassID) {
    let key = ReadyKey(sort: sort(agent, in: id), rank: agents[agent].rank, agent: agent)
    classes[id].ready.insert(key)
    agents[agent].standings.append(Agent.Standing(requirement: id, key: key))
    markDirty(id)
  }

  private func sort(_ agent: AgentID, in id: ClassID) -> Int64 {
    let key = classes[id].key
    switch queues[key.queue].settings.strategy {
    case .longestIdle: return 0
    case .fewestCalls: return Int64(agents[agent].answered)
    case .leastTalkTime: return Int64(agents[agent].talked.milliseconds)
    case .mostSkilled:
      return -key.skills.reduce(0) { $0 + Int64(agents[agent].settings.level(of: $1.name)) }
    case .roundRobin, .linear, .ringAll, .weightedRandom:
      return Int64(queues[key.queue].agents.firstIndex(of: agent) ?? 0)
    }
  }

  // MARK: Matching is due

  mutating func markDirty(_ id: ClassID) {
    guard !classes[id].isDirty, !classes[id].waiting.isEmpty else { return }
    classes[id].isDirty = true
    dirtyClasses.append(id)
  }
}

extension Array where Element == RequirementClass {
  subscript(id: ClassID) -> RequirementClass {
    _read { yield self[id.index] }
    _modify { yield &self[id.index] }
  }
}
