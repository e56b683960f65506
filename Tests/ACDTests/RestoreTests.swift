import Basics
import Journal
import Testing

@testable import ACD

@Suite struct RestoreTests {
  /// A floor where the callback of 13800000001 is promised, a channel is free and nobody is ready.
  private func promised() -> Floor {
    let floor = Floor(.branch(agents: ["101"], announceEvery: 0))
    floor.logIn("101")
    floor.step(.trunkRoom(channelsFree: 2))
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback()
    return floor
  }

  private func comeBack(_ floor: Floor, trusted: Bool = true, after pause: Interval = .seconds(30)) {
    floor.restart(.branch(agents: ["101"], announceEvery: 0), trusted: trusted, after: pause)
    floor.auditor.checkNothingForgotten(floor.acd)
    floor.step(.trunkRoom(channelsFree: 2))
  }

  @Test("A pending promise and a log-in survive; sequence and id go on where they were")
  func pending() throws {
    let floor = promised()
    floor.enter(5, from: "13800000005")
    comeBack(floor)
    #expect(floor.take().orphans.isEmpty)
    floor.step(.reachable(extension: "101", true))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.enter(6, from: "13800000006")
    #expect(floor.acd.callViews(at: floor.now).map(\.sequence) == [3])
    floor.step(.requestCallback(CallReference(6), .init()))
    #expect(floor.take().acceptedID == 2)
    floor.expectNoComplaints()
  }

  @Test("Not before its time, and not after its expiry, by the clock on the wall")
  func times() throws {
    let floor = promised()
    comeBack(floor, after: .seconds(4))
    floor.step(.reachable(extension: "101", true))
    floor.pass(seconds: 5)
    #expect(floor.takeOffers().isEmpty)
    floor.pass(seconds: 1)
    #expect(try floor.takeOffer().item == .callback(1))

    let late = promised()
    comeBack(late, after: .hours(5))
    #expect(late.record()?.state == .expired && late.view() == nil)
    late.expectNoComplaints()
  }

  @Test("Cut while dialling: the orphan is ended, the lease waited out, then it is tried again at its old place")
  func dialling() throws {
    let floor = promised()
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(seconds: 10)
    let offer = try floor.takeOffer()
    _ = try floor.dial(offer, leg: 9)
    comeBack(floor)
    #expect(floor.take().orphans == [.test(9)])
    floor.step(.reachable(extension: "101", true))
    floor.pass(seconds: ACD.Limits.leaseSeconds - 1)
    #expect(floor.takeOffers().isEmpty && floor.record()?.state == .dialling)
    floor.pass(seconds: 1)
    let again = try floor.takeOffer()
    #expect(again.item == .callback(1))
    let fact = try #require(floor.record())
    #expect(fact.state == .pending && fact.attempts == 1 && fact.leg == nil && fact.sequence == 1)
    floor.expectNoComplaints()
  }

