// Every place of a table that a checkpoint names must be there: what is found by a place is not looked for again.

import Basics

extension ACD {
  func checkReferences() throws(RecordError) {
    let tables = Tables(queues: queues.count, agents: agents.count, classes: classes.count)
    guard agents.indices.allSatisfy({ isSound(agents[$0], at: $0, tables) }),
      queues.allSatisfy({ isSound($0, tables) }),
      classes.allSatisfy({ isSound($0, tables) }), calls.allSatisfy({ isSound($0.value.placement, tables) }),
      callbacks.values.allSatisfy({ isSound($0.placement, tables) })
    else { throw .badValue }
    guard offers.values.allSatisfy({ tables.has($0.queue) && tables.has($0.agent) }),
      attempts.values.allSatisfy({ tables.has($0.queue) }), lastAgents.agents.values.allSatisfy({ tables.has($0) }),
      freeClasses.allSatisfy({ tables.has($0) }), dirtyClasses.allSatisfy({ tables.has($0) }),
      desertedQueues.allSatisfy({ tables.has($0) }), timers.inOrder.allSatisfy({ isSound($0.key, tables) })
    else { throw .badValue }
  }

  private struct Tables {
    let queues: Int
    let agents: Int
    let classes: Int
    func has(_ queue: QueueID) -> Bool { Int(queue.index) < queues }
    func has(_ agent: AgentID) -> Bool { Int(agent.index) < agents }
    func has(_ requirement: ClassID) -> Bool { (0..<classes).contains(requirement.index) }
  }

  private func isSound(_ agent: Agent, at index: Int, _ tables: Tables) -> Bool {
    agent.queues.allSatisfy { tables.has($0) } && agent.wrapUpQueue.map { tables.has($0) } ?? true
      && agent.classes.allSatisfy { tables.has($0) }
      && agent.standings.allSatisfy { tables.has($0.requirement) && Int($0.key.agent.index) == index }
  }

  private func isSound(_ queue: Queue, _ tables: Tables) -> Bool {
    queue.agents.count == queue.members.count && queue.agents.allSatisfy { tables.has($0) }
      && queue.classes.allSatisfy { tables.has($0) }
  }

  private func isSound(_ requirement: RequirementClass, _ tables: Tables) -> Bool {
    tables.has(requirement.key.queue) && requirement.key.preferred.map { tables.has($0) } ?? true
      && requirement.members.allSatisfy { tables.has($0) }
  }

  private func isSound(_ placement: Placement, _ tables: Tables) -> Bool {
    tables.has(placement.queue) && placement.preferred.map { tables.has($0) } ?? true
      && placement.requirement.map { tables.has($0) } ?? true
  }

  private func isSound(_ timer: Timer, _ tables: Tables) -> Bool {
    switch timer {
    case .wrapUp(let agent), .backoff(let agent): tables.has(agent)
    case .hours(let queue): tables.has(queue)
    default: true
    }
  }
}
