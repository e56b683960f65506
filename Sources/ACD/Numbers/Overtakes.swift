// The overtake meter: how many waiting items an offer passes over although its agent could have had them and they are
// older. What it reads is recorded; anything above 0 is a fault of the distributor.

import Basics
import Journal

extension ACD {
  /// - Parameters:
  ///   - chosen: the item that the agent is offered.
  ///   - heads: the first waiting item of each class of that queue that this agent may be offered at this instant. Each
  ///     class is in order, so that the item at its head stands for the class.
  /// - Returns: those passed over, oldest first. None: nobody was overtaken.
  static func overtaken(by chosen: ItemKey, among heads: [ItemKey]) -> [ItemKey] {
    heads.filter {
      $0.isUrgent == chosen.isUrgent && $0.priority == chosen.priority && $0.sequence < chosen.sequence
    }.sorted()
  }

  /// To be called with every choice, before anything of it is done.
  mutating func noteOvertakes(by chosen: ItemKey, of queue: QueueID, agent: AgentID, at now: Instant) {
    var heads: [ItemKey] = []
    for standing in agents[agent].standings {
      let requirement = standing.requirement
      guard classes[requirement].key.queue == queue, let head = classes[requirement].waiting.first, mayGo(requirement)
      else { continue }
      heads.append(head)
    }
    for older in Self.overtaken(by: chosen, among: heads) {
      counters.overtakes += 1
      record(.overtaken, queue: queue, item: older.sequence, agent: agent, at: now)
      log(.alarm, "queue.overtaken", queues[queue].settings.name)
    }
  }
}
