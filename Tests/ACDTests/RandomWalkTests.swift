// Seeded random days, judged at every step by the oracle (who gets what) and by the auditor (rules of the house).

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct RandomWalkTests {
  static let seeds: UInt64 = 320
  static let steps = 300

  @Test("No random day breaks a rule, and once faults stop everybody is served", arguments: [0, 1, 2, 3] as [UInt64])
  func days(part: UInt64) {
    var conversations = 0
    var dials = 0
    var seen: [QueueEventFact.Kind: Int] = [:]
    for seed in stride(from: part, to: Self.seeds, by: 4) {
      var walk = RandomWalk(seed: seed)
      for index in 0..<Self.steps {
        walk.step()
        guard walk.floor.auditor.complaints.isEmpty else {
          Issue.record("seed \(seed), step \(index): \(walk.floor.auditor.complaints)")
          return
        }
        walk.floor.outputs = []
      }
      walk.settleDown()
      let floor = walk.floor
      floor.auditor.checkNothingForgotten(floor.acd)
      #expect(floor.auditor.complaints.isEmpty, "seed \(seed), settling: \(floor.auditor.complaints)")
      #expect(floor.acd.calls.isEmpty && floor.acd.callbacks.isEmpty, "seed \(seed): somebody still waits")
      #expect(floor.acd.offers.isEmpty && floor.acd.attempts.isEmpty, "seed \(seed): something is stuck")
      #expect(
        floor.acd.heldByTalk.isEmpty && floor.acd.callbacksByNumber.isEmpty && floor.acd.callbacksByCaller.isEmpty,
        "seed \(seed): a table holds what is gone")
      let states = floor.acd.agentViews(at: floor.now).map(\.state)
      #expect(states.allSatisfy { $0 == .ready }, "seed \(seed): \(states)")
      #expect(floor.acd.departing.count <= 1 && floor.acd.channelsHeld == 0, "seed \(seed)")
      conversations += floor.acd.queueViews(at: floor.now).reduce(0) { $0 + $1.counts.callbacksDone }
      dials += floor.acd.counters.attempts
      seen.merge(floor.auditor.seen) { $0 + $1 }
    }
    // The days are worth nothing if nothing happens in them.
    #expect(conversations > 20 && dials > 60, "\(conversations) done, \(dials) dials")
    for kind in [.apologised, .rejoined, .callbackOffered, .callbackRescheduled, .moved] as [QueueEventFact.Kind] {
      #expect(seen[kind, default: 0] > 0, "\(kind.name): \(seen[kind, default: 0])")
    }
  }
}
