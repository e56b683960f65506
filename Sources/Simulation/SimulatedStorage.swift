// Storage that keeps only what was synced: a power cut loses the rest. It says what is durable some time later, or that
// it could not write.

import Basics
import Journal

public struct SimulatedStorage {
  public enum Report: Equatable, Sendable {
    case durable(Ticket)
    case failed(Ticket)
  }

  /// What is on the disk.
  public private(set) var bindings: [String: BindingFact] = [:]
  public private(set) var agents: [ByteString: AgentFact] = [:]
  public private(set) var callbacks: [UInt64: CallbackFact] = [:]
  public private(set) var calls: [CallFact] = []
  public private(set) var events: [QueueEventFact] = []
  /// Requests that an older promise absorbed.
  public var mergedRequests: Int { events.count { $0.kind == .callbackMerged } }
  private var waiting = Fifo<(due: Instant, batch: Batch)>()
  private var lastDue = Instant.zero
  private var random: SeededRandom
  public var isFull = false

  public init(seed: UInt64) { random = SeededRandom(seed: seed) }

  public var nextDeadline: Instant? { waiting.first?.due }

  public mutating func submit(_ batch: Batch, at now: Instant) {
    let delay = batch.urgency == .promise ? 2 + random.below(30) : 200 + random.below(800)
    lastDue = max(lastDue, now + .milliseconds(delay))
    waiting.append((due: lastDue, batch: batch))
  }

  /// A full disk fails all that waits: the box has given up on every batch that it handed over so far.
  public mutating func report(at now: Instant) -> Report? {
    guard let oldest = waiting.first, oldest.due <= now else { return nil }
    if isFull {
      waiting.removeAll()
      return .failed(oldest.batch.ticket)
    }
    _ = waiting.popFirst()
    for fact in oldest.batch.facts { keep(fact) }
    return .durable(oldest.batch.ticket)
  }

  public mutating func cutPower() {
    waiting.removeAll()
    lastDue = .zero
  }

  public func restored() -> Restored {
    var restored = Restored()
    restored.bindings = bindings.keys.sorted().compactMap { bindings[$0] }
    restored.agents = agents.keys.sorted().compactMap { agents[$0] }
    restored.callbacks = callbacks.values.filter { !$0.state.isFinal }.sorted { $0.sequence < $1.sequence }
    restored.lastSequence = max(events.map(\.item).max() ?? 0, callbacks.values.map(\.sequence).max() ?? 0)
    restored.lastCallbackID = callbacks.keys.max() ?? 0
    restored.lastCallID = calls.map(\.id).max() ?? 0
    return restored
  }

  private mutating func keep(_ fact: Fact) {
    switch fact {
    case .binding(let binding): bindings["\(binding.user) \(binding.contact)"] = binding
    case .bindingRemoved(let user, let contact): bindings["\(user) \(contact)"] = nil
    case .agent(let agent): agents[agent.extension] = agent
    case .callback(let callback): callbacks[callback.id] = callback
    case .queueEvent(let event): events.append(event)
    case .call(let call): calls.append(call)
    }
  }
}
