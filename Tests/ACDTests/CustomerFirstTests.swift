import Basics
import Journal
import Testing

@testable import ACD

@Suite struct CustomerFirstTests {
  /// A floor where the callback of 13800000001 is due and being dialled, nobody having been asked.
  private func dialled(
    _ callback: ACD.CallbackSettings = .init(mode: .customerFirst), agents: [ByteString] = ["101"]
  ) throws -> (Floor, AttemptID) {
    let floor = Floor(.branch(agents: agents, callback: callback, announceEvery: 0))
    floor.step(.trunkRoom(channelsFree: 3))
    for agent in agents { floor.logIn(agent) }
    for agent in agents { floor.step(.busyElsewhere(extension: agent, true)) }
    floor.promiseCallback()
    floor.pass(seconds: 10)
    floor.take()
    floor.step(.busyElsewhere(extension: "101", false))
    let attempt = try #require(floor.outputs.prepared)
    #expect(floor.takeOffers().isEmpty)
    floor.step(.attemptLeg(attempt, .test(7)))
    #expect(floor.take().dialled == attempt)
    return (floor, attempt)
  }

  private func confirmed(agents: [ByteString] = ["101"]) throws -> (Floor, AttemptID) {
    let (floor, attempt) = try dialled(agents: agents)
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    floor.take()
    floor.step(.attemptConfirmed(attempt))
    return (floor, attempt)
  }

  @Test("The customer is dialled, confirms, and only then an agent is asked; both are bridged when the agent accepts")
  func served() throws {
    let (floor, attempt) = try dialled()
    #expect(floor.record()?.state == .dialling && floor.record()?.leg == .test(7))
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    let asked = floor.take()
    #expect(asked.contains { if case .confirmAttempt(attempt) = $0 { true } else { false } })
    #expect(floor.record()?.leg?.remoteTag == "t" && floor.agentState("101") == .ready)
    floor.step(.attemptConfirmed(attempt))
    let offer = try floor.takeOffer()
    #expect(offer.item == .callback(1) && offer.medium == .callback)
    floor.step(.accepted(offer.id))
    #expect(floor.take().contains { if case .connectAttempt(attempt, offer.id) = $0 { true } else { false } })
    #expect(floor.agentState("101") == .talking && floor.record()?.state == .talking)
    floor.pass(seconds: 5)
    #expect(floor.record()?.state == .done)
    floor.step(.attemptEnded(attempt))
    #expect(floor.take().released == .customerLeft)
    #expect(floor.acd.attempts.isEmpty && floor.acd.callbacks.isEmpty)
    floor.expectNoComplaints()
  }

  @Test("An answer that nobody confirms counts as no answer: it may be a machine, and no agent hears it")
  func machine() throws {
    let (floor, attempt) = try dialled()
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    floor.pass(seconds: 9)
    #expect(floor.take().hungUp == nil)
    floor.pass(seconds: 1)
    let outputs = floor.take()
    #expect(outputs.hungUp == attempt)
    floor.step(.attemptConfirmed(attempt))
    #expect(floor.takeOffers().isEmpty)
    floor.step(.attemptEnded(attempt))
    let fact = try #require(floor.record())
    #expect(fact.state == .pending && fact.noAnswerCount == 1 && fact.sequence == 1 && fact.leg == nil)
    #expect(fact.notBefore - floor.wall == .seconds(900))
    floor.expectNoComplaints()
  }

  @Test("No more customers are dialled than agents are ready, and the next one when another agent is there")
  func noMoreThanAgents() throws {
    let (floor, first) = try dialled(agents: ["101", "102"])
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback(from: "13800000002", call: 1001)
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(seconds: 10)
    #expect(floor.take().prepared == nil)
    floor.step(.busyElsewhere(extension: "102", false))
    let second = try #require(floor.take().prepared)
    #expect(second != first)
    floor.expectNoComplaints()
  }

  @Test("A live caller is not kept from an idle agent by a customer who may never answer")
  func liveMeanwhile() throws {
    let (floor, attempt) = try dialled()
    floor.enter(5, from: "13800000005")
    #expect(try floor.takeOffer().item == .call(CallReference(5)))
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    floor.step(.attemptConfirmed(attempt))
    floor.pass(seconds: 0)
    #expect(floor.take().contains { if case .apologise(attempt) = $0 { true } else { false } })
    floor.expectNoComplaints()
  }

