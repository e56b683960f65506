import Basics
import Journal
import Testing

@testable import ACD

@Suite struct PendingCallersTests {
  /// The callback of 13800000001 is due, 13800000005 waits live behind it, and nobody is ready.
  private func promised(_ change: (inout ACD.QueueSettings) -> Void = { _ in }) -> Floor {
    var settings = ACD.Settings.branch(agents: ["101", "102"], announceEvery: 0)
    change(&settings.queues[0])
    let floor = Floor(settings)
    floor.step(.trunkRoom(channelsFree: 2))
    floor.logIn("101", "102")
    for agent in ["101", "102"] as [ByteString] { floor.step(.busyElsewhere(extension: agent, true)) }
    floor.promiseCallback()
    floor.pass(seconds: 10)
    floor.enter(5, from: "13800000005")
    floor.take()
    return floor
  }

  private func comeBack(_ floor: Floor, _ choice: ACD.PendingChoice?) {
    floor.enter(6, from: "+86 13800000001")
    let asked = floor.outputs.contains { output in
      if case .pendingCallback(CallReference(6), 1) = output { true } else { false }
    }
    #expect(asked)
    if let choice { floor.step(.pendingResolved(CallReference(6), choice)) }
  }

  private func free(_ floor: Floor, _ agent: ByteString = "101") {
    floor.step(.busyElsewhere(extension: agent, false))
  }

  @Test("Resumed: the live call has the place of the callback, and a conversation closes the record")
  func resumed() throws {
    let floor = promised()
    comeBack(floor, .resume)
    let views = floor.acd.callViews(at: floor.now)
    #expect(views.map(\.call) == [CallReference(6), CallReference(5)] && views.map(\.position) == [1, 2])
    floor.take()
    free(floor)
    let offer = try floor.takeOffer()
    #expect(offer.item == .call(CallReference(6)))
    floor.step(.accepted(offer.id))
    floor.pass(seconds: 4)
    #expect(floor.record()?.state == .pending)
    floor.pass(seconds: 1)
    #expect(floor.record()?.state == .done && floor.acd.callbacks.isEmpty)
    #expect(floor.take().eventKinds.contains(.callbackDone))
    floor.step(.ended(offer.id))
    floor.expectNoComplaints()
  }

  @Test("The longest wait counts from the call, not from the callback whose place it has, after a broken line too")
  func resumedAndCutOff() {
    let floor = promised { ($0.maximumWaitSeconds, $0.rejoinSeconds) = (60, 60) }
    floor.leave(5)
    floor.pass(seconds: 300)
    comeBack(floor, .resume)
    floor.pass(seconds: 20)
    floor.step(.leave(CallReference(6), lineBroke: true))
    floor.pass(seconds: 10)
    floor.enter(7)
    floor.take()
    floor.pass(seconds: 29)
    let isSentOn = { (output: ACD.Output) in
      if case .overflow(CallReference(7), .maximumWait) = output { true } else { false }
    }
    #expect(!floor.take().contains(where: isSentOn))
    floor.pass(seconds: 1)
    // The floor's auditor knows no broken lines; the one of the simulation does.
    #expect(floor.take().contains(where: isSentOn))
  }

  @Test("Resumed and given up, or spoken with too shortly: the callback is there again, with its old place")
  func resumedInVain() throws {
    let floor = promised()
    comeBack(floor, .resume)
    floor.leave(6)
    #expect(floor.view()?.stage == .resting)
    floor.pass(seconds: 10)
    #expect(floor.view()?.stage == .due && floor.record()?.sequence == 1 && floor.record()?.attempts == 0)
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [2])
    floor.expectNoComplaints()

