// The places of items. Which class an item stands in and what its key is follows from what it is and how long it has
// waited: rings widen, reserves join, a preferred agent's time ends, age raises the priority. One timer an item tells
// when the next of these happens.

import Basics
import Journal

extension ACD {
  struct Aim {
    let key: ItemKey
    let requirement: RequirementClass.Key
    /// When it will be another one; nil: never.
    let until: Instant?
  }

  func placement(of item: Offer.Item) -> Placement? {
    switch item {
    case .call(let call): calls[call]?.placement
    case .callback(let id): callbacks[id]?.placement
    }
  }

  mutating func change(_ item: Offer.Item, _ body: (inout Placement) -> Void) {
    switch item {
    case .call(let call): calls[call]?.change(body)
    case .callback(let id): callbacks[id]?.change(body)
    }
  }

  // MARK: The function of time

  func aim(of item: Offer.Item, _ placement: Placement, at now: Instant) -> Aim {
    let rules = queues[placement.queue].settings
    let waited = max(now - placement.since, .zero)
    var next: Interval?
    func expect(_ time: Interval) { if time > waited { next = min(next ?? time, time) } }

    var skills: [Skill] = []
    for ring in placement.rings.isEmpty ? rules.rings : placement.rings {
      if .seconds(ring.afterSeconds) <= waited { skills = ring.skills } else { expect(.seconds(ring.afterSeconds)) }
    }
    let hasReserve = rules.reserveAfterSeconds > 0
    if hasReserve { expect(.seconds(rules.reserveAfterSeconds)) }
    var preferred: AgentID?
    if let agent = placement.preferred, waited < .seconds(rules.preferredAgentSeconds) {
      preferred = agent
      expect(.seconds(rules.preferredAgentSeconds))
    }
    var priority = placement.priority
    if rules.ageEverySeconds > 0, priority > 0 {
      let steps = waited.nanoseconds / Interval.seconds(rules.ageEverySeconds).nanoseconds
      priority = steps >= Int64(priority) ? 0 : priority - UInt8(steps)
      if priority > 0 { expect(.seconds(rules.ageEverySeconds) * Int(steps + 1)) }
    }
    return Aim(
      key: key(of: item, placement, priority),
      requirement: RequirementClass.Key(
        queue: placement.queue, medium: placement.medium, skills: preferred == nil ? skills : [],
        includesReserve: !hasReserve || waited >= .seconds(rules.reserveAfterSeconds), preferred: preferred),
      until: next.map { placement.since + $0 })
  }

  private func key(of item: Offer.Item, _ placement: Placement, _ priority: UInt8) -> ItemKey {
    let (isCallback, number) =
      switch item {
      case .call(let call): (false, call.number)
      case .callback(let id): (true, id)
      }
    return ItemKey(
      isUrgent: placement.isUrgent, priority: priority, sequence: placement.sequence, isCallback: isCallback,
      number: number)
  }

  // MARK: Coming and going

  /// The item waits for an agent, where it belongs at this moment.
  mutating func place(_ item: Offer.Item, at now: Instant) {
    guard let placement = placement(of: item) else { return }
    let aim = aim(of: item, placement, at: now)
    count(item, placement, by: aim)
    guard let requirement = requirement(aim.requirement) else { return }
    // As it stands now: `count` may have taken it out of its class.
    if let now = self.placement(of: item), let old = now.requirement, old != requirement, let key = now.key {
      leave(old, key)
    }
    classes[requirement].waiting.insert(aim.key)
    change(item) { $0.requirement = requirement }
    markDirty(requirement)
  }

  /// Its position, which it keeps while it is offered.
  private mutating func count(_ item: Offer.Item, _ placement: Placement, by aim: Aim) {
    if placement.key != aim.key {
      if let old = placement.key {
        if let requirement = placement.requirement { leave(requirement, old) }
        queues[placement.queue].present.remove(old)
      } else if queues[placement.queue].present.isEmpty {
        // A queue that comes back has no claim to what it did not need.
        queues[placement.queue].pass = max(queues[placement.queue].pass, latestPass)
      }
      queues[placement.queue].present.insert(aim.key)
      change(item) {
        $0.key = aim.key
        $0.requirement = nil
      }
    }
    if let until = aim.until { timers.set(.shift(item), to: until) } else { timers.cancel(.shift(item)) }
  }

  /// It is offered: it waits no longer, but counts still.
  mutating func takeFromClass(_ item: Offer.Item) {
    guard let placement = placement(of: item), let requirement = placement.requirement, let key = placement.key else {
      return
    }
    leave(requirement, key)
    change(item) { $0.requirement = nil }
  }

  /// It counts nowhere any more.
  mutating func displace(_ item: Offer.Item) {
    takeFromClass(item)
    timers.cancel(.shift(item))
    guard let placement = placement(of: item), let key = placement.key else { return }
    queues[placement.queue].present.remove(key)
    change(item) { $0.key = nil }
  }

  /// Time has changed what the item asks for, or how old it counts.
  mutating func shift(_ item: Offer.Item, at now: Instant) {
    guard let placement = placement(of: item), placement.key != nil else { return }
    if placement.requirement != nil { return place(item, at: now) }
    count(item, placement, by: aim(of: item, placement, at: now))
  }

  // MARK: Who waits

  /// Callers on the line who wait in a queue, or in any, oldest first.
  func callersWaiting(in queue: QueueID? = nil) -> [CallReference] {
    var found: [(sequence: UInt64, call: CallReference)] = []
    for (call, waiting) in calls
    where !waiting.hasLeft && waiting.entry.medium == .call && waiting.queue == queue ?? waiting.queue {
      found.append((waiting.sequence, call))
    }
    return found.sorted { ($0.sequence, $0.call) < ($1.sequence, $1.call) }.map { $0.call }
  }
}
