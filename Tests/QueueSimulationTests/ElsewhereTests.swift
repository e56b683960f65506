// Callers who may be taken by another branch, with faults planted by hand.

import Basics
import Testing

@testable import ACD
@testable import QueueSimulation

@Suite("Queue auditor: another branch")
struct ElsewhereTests {
  private let call = CallReference(1)

  /// A caller has waited for so long in a queue that tries another branch after a minute.
  private func waiting(seconds: Int) -> Stage {
    var stage = Stage { ($0.maximumWaitSeconds, $0.triesElsewhere) = (60, true) }
    stage.enter(1, item: 1)
    stage.now = stage.now + .seconds(seconds)
    return stage
  }
  private func tries(_ stage: inout Stage) { stage.auditor.saw(.tryElsewhere(call), at: stage.now) }

  @Test("a caller is tried elsewhere each minute, and goes there when it answers")
  func taken() {
    var stage = waiting(seconds: 60)
    tries(&stage)
    stage.now = stage.now + .seconds(60)
    tries(&stage)
    stage.hear(.wentElsewhere(call), .overflow(call, .maximumWait))
    #expect(stage.rule == nil)
    stage.hear(.wentElsewhere(call))
    #expect(stage.rule == nil, "a second answer finds nobody")
  }

  @Test("tried too soon, once more too soon, or in a queue that does not try")
  func triedTooSoon() {
    var early = waiting(seconds: 59)
    tries(&early)
    #expect(early.rule == .nonsense)

    var again = waiting(seconds: 60)
    tries(&again)
    again.now = again.now + .seconds(59)
    tries(&again)
    #expect(again.rule == .nonsense)

    var plain = Stage { $0.maximumWaitSeconds = 60 }
    plain.enter(1, item: 1)
    plain.now = plain.now + .seconds(60)
    tries(&plain)
    #expect(plain.rule == .nonsense)
  }

  @Test("sent to a branch that has not answered, or kept here after it did")
  func unanswered() {
    var sent = waiting(seconds: 60)
    sent.auditor.saw(.overflow(call, .maximumWait), at: sent.now)
    #expect(sent.rule == .conservation)

    var kept = waiting(seconds: 60)
    tries(&kept)
    kept.hear(.wentElsewhere(call))
    #expect(kept.rule == .conservation)
  }
}
