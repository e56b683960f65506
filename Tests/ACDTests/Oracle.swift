// Matching as one would define it: look at every item and every agent, take the best pair, and again from the start. Slow,
// and obviously right. It reads the plain tables of queues, agents, calls and callbacks, none of the classes and lists
// that make the real one fast.

import Basics

@testable import ACD

struct Oracle {
  /// Without an agent: a customer who is dialled first.
  struct Pair: Equatable, CustomStringConvertible {
    let item: ACD.Offer.Item
    let agent: AgentID?
    var description: String { "\(item) to \(agent.map { "\($0.index)" } ?? "be dialled")" }
  }

  private struct Item {
    let item: ACD.Offer.Item
    let placement: Placement
    let priority: Int
    let skills: [ACD.Skill]
    let reserveJoins: Bool
    let preferred: AgentID?
    var isCallback: Bool { placement.medium == .callback }
  }

  private let acd: ACD
  private let now: Instant
  private var taken: Set<AgentID> = []
  private var passes: [UInt64]
  private var lastServed: [Int64]
  private var random: SeededRandom
  private var channels: Int
  /// Queues for whose agents customers are being dialled.
  private var expected: [QueueID]

  static func offers(_ acd: ACD, at now: Instant) -> [Pair] {
    var oracle = Oracle(acd, now)
    return acd.isBrownOut ? [] : oracle.run()
  }

  private init(_ acd: ACD, _ now: Instant) {
    self.acd = acd
    self.now = now
    passes = acd.queues.map(\.pass)
    lastServed = acd.queues.map(\.lastServed)
    random = acd.random
    channels = acd.clock.isTrusted ? acd.channelsFree - acd.channelsHeld : 0
    expected = acd.attempts.values.filter { attempt in
      guard attempt.isCustomerFirst else { return false }
      switch attempt.state {
      case .preparing, .persisting, .dialling, .confirming, .waiting: return true
      case .talking, .hangingUp: return false
      }
    }.map(\.queue)
  }

  private mutating func run() -> [Pair] {
    var pairs: [Pair] = []
    var items = waiting().sorted { comes($0, before: $1) }
    while true {
      items.sort { comes($0, before: $1) }
      guard
        let index = items.firstIndex(where: { item in
          (!item.isCallback || channels > 0) && eligible(for: item).count > customersBefore(item)
        })
      else { return pairs }
      let item = items.remove(at: index)
      let queue = Int(item.placement.queue.index)
      if isCustomerFirst(item) {
        pairs.append(Pair(item: item.item, agent: nil))
        expected.append(item.placement.queue)
        channels -= 1
        continue
      }
      for agent in choose(for: item) {
        pairs.append(Pair(item: item.item, agent: agent))
        taken.insert(agent)
      }
      if item.isCallback { channels -= 1 }
      if weighted { passes[queue] += ACD.share / UInt64(max(1, acd.queues[queue].settings.weight)) }
    }
  }

  private func isCustomerFirst(_ item: Item) -> Bool {
    item.isCallback && acd.queues[item.placement.queue].settings.callback?.mode == .customerFirst
  }

  /// Of the agents who could have it so many will be needed by customers who are dialled already.
  private func customersBefore(_ item: Item) -> Int {
    guard isCustomerFirst(item) else { return 0 }
    let agents = acd.agents.filter { $0.queues.contains(item.placement.queue) }
    return expected.filter { other in
      other == item.placement.queue || agents.contains { $0.queues.contains(other) }
    }.count
  }

  private var weighted: Bool { acd.settings.queues.contains { $0.weight > 0 } }

  // MARK: What waits, and what it asks for by now

  private func waiting() -> [Item] {
    var items: [Item] = []
    for (call, waiting) in acd.calls where waiting.placement.offers.isEmpty && !waiting.hasLeft {
      items.append(item(.call(call), waiting.placement))
    }
    for (id, callback) in acd.callbacks where callback.placement.offers.isEmpty {
      if case .attempting(let attempt) = callback.stage, acd.attempts[attempt]?.state == .waiting {
        items.append(item(.callback(id), callback.placement))
      }
      guard callback.stage == .due, acd.queues[callback.queue].settings.callback != nil,
        acd.queues[callback.queue].hours.state != .closed
      else { continue }
      items.append(item(.callback(id), callback.placement))
    }
    return items
  }