  @Test("Cut before the attempt was durable: no INVITE had left, nothing to end, no lease")
  func prepared() throws {
    let floor = promised()
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(seconds: 10)
    let offer = try floor.takeOffer()
    floor.diskIsFast = false
    floor.step(.accepted(offer.id))
    floor.step(.attemptLeg(try #require(floor.take().prepared), .test(1)))
    floor.diskIsFast = true
    comeBack(floor)
    #expect(floor.take().orphans.isEmpty)
    floor.step(.reachable(extension: "101", true))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("Cut while talking, too early: ended with the customer's tag, and called again; late enough: done")
  func talking() throws {
    for seconds in [3, 7] {
      let floor = promised()
      floor.step(.busyElsewhere(extension: "101", false))
      floor.pass(seconds: 10)
      let attempt = try floor.dial(try floor.takeOffer(), leg: 9)
      floor.step(.attemptAnswered(attempt, remoteTag: "theirs"))
      floor.pass(seconds: seconds)
      comeBack(floor)
      let orphans = floor.take().orphans
      floor.step(.reachable(extension: "101", true))
      floor.pass(seconds: ACD.Limits.leaseSeconds)
      if seconds < 5 {
        #expect(orphans.first?.remoteTag == "theirs")
        #expect(try floor.takeOffer().item == .callback(1))
      } else {
        #expect(orphans.isEmpty && floor.takeOffers().isEmpty && floor.record()?.state == .done)
      }
      floor.expectNoComplaints()
    }
  }

  @Test("Three cuts while dialling are three attempts: a box that dies of a call does not try for ever")
  func crashLoop() throws {
    let floor = promised()
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(seconds: 10)
    for round in 1...3 as ClosedRange<UInt64> {
      _ = try floor.dial(try floor.takeOffer(), leg: round)
      comeBack(floor)
      floor.step(.reachable(extension: "101", true))
      floor.pass(seconds: ACD.Limits.leaseSeconds - 1)
      floor.take()
      floor.pass(seconds: 1)
    }
    #expect(floor.record()?.state == .failed && floor.record()?.attempts == 3)
    floor.expectNoComplaints()
  }

  @Test("With a clock that cannot be trusted restored promises are held, neither dialled nor expired")
  func untrusted() throws {
    let floor = promised()
    comeBack(floor, trusted: false, after: .hours(1))
    floor.step(.reachable(extension: "101", true))
    floor.pass(.hours(2))
    #expect(floor.takeOffers().isEmpty && floor.record()?.state == .pending)
    floor.step(.wall(floor.wall, trusted: true))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("A clock that jumped while the box was off delays a promise no longer than a rule could")
  func clockJump() throws {
    let floor = promised()
    var fact = try #require(floor.record())
    fact.notBefore = fact.notBefore + .hours(24 * 365)
    fact.expiresAt = fact.expiresAt + .hours(24 * 365)
    floor.disk.callbacks[1] = fact
    comeBack(floor)
    floor.step(.reachable(extension: "101", true))
    floor.pass(seconds: 900)
    #expect(try floor.takeOffer().item == .callback(1))
  }

  @Test("A jump of the clock while running moves nothing")
  func jumpWhileRunning() throws {
    let floor = promised()
    floor.step(.busyElsewhere(extension: "101", false))
    floor.step(.wall(floor.wall + .hours(10_000), trusted: true))
    floor.pass(seconds: 9)
    #expect(floor.takeOffers().isEmpty && floor.view() != nil)
    floor.pass(seconds: 1)
    #expect(try floor.takeOffer().item == .callback(1))
  }

  @Test("What supervisors made of a place survives: the priority, the queue, and being dialled next")
  func supervisors() throws {
    var settings = ACD.Settings.branch(agents: ["101"], announceEvery: 0)
    settings.queues.append(
      .init(name: "support", agents: ["101"], priority: 5, announceEverySeconds: 0, callback: .init()))
    let floor = Floor(settings)
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    for id in 1...4 as ClosedRange<UInt64> { floor.promiseCallback(from: ByteString("1380000000\(id)"), call: id) }
    floor.step(.act(.prioritise(item: 3, 9), by: "console:anna"))
    floor.step(.act(.moveCallback(2, toQueue: "support"), by: "console:anna"))
    floor.step(.act(.dialNow(4), by: "console:anna"))
    floor.restart(settings, after: .seconds(30))
    let places = (1...4 as ClosedRange<UInt64>).map { floor.acd.callbacks[$0]?.placement }
    #expect(places.map { $0?.priority } == [0, 5, 9, 0])
    #expect(places.map { $0?.isUrgent } == [false, false, false, true])
    floor.step(.trunkRoom(channelsFree: 9))
    floor.step(.reachable(extension: "101", true))
    var order: [ACD.Offer.Item] = []
    for leg in 1...4 as ClosedRange<UInt64> {
      let offer = try floor.takeOffer()
      order.append(offer.item)
      let attempt = try floor.dial(offer, leg: leg)
      floor.step(.attemptFailed(attempt, status: 486, q850: nil))
      floor.step(.ended(offer.id))
    }
    #expect(order == [.callback(4), .callback(1), .callback(2), .callback(3)])
    // Dialled once: not before everybody else again.
    #expect(floor.record(4)?.isUrgent == false)
  }

  @Test("A priority given while the promise was being written is part of it")
  func prioritisedMeanwhile() throws {
    let floor = promised()
    floor.diskIsFast = false
    floor.enter(5, from: "13800000005")
    floor.step(.requestCallback(CallReference(5), .init()))
    floor.step(.act(.prioritise(item: 2, 7), by: "console:anna"))
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    floor.diskIsFast = true
    floor.leave(5)
    comeBack(floor)
    #expect(floor.acd.callbacks[2]?.placement.priority == 7)
    floor.expectNoComplaints()
  }

  @Test("A damaged record does no harm")
  func damaged() {
    let floor = promised()
    var fact = CallbackFact(
      id: 7, queue: "sales", number: "", rawNumber: "", callerName: "", dialledNumber: "", sequence: 9,
      enqueuedAt: WallTime(microseconds: .min), requestedAt: WallTime(microseconds: .max),
      notBefore: WallTime(microseconds: .min), expiresAt: WallTime(microseconds: .max), state: .dialling,
      attempts: 255, noAnswerCount: 255, busyCount: 255, failureCount: 255)
    floor.disk.callbacks[7] = fact
    fact.id = 8
    fact.state = .pending
    fact.queue = "gone"
    floor.disk.callbacks[8] = fact
    comeBack(floor)
    floor.step(.reachable(extension: "101", true))
    floor.pass(.hours(5))
    #expect(floor.disk.callbacks.values.allSatisfy { $0.state.isFinal || $0.id == 1 })
  }

  @Test("Two records of one number, left by a failed disk: the older stands for both")
  func duplicates() throws {
    let floor = promised()
    var fact = try #require(floor.record())
    fact.id = 2
    fact.sequence = 8
    floor.disk.callbacks[2] = fact
    comeBack(floor)
    #expect(floor.acd.callbackViews(at: floor.now).map(\.fact.id) == [1])
    #expect(floor.record(2)?.state == .cancelled)
  }

  @Test("Promises of a queue that is not configured wait for it")
  func unknownQueue() throws {
    let floor = promised()
    var settings = ACD.Settings.branch(agents: ["101"])
    settings.queues[0].name = "other"
    floor.restart(settings)
    floor.step(.trunkRoom(channelsFree: 2))
    floor.step(.reachable(extension: "101", true))
    floor.pass(seconds: 60)
    #expect(floor.takeOffers().isEmpty && floor.view()?.stage == .due)
    floor.step(.configure(.branch(agents: ["101"])))
    #expect(try floor.takeOffer().item == .callback(1))
  }

  @Test("Facts may come before the configuration")
  func restoredFirst() throws {
    let floor = promised()
    floor.acd = ACD()
    floor.auditor.restarted(at: floor.now, trusted: true)
    floor.pass(seconds: 20)
    floor.take()
    floor.step(.wall(floor.wall, trusted: true))
    floor.step(.reachable(extension: "101", true))
    floor.step(
      .restored(
        callbacks: Array(floor.disk.callbacks.values), agents: Array(floor.disk.agents.values), lastSequence: 40,
        lastCallbackID: 3))
    floor.step(.trunkRoom(channelsFree: 1))
    floor.step(.configure(.branch(agents: ["101"])))
    #expect(try floor.takeOffer().item == .callback(1))
    #expect(floor.agentState("101") == .offered)
  }
}
