// Facts handed to storage that wait for their promise: what is to happen when they are on the disk, or are not.

import Basics
import Journal

struct Unwritten {
  enum Purpose {
    case creation(CallReference, callback: UInt64)
    case merge(CallReference, callback: UInt64)
    case attempt(AttemptID)
    /// Nobody waits, but the fact must get there: written again after a failure.
    case lasting(CallbackFact)
  }

  var entries = Fifo<(number: UInt64, purpose: Purpose)>()
  var lastNumber: UInt64 = 0
  /// Facts whose write failed, newest last, one per callback.
  var failed: [CallbackFact] = []

  var count: Int { entries.count }

  mutating func takeNumber() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  mutating func expect(_ number: UInt64, _ purpose: Purpose) { entries.append((number: number, purpose: purpose)) }

  /// The next purpose fulfilled by "durable up to", or nil.
  mutating func popDurable(upTo number: UInt64) -> Purpose? {
    guard let first = entries.first, first.number <= number else { return nil }
    return entries.popFirst()?.purpose
  }

  /// Takes out everything from the first number through the last.
  mutating func takeFailed(from first: UInt64, through last: UInt64) -> [Purpose] {
    var lost: [Purpose] = []
    var kept = Fifo<(number: UInt64, purpose: Purpose)>()
    while let entry = entries.popFirst() {
      if entry.number < first || entry.number > last { kept.append(entry) } else { lost.append(entry.purpose) }
    }
    entries = kept
    return lost
  }

  mutating func remember(_ fact: CallbackFact) {
    supersede(fact.id)
    failed.append(fact)
  }

  /// Something newer of this callback is on its way: the older must not be written behind it.
  mutating func supersede(_ id: UInt64) {
    if !failed.isEmpty { failed.removeAll { $0.id == id } }
  }
}
