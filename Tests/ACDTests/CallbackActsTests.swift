import Basics
import Journal
import Testing

@testable import ACD

@Suite struct CallbackActsTests {
  private func floor() -> Floor {
    var settings = ACD.Settings.branch(agents: ["101"], announceEvery: 0)
    settings.queues.append(.init(name: "support", agents: ["102"], announceEverySeconds: 0, callback: .init()))
    settings.queues.append(.init(name: "quiet", agents: ["102"], announceEverySeconds: 0))
    let floor = Floor(settings)
    floor.step(.trunkRoom(channelsFree: 2))
    floor.logIn("101", "102")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.step(.busyElsewhere(extension: "102", true))
    return floor
  }

  @Test("Dial now: next, whatever the place and the not-before time; still with agent, channel, clock and hours")
  func dialNow() throws {
    let floor = floor()
    floor.enter(1, from: "13800000001")
    floor.promiseCallback(from: "13800000002", call: 2)
    floor.take()
    floor.step(.act(.dialNow(1), by: "console:anna"))
    floor.step(.trunkRoom(channelsFree: 0))
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [2])
    floor.step(.opening(queue: "sales", isOpen: false, closesIn: nil))
    floor.step(.trunkRoom(channelsFree: 1))
    floor.step(.wall(floor.wall, trusted: false))
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: nil))
    floor.take()
    floor.step(.wall(floor.wall, trusted: true))
    #expect(floor.takeOffers().isEmpty)
    floor.step(.busyElsewhere(extension: "101", false))
    let offer = try floor.takeOffer()
    #expect(offer.item == .callback(1))
    // Once: what comes back from an attempt has its old place.
    let attempt = try floor.dial(offer)
    floor.step(.attemptFailed(attempt, status: 486, q850: nil))
    floor.step(.ended(offer.id))
    #expect(try floor.takeOffer().item == .call(CallReference(1)))
    floor.pass(seconds: 300)
    #expect(floor.acd.callbacks[1]?.placement.isUrgent == false)
    floor.expectNoComplaints()
  }

  @Test("What cannot be done is not done: unknown, under way, being asked for, or the customer is on the line")
  func refused() throws {
    let floor = floor()
    func done(_ act: (inout ACD, Instant) -> Bool) -> Bool { floor.apply(act) }
    #expect(!done { $0.cancelCallback(9, at: $1) } && !done { $0.dialNow(9, at: $1) })
    floor.diskIsFast = false
    floor.enter(1)
    floor.step(.requestCallback(CallReference(1), .init()))
    #expect(!done { $0.cancelCallback(1, at: $1) } && !done { $0.dialNow(1, at: $1) })
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    floor.diskIsFast = true
    // Hears the goodbye.
    #expect(!done { $0.dialNow(1, at: $1) })
    floor.leave(1)
    #expect(!done { $0.moveCallback(1, to: "quiet", at: $1) } && !done { $0.moveCallback(1, to: "sales", at: $1) })
    #expect(!done { $0.reschedule(1, to: WallTime(microseconds: .max), at: $1) })
    floor.enter(2)
    #expect(!done { $0.dialNow(1, at: $1) })
    floor.leave(2)
    #expect(done { $0.dialNow(1, at: $1) })
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    _ = try floor.dial(try floor.takeOffer())
    let time = floor.wall + .minutes(5)
    #expect(!done { $0.dialNow(1, at: $1) } && !done { $0.reschedule(1, to: time, at: $1) })
    #expect(!done { $0.moveCallback(1, to: "support", at: $1) } && done { $0.cancelCallback(1, at: $1) })
    floor.expectNoComplaints()
  }

  @Test("Dial now while a phone rings for it: should nobody answer, it is still the next")
  func dialNowWhileOffered() throws {
    let (floor, offer) = try Floor.offered()
    floor.enter(2, from: "13800000002")
    floor.step(.act(.prioritise(item: 1, 5), by: "console:anna"))
    floor.step(.act(.dialNow(1), by: "console:anna"))
    floor.take()
    floor.step(.refused(offer.id, status: 486))
    floor.pass(.minutes(5))
    #expect(floor.takeOffers().first?.item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("Dial now, accepted while the power fails: it is not tried, and still the next when the power is back")
  func dialNowInBrownOut() throws {
    let (floor, offer) = try Floor.offered()
    floor.enter(2, from: "13800000002")
    floor.step(.act(.prioritise(item: 1, 5), by: "console:anna"))
    floor.step(.act(.dialNow(1), by: "console:anna"))
    floor.step(.act(.brownOut(true), by: "console:power"))
    floor.step(.accepted(offer.id))
    floor.step(.ended(offer.id))
    floor.take()
    floor.step(.act(.brownOut(false), by: "console:power"))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("Rescheduled: the phone that rings stops, and the callback enters at the new time")
  func reschedule() throws {
    let (floor, offer) = try Floor.offered()
    floor.step(.act(.reschedule(1, to: floor.wall + .minutes(20)), by: "101"))
    let outputs = floor.take()
    #expect(outputs.contains { if case .withdraw(offer.id) = $0 { true } else { false } })
    #expect(outputs.eventKinds.contains(.callbackRescheduled))
    floor.step(.ended(offer.id))
    #expect(floor.record()?.isScheduled == true && floor.view()?.dueIn == .minutes(20))
    floor.pass(.minutes(20))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("Moved: another queue's agents, the same age; a number has one callback there, too")
  func move() throws {
    let floor = floor()
    floor.promiseCallback()
    floor.pass(seconds: 10)
    floor.enter(4, queue: "support", from: "13800000004")
    floor.take()
    #expect(floor.apply { $0.moveCallback(1, to: "support", at: $1) })
    #expect(floor.record()?.queue == "support" && floor.take().eventKinds == [.moved])
    floor.step(.busyElsewhere(extension: "101", false))
    #expect(floor.takeOffers().isEmpty)
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [2])
    floor.promiseCallback(call: 7)
    #expect(floor.acd.callbacks.count == 2)
    #expect(!floor.apply { $0.moveCallback(2, to: "support", at: $1) })
    floor.take()
    floor.step(.busyElsewhere(extension: "102", false))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("Moved during the goodbye to a queue of a shorter delay: not due before the time that was promised")
  func moveDuringGoodbye() throws {
    var settings = ACD.Settings.branch(agents: ["101"], callback: .init(minimumDelaySeconds: 60), announceEvery: 0)
    settings.queues.append(.init(name: "support", agents: ["102"], callback: .init(minimumDelaySeconds: 1)))
    let floor = Floor(settings)
    floor.step(.trunkRoom(channelsFree: 2))
    floor.logIn("101", "102")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1)
    floor.step(.requestCallback(CallReference(1), .init()))
    floor.move(1, to: "support")
    floor.pass(seconds: 3)
    floor.leave(1)
    floor.take()
    floor.pass(seconds: 56)
    #expect(floor.takeOffers().isEmpty)
    floor.pass(seconds: 1)
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }
}
