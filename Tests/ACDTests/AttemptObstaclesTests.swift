// What keeps a callback from being dialled: no channel, no trusted clock, no permission, no leg, no disk.

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct AttemptObstaclesTests {
  @Test("Without a channel beyond the reserve no callback is offered, and live callers are served past it")
  func trunkRoom() throws {
    let floor = Floor(.branch(agents: ["101"], announceEvery: 0))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback()
    floor.enter(2, from: "13800000002")
    floor.pass(seconds: 10)
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    let live = try floor.takeOffer()
    #expect(live.item == .call(CallReference(2)))
    floor.serve(live, seconds: 5)
    floor.pass(seconds: 10)
    #expect(floor.takeOffers().isEmpty)
    floor.step(.trunkRoom(channelsFree: 1))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("One free channel carries one callback at a time, from the offer on")
  func oneChannel() throws {
    let floor = Floor(.branch(announceEvery: 0))
    floor.step(.trunkRoom(channelsFree: 1))
    floor.logIn("101", "102")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.step(.busyElsewhere(extension: "102", true))
    floor.promiseCallback(from: "13800000001", call: 1)
    floor.promiseCallback(from: "13800000002", call: 2)
    floor.pass(seconds: 10)
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    floor.step(.busyElsewhere(extension: "102", false))
    let offer = try floor.takeOffer()
    _ = try floor.dial(offer)
    #expect(floor.takeOffers().isEmpty)
    floor.step(.trunkRoom(channelsFree: 0))
    floor.step(.trunkRoom(channelsFree: 1))
    #expect(try floor.takeOffer().item == .callback(2))
    floor.expectNoComplaints()
  }

  @Test("A channel that is gone when the agent accepts: no dial, and the place is kept")
  func channelGone() throws {
    let (floor, offer) = try Floor.offered(room: 1)
    floor.step(.trunkRoom(channelsFree: 0))
    floor.step(.accepted(offer.id))
    let outputs = floor.take()
    #expect(outputs.prepared == nil && outputs.released == .attemptFailed)
    #expect(floor.record()?.state == .pending && floor.record()?.attempts == 0)
    floor.expectNoComplaints()
  }

  @Test("With a clock that is not trusted nothing is dialled, not even what is prepared")
  func untrustedClock() throws {
    let (floor, offer) = try Floor.offered()
    floor.diskIsFast = false
    floor.step(.accepted(offer.id))
    let attempt = try #require(floor.take().prepared)
    floor.step(.attemptLeg(attempt, .test(1)))
    floor.step(.wall(floor.wall, trusted: false))
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    let outputs = floor.take()
    #expect(outputs.dialled == nil && outputs.released == .attemptFailed)
    floor.step(.ended(offer.id))
    floor.diskIsFast = true
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    #expect(floor.takeOffers().isEmpty)
    floor.step(.wall(floor.wall, trusted: true))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("A class that is no longer allowed at dial time is not dialled, ever")
  func deniedAtDialTime() throws {
    let (floor, offer) = try Floor.offered()
    var strict = ACD.CallbackSettings()
    strict.allowedClasses = .init(.local)
    floor.step(.configure(.branch(agents: ["101"], callback: strict)))
    floor.step(.accepted(offer.id))
    let outputs = floor.take()
    #expect(outputs.prepared == nil && outputs.released == .attemptFailed)
    #expect(floor.record()?.state == .failed)
    floor.expectNoComplaints()
  }

  @Test("No leg can be made: a technical failure, no attempt on the customer")
  func impossible() throws {
    let (floor, offer) = try Floor.offered()
    floor.step(.accepted(offer.id))
    let attempt = try #require(floor.take().prepared)
    floor.step(.attemptImpossible(attempt))
    #expect(floor.take().released == .attemptFailed)
    #expect(floor.record()?.attempts == 0 && floor.record()?.failureCount == 1)
    floor.step(.ended(offer.id))
    floor.pass(seconds: 60)
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("A disk that fails or is silent before the INVITE: no dial, and another try later")
  func notDurable() throws {
    for isSilent in [false, true] {
      let (floor, offer) = try Floor.offered()
      floor.diskIsFast = false
      floor.step(.accepted(offer.id))
      let attempt = try #require(floor.take().prepared)
      floor.step(.attemptLeg(attempt, .test(1)))
      let number = try #require(floor.onTheWay.last?.number)
      if isSilent { floor.pass(seconds: ACD.Limits.durableWaitSeconds) } else { floor.failDisk(from: number) }
      let outputs = floor.take()
      #expect(outputs.released == .attemptFailed && outputs.dialled == nil)
      floor.diskIsFast = true
      floor.step(.ended(offer.id))
      floor.becomeDurable(upTo: try #require(floor.acd.unwritten.lastNumber))
      #expect(floor.record()?.state == .pending && floor.take().dialled == nil)
      floor.pass(seconds: 60)
      #expect(try floor.takeOffer().item == .callback(1))
      floor.expectNoComplaints()
    }
  }
}
