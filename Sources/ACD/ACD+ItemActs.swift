// What supervisors do with items that wait: another queue, another priority, out of the queue. The item keeps its age; a
// phone that rings for it meanwhile is let go without harm to its agent.

import Basics
import Journal

extension ACD {
  /// A waiting item by its durable number. While a callback takes the place of its caller both have it: the caller counts.
  func item(numbered sequence: UInt64) -> Offer.Item? {
    for (call, waiting) in calls where waiting.sequence == sequence && waiting.placement.key != nil {
      return .call(call)
    }
    return callbacks.values.lazy.filter { $0.fact.sequence == sequence }.map { $0.fact.id }.min().map { .callback($0) }
  }

  /// Its place changes at once, though a phone should ring for it.
  mutating func prioritise(_ item: Offer.Item, _ priority: UInt8, at now: Instant) -> ActRefusal? {
    switch item {
    case .call: change(item) { $0.priority = priority }
    case .callback(let id):
      // Of one that is being written, the record on its way would be undone or would undo this.
      guard callbacks[id]?.isDurable == true else { return .inProgress }
      setLasting(priority, of: id)
    }
    shift(item, at: now)
    return nil
  }

  /// For good: a restart changes nothing.
  mutating func setLasting(_ priority: UInt8, of id: UInt64) {
    change(.callback(id)) { $0.priority = priority }
    callbacks[id]?.fact.priority = priority
    if let fact = callbacks[id]?.fact { persistLasting(fact) }
  }

  mutating func move(_ call: CallReference, to name: ByteString, at now: Instant) -> ActRefusal? {
    guard let waiting = calls[call] else { return .unknownItem }
    guard let target = queueByName[name], queues[target].isConfigured else { return .unknownQueue }
    guard target != waiting.queue else { return .sameQueue }
    guard waiting.request == nil else { return .inProgress }
    guard queues[target].callsPresent < queues[target].settings.maximumLength else { return .queueFull }
    guard queues[target].holds(queues[target].settings.stayPolicy) else { return .nobodyThere }
    withdrawAll(of: .call(call), at: now)
    record(
      .moved, queue: waiting.queue, item: waiting.sequence, lasting: now - waiting.enteredAt, detail: name, at: now)
    takeFromQueue(call)
    queues[waiting.queue].counts.movedOut += 1
    queues[target].counts.movedIn += 1
    queues[target].callsPresent += 1
    let rules = queues[target].settings
    let agents = queues[target].agents
    change(.call(call)) {
      $0.queue = target
      $0.priority = waiting.entry.priority ?? rules.priority
      if let preferred = $0.preferred, !agents.contains(preferred) { $0.preferred = nil }
    }
    place(.call(call), at: now)
    setPace(of: call, at: now)
    outputs.append(.moved(call, queue: name))
    announce(call, at: now)
    return nil
  }

  mutating func takeOut(_ call: CallReference, at now: Instant) -> ActRefusal? {
    guard let waiting = calls[call] else { return .unknownItem }
    guard waiting.request == nil else { return .inProgress }
    withdrawAll(of: .call(call), at: now)
    overflow(call, .takenOut, at: now)
    return nil
  }
}
