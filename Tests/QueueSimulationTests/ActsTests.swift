// Acts, conversations and new configurations, with faults planted by hand.

import Basics
import Journal
import Testing

@testable import ACD
@testable import QueueSimulation

@Suite("Queue auditor: acts and conversations")
struct ActsTests {
  private static let console: ByteString = "console:ann"

  private static func fact(_ act: ByteString, _ subject: ByteString, isDone: Bool = true) -> ACD.Output {
    .persist(
      .act(ActFact(at: World.epoch, by: console, act: act, subject: subject, isDone: isDone)), number: 0, promise: false
    )
  }

  @Test("an act that is not answered, not written, written otherwise, or not done")
  func acts() {
    let act = ACD.Act.takeOut(item: 1)
    let done = ACD.Output.acted(act, by: Self.console, refusal: nil)
    let overflow = ACD.Output.overflow(CallReference(1), .takenOut)
    let record = ACD.Output.record(QueueEventFact(.overflowed, at: World.epoch, queue: "sales", item: 1))
    func rule(_ outputs: [ACD.Output]) -> QueueAuditor.Rule? {
      var stage = Stage()
      stage.enter(1, item: 1)
      stage.auditor.willHandle(.act(act, by: Self.console), at: stage.now)
      for output in outputs { stage.auditor.saw(output, at: stage.now) }
      stage.auditor.inputIsHandled(at: stage.now)
      return stage.rule
    }
    #expect(rule([overflow, record, Self.fact("take-out", "1"), done]) == nil)
    #expect(rule([overflow, record, Self.fact("take-out", "1")]) == .acts)
    #expect(rule([overflow, record, done]) == .acts)
    #expect(rule([overflow, record, Self.fact("take-out", "1", isDone: false), done]) == .acts)
    #expect(rule([overflow, record, Self.fact("take-out", "2"), done]) == .acts)
    #expect(rule([overflow, record, Self.fact("take-out", "1"), Self.fact("take-out", "1"), done]) == .acts)
    #expect(rule([Self.fact("take-out", "1"), done]) == .acts)
  }

  @Test("a moved caller keeps the age, a moved callback its place")
  func moved() {
    var stage = Stage(others: [.init(name: "support", agents: ["101", "102"])])
    stage.enter(1, item: 1)
    stage.enter(2, item: 2, queue: "support")
    var lazy = stage
    lazy.act(.move(item: 1, toQueue: "support"), by: Self.console)
    #expect(lazy.rule == .acts)
    stage.act(.move(item: 1, toQueue: "support"), by: Self.console, .moved(CallReference(1), queue: "support"))
    #expect(stage.rule == nil)
    _ = stage.offer(.call(CallReference(2)), to: "101", queue: "support")
    #expect(stage.rule == .noOvertaking)

    var promised = Stage()
    promised.promise(1)
    guard var fact = promised.auditor.disk[1] else { return }
    fact.sequence = 2
    promised.auditor.saw(.persist(.callback(fact), number: 2, promise: true), at: promised.now)
    #expect(promised.rule == .conservation)
  }

  @Test("a callback that a supervisor wants dialled now, and another item before it")
  func dialNow() {
    var stage = Stage()
    stage.enter(1, item: 1)
    stage.promise(2)
    stage.act(.dialNow(2), by: Self.console)
    stage.now = stage.now + .seconds(5)
    var good = stage
    _ = good.offer(.callback(2), to: "101", .callback)
    #expect(good.rule == nil)
    _ = stage.offer(.call(CallReference(1)), to: "101")
    #expect(stage.rule == .noOvertaking)
  }

  @Test("a hold without its record, with another length, and a verdict that counts twice")
  func conversation() {
    var stage = Stage()
    stage.enter(1, item: 1)
    let offer = stage.serve(1, by: "101")
    func event(_ kind: QueueEventFact.Kind, _ seconds: Int64 = 0, _ detail: ByteString = "") -> ACD.Output {
      .record(
        QueueEventFact(
          kind, at: World.epoch, queue: "sales", item: 1, agent: "101", milliseconds: seconds * 1000, detail: detail))
    }
    stage.hear(.held(offer, true))
    stage.now = stage.now + .seconds(7)
    var (silent, wrong) = (stage, stage)
    silent.hear(.ended(offer))
    #expect(silent.rule == .conversation)
    wrong.hear(.held(offer, false), event(.held, 8))
    #expect(wrong.rule == .conversation)
    stage.hear(.held(offer, false), event(.held, 7))
    stage.hear(.transferred(offer), event(.transferred))
    stage.hear(.ended(offer))
    stage.hear(.surveyed(offer, score: 9))
    stage.hear(.surveyed(offer, score: 4), event(.surveyed, 0, "4"))
    #expect(stage.rule == nil)
    stage.hear(.surveyed(offer, score: 4), event(.surveyed, 0, "4"))
    #expect(stage.rule == .conversation)
  }

  @Test("a configuration that logs out, stops a phone, or sends somebody on")
  func configuration() {
    var stage = Stage()
    stage.enter(1, item: 1)
    let offer = stage.offer(.call(CallReference(1)), to: "101")
    for output in [
      .record(QueueEventFact(.agentLoggedOut, at: World.epoch, agent: "102")), .withdraw(offer),
      .overflow(CallReference(1), .maximumWait),
    ] as [ACD.Output] {
      var other = stage
      other.hear(.configure(stage.settings), output)
      #expect(other.rule == .configuration, "\(output)")
    }
    stage.hear(.configure(stage.settings))
    #expect(stage.rule == nil)
    stage.hear(.trunkRoom(channelsFree: 2), .record(QueueEventFact(.agentLoggedOut, at: World.epoch, agent: "102")))
    #expect(stage.rule == .acts)
  }
}
