// Items that ask the same of an agent: in the order in which they are served, with the agents who satisfy it. An item is
// matched by its class alone; what changes with time (a ring, a reserve, a preferred agent, age) moves it to another one.

import Basics

/// A place in the table of classes. Classes are found by their key again, so a stale one is never kept.
struct ClassID: Hashable {
  let index: Int
}

/// The place of a work item. It never changes while the item stands in a class: less is served first.
struct ItemKey: Hashable, Comparable {
  /// Before everybody else: a supervisor's act, or a customer who is on the line already.
  var isUrgent = false
  let priority: UInt8
  let sequence: UInt64
  /// An exact tie goes to the live caller.
  let isCallback: Bool
  /// The call's reference or the callback's id.
  let number: UInt64

  var item: ACD.Offer.Item { isCallback ? .callback(number) : .call(CallReference(number)) }

  static func < (a: ItemKey, b: ItemKey) -> Bool {
    if a.isUrgent != b.isUrgent { return a.isUrgent }
    if a.priority != b.priority { return a.priority < b.priority }
    if a.sequence != b.sequence { return a.sequence < b.sequence }
    if a.isCallback != b.isCallback { return b.isCallback }
    return a.number < b.number
  }
}

/// The place of a ready agent within a class: by the strategy of the queue, then by how long it has been idle. Ranks are
/// handed out in the order in which agents became so. It never changes while the agent is ready.
struct ReadyKey: Hashable, Comparable {
  let sort: Int64
  let rank: UInt64
  let agent: AgentID

  static func < (a: ReadyKey, b: ReadyKey) -> Bool {
    if a.sort != b.sort { return a.sort < b.sort }
    return a.rank != b.rank ? a.rank < b.rank : a.agent < b.agent
  }
}

struct RequirementClass {
  struct Key: Hashable {
    let queue: QueueID
    let medium: ACD.Medium
    let skills: [ACD.Skill]
    let includesReserve: Bool
    let preferred: AgentID?

    func isSatisfied(by agent: AgentID, _ settings: ACD.AgentSettings, _ member: ACD.Member) -> Bool {
      if let preferred { return agent == preferred }
      if member.isReserve && !includesReserve { return false }
      return skills.allSatisfy { settings.level(of: $0.name) >= $0.level }
    }
  }

  let key: Key
  /// Nobody is offered them.
  var waiting = OrderedKeys<ItemKey>()
  /// All who satisfy it.
  var members: [AgentID] = []
  /// Those of them who can be offered an item now.
  var ready = OrderedKeys<ReadyKey>()
  /// Something was added to it since agents and items were last matched.
  var isDirty = false

  init(_ key: Key) { self.key = key }
}
