import Basics
import Journal
import Testing

@testable import ACD

@Suite struct AttemptsTests {
  @Test("A whole life: offered, prepared, durable, dialled, answered, spoken, done")
  func wholeLife() throws {
    let (floor, offer) = try Floor.offered()
    #expect(offer.item == .callback(1) && offer.callerNumber == "+8613800000001")
    floor.diskIsFast = false
    floor.step(.accepted(offer.id))
    let prepared = floor.take()
    let attempt = try #require(prepared.prepared)
    #expect(
      prepared.contains {
        if case .prepare(attempt, 1, "+8613800000001", "01088880000", offer.id) = $0 { true } else { false }
      })
    #expect(floor.agentState("101") == .reserved)
    floor.step(.attemptLeg(attempt, .test(5)))
    #expect(floor.take().dialled == nil)
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    #expect(floor.take().dialled == attempt)
    #expect(floor.record()?.state == .dialling && floor.record()?.leg == .test(5))
    floor.diskIsFast = true
    floor.step(.attemptRinging(attempt))
    floor.step(.attemptAnswered(attempt, remoteTag: "theirs"))
    #expect(floor.record()?.state == .talking && floor.record()?.leg?.remoteTag == "theirs")
    #expect(floor.agentState("101") == .talking && floor.view()?.stage == .talking)
    floor.pass(seconds: 5)
    #expect(floor.record()?.state == .done && floor.view() == nil)
    floor.pass(seconds: 55)
    floor.step(.attemptEnded(attempt))
    #expect(floor.take().released == .customerLeft)
    floor.step(.ended(offer.id))
    #expect(floor.take().events.first { $0.kind == .completed }?.milliseconds == 60_000)
    #expect(floor.agentState("101") == .wrapUp)
    floor.expectNoComplaints()
  }

  @Test(
    "Each outcome has its consequence",
    arguments: [
      (486, nil, CallbackFact.State.pending, 300), (600, nil, .pending, 300), (408, nil, .pending, 900),
      (480, nil, .pending, 900), (404, nil, .failed, 0), (484, nil, .failed, 0), (603, nil, .failed, 0),
      (403, nil, .pending, 60), (503, nil, .pending, 60), (480, 17, .pending, 300), (503, 1, .failed, 0),
    ] as [(Int, Int?, CallbackFact.State, Int)])
  func outcomes(status: Int, cause: Int?, state: CallbackFact.State, pause: Int) throws {
    let (floor, offer) = try Floor.offered()
    let attempt = try floor.dial(offer)
    floor.take()
    floor.step(.attemptFailed(attempt, status: status, q850: cause))
    let outputs = floor.take()
    #expect(outputs.released == .attemptFailed)
    #expect(outputs.eventKinds.contains(.callbackAttemptFailed))
    floor.step(.ended(offer.id))
    // No conversation, no wrap-up.
    #expect(floor.agentState("101") == .ready)
    let fact = try #require(floor.record())
    #expect(fact.state == state && Int(fact.lastStatus) == status && fact.leg == nil && fact.sequence == 1)
    #expect(floor.view() == nil || state == .pending)
    guard state == .pending else { return floor.expectNoComplaints() }
    #expect(fact.notBefore == floor.wall + .seconds(pause))
    floor.pass(seconds: pause - 1)
    #expect(floor.takeOffers().isEmpty)
    floor.pass(seconds: 1)
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("At most three attempts for each cause")
  func attemptsPerCause() throws {
    var (floor, offer) = try Floor.offered()
    for (status, pause) in [(486, 300), (408, 900), (486, 300), (408, 900), (503, 60), (486, 0)] {
      let attempt = try floor.dial(offer)
      floor.step(.attemptFailed(attempt, status: status, q850: nil))
      floor.step(.ended(offer.id))
      floor.step(.trunkRoom(channelsFree: 2))
      floor.take()
      guard pause > 0 else { break }
      #expect(floor.record()?.state == .pending)
      floor.pass(seconds: pause)
      offer = try floor.takeOffer()
    }
    let fact = try #require(floor.record())
    #expect(fact.state == .failed && fact.busyCount == 3 && fact.noAnswerCount == 2 && fact.failureCount == 1)
    #expect(fact.attempts == 5)
    #expect(floor.acd.queueViews(at: floor.now)[0].counts.callbacksFailed == 1)
    floor.expectNoComplaints()
  }

  @Test("Ringing too long is hung up and counts as no answer")
  func ringsOut() throws {
    let (floor, offer) = try Floor.offered()
    let attempt = try floor.dial(offer)
    floor.step(.attemptRinging(attempt))
    floor.pass(seconds: 24)
    #expect(floor.take().hungUp == nil)
    floor.pass(seconds: 1)
    #expect(floor.take().hungUp == attempt)
    // Until its leg is gone nothing else may happen with the record.
    #expect(floor.view()?.stage == .dialling)
    floor.step(.attemptFailed(attempt, status: 487, q850: nil))
    #expect(floor.take().released == .attemptFailed)
    #expect(floor.record()?.lastStatus == 408 && floor.record()?.noAnswerCount == 1)
    floor.expectNoComplaints()
  }

  @Test("Busy that crosses our cancel says more than our patience")
  func busyCrossesCancel() throws {
    let (floor, offer) = try Floor.offered()
    let attempt = try floor.dial(offer)
    floor.pass(seconds: 25)
    floor.step(.attemptFailed(attempt, status: 486, q850: nil))
    #expect(floor.record()?.busyCount == 1 && floor.record()?.noAnswerCount == 0)
    floor.expectNoComplaints()
  }

  @Test("An answer that crosses our cancel is hung up, and counts as no answer")
  func answerCrossesCancel() throws {
    let (floor, offer) = try Floor.offered()
    let attempt = try floor.dial(offer)
    floor.pass(seconds: 25)
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    #expect(floor.record()?.state == .dialling)
    floor.step(.attemptEnded(attempt))
    #expect(floor.record()?.state == .pending && floor.record()?.noAnswerCount == 1)
    floor.expectNoComplaints()
  }

  @Test("An agent's refusal is no attempt on the customer; the next agent gets the offer")
  func agentRefuses() throws {
    let (floor, offer) = try Floor.offered(agents: ["101", "102"])
    floor.step(.refused(offer.id, status: 603))
    let second = try floor.takeOffer()
    #expect(second.extension == "102" && second.item == .callback(1))
    floor.pass(seconds: 20)
    #expect(floor.record()?.attempts == 0 && floor.record()?.state == .pending)
    #expect(floor.view()?.stage == .due)
    floor.expectNoComplaints()
  }

  @Test("An agent who hangs up before anything left costs the customer nothing")
  func agentLeavesBeforeDial() throws {
    let (floor, offer) = try Floor.offered()
    floor.diskIsFast = false
    floor.step(.accepted(offer.id))
    let attempt = try #require(floor.take().prepared)
    floor.step(.attemptLeg(attempt, .test(1)))
    floor.step(.ended(offer.id))
    let outputs = floor.take()
    #expect(outputs.contains { if case .dropAttempt(attempt) = $0 { true } else { false } })
    floor.diskIsFast = true
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    #expect(floor.take().dialled == nil)
    #expect(floor.record()?.state == .pending && floor.record()?.attempts == 0 && floor.record()?.leg == nil)
    floor.expectNoComplaints()
  }

  @Test("An agent who hangs up while the customer's phone rings: it counts, for the customer heard it ring")
  func agentLeavesWhileRinging() throws {
    for rang in [false, true] {
      let (floor, offer) = try Floor.offered()
      let attempt = try floor.dial(offer)
      if rang { floor.step(.attemptRinging(attempt)) }
      floor.take()
      floor.step(.ended(offer.id))
      #expect(floor.take().hungUp == attempt)
      floor.step(.attemptFailed(attempt, status: 487, q850: nil))
      let fact = try #require(floor.record())
      #expect(fact.state == .pending && fact.attempts == (rang ? 1 : 0))
      #expect(fact.notBefore == floor.wall + .seconds(rang ? 900 : 10))
      floor.expectNoComplaints()
    }
  }

  @Test("A conversation that was too short keeps the promise open")
  func tooShort() throws {
    for agentHangsUp in [false, true] {
      let (floor, offer) = try Floor.offered()
      let attempt = try floor.dial(offer)
      floor.step(.attemptAnswered(attempt, remoteTag: "t"))
      floor.pass(.milliseconds(4_999))
      floor.take()
      if agentHangsUp {
        floor.step(.ended(offer.id))
        #expect(floor.take().hungUp == attempt)
        floor.step(.attemptEnded(attempt))
      } else {
        floor.step(.attemptEnded(attempt))
        #expect(floor.take().released == .customerLeft)
        floor.step(.ended(offer.id))
      }
      #expect(floor.record()?.state == .pending && floor.record()?.noAnswerCount == 1)
      #expect(floor.agentState("101") == .wrapUp)
      floor.expectNoComplaints()
    }
  }

  @Test("A callback waits its turn: an older caller first, a younger one after it, an exact tie to the live caller")
  func order() throws {
    let floor = Floor(.branch(agents: ["101"], wrapUp: 0, announceEvery: 0))
    floor.step(.trunkRoom(channelsFree: 1))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1, from: "13800000011")
    floor.enter(4, from: "13800000014")
    floor.promiseCallback(from: "13800000012", call: 2)
    floor.enter(3, from: "13800000013")
    floor.pass(seconds: 10)
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [1, 2, 4])
    floor.leave(4)
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    let first = try floor.takeOffer()
    #expect(first.item == .call(CallReference(1)))
    floor.serve(first, seconds: 5)
    let second = try floor.takeOffer()
    #expect(second.item == .callback(1))
    floor.step(.refused(second.id, status: 486))
    floor.pass(seconds: 30)
    let again = try floor.takeOffer()
    #expect(again.item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("A promise expires, and is not dialled after that")
  func expiry() throws {
    let floor = Floor(.branch())
    floor.logIn("101")
    floor.step(.trunkRoom(channelsFree: 1))
    floor.step(.reachable(extension: "101", false))
    floor.promiseCallback()
    floor.pass(.hours(4) - .seconds(1))
    #expect(floor.record()?.state == .pending)
    floor.take()
    floor.pass(seconds: 1)
    #expect(floor.record()?.state == .expired)
    #expect(floor.take().eventKinds == [.callbackExpired])
    floor.step(.reachable(extension: "101", true))
    #expect(floor.takeOffers().isEmpty)
    floor.expectNoComplaints()
  }

  @Test("A cancelled promise: nothing is dialled, what rings stops, who talks goes on talking")
  func cancelled() throws {
    let (offeredFloor, offer) = try Floor.offered()
    offeredFloor.step(.act(.cancelCallback(1), by: "101"))
    #expect(offeredFloor.take().contains { if case .withdraw(offer.id) = $0 { true } else { false } })
    #expect(offeredFloor.record()?.state == .cancelled)
    offeredFloor.expectNoComplaints()

    let (dialling, second) = try Floor.offered()
    let attempt = try dialling.dial(second)
    dialling.take()
    dialling.step(.act(.cancelCallback(1), by: "101"))
    #expect(dialling.take().hungUp == attempt)
    dialling.step(.attemptFailed(attempt, status: 487, q850: nil))
    #expect(dialling.take().released == .cancelled)
    #expect(dialling.record()?.state == .cancelled)
    dialling.expectNoComplaints()

    let (talking, third) = try Floor.offered()
    let call = try talking.dial(third)
    talking.step(.attemptAnswered(call, remoteTag: "t"))
    talking.step(.act(.cancelCallback(1), by: "101"))
    talking.pass(seconds: 5)
    #expect(talking.record()?.state == .done)
    talking.expectNoComplaints()
  }
}
