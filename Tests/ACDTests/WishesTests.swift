import Basics
import Journal
import Testing

@testable import ACD

@Suite struct WishesTests {
  private func floor(_ callback: ACD.CallbackSettings = .init()) -> Floor {
    let floor = Floor(.branch(agents: ["101"], callback: callback, announceEvery: 0))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.step(.trunkRoom(channelsFree: 2))
    floor.take()
    return floor
  }

  private func ask(
    _ floor: Floor, _ call: UInt64, from number: ByteString = "13800000001", _ request: ACD.CallbackRequest
  ) -> ACD.CallbackRefusal? {
    floor.enter(call, from: number)
    floor.take()
    floor.step(.requestCallback(CallReference(call), request))
    let refusal = floor.outputs.refusal
    floor.leave(call)
    return refusal
  }

  @Test("Another number is normalised and judged like the caller's own; the recorded name goes with it to the agent")
  func otherNumber() throws {
    let floor = floor()
    #expect(ask(floor, 1, .init(number: "0258888-0000", recordedName: "n.wav")) == nil)
    let fact = try #require(floor.record())
    #expect(fact.number == "+862588880000" && fact.rawNumber == "13800000001" && fact.recordedName == "n.wav")
    #expect(ask(floor, 2, .init(number: "110")) == .classDenied)
    #expect(ask(floor, 3, .init(number: "101")) == .classDenied)
    #expect(ask(floor, 4, .init(number: "*85")) == .classDenied)
    #expect(ask(floor, 5, .init(number: "95588")) == .classDenied)
    #expect(ask(floor, 6, .init(number: "123456789")) == .numberInvalid)
    // The branch does not call itself.
    #expect(ask(floor, 7, .init(number: "01088880000")) == .classDenied)
    #expect(ask(floor, 8, from: "", .init()) == .numberWithheld)
    #expect(ask(floor, 9, from: "", .init(number: "13900000009")) == nil)
    floor.pass(seconds: 60)
    floor.step(.busyElsewhere(extension: "101", false))
    #expect(try floor.takeOffer().recordedName == "n.wav")
    floor.expectNoComplaints()

    let own = self.floor(.init(allowsOtherNumber: false))
    #expect(ask(own, 1, .init(number: "13900000009")) == .classDenied)
    #expect(ask(own, 2, .init(number: "138 0000 0001")) == nil)
  }

  @Test("What was allowed at the request is looked at again before the dial")
  func deniedLater() throws {
    let floor = floor()
    #expect(ask(floor, 1, .init(number: "02588880000")) == nil)
    floor.pass(seconds: 60)
    floor.step(.configure(.branch(agents: ["101"], callback: .init(allowedClasses: .init(.mobile)), announceEvery: 0)))
    floor.step(.busyElsewhere(extension: "101", false))
    floor.step(.accepted(try floor.takeOffer().id))
    #expect(floor.take().prepared == nil)
    #expect(floor.record()?.state == .failed)
    floor.expectNoComplaints()
  }

  @Test("One number, and one caller, have only so many open at once")
  func callerLimits() {
    let floor = floor()
    for index in 0..<ACD.Limits.callbacksPerCaller {
      #expect(ask(floor, UInt64(index + 1), .init(number: ByteString("1390000000\(index)"))) == nil)
    }
    #expect(ask(floor, 8, .init(number: "13900000008")) == .callerLimit)
    #expect(ask(floor, 9, from: "13800000009", .init(number: "13900000008")) == nil)
    #expect(floor.acd.counters.callbackCallerLimitHit == 1)
    floor.step(.act(.cancelCallback(1), by: "101"))
    #expect(ask(floor, 10, .init(number: "13900000007")) == nil)
    floor.expectNoComplaints()
  }

