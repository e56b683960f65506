import Basics
import Journal
import Testing

@testable import ACD

@Suite struct HoursTests {
  private func floor(_ callback: ACD.CallbackSettings = .init()) -> Floor {
    let floor = Floor(.branch(agents: ["101"], callback: callback, announceEvery: 0))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.step(.trunkRoom(channelsFree: 2))
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: .hours(1)))
    floor.take()
    return floor
  }

  private func entryRefusal(_ floor: Floor, _ call: UInt64) -> ACD.EntryRefusal? {
    floor.take()
    floor.enter(call, from: "13800000077")
    for case .refusedEntry(_, let reason) in floor.take() { return reason }
    return nil
  }

  @Test("A closed queue takes nobody in; who waits already is served")
  func entry() throws {
    let floor = floor()
    floor.enter(1)
    floor.pass(.minutes(25))
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: .seconds(60)))
    floor.pass(seconds: 60)
    #expect(entryRefusal(floor, 2) == .closed)
    floor.step(.busyElsewhere(extension: "101", false))
    #expect(try floor.takeOffer().item == .call(CallReference(1)))
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: nil))
    #expect(entryRefusal(floor, 3) == nil)
    floor.expectNoComplaints()
  }

  @Test("Nothing is promised that could not be kept before closing, less the margin")
  func promise() {
    let floor = floor(.init(closingMarginSeconds: 300))
    // The first place is told 1500 s × 1.6: 40 minutes.
    floor.learn(conversation: .seconds(1500))
    floor.enter(1)
    floor.pass(.minutes(15))
    floor.step(.requestCallback(CallReference(1), .init()))
    #expect(floor.take().acceptedID == 1)
    floor.enter(2, from: "13800000002")
    floor.pass(seconds: 1)
    floor.step(.requestCallback(CallReference(2), .init()))
    #expect(floor.take().refusal == .closing)
    // Whoever has a promise may say so again.
    floor.enter(3)
    floor.step(.requestCallback(CallReference(3), .init()))
    #expect(floor.take().acceptedID == 1)
    floor.expectNoComplaints()
  }

  @Test("Carried over: nobody is dialled while it is closed, nothing expires, and the order is that of age")
  func carryOver() throws {
    let floor = floor(.init(expirySeconds: 7200))
    floor.promiseCallback(from: "13800000001", call: 1)
    floor.promiseCallback(from: "13800000002", call: 2)
    floor.pass(.hours(1))
    let closing = floor.take()
    #expect(
      closing.events.filter { $0.kind == .callbackRescheduled }.map(\.detail) == ["carried over", "carried over"])
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(.hours(14))
    #expect(floor.takeOffers().isEmpty && floor.acd.callbacks.count == 2)
    floor.restart(.branch(agents: ["101"], callback: .init(expirySeconds: 7200), announceEvery: 0))
    floor.step(.opening(queue: "sales", isOpen: false, closesIn: nil))
    floor.step(.trunkRoom(channelsFree: 2))
    floor.step(.reachable(extension: "101", true))
    floor.pass(.hours(3))
    #expect(floor.takeOffers().isEmpty)
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: .hours(8)))
    #expect(try floor.takeOffer().item == .callback(1))
    #expect(floor.record(2).map { $0.expiresAt - floor.wall } == .hours(2))
    floor.expectNoComplaints()
  }

  @Test("Drained: callbacks go on for so many minutes after closing, then they are carried over")
  func drain() throws {
    let floor = floor(.init(closing: .drain, drainMinutes: 10))
    floor.promiseCallback()
    floor.pass(.hours(1))
    #expect(entryRefusal(floor, 5) == .closed)
    floor.pass(.minutes(9))
    floor.step(.busyElsewhere(extension: "101", false))
    let offer = try floor.takeOffer()
    #expect(offer.item == .callback(1))
    floor.pass(.minutes(1))
    // Nobody answered in time: it is over for today.
    floor.step(.ended(offer.id))
    floor.pass(.hours(1))
    #expect(floor.takeOffers().isEmpty && floor.record()?.state == .pending)
    floor.expectNoComplaints()
  }

  @Test("A box that comes up at night does not drain: it was told that it is open only until a clock was trusted")
  func noDrainAtNight() throws {
    let rules = ACD.CallbackSettings(closing: .drain, drainMinutes: 10)
    let floor = floor(rules)
    floor.promiseCallback()
    floor.restart(.branch(agents: ["101"], callback: rules, announceEvery: 0), trusted: false)
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: nil))
    floor.step(.wall(floor.wall, trusted: true))
    floor.step(.opening(queue: "sales", isOpen: false, closesIn: nil))
    floor.step(.trunkRoom(channelsFree: 2))
    floor.step(.reachable(extension: "101", true))
    floor.pass(.minutes(5))
    #expect(floor.takeOffers().isEmpty && floor.record()?.state == .pending)
  }

  @Test("Cancelled at closing, and said so; a conversation goes on, a time in other hours stands")
  func cancel() throws {
    let floor = floor(.init(closing: .cancel))
    floor.promiseCallback(from: "13800000001", call: 1)
    floor.enter(2, from: "13800000002")
    floor.step(
      .timetable(queue: "sales", [.init(from: floor.wall + .hours(19), until: floor.wall + .hours(24))]))
    floor.step(.requestCallback(CallReference(2), .init(at: floor.wall + .hours(20))))
    floor.leave(2)
    floor.promiseCallback(from: "13800000003", call: 3)
    floor.pass(.minutes(59))
    floor.step(.busyElsewhere(extension: "101", false))
    let attempt = try floor.dial(try floor.takeOffer())
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    floor.take()
    floor.step(.opening(queue: "sales", isOpen: false, closesIn: nil))
    #expect(floor.take().eventKinds.contains(.callbackCancelled))
    #expect(floor.record(3)?.state == .cancelled && floor.record(2)?.state == .pending)
    floor.pass(seconds: 5)
    #expect(floor.record(1)?.state == .done)
    floor.expectNoComplaints()
  }

  @Test("A phone that rings for a callback at closing stops; an attempt that was not dialled is not dialled")
  func closesWhileRinging() throws {
    let (floor, offer) = try Floor.offered()
    floor.step(.opening(queue: "sales", isOpen: false, closesIn: nil))
    #expect(floor.take().contains { if case .withdraw(offer.id) = $0 { true } else { false } })

    let (late, other) = try Floor.offered()
    late.diskIsFast = false
    let attempt = try late.dial(other)
    late.step(.opening(queue: "sales", isOpen: false, closesIn: nil))
    late.take()
    late.becomeDurable(upTo: try #require(late.onTheWay.last?.number))
    let outputs = late.take()
    #expect(outputs.dialled == nil)
    #expect(outputs.contains { if case .dropAttempt(attempt) = $0 { true } else { false } })
    late.expectNoComplaints()
  }

  @Test("The power fails: callers are offered a callback at once, nobody enters, nothing begins; then all goes on")
  func brownOut() throws {
    let floor = floor()
    floor.enter(1)
    floor.enter(2, from: "13800000002")
    floor.take()
    floor.step(.act(.brownOut(true), by: "console:"))
    let offered = floor.take().compactMap { output -> CallReference? in
      if case .offerCallback(let call, isUrgent: true) = output { call } else { nil }
    }
    #expect(offered == [CallReference(1), CallReference(2)])
    floor.step(.requestCallback(CallReference(1), .init()))
    #expect(floor.take().acceptedID == 1)
    #expect(entryRefusal(floor, 3) == .closed)
    floor.step(.busyElsewhere(extension: "101", false))
    #expect(floor.takeOffers().isEmpty)
    floor.step(.act(.brownOut(false), by: "console:"))
    #expect(try floor.takeOffer().item == .call(CallReference(2)))
    floor.expectNoComplaints()
  }

  @Test("Told of callbacks once: when the wait is long, or nobody is working; never when it would be refused")
  func advice() {
    func told(_ outputs: [ACD.Output]) -> Int {
      outputs.filter { if case .offerCallback(_, isUrgent: false) = $0 { true } else { false } }.count
    }
    let floor = floor()
    floor.enter(1)
    floor.pass(.minutes(1))
    #expect(told(floor.take()) == 0)
    // 112.5 s × 1.6: three minutes.
    floor.learn(conversation: .milliseconds(112_500))
    floor.pass(.minutes(2))
    let outputs = floor.take()
    #expect(told(outputs) == 1 && outputs.eventKinds.filter { $0 != .announced } == [.callbackOffered])
    floor.acd.estimates = Estimates()
    floor.step(.reachable(extension: "101", false))
    floor.enter(2, from: "")
    #expect(told(floor.take()) == 1)
    floor.pass(.minutes(45))
    floor.enter(3, from: "13800000003")
    floor.pass(.minutes(9))
    #expect(told(floor.take()) == 1)
    floor.pass(.minutes(1))
    floor.enter(4, from: "13800000004")
    #expect(told(floor.take()) == 0)
    floor.expectNoComplaints()
  }
}
