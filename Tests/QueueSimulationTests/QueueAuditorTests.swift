// Faults are planted here by hand: an auditor that finds none of them would prove nothing.

import Basics
import Journal
import NumberPlan
import Testing

@testable import ACD
@testable import QueueSimulation

@Suite("Queue auditor")
struct QueueAuditorTests {
  @Test("a call that is entered, offered, accepted and served is as it should be")
  func everydayLife() {
    var stage = Stage()
    stage.enter(1, item: 1)
    let offer = stage.offer(.call(CallReference(1)), to: "101")
    stage.hear(
      .accepted(offer), .connect(CallReference(1), offer),
      .record(QueueEventFact(.answered, at: World.epoch, queue: "sales", item: 1)))
    stage.hear(.ended(offer))
    #expect(stage.auditor.violation == nil)
    #expect(stage.auditor.waitingItems.isEmpty)
  }

  @Test("an agent with two offers, and a call with two")
  func twice() {
    var stage = Stage()
    stage.enter(1, item: 1)
    stage.enter(2, item: 2)
    _ = stage.offer(.call(CallReference(1)), to: "101")
    var other = stage
    _ = stage.offer(.call(CallReference(2)), to: "101")
    #expect(stage.rule == .oneAcceptance)
    _ = other.offer(.call(CallReference(1)), to: "102")
    #expect(other.rule == .oneAcceptance)
  }

  @Test("all at once is what ring-all asks for, but one acceptance only")
  func ringAll() {
    var stage = Stage { $0.strategy = .ringAll }
    stage.enter(1, item: 1)
    let first = stage.offer(.call(CallReference(1)), to: "101")
    let second = stage.offer(.call(CallReference(1)), to: "102")
    #expect(stage.rule == nil)
    stage.hear(.accepted(first), .withdraw(second), .connect(CallReference(1), first))
    #expect(stage.rule == nil)
    stage.hear(.accepted(second), .connect(CallReference(1), second))
    #expect(stage.rule == .oneAcceptance)
  }

  @Test("an offer in wrap-up, on a break, to a phone that is gone, to somebody without the skill")
  func notReady() {
    var served = Stage()
    served.enter(1, item: 1)
    let offer = served.offer(.call(CallReference(1)), to: "101")
    served.hear(.accepted(offer), .connect(CallReference(1), offer))
    served.hear(.ended(offer))
    served.enter(2, item: 2)
    served.now = served.now + .seconds(9)
    var later = served
    later.now = later.now + .seconds(1)
    _ = served.offer(.call(CallReference(2)), to: "101")
    #expect(served.rule == .noOfferUnready)
    _ = later.offer(.call(CallReference(2)), to: "101")
    #expect(later.rule == nil)

    let obstacles: [(inout Stage) -> Void] = [
      { $0.act(.pause(extension: "101", reason: "lunch"), by: "101") },
      { $0.hear(.reachable(extension: "101", false)) },
      { $0.hear(.busyElsewhere(extension: "101", true)) }, { $0.act(.logout(extension: "101"), by: "101") },
    ]
    for (index, obstacle) in obstacles.enumerated() {
      var stage = Stage()
      stage.enter(1, item: 1)
      obstacle(&stage)
      _ = stage.offer(.call(CallReference(1)), to: "101")
      #expect(stage.rule == .noOfferUnready, "obstacle \(index)")
    }

    var unskilled = Stage { $0.rings = [.init(afterSeconds: 0, [.init("french", 3)]), .init(afterSeconds: 30, [])] }
    unskilled.enter(1, item: 1)
    var patient = unskilled
    _ = unskilled.offer(.call(CallReference(1)), to: "101")
    #expect(unskilled.rule == .noOfferUnready)
    patient.now = patient.now + .seconds(30)
    _ = patient.offer(.call(CallReference(1)), to: "101")
    #expect(patient.rule == nil)
  }

  @Test("a younger call before an older one, and before an older callback that is due")
  func overtaking() {
    var stage = Stage()
    stage.enter(1, item: 1)
    stage.enter(2, item: 2)
    _ = stage.offer(.call(CallReference(2)), to: "101")
    #expect(stage.rule == .noOvertaking)

    var second = Stage()
    second.promise(1)
    second.now = second.now + .minutes(5)
    second.enter(2, item: 2)
    _ = second.offer(.call(CallReference(2)), to: "101")
    #expect(second.rule == .noOvertaking)
  }

  @Test("a phone that goes on ringing for a caller who is gone")
  func abandonment() {
    var stage = Stage()
    stage.enter(1, item: 1)
    let offer = stage.offer(.call(CallReference(1)), to: "101")
    let gone = QueueEventFact(.abandoned, at: World.epoch, queue: "sales", item: 1)
    var good = stage
    stage.hear(.leave(CallReference(1), lineBroke: false), .record(gone))
    #expect(stage.rule == .abandonment)
    good.hear(.leave(CallReference(1), lineBroke: false), .withdraw(offer), .record(gone))
    #expect(good.rule == nil)
  }