    let short = promised()
    comeBack(short, .resume)
    short.take()
    free(short)
    short.serve(try short.takeOffer(), seconds: 4)
    #expect(short.view()?.stage == .resting)
    short.pass(seconds: 10)
    // It is older than the live caller who waits, and wrap-up ends now.
    #expect(try short.takeOffer().item == .callback(1))
    short.expectNoComplaints()
  }

  @Test("Nobody is dialled while the caller is on the line, decided or not; a restart forgets nothing")
  func held() throws {
    let floor = promised()
    comeBack(floor, nil)
    floor.take()
    free(floor)
    free(floor, "102")
    #expect(Set(floor.takeOffers().map(\.item)) == [.call(CallReference(5)), .call(CallReference(6))])
    floor.restart(.branch(agents: ["101", "102"], announceEvery: 0))
    floor.auditor.checkNothingForgotten(floor.acd)
    #expect(floor.view()?.stage == .due)
    floor.expectNoComplaints()
  }

  @Test("Kept: the caller goes, nothing is promised twice, and the age stays")
  func kept() throws {
    let floor = promised()
    comeBack(floor, .keep)
    #expect(floor.acd.calls.count == 1 && floor.acd.callbacks.count == 1)
    #expect(floor.acd.queueViews(at: floor.now)[0].counts.callbacksTaken == 2)
    // Its own call still hears the goodbye.
    floor.pass(seconds: 20)
    #expect(floor.view()?.stage == .resting)
    floor.leave(6)
    floor.pass(seconds: 10)
    #expect(floor.view()?.stage == .due && floor.record()?.sequence == 1)
    floor.expectNoComplaints()
  }

  @Test("Kept: a time of the customer's choice stays, however long the goodbye takes")
  func keptAtItsTime() {
    let floor = promised()
    floor.step(.act(.reschedule(1, to: floor.wall + .seconds(40)), by: "console:anna"))
    comeBack(floor, .keep)
    floor.pass(seconds: 5)
    floor.leave(6)
    floor.pass(seconds: 34)
    #expect(floor.view()?.stage == .resting)
    floor.pass(seconds: 1)
    #expect(floor.view()?.stage == .due)
    floor.expectNoComplaints()
  }

  @Test("Rescheduled while the goodbye is said: the new time counts")
  func rescheduledInGoodbye() {
    let floor = promised()
    comeBack(floor, .keep)
    floor.step(.act(.reschedule(1, to: floor.wall + .seconds(40)), by: "console:anna"))
    floor.pass(seconds: 5)
    floor.leave(6)
    #expect(floor.view()?.dueIn == .seconds(35))
    floor.expectNoComplaints()
  }

  @Test("Cancelled: the callback is over, and the call waits as a new one")
  func cancelled() {
    let floor = promised()
    comeBack(floor, .cancel)
    #expect(floor.record()?.state == .cancelled)
    #expect(floor.acd.callViews(at: floor.now).map(\.call) == [CallReference(5), CallReference(6)])
    let stale = floor.acd.counters.staleInputs
    floor.step(.pendingResolved(CallReference(6), .resume))
    #expect(floor.acd.counters.staleInputs == stale + 1)
    floor.expectNoComplaints()
  }

  @Test("Our dial is in flight while the number calls in: the dial is cancelled, the call has the place, unasked")
  func dialInFlight() throws {
    let (floor, offer) = try Floor.offered()
    let attempt = try floor.dial(offer)
    floor.enter(5, from: "13800000005")
    floor.take()
    floor.enter(6, from: "13800000001")
    let outputs = floor.take()
    #expect(outputs.hungUp == attempt)
    #expect(!outputs.contains { if case .pendingCallback = $0 { true } else { false } })
    #expect(floor.acd.callViews(at: floor.now).map(\.call) == [CallReference(6), CallReference(5)])
    floor.step(.attemptFailed(attempt, status: 487, q850: nil))
    #expect(floor.take().released == .cancelled)
    #expect(floor.record()?.attempts == 0)
    floor.step(.ended(offer.id))
    #expect(try floor.takeOffer().item == .call(CallReference(6)))
    floor.expectNoComplaints()
  }

  @Test("Who talks with an agent already, called back, is not asked and not cut off")
  func talkingAlready() throws {
    let (floor, offer) = try Floor.offered()
    let attempt = try floor.dial(offer)
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    floor.take()
    floor.enter(6, from: "13800000001")
    let outputs = floor.take()
    #expect(outputs.hungUp == nil && !outputs.contains { if case .pendingCallback = $0 { true } else { false } })
    floor.pass(seconds: 5)
    #expect(floor.record()?.state == .done)
    floor.expectNoComplaints()
  }

  @Test("Whoever resumed and then asks for another number has one promise: the new one, in the old place")
  func resumedThenOtherNumber() throws {
    let floor = promised()
    comeBack(floor, .resume)
    floor.step(.requestCallback(CallReference(6), .init(number: "13900000009")))
    floor.leave(6)
    #expect(floor.acd.callbackViews(at: floor.now).map(\.fact.number) == ["+8613900000009"])
    #expect(floor.record(1)?.state == .cancelled && floor.record(2)?.sequence == 1)
    floor.pass(seconds: 10)
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [2])
    floor.expectNoComplaints()

    // Power cut between the two writes: the newer stands for both.
    var fact = try #require(floor.record(1))
    fact.state = .pending
    floor.disk.callbacks[1] = fact
    floor.restart(.branch(agents: ["101", "102"], announceEvery: 0))
    #expect(floor.acd.callbackViews(at: floor.now).map(\.fact.id) == [2])
  }

  @Test("A conversation in any queue closes what is open for that number")
  func otherQueue() throws {
    var settings = ACD.Settings.branch(agents: ["101"], announceEvery: 0)
    settings.queues.append(.init(name: "support", agents: ["102"], announceEverySeconds: 0, callback: .init()))
    let floor = Floor(settings)
    floor.step(.trunkRoom(channelsFree: 2))
    floor.logIn("101", "102")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback()
    floor.take()
    floor.enter(6, queue: "support", from: "13800000001")
    let offer = try floor.takeOffer()
    floor.step(.accepted(offer.id))
    free(floor)
    floor.pass(seconds: 5)
    #expect(floor.record()?.state == .done)
    floor.step(.ended(offer.id))
    #expect(floor.takeOffers().isEmpty && floor.acd.heldByTalk.isEmpty)
    floor.expectNoComplaints()
  }
}
