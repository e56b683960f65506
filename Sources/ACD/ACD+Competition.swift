// Whom a waiting item competes with: the agents who can serve it now or soon, and the older items that may take them, of
// its queue and of those that share agents with it. An item that others can serve as well takes them in part.

import Basics
import Journal

struct Competition {
  var load: WaitEstimate.Load
  /// All items that are before it, in whole ones, for comparison with what was told before.
  var ahead: Int
}

extension ACD {
  func competition(of item: Offer.Item, at now: Instant) -> Competition {
    guard let placement = placement(of: item), let key = placement.key else {
      return Competition(load: .init(aheadThousandths: 0, agents: 0, working: 0, idle: 0), ahead: 0)
    }
    let queue = placement.queue
    let asked = aim(of: item, placement, at: now + .seconds(Limits.soonSeconds)).requirement
    let able = Able(asked, of: queues[queue], agents)
    var ahead = Int64(queues[queue].present.rank(of: key)) * 1_000
    let rivals = queues[queue].neighbours.reduce(queues[queue].classes.count) { $0 + queues[$1.queue].classes.count }
    if rivals <= Limits.estimateClasses {
      ahead = offered(before: key, in: queue, able)
      for rival in queues[queue].classes {
        ahead += taken(by: rival, sharing: queues[queue].agents.count, before: key, from: able)
      }
      for other in queues[queue].neighbours {
        for rival in queues[other.queue].classes {
          ahead += taken(by: rival, sharing: other.shared, before: key, from: able)
        }
      }
    }
    let idle = placement.requirement.map { classes[$0].ready.count } ?? 0
    return Competition(
      load: .init(aheadThousandths: ahead, agents: able.working, working: queues[queue].working, idle: idle),
      ahead: Int((ahead + 999) / 1_000))
  }

  /// The agents who can serve an item, as far as they are at work.
  struct Able {
    /// By the agents' table; nil: all of the queue.
    private var flags: [Bool]?
    private let queue: QueueID
    private(set) var working: Int

    init(_ asked: RequirementClass.Key, of queue: Queue, _ agents: [Agent]) {
      self.queue = asked.queue
      working = queue.working
      let isForAll =
        asked.skills.isEmpty && asked.preferred == nil
        && (asked.includesReserve || queue.members.allSatisfy { !$0.isReserve })
      guard !isForAll else { return }
      var flags = [Bool](repeating: false, count: agents.count)
      working = 0
      for (index, agent) in queue.agents.enumerated()
      where agents[agent].isWorking && asked.isSatisfied(by: agent, agents[agent].settings, queue.members[index]) {
        flags[Int(agent.index)] = true
        working += 1
      }
      self.flags = flags
    }

    var isEverybody: Bool { flags == nil }

    func contains(_ agent: AgentID, _ queuesOfAgent: [QueueID]) -> Bool {
      flags?[Int(agent.index)] ?? queuesOfAgent.contains(queue)
    }
  }

  /// In thousandths of an item: those of the class before the key, each by the share of its agents that is wanted here.
  /// - Parameter shared: how many agents of the rival's queue are of this item's.
  private func taken(by rival: ClassID, sharing shared: Int, before key: ItemKey, from able: Able) -> Int64 {
    let count = Int64(classes[rival].waiting.rank(of: key))
    guard count > 0 else { return 0 }
    let (members, all) = (classes[rival].members.count, queues[classes[rival].key.queue].agents.count)
    // Where everybody may come in question on both sides, no agent is looked at.
    if able.isEverybody, members == all || shared == all {
      return members == 0 ? 0 : count * Int64(shared) * 1_000 / Int64(all)
    }
    return count * share(of: rival, from: able)
  }

  /// Of the rival's agents who are at work, those who are wanted here.
  private func share(of rival: ClassID, from able: Able) -> Int64 {
    var (all, wanted) = (0 as Int64, 0 as Int64)
    for agent in classes[rival].members where agents[agent].isWorking {
      all += 1
      if able.contains(agent, agents[agent].queues) { wanted += 1 }
    }
    return all == 0 ? 0 : wanted * 1_000 / all
  }

  /// Items that ring stand in no class: they take the agent whose phone it is.
  private func offered(before key: ItemKey, in queue: QueueID, _ able: Able) -> Int64 {
    let inClasses = queues[queue].classes.reduce(0) { $0 + classes[$1].waiting.rank(of: key) }
    let offered = queues[queue].present.rank(of: key) - inClasses
    guard offered > 0, !able.isEverybody else { return Int64(max(0, offered)) * 1_000 }
    var count = 0
    for agent in queues[queue].agents where able.contains(agent, agents[agent].queues) {
      if case .offer(let id) = agents[agent].duty, offers[id]?.state == .ringing, offers[id]?.queue == queue {
        count += 1
      }
    }
    return Int64(min(count, offered)) * 1_000
  }
}