  @Test("a call with two fates, with none, and one that the distributor has lost")
  func conservation() {
    var twice = Stage()
    twice.enter(1, item: 1)
    let overflowed = QueueEventFact(.overflowed, at: World.epoch, queue: "sales", item: 1)
    twice.hear(.trunkRoom(channelsFree: 1), .overflow(CallReference(1), .maximumWait), .record(overflowed))
    #expect(twice.rule == nil)
    twice.hear(.trunkRoom(channelsFree: 1), .record(QueueEventFact(.abandoned, at: World.epoch, item: 1)))
    #expect(twice.rule == .conservation)

    var none = Stage()
    none.enter(1, item: 1)
    none.hear(.leave(CallReference(1), lineBroke: false))
    #expect(none.rule == .conservation)

    var lost = Stage()
    lost.enter(1, item: 1)
    lost.auditor.look(at: ACD(), lost.now)
    #expect(lost.rule == .conservation)
  }

  @Test("an agent who is ready beside a callback that is due")
  func liveness() {
    var stage = Stage()
    stage.promise(1)
    stage.auditor.look(at: ACD(), stage.now + .seconds(1))
    #expect(stage.rule == .exactlyOnce, "the distributor does not know it")

    var acd = ACD()
    var waiting = Stage()
    waiting.promise(1)
    guard let fact = waiting.auditor.disk[1] else { return }
    // It holds the callback, and has no agents to offer it to.
    acd.handle(.restored(callbacks: [fact], agents: [], lastSequence: 1, lastCallbackID: 1), at: waiting.now)
    waiting.auditor.look(at: acd, waiting.now + .seconds(3))
    #expect(waiting.rule == nil)
    waiting.auditor.look(at: acd, waiting.now + .seconds(6))
    #expect(waiting.rule == .liveness)
  }

  @Test("a goodbye before the promise is on the disk")
  func earlyGoodbye() {
    var stage = Stage()
    stage.enter(1, item: 1)
    stage.hear(.requestCallback(CallReference(1), .init()), .callbackAccepted(CallReference(1), id: 1))
    #expect(stage.rule == .exactlyOnce)
  }

  @Test("a dial before its attempt is on the disk, two dials at once, and one after the conversation")
  func exactlyOnce() {
    var stage = Stage()
    stage.promise(1)
    stage.now = stage.now + .minutes(5)
    let offer = stage.offer(.callback(1), to: "101")
    let prepare = ACD.Output.prepare(
      AttemptID(1), callback: 1, number: "+8613800000001", presenting: "", offer: offer)
    stage.hear(.accepted(offer), prepare)
    stage.hear(.attemptLeg(AttemptID(1), Stage.leg))
    var early = stage
    early.hear(.trunkRoom(channelsFree: 1), .dial(AttemptID(1)))
    #expect(early.rule == .exactlyOnce)

    stage.promise(1, state: .dialling, leg: Stage.leg)
    stage.hear(.durable(upTo: 1), .dial(AttemptID(1)))
    #expect(stage.rule == nil)
    var double = stage
    double.hear(
      .trunkRoom(channelsFree: 1),
      .prepare(AttemptID(2), callback: 1, number: "+8613800000001", presenting: "", offer: offer))
    #expect(double.rule == .exactlyOnce)

    stage.hear(.attemptAnswered(AttemptID(1), remoteTag: "b"))
    stage.now = stage.now + .seconds(6)
    stage.hear(.attemptEnded(AttemptID(1)), .releaseAgent(offer, .customerLeft))
    stage.hear(.ended(offer))
    stage.now = stage.now + .minutes(5)
    let second = stage.offer(.callback(1), to: "101")
    stage.hear(
      .accepted(second), .prepare(AttemptID(3), callback: 1, number: "+8613800000001", presenting: "", offer: second))
    stage.hear(.attemptLeg(AttemptID(3), Stage.leg))
    stage.hear(.durable(upTo: 2), .dial(AttemptID(3)))
    #expect(stage.rule == .exactlyOnce)
  }

  @Test("a number that may not be dialled, and a callback by a clock that nobody trusts")
  func deniedAndUntrusted() {
    var stage = Stage()
    stage.promise(1)
    stage.now = stage.now + .minutes(5)
    var untrusted = stage
    let offer = stage.offer(.callback(1), to: "101")
    stage.hear(.accepted(offer), .prepare(AttemptID(1), callback: 1, number: "110", presenting: "", offer: offer))
    #expect(stage.rule == .exactlyOnce)
    untrusted.hear(.wall(World.epoch, trusted: false))
    _ = untrusted.offer(.callback(1), to: "101")
    #expect(untrusted.rule == .exactlyOnce)
  }

  @Test("a leg of the run before that is not ended")
  func orphan() {
    var stage = Stage()
    stage.promise(1, state: .dialling, leg: Stage.leg)
    stage.auditor.powerFails(at: stage.now)
    stage.auditor.powerReturns(at: stage.now)
    stage.hear(.restored(callbacks: [], agents: [], lastSequence: 0, lastCallbackID: 0))
    #expect(stage.rule == .exactlyOnce)
  }
}
