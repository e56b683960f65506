// The latest decisions of the distributor, for `why`: who was offered what, by which rule, among how many. A ring of fixed
// size; nothing is ever decided by it.

import Basics

struct Decisions {
  struct Decision {
    let at: Instant
    let item: UInt64
    let agent: ByteString
    let queue: ByteString
    /// nil: it went to its preferred agent.
    let strategy: ACD.Strategy?
    /// Agents who were ready and satisfied what it asked for, the chosen one included.
    let ready: Int
  }

  static let limit = 256
  var entries: [Decision] = []
  var next = 0

  mutating func note(_ decision: Decision) {
    if entries.count < Self.limit {
      entries.append(decision)
    } else {
      entries[next] = decision
    }
    next = (next + 1) % Self.limit
  }

  /// Those that fit, newest first, at most `limit` of them.
  func latest(_ limit: Int, where fits: (Decision) -> Bool) -> [Decision] {
    var found: [Decision] = []
    for back in 1...Self.limit where back <= entries.count && found.count < limit {
      let entry = entries[(next + Self.limit - back) % Self.limit]
      if fits(entry) { found.append(entry) }
    }
    return found
  }
}

extension ACD {
  /// To be called before the item leaves its class.
  mutating func noteDecision(_ key: ItemKey, in id: ClassID, _ chosen: [AgentID], at now: Instant) {
    let requirement = classes[id].key
    for agent in chosen {
      decisions.note(
        Decisions.Decision(
          at: now, item: key.sequence, agent: agents[agent].settings.extension,
          queue: queues[requirement.queue].settings.name,
          strategy: requirement.preferred == nil ? queues[requirement.queue].settings.strategy : nil,
          ready: classes[id].ready.count))
    }
  }
}
