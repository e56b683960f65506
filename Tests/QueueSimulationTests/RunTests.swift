// Days from seeds: repeatable, eventful, and without anything that must not happen.

import Basics
import Testing

@testable import QueueSimulation

@Suite("Run")
struct RunTests {
  @Test("the same seed gives the same words, another seed others")
  func reproducible() {
    let first = Run.outcome(of: Script(seed: 5, hours: 4))
    let again = Run.outcome(of: Script(seed: 5, hours: 4))
    let other = Run.outcome(of: Script(seed: 6, hours: 4))
    #expect(first.hash == again.hash && first.inputs == again.inputs)
    #expect(first.hash != other.hash)
  }

  @Test("reading along changes nothing")
  func traced() {
    let quiet = Run.outcome(of: Script(seed: 5, hours: 2))
    let traced = Run.outcome(of: Script(seed: 5, hours: 2), traces: true)
    #expect(quiet.hash == traced.hash)
    #expect(quiet.trace.isEmpty && !traced.trace.isEmpty)
  }

  @Test(
    "a day has calls, answers, promises and faults, and nothing happens that must not",
    arguments: [1, 2, 3] as [UInt64])
  func day(_ seed: UInt64) {
    let outcome = Run.outcome(of: Script(seed: seed, hours: 24))
    #expect(outcome.violation == nil, "seed \(seed)")
    #expect(outcome.shortcomings == [], "seed \(seed)")
    #expect(outcome.callbacks > 0 && outcome.crashes > 0, "seed \(seed)")
  }

  /// Each of these has found something once.
  static let found: [UInt64] = [
    // A callback that its customer chose to keep was dialled before its time.
    38, 51,
    // A customer whose call had broken down wrote, and the writing was offered as the call.
    6, 58,
    // One that its customer had put off was dialled late, because the goodbye took its time.
    10662,
    // One that was moved to another queue during its goodbye was dialled before its time.
    5126, 5581,
    // After a broken line the longest wait counted from the callback whose place the caller had taken.
    975, 11320,
    // The auditor's faults: a better place that was promised to nobody, closing by the rules of that moment, a place that
    // two callers had, one after the other, a promise that was written after its caller had left, a queue that a change
    // left without agents.
    10260, 10556, 13302, 43428, 43556, 44109, 3961, 13870, 15573, 16570, 8924,
  ]

  @Test("seeds that failed once do not fail again", arguments: found)
  func foundOnce(_ seed: UInt64) {
    #expect(Run.outcome(of: Script(seed: seed, hours: 24)).violation == nil, "seed \(seed)")
  }

  @Test("a run in which nothing happened is no proof")
  func shortcomings() {
    let empty = Run.outcome(of: Script(seed: 1, hours: 24).keeping([]))
    #expect(!empty.shortcomings.isEmpty)
  }
}
