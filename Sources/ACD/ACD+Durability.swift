// Facts on their way to the disk, and what follows when they are there, or cannot get there.

import Basics
import Journal

extension ACD {
  @discardableResult
  mutating func persist(_ fact: Fact, promise: Bool) -> UInt64 {
    if case .callback(let newer) = fact { unwritten.supersede(newer.id) }
    let number = unwritten.takeNumber()
    outputs.append(.persist(fact, number: number, promise: promise))
    return number
  }

  mutating func persist(_ fact: Fact, promise: Bool, for purpose: Unwritten.Purpose) {
    let number = persist(fact, promise: promise)
    unwritten.expect(number, purpose)
  }

  /// Nobody waits for it, but after a restart it decides whether a customer is called again: soon, and for certain.
  mutating func persistLasting(_ fact: CallbackFact) {
    persist(.callback(fact), promise: true, for: .lasting(fact))
  }

  mutating func durable(upTo number: UInt64, at now: Instant) {
    while let purpose = unwritten.popDurable(upTo: number) {
      switch purpose {
      case .creation(let call, let id): created(id, for: call, at: now)
      case .merge(let call, let id): merged(id, with: call, at: now)
      case .attempt(let id): attemptIsDurable(id, at: now)
      case .lasting: break
      }
    }
  }

  mutating func persistFailed(from first: UInt64, through last: UInt64, at now: Instant) {
    for purpose in unwritten.takeFailed(from: first, through: last) {
      counters.persistFailures += 1
      switch purpose {
      case .creation(let call, let id): notCreated(id, for: call, at: now)
      case .merge(let call, let id):
        // An earlier fact of it may have been waiting to be written again.
        if let fact = callbacks[id]?.fact { writeLater(fact, at: now) }
        notMerged(id, with: call, at: now)
      case .attempt(let id): attemptNotWritten(id, at: now)
      case .lasting(let fact): writeLater(fact, at: now)
      }
    }
  }

  private mutating func writeLater(_ fact: CallbackFact, at now: Instant) {
    if timers.deadline(of: .rewrite) == nil { timers.set(.rewrite, to: now + .seconds(Limits.rewriteSeconds)) }
    unwritten.remember(fact)
  }

  /// Writes anew what could not be written, as it is now.
  mutating func rewriteFailed(at now: Instant) {
    let facts = unwritten.failed
    unwritten.failed = []
    for fact in facts { persistLasting(callbacks[fact.id]?.fact ?? fact) }
  }
}