  @Test("A time of the customer's choice: no place before it, the last place then, and the old place in retries")
  func scheduled() throws {
    let floor = floor()
    let time = floor.wall + .minutes(30)
    #expect(ask(floor, 1, .init(at: time)) == nil)
    let fact = try #require(floor.record())
    #expect(fact.isScheduled && fact.notBefore == time && fact.expiresAt == time + .hours(4))
    floor.pass(.minutes(29))
    floor.enter(2, from: "13800000002")
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [1])
    #expect(floor.view()?.stage == .resting)
    floor.pass(.minutes(1))
    #expect(floor.view()?.stage == .due && floor.record()?.isScheduled == false && floor.record()?.sequence == 3)
    floor.enter(3, from: "13800000003")
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    let offer = try floor.takeOffer()
    #expect(offer.item == .call(CallReference(2)))
    floor.serve(offer, seconds: 1)
    floor.pass(seconds: 10)
    let next = try floor.takeOffer()
    #expect(next.item == .callback(1))
    let attempt = try floor.dial(next)
    floor.step(.attemptFailed(attempt, status: 486, q850: nil))
    #expect(floor.record()?.sequence == 3)
    floor.expectNoComplaints()
  }

  @Test("A slot takes so many and no more; times that are over, too far, or too near to closing are no slots")
  func slots() {
    let floor = floor(.init(perSlot: 2, slotMinutes: 15))
    // The wall clock stands at 13 minutes and 20 seconds past the full hour.
    let slot = floor.wall + .minutes(20)
    #expect(ask(floor, 1, from: "13800000001", .init(at: slot)) == nil)
    #expect(ask(floor, 2, from: "13800000002", .init(at: slot + .minutes(2))) == nil)
    #expect(ask(floor, 3, from: "13800000003", .init(at: slot + .minutes(1))) == .slotTaken)
    #expect(ask(floor, 4, from: "13800000003", .init(at: slot + .minutes(15))) == nil)
    // Who holds a slot may move within it.
    #expect(ask(floor, 5, from: "13800000001", .init(at: slot + .minutes(1))) == nil)
    #expect(ask(floor, 6, from: "13800000006", .init(at: floor.wall)) == .timeOutOfReach)
    #expect(ask(floor, 7, from: "13800000006", .init(at: WallTime(microseconds: .max))) == .timeOutOfReach)
    #expect(ask(floor, 8, from: "13800000006", .init(at: WallTime(microseconds: .min))) == .timeOutOfReach)
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: .hours(2)))
    #expect(ask(floor, 9, from: "13800000006", .init(at: floor.wall + .minutes(118))) == .outsideHours)
    #expect(ask(floor, 10, from: "13800000006", .init(at: floor.wall + .minutes(100))) == nil)
    floor.expectNoComplaints()
  }

  @Test("A scheduled callback survives a restart; a clock that jumped makes nobody wait longer than one may ask for")
  func scheduledRestart() throws {
    let floor = floor()
    #expect(ask(floor, 1, .init(at: floor.wall + .minutes(30))) == nil)
    floor.restart(.branch(agents: ["101"], announceEvery: 0), after: .minutes(10))
    floor.auditor.checkNothingForgotten(floor.acd)
    #expect(floor.view()?.dueIn == .minutes(20) && floor.record()?.isScheduled == true)
    floor.pass(.minutes(20))
    #expect(floor.view()?.stage == .due)
    floor.expectNoComplaints()
  }

  @Test("A second wish joins the first: a time replaces the place, and the place the time")
  func mergedWishes() throws {
    let floor = floor()
    #expect(ask(floor, 1, .init()) == nil)
    #expect(ask(floor, 2, .init(at: floor.wall + .minutes(30))) == nil)
    #expect(floor.record()?.isScheduled == true && floor.acd.callbacks.count == 1)
    #expect(ask(floor, 3, .init()) == nil)
    #expect(floor.record()?.isScheduled == false && floor.record()?.sequence == 3)
    floor.pass(seconds: 10)
    #expect(floor.view()?.stage == .due)
    floor.expectNoComplaints()
  }

  @Test("A time outside hours is refused with the nearest hour that can be had; behind the next closing, too")
  func outsideHours() {
    let floor = floor(.init(perSlot: 1))
    func nearest() -> Int? {
      for case .nearestTime(_, let hours) in floor.outputs { return hours }
      return nil
    }
    // Open for two hours more; of what comes then nothing is known.
    floor.step(.opening(queue: "sales", isOpen: true, closesIn: .hours(2)))
    #expect(ask(floor, 1, .init(at: floor.wall + .hours(5))) == .outsideHours && nearest() == 1)
    // And again from the fifteenth to the twentieth hour from now.
    let evening = floor.wall + .hours(2)
    let morning = floor.wall + .minutes(15 * 60 - 1)
    floor.step(
      .timetable(
        queue: "sales",
        [.init(from: floor.wall, until: evening), .init(from: morning, until: floor.wall + .hours(20))]))
    #expect(ask(floor, 2, .init(at: floor.wall + .hours(5))) == .outsideHours && nearest() == 1)
    #expect(ask(floor, 3, .init(at: floor.wall + .hours(9))) == .outsideHours && nearest() == 15)
    #expect(ask(floor, 4, .init(at: floor.wall + .hours(20))) == .outsideHours && nearest() == 19)
    #expect(ask(floor, 5, .init(at: floor.wall + .hours(15))) == nil)
    #expect(ask(floor, 6, from: "13800000006", .init(at: floor.wall + .hours(15))) == .slotTaken && nearest() == 16)
    #expect(ask(floor, 7, from: "13800000006", .init(at: floor.wall + .hours(400))) == .timeOutOfReach)
    #expect(nearest() == 19)
    floor.expectNoComplaints()
  }

  @Test("A supervisor's time outside hours is refused, and the nearest inside is known")
  func rescheduledOutsideHours() {
    let floor = floor()
    floor.promiseCallback()
    let morning = floor.wall + .hours(15)
    floor.step(
      .timetable(
        queue: "sales",
        [
          .init(from: floor.wall, until: floor.wall + .hours(2)), .init(from: morning, until: floor.wall + .hours(20)),
        ]))
    floor.take()
    floor.step(.act(.reschedule(1, to: floor.wall + .hours(14)), by: "console:anna"))
    let refusals = floor.take().compactMap { if case .acted(_, _, let refusal) = $0 { refusal } else { nil } }
    #expect(refusals == [.outsideHours] && floor.record()?.isScheduled == false)
    #expect(floor.acd.nearestTime(to: floor.wall + .hours(14), forCallback: 1, at: floor.now) == morning)
    floor.step(.act(.reschedule(1, to: morning), by: "console:anna"))
    #expect(floor.record()?.notBefore == morning && floor.record()?.isScheduled == true)
    floor.expectNoComplaints()
  }
}
