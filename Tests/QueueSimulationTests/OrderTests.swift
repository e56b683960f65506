// Order between queues, shares, media and preferred agents, with faults planted by hand.

import Basics
import Journal
import Testing

@testable import ACD
@testable import QueueSimulation

@Suite("Queue auditor: order and media")
struct OrderTests {
  private static func support(priority: UInt8 = 0, weight: UInt8 = 0) -> ACD.QueueSettings {
    .init(name: "support", agents: ["101", "102"], priority: priority, weight: weight)
  }

  @Test("an agent's queue of worse priority before that of better; of equal ones the younger item before the older")
  func queues() {
    var worse = Stage(others: [Self.support(priority: 1)])
    worse.enter(1, item: 1, queue: "support")
    worse.enter(2, item: 2)
    var better = worse
    _ = better.offer(.call(CallReference(2)), to: "101")
    #expect(better.rule == nil)
    _ = worse.offer(.call(CallReference(1)), to: "101", queue: "support")
    #expect(worse.rule == .queueOrder)

    var younger = Stage(others: [Self.support()])
    younger.enter(1, item: 1)
    younger.enter(2, item: 2, queue: "support")
    _ = younger.offer(.call(CallReference(2)), to: "101", queue: "support")
    #expect(younger.rule == .queueOrder)
  }

  @Test("a worse priority before a better one in the same queue, and after a supervisor's act")
  func priorities() {
    var stage = Stage { $0.priority = 2 }
    stage.enter(1, item: 1)
    stage.enter(2, item: 2)
    stage.act(.prioritise(item: 2, 1), by: "console:ann")
    var good = stage
    _ = good.offer(.call(CallReference(2)), to: "101")
    #expect(good.rule == nil)
    _ = stage.offer(.call(CallReference(1)), to: "101")
    #expect(stage.rule == .noOvertaking)
  }

  /// Both queues have callers all the time, and agent 101 serves them in the order that is drawn by `next`.
  private func shares(_ next: (Int) -> Bool) -> QueueAuditor.Rule? {
    var stage = Stage(others: [Self.support(weight: 1)]) { ($0.weight, $0.wrapUpSeconds) = (3, 0) }
    for item in 1...80 as ClosedRange<UInt64> {
      stage.enter(item, item: item, queue: item.isMultiple(of: 2) ? "sales" : "support")
    }
    var (sales, support): (UInt64, UInt64) = (2, 1)
    for turn in 0..<32 {
      let isSales = next(turn)
      let offer = stage.serve(isSales ? sales : support, by: "101", queue: isSales ? "sales" : "support")
      stage.hear(.ended(offer))
      stage.now = stage.now + .seconds(20)
      if isSales { sales += 2 } else { support += 2 }
    }
    return stage.rule
  }

  @Test("two queues of one priority have their shares of an agent: three turns to one, and not one to one")
  func weights() {
    #expect(shares { $0 % 4 != 0 } == nil)
    #expect(shares { $0 % 2 != 0 } == .fairShare)
    #expect(shares { $0 % 2 == 0 || $0 % 6 == 1 } == .fairShare)
  }

  @Test("more conversations in writing than an agent may have, and a call beside them")
  func media() {
    let agent = ACD.AgentSettings(extension: "101", capacity: [.chat: 2])
    var stage = Stage(agents: [agent])
    for item in 1...4 as ClosedRange<UInt64> { stage.enter(item, item: item, item == 4 ? .call : .chat) }
    _ = stage.serve(1, by: "101", .chat)
    let second = stage.serve(2, by: "101", .chat)
    #expect(stage.rule == nil)
    var third = stage
    _ = third.offer(.call(CallReference(3)), to: "101", .chat)
    #expect(third.rule == .noOfferUnready)
    var beside = stage
    _ = beside.offer(.call(CallReference(4)), to: "101")
    #expect(beside.rule == .noOfferUnready)
    // No wrap-up after writing; what is offered as something else was not that.
    stage.hear(.ended(second))
    var other = stage
    _ = stage.offer(.call(CallReference(3)), to: "101", .chat)
    #expect(stage.rule == nil)
    _ = other.offer(.call(CallReference(3)), to: "101", .mail)
    #expect(other.rule == .nonsense)
  }

  @Test("somebody else before the preferred agent's time is over")
  func preferred() {
    var stage = Stage { $0.preferredAgentSeconds = 20 }
    stage.enter(1, item: 1, preferring: "102")
    stage.now = stage.now + .seconds(19)
    var (early, own) = (stage, stage)
    _ = early.offer(.call(CallReference(1)), to: "101")
    #expect(early.rule == .noOfferUnready)
    _ = own.offer(.call(CallReference(1)), to: "102")
    #expect(own.rule == nil)
    stage.now = stage.now + .seconds(1)
    _ = stage.offer(.call(CallReference(1)), to: "101")
    #expect(stage.rule == nil)
  }
}
