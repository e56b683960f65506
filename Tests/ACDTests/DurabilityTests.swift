import Basics
import Journal
import Testing

@testable import ACD

@Suite struct DurabilityTests {
  private func talking() throws -> (Floor, ACD.Offer, AttemptID) {
    let floor = Floor(.branch(agents: ["101"], announceEvery: 0))
    floor.logIn("101")
    floor.step(.trunkRoom(channelsFree: 2))
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback()
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(seconds: 10)
    let offer = try floor.takeOffer()
    let attempt = try floor.dial(offer)
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    return (floor, offer, attempt)
  }

  @Test("Numbers rise by one, and everything that decides over another dial is a promise")
  func numbers() throws {
    let (floor, _, _) = try talking()
    floor.pass(seconds: 5)
    let persists = floor.outputs.compactMap { output -> (UInt64, Bool)? in
      if case .persist(_, let number, let promise) = output { (number, promise) } else { nil }
    }
    #expect(zip(persists, persists.dropFirst()).allSatisfy { $0.0 + 1 == $1.0 })
    #expect(persists.allSatisfy { $0.1 })
    #expect(floor.record()?.state == .done)
  }

  @Test("That a promise was kept is written again until it is on the disk")
  func rewritten() throws {
    let (floor, _, _) = try talking()
    floor.diskIsFast = false
    floor.pass(seconds: 5)
    for _ in 0..<3 {
      floor.failDisk(from: try #require(floor.onTheWay.first?.number))
      #expect(floor.record()?.state == .talking)
      floor.pass(seconds: ACD.Limits.rewriteSeconds)
      #expect(floor.onTheWay.count == 1)
    }
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    #expect(floor.record()?.state == .done)
    floor.pass(.hours(1))
    #expect(floor.onTheWay.isEmpty)
  }

  @Test("A fact that failed is never written behind a newer one")
  func superseded() throws {
    let floor = Floor(.branch(agents: ["101"], announceEvery: 0))
    floor.logIn("101")
    floor.step(.trunkRoom(channelsFree: 2))
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback()
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(seconds: 10)
    let attempt = try floor.dial(try floor.takeOffer())
    floor.diskIsFast = false
    floor.step(.attemptFailed(attempt, status: 486, q850: nil))
    floor.failDisk(from: try #require(floor.onTheWay.first?.number))
    floor.diskIsFast = true
    floor.step(.act(.cancelCallback(1), by: "101"))
    #expect(floor.record()?.state == .cancelled)
    floor.pass(seconds: 2 * ACD.Limits.rewriteSeconds)
    #expect(floor.record()?.state == .cancelled)
    floor.expectNoComplaints()
  }

  @Test("A failure takes what was handed out until it was told, and nothing that came after")
  func bounded() {
    var unwritten = Unwritten()
    for number in 1...5 as ClosedRange<UInt64> { unwritten.expect(number, .attempt(AttemptID(number))) }
    #expect(unwritten.takeFailed(from: 2, through: 4).count == 3)
    #expect(unwritten.count == 2)
    #expect(unwritten.popDurable(upTo: 5) != nil && unwritten.popDurable(upTo: 5) != nil)
  }

  @Test("With too much waiting to be written nothing new is promised")
  func unwrittenLimit() {
    let floor = Floor(.branch(agents: ["101"], announceEvery: 0))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.diskIsFast = false
    for _ in 0..<ACD.Limits.unwritten {
      floor.acd.unwritten.expect(floor.acd.unwritten.takeNumber(), .attempt(AttemptID(0)))
    }
    floor.enter(1)
    floor.take()
    floor.step(.requestCallback(CallReference(1), .init()))
    #expect(floor.take().refusal == .storage && floor.acd.counters.unwrittenLimitHit == 1)
  }
}