  private func item(_ item: ACD.Offer.Item, _ placement: Placement) -> Item {
    let rules = acd.queues[placement.queue].settings
    let seconds = max(0, (now - placement.since).nanoseconds) / 1_000_000_000
    let rings = placement.rings.isEmpty ? rules.rings : placement.rings
    let ring = rings.last { Int64($0.afterSeconds) <= seconds }
    let isPreferred = placement.preferred != nil && seconds < Int64(rules.preferredAgentSeconds)
    var priority = Int(placement.priority)
    if rules.ageEverySeconds > 0 { priority = max(0, priority - Int(seconds) / rules.ageEverySeconds) }
    return Item(
      item: item, placement: placement, priority: priority, skills: isPreferred ? [] : ring?.skills ?? [],
      reserveJoins: rules.reserveAfterSeconds == 0 || seconds >= Int64(rules.reserveAfterSeconds),
      preferred: isPreferred ? placement.preferred : nil)
  }

  private func comes(_ a: Item, before b: Item) -> Bool {
    if a.placement.isUrgent != b.placement.isUrgent { return a.placement.isUrgent }
    if a.priority != b.priority { return a.priority < b.priority }
    if weighted {
      let (one, other) = (passes[Int(a.placement.queue.index)], passes[Int(b.placement.queue.index)])
      if one != other { return one < other }
    }
    if a.placement.sequence != b.placement.sequence { return a.placement.sequence < b.placement.sequence }
    switch (a.item, b.item) {
    case (.call, .callback): return true
    case (.callback, .call): return false
    default: return number(a.item) < number(b.item)
    }
  }

  private func number(_ item: ACD.Offer.Item) -> UInt64 {
    switch item {
    case .call(let call): call.number
    case .callback(let id): id
    }
  }

  // MARK: Who could have it, and who gets it

  private func eligible(for item: Item) -> [AgentID] {
    let queue = acd.queues[item.placement.queue]
    return acd.agents.indices.map { AgentID(index: UInt16($0)) }.filter { id in
      let agent = acd.agents[id]
      guard !taken.contains(id), agent.queues.contains(item.placement.queue), isFree(agent, for: item.placement.medium)
      else { return false }
      if let preferred = item.preferred { return id == preferred }
      guard let member = queue.settings.members.first(where: { $0.extension == agent.settings.extension }) else {
        return false
      }
      if member.isReserve && !item.reserveJoins { return false }
      return item.skills.allSatisfy { wanted in
        agent.settings.skills.contains { $0.name == wanted.name && $0.level >= wanted.level }
      }
    }
  }

  private func isFree(_ agent: Agent, for medium: ACD.Medium) -> Bool {
    guard agent.isConfigured, agent.isLoggedIn, agent.isReachable, agent.pauseReason == nil, !agent.isUnresponsive,
      !agent.isBusyElsewhere, agent.duty == .free, agent.backoffUntil == nil
    else { return false }
    if medium == .call || medium == .callback {
      return agent.texts.isEmpty || agent.settings.takesCallsBesideText
    }
    return agent.texts.filter { acd.offers[$0]?.medium == medium }.count < Int(agent.settings.capacity[medium] ?? 1)
  }

  private mutating func choose(for item: Item) -> [AgentID] {
    let queue = acd.queues[item.placement.queue]
    func place(_ id: AgentID) -> Int64 { Int64(queue.agents.firstIndex(of: id) ?? 0) }
    let agents = eligible(for: item)
    func least(_ value: (AgentID) -> Int64) -> [AgentID] {
      agents.sorted { (value($0), acd.agents[$0].rank) < (value($1), acd.agents[$1].rank) }
    }
    switch queue.settings.strategy {
    case .longestIdle: return [least { _ in 0 }[0]]
    case .fewestCalls: return [least { Int64(acd.agents[$0].answered) }[0]]
    case .leastTalkTime: return [least { Int64(acd.agents[$0].talked.milliseconds) }[0]]
    case .mostSkilled:
      return [
        least { id in
          -item.skills.reduce(0) { sum, skill in
            sum + Int64(acd.agents[id].settings.skills.first { $0.name == skill.name }?.level ?? 0)
          }
        }[0]
      ]
    case .linear: return [least(place)[0]]
    case .ringAll: return item.isCallback ? [least(place)[0]] : Array(least(place).prefix(64))
    case .roundRobin:
      let last = lastServed[Int(item.placement.queue.index)]
      let next = least(place).first { place($0) > last } ?? least(place)[0]
      lastServed[Int(item.placement.queue.index)] = place(next)
      return [next]
    case .weightedRandom:
      let sorted = least(place)
      let weights = sorted.map { UInt64(max(1, queue.members[Int(place($0))].weight)) }
      var left = random.next() % weights.reduce(0, +)
      for (agent, weight) in zip(sorted, weights) {
        if left < weight { return [agent] }
        left -= weight
      }
      return [sorted[0]]
    }
  }
}