  @Test("No agent left: an apology, the head of the queue, an alarm after ten seconds, and no wait without end")
  func apology() throws {
    let (floor, attempt) = try confirmed(agents: ["101", "102"])
    let offer = try floor.takeOffer()
    floor.enter(5, from: "13800000005")
    floor.step(.refused(offer.id, status: 486))
    floor.pass(seconds: 0)
    let told = floor.take()
    #expect(told.contains { if case .apologise(attempt) = $0 { true } else { false } })
    #expect(told.eventKinds.contains(.apologised))
    floor.pass(seconds: 9)
    func alarms(_ outputs: [ACD.Output]) -> Int {
      outputs.filter { if case .log(let entry) = $0 { entry.level == .alarm } else { false } }.count
    }
    #expect(alarms(floor.take()) == 0)
    floor.pass(seconds: 1)
    #expect(alarms(floor.take()) == 1)
    // Before everybody else, older or not.
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [2])
    floor.step(.busyElsewhere(extension: "102", false))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()

    let (lost, call) = try confirmed()
    lost.step(.busyElsewhere(extension: "101", true))
    lost.pass(seconds: ACD.Limits.customerWaitSeconds + ACD.Limits.apologyAlarmSeconds)
    #expect(lost.take().hungUp == call)
    lost.step(.attemptEnded(call))
    #expect(lost.record()?.state == .pending && lost.record()?.attempts == 0)
    lost.expectNoComplaints()
  }

  @Test("A customer who hangs up while waiting is no answer; the phone that rang stops, the place is kept")
  func customerGivesUp() throws {
    let (floor, attempt) = try confirmed()
    let offer = try floor.takeOffer()
    floor.step(.attemptEnded(attempt))
    #expect(floor.take().contains { if case .withdraw(offer.id) = $0 { true } else { false } })
    let fact = try #require(floor.record())
    #expect(fact.noAnswerCount == 1 && fact.sequence == 1 && fact.state == .pending)
    floor.step(.ended(offer.id))
    #expect(floor.acd.channelsHeld == 0 && floor.agentState("101") == .ready)
    floor.expectNoComplaints()
  }

  @Test("A customer on the line is served although callbacks may not be dialled any more")
  func neverCutOff() throws {
    let (floor, attempt) = try dialled()
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    floor.step(.opening(queue: "sales", isOpen: false, closesIn: nil))
    floor.step(.trunkRoom(channelsFree: 0))
    floor.step(.wall(floor.wall, trusted: false))
    floor.take()
    floor.step(.attemptConfirmed(attempt))
    #expect(try floor.takeOffer().item == .callback(1))
    floor.expectNoComplaints()
  }

  @Test("Cut while the customer waits: the leg is ended by its own numbers, the lease waited out, the age kept")
  func restart() throws {
    let (floor, _) = try confirmed()
    floor.restart(.branch(agents: ["101"], callback: .init(mode: .customerFirst), announceEvery: 0))
    floor.auditor.checkNothingForgotten(floor.acd)
    #expect(floor.take().orphans.first?.remoteTag == "t")
    floor.step(.trunkRoom(channelsFree: 3))
    floor.step(.reachable(extension: "101", true))
    floor.pass(seconds: ACD.Limits.leaseSeconds - 1)
    #expect(floor.take().prepared == nil)
    floor.pass(seconds: 1)
    #expect(floor.take().prepared != nil)
    #expect(floor.record()?.attempts == 1 && floor.record()?.sequence == 1)
    floor.expectNoComplaints()
  }

  @Test("A cancelled promise: a dial stops, a machine is hung up on, a person on the line is not")
  func cancelled() throws {
    let (floor, attempt) = try dialled()
    floor.step(.attemptAnswered(attempt, remoteTag: "t"))
    floor.step(.act(.cancelCallback(1), by: "101"))
    #expect(floor.take().hungUp == attempt)
    floor.step(.attemptEnded(attempt))
    #expect(floor.record()?.state == .cancelled)

    let (waiting, other) = try confirmed()
    waiting.step(.act(.cancelCallback(1), by: "101"))
    #expect(waiting.take().hungUp == nil)
    waiting.step(.attemptEnded(other))
    #expect(waiting.record()?.state == .cancelled)
    waiting.expectNoComplaints()
  }
}
