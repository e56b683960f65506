import Basics
import Testing

@testable import QueueSimulation

@Suite("Shrinking")
struct ShrinkingTests {
  /// Complains whenever two certain customers call.
  private static func judge(_ script: Script) -> QueueAuditor.Violation? {
    let calls = script.events.compactMap { event -> UInt64? in
      if case .call(let visit) = event.kind { visit.call } else { nil }
    }
    guard calls.contains(17), calls.contains(23) else { return nil }
    return QueueAuditor.Violation(rule: .liveness, at: World.start + .hours(24), text: "both called")
  }

  @Test("what remains is what the failure needs, and no more")
  func smallest() throws {
    let script = Script(seed: 1, hours: 24)
    let violation = try #require(Self.judge(script))
    var shrinking = Shrinking(script, violation, judge: Self.judge)
    shrinking.run()
    #expect(shrinking.script.events.count == 2)
    #expect(Self.judge(shrinking.script) != nil)
    #expect(shrinking.tries <= Shrinking.Limits.tries)
  }

  @Test("another failure is not taken for the same")
  func sameRuleOnly() {
    let script = Script(seed: 1, hours: 24)
    let violation = QueueAuditor.Violation(rule: .noOvertaking, at: World.start + .hours(24), text: "")
    var shrinking = Shrinking(script, violation, judge: Self.judge)
    shrinking.run()
    #expect(shrinking.script.events.count == script.events.count)
  }
}
