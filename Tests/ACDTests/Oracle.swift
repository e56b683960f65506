// Matching as one would define it: look at every agent and every item, again and again. Slow, and obviously right. It
// reads the plain tables of agents, calls and callbacks, none of the lists that make the real one fast.

import Basics

@testable import ACD

enum Oracle {
  struct Pair: Equatable, CustomStringConvertible {
    let item: ACD.Offer.Item
    let agent: AgentID
    var description: String { "\(item) to \(agent.index)" }
  }

  private struct Item {
    let key: (UInt8, UInt64, Int, UInt64)
    let queue: QueueID
    let isCallback: Bool
    let item: ACD.Offer.Item
  }

  static func offers(_ acd: ACD) -> [Pair] {
    var items: [Item] = []
    for (call, waiting) in acd.calls where waiting.offer == nil && !waiting.hasLeft {
      items.append(
        Item(
          key: (waiting.key.priority, waiting.key.sequence, 0, call.number), queue: waiting.queue, isCallback: false,
          item: .call(call)))
    }
    for (id, callback) in acd.callbacks where callback.stage == .due {
      guard acd.queues[callback.queue].settings.callback != nil else { continue }
      let priority = callback.key?.priority ?? 0
      items.append(
        Item(
          key: (priority, callback.fact.sequence, 1, id), queue: callback.queue, isCallback: true, item: .callback(id)))
    }
    items.sort { $0.key < $1.key }
    var idle: [(rank: UInt64, agent: AgentID, queues: [QueueID])] = []
    for (index, agent) in acd.agents.enumerated() {
      guard agent.isConfigured, agent.isLoggedIn, agent.isReachable, !agent.isBusyElsewhere, agent.duty == .free,
        agent.backoffUntil == nil
      else { continue }
      idle.append((agent.rank, AgentID(index: UInt16(index)), agent.queues))
    }
    idle.sort { ($0.rank, $0.agent) < ($1.rank, $1.agent) }

    var pairs: [Pair] = []
    var channels = acd.clock.isTrusted ? acd.channelsFree - acd.channelsHeld : 0
    for item in items {
      if item.isCallback && channels <= 0 { continue }
      guard let index = idle.firstIndex(where: { $0.queues.contains(item.queue) }) else { continue }
      pairs.append(Pair(item: item.item, agent: idle[index].agent))
      idle.remove(at: index)
      if item.isCallback { channels -= 1 }
    }
    return pairs
  }
}
