// Matching: the item that is to be served next, and the agent who gets it. Only classes to which something was added are
// looked at, by their heads alone: what waits behind costs nothing.

import Basics
import Journal

extension ACD {
  /// The clock is trusted and a channel is free that no callback holds already.
  var callbacksMayGo: Bool { clock.isTrusted && channelsFree > channelsHeld }

  /// Brings items and agents together, the first item first.
  mutating func dispatch(at now: Instant) {
    while !isBrownOut, let next = nextToServe() { offerHead(of: next, at: now) }
    sendOnWhoNobodyServes(at: now)
  }

  /// The class whose head is to be served next. Classes without a pair are taken from the list.
  private mutating func nextToServe() -> ClassID? {
    var best: (id: ClassID, key: ItemKey, pass: UInt64)?
    var index = 0
    while index < dirtyClasses.count {
      let id = dirtyClasses[index]
      guard let key = classes[id].waiting.first, !classes[id].ready.isEmpty, mayGo(id) else {
        classes[id].isDirty = false
        dirtyClasses.swapAt(index, dirtyClasses.count - 1)
        dirtyClasses.removeLast()
        if isForgotten(id) { freeClasses.append(id) }
        continue
      }
      let pass = sharesAreSet ? queues[classes[id].key.queue].pass : 0
      if best.map({ Self.precedes(key, pass, $0.key, $0.pass) }) ?? true { best = (id, key, pass) }
      index += 1
    }
    return best?.id
  }

  /// Urgent ones, then priority, then the queue that has had the least of its share, then age.
  static func precedes(_ a: ItemKey, _ aPass: UInt64, _ b: ItemKey, _ bPass: UInt64) -> Bool {
    if a.isUrgent != b.isUrgent || a.priority != b.priority || aPass == bPass { return a < b }
    return aPass < bPass
  }

  /// What a callback needs besides an agent.
  func mayGo(_ id: ClassID) -> Bool {
    classes[id].key.medium != .callback || callbacksMayGo(in: id)
  }

  private mutating func offerHead(of id: ClassID, at now: Instant) {
    guard let key = classes[id].waiting.first else { return }
    if goesCustomerFirst(key) { return beginCustomerFirst(key.number, at: now) }
    let queue = classes[id].key.queue
    let chosen = choose(in: id)
    noteDecision(key, in: id, chosen, at: now)
    for agent in chosen { noteOvertakes(by: key, of: queue, agent: agent, at: now) }
    takeFromClass(key.item)
    // A customer on the line has a channel.
    if key.isCallback, waitingCustomer(key.number) == nil {
      channelsHeld += 1
      callbacks[key.number]?.stage = .offered
    }
    if sharesAreSet {
      queues[queue].pass += Self.share / UInt64(max(1, queues[queue].settings.weight))
      latestPass = max(latestPass, queues[queue].pass)
    }
    for agent in chosen { offer(key, of: queue, to: agent, at: now) }
  }

  /// What one offer takes from a share of 1.
  static var share: UInt64 { 1 << 20 }

  /// By the queue's strategy: one agent; for `ringAll` all that are ready, but for a callback, which reserves one.
  private mutating func choose(in id: ClassID) -> [AgentID] {
    guard let first = classes[id].ready.first else { return [] }
    let queue = classes[id].key.queue
    switch queues[queue].settings.strategy {
    case .roundRobin:
      let latest = ReadyKey(sort: queues[queue].lastServed, rank: .max, agent: AgentID(index: .max))
      let next = classes[id].ready.first(after: latest) ?? first
      queues[queue].lastServed = next.sort
      return [next.agent]
    case .weightedRandom: return [draw(in: id) ?? first.agent]
    case .ringAll where classes[id].key.medium != .callback:
      var all: [AgentID] = []
      classes[id].ready.forEach {
        all.append($0.agent)
        return all.count < Limits.ringAll
      }
      return all
    default: return [first.agent]
    }
  }

  private mutating func draw(in id: ClassID) -> AgentID? {
    let members = queues[classes[id].key.queue].members
    var total: UInt64 = 0
    func weight(_ key: ReadyKey) -> UInt64 {
      let place = Int(key.sort)
      return members.indices.contains(place) ? UInt64(max(1, members[place].weight)) : 1
    }
    classes[id].ready.forEach {
      total += weight($0)
      return true
    }
    guard total > 0 else { return nil }
    var left = random.next() % total
    var drawn: AgentID?
    classes[id].ready.forEach {
      drawn = $0.agent
      guard left >= weight($0) else { return false }
      left -= weight($0)
      return true
    }
    return drawn
  }

  // MARK: Queues that nobody serves any more

  /// Callers who may not stay in a queue without agents are sent on, oldest first.
  private mutating func sendOnWhoNobodyServes(at now: Instant) {
    while let queue = desertedQueues.popLast() {
      if !queues[queue].isConfigured, queues[queue].isEmpty {
        dissolve(queue, at: now)
        continue
      }
      guard !queues[queue].holds(queues[queue].settings.stayPolicy) else { continue }
      for call in callersWaiting(in: queue) {
        guard let waiting = calls[call], !waiting.isOffered, waiting.request == nil else { continue }
        overflow(call, .nobodyLeft, at: now)
      }
    }
  }
}
