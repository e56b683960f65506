// Storage that keeps only what was synced: a power cut loses the rest. It says what is durable some time later. On a
// full disk it goes back as the real one does: promises handed over until it says so are given up, the rest is retried.

import Basics
import Journal

public struct SimulatedStorage {
  public enum Report: Equatable, Sendable {
    case durable(Ticket)
    case failed(Ticket)
  }

  /// What is on the disk.
  public private(set) var bindings: [ByteString: BindingFact] = [:]
  public private(set) var agents: [ByteString: AgentFact] = [:]
  public private(set) var extensions: [ByteString: ExtensionFact] = [:]
  public private(set) var callbacks: [UInt64: CallbackFact] = [:]
  public private(set) var calls: [UInt64: CallFact] = [:]
  public private(set) var events: [QueueEventFact] = []
  public private(set) var acts: [ActFact] = []
  /// As a restore would leave them.
  public var epoch = EpochFact()
  public var supersededBy: UInt64?
  /// Numbers that were given twice, which must not happen.
  public private(set) var numbersUsedTwice: [String] = []
  /// When a record of a callback for a number was written last.
  private var writtenAt: [ByteString: Instant] = [:]

  private var runs: UInt64 = 0
  private var waiting = Fifo<(due: Instant, batch: Batch)>()
  private var lastDue = Instant.zero
  /// A failure that is not told yet.
  private var refusal: (from: Ticket, tellAt: Instant)?
  private var random: SeededRandom
  public var isFull = false
  public private(set) var refusedPromises = 0

  public init(seed: UInt64) { random = SeededRandom(seed: seed) }

  public var nextDeadline: Instant? {
    guard let refusal else { return waiting.first?.due }
    return waiting.first.map { min($0.due, refusal.tellAt) } ?? refusal.tellAt
  }

  /// - Parameter subscriber: see `Auditor.subscriber`.
  public func written(callbackTo subscriber: ByteString) -> Instant? { writtenAt[subscriber] }

  public mutating func submit(_ batch: Batch, at now: Instant) {
    guard refusal == nil || batch.urgency == .grouped else {
      refusedPromises += 1
      return
    }
    wait(
      for: batch, at: now + .milliseconds(batch.urgency == .promise ? 2 + random.below(30) : 200 + random.below(800)))
  }

  private mutating func wait(for batch: Batch, at due: Instant) {
    lastDue = max(lastDue, due)
    waiting.append((due: lastDue, batch: batch))
  }

  public mutating func report(at now: Instant) -> Report? {
    if let told = refusal, told.tellAt <= now {
      refusal = nil
      return .failed(told.from)
    }
    guard let oldest = waiting.first, oldest.due <= now else { return nil }
    if isFull {
      fail(at: now)
      return nil
    }
    // The refusal is told before anything newer becomes durable.
    if let told = refusal {
      refusal = nil
      return .failed(told.from)
    }
    _ = waiting.popFirst()
    for fact in oldest.batch.facts { keep(fact, at: now) }
    return .durable(oldest.batch.ticket)
  }

  private mutating func fail(at now: Instant) {
    var group = waiting
    waiting.removeAll()
    while let one = group.popFirst()?.batch {
      guard one.urgency == .promise else {
        wait(for: one, at: now + .milliseconds(250))
        continue
      }
      refusedPromises += 1
      if refusal == nil { refusal = (one.ticket, now + .milliseconds(random.below(500))) }
    }
  }

  public mutating func cutPower() {
    waiting.removeAll()
    lastDue = .zero
    refusal = nil
  }

  /// To be asked once at each start of the box.
  public mutating func restored() -> Restored {
    var restored = Restored()
    runs += 1
    restored.runs = runs
    restored.bindings = bindings.keys.sorted().compactMap { bindings[$0] }
    restored.agents = agents.keys.sorted().compactMap { agents[$0] }
    restored.extensions = extensions.keys.sorted().compactMap { extensions[$0] }
    restored.callbacks = callbacks.values.filter { !$0.state.isFinal }.sorted { $0.sequence < $1.sequence }
    restored.acts = Array(acts.suffix(256))
    restored.epoch = epoch
    restored.supersededBy = supersededBy
    restored.lastSequence = max(events.map(\.item).max() ?? 0, callbacks.values.map(\.sequence).max() ?? 0)
    restored.lastCallbackID = callbacks.keys.max() ?? 0
    restored.lastCallID = calls.keys.max() ?? 0
    return restored
  }

  private mutating func keep(_ fact: Fact, at now: Instant) {
    switch fact {
    case .binding(let binding): bindings[binding.user + " " + binding.contact] = binding
    case .bindingRemoved(let user, let contact): bindings[user + " " + contact] = nil
    case .agent(let agent): agents[agent.extension] = agent
    case .extension(let fact): extensions[fact.extension] = fact
    case .callback(let callback):
      if let old = callbacks[callback.id],
        old.number != callback.number || old.state.isFinal && !callback.state.isFinal
      {
        numbersUsedTwice.append("callback \(callback.id)")
      }
      callbacks[callback.id] = callback
      writtenAt[Auditor.subscriber(callback.number)] = now
    case .queueEvent(let event): events.append(event)
    case .act(let act): acts.append(act)
    case .epoch(let fact): epoch = fact
    case .call(let call):
      if calls.updateValue(call, forKey: call.id) != nil { numbersUsedTwice.append("call \(call.id)") }
    }
  }
}
