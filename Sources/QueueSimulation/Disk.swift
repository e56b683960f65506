// A disk that keeps only what was written, in order. What is under way at a power cut is lost; on a full disk promises
// are given up and the rest is tried again.

import ACD
import Basics
import Journal

struct Disk {
  struct Write {
    let due: Instant
    let number: UInt64
    let fact: Fact
  }

  enum Report {
    /// - Parameter number: 0 where nobody waits for it.
    case durable(number: UInt64, Fact)
    case failed(from: UInt64, through: UInt64, [Fact])
  }

  private(set) var callbacks: [UInt64: CallbackFact] = [:]
  private(set) var agents: [ByteString: AgentFact] = [:]
  private(set) var lastSequence: UInt64 = 0
  private(set) var lastCallbackID: UInt64 = 0
  private var promises = Fifo<Write>()
  /// Written some time, in groups.
  private var grouped = Fifo<Write>()
  private var random: SeededRandom
  var mood = Event.DiskMood.fast
  private var lastPromiseDue = Instant.zero
  private var lastGroupedDue = Instant.zero

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  var nextDeadline: Instant? {
    guard let promise = promises.first?.due else { return grouped.first?.due }
    return min(promise, grouped.first?.due ?? .never)
  }

  /// - Parameter number: 0 for an event.
  mutating func submit(_ fact: Fact, number: UInt64, isPromise: Bool, at now: Instant) {
    guard isPromise else {
      lastGroupedDue = max(lastGroupedDue, now + .milliseconds(100 + random.below(400)))
      return grouped.append(Write(due: lastGroupedDue, number: number, fact: fact))
    }
    let delay: Int
    switch mood {
    case .fast, .full: delay = 1 + random.below(30)
    case .slow: delay = 200 + random.below(3000)
    case .stuck: delay = 9_000 + random.below(8_000)
    }
    lastPromiseDue = max(lastPromiseDue, now + .milliseconds(delay))
    promises.append(Write(due: lastPromiseDue, number: number, fact: fact))
  }

  /// The oldest write that is due is on the disk now, or, on a full disk, all promises under way are given up.
  mutating func report(at now: Instant) -> Report? {
    if let first = promises.first, first.due <= now {
      if mood == .full { return giveUp() }
      _ = promises.popFirst()
      keep(first.fact)
      return .durable(number: first.number, first.fact)
    }
    guard let first = grouped.popFirst() else { return nil }
    keep(first.fact)
    return .durable(number: 0, first.fact)
  }

  private mutating func giveUp() -> Report? {
    let lost = promises.all
    promises.removeAll()
    guard let first = lost.first, let last = lost.last else { return nil }
    return .failed(from: first.number, through: last.number, lost.map(\.fact))
  }

  mutating func cutPower() {
    promises.removeAll()
    grouped.removeAll()
    lastPromiseDue = .zero
  }

  private mutating func keep(_ fact: Fact) {
    switch fact {
    case .callback(let fact):
      callbacks[fact.id] = fact
      lastCallbackID = max(lastCallbackID, fact.id)
      lastSequence = max(lastSequence, fact.sequence)
    case .agent(let fact): agents[fact.extension] = fact
    case .queueEvent(let event): lastSequence = max(lastSequence, event.item)
    case .act, .binding, .bindingRemoved, .call, .epoch, .extension: break
    }
  }

  /// What the next run is told.
  var restored: ACD.Input {
    .restored(
      callbacks: callbacks.values.filter { !$0.state.isFinal }.sorted { ($0.sequence, $0.id) < ($1.sequence, $1.id) },
      agents: agents.values.sorted { $0.extension < $1.extension }, lastSequence: lastSequence,
      lastCallbackID: lastCallbackID)
  }
}
