import Basics
import Journal
import Testing

@testable import ACD

@Suite struct ViewsTests {
  @Test("What entered is answered, abandoned, flowed out or waits: from the events and from the counts")
  func books() throws {
    let floor = Floor(.branch(agents: ["101"], maximumWait: 300, announceEvery: 0))
    floor.step(.trunkRoom(channelsFree: 1))
    floor.logIn("101")
    floor.enter(1, from: "13800000001")
    floor.enter(2, from: "13800000002")
    floor.enter(3, from: "13800000003")
    floor.enter(4, from: "13800000003")
    floor.enter(5, from: "13800000005")
    floor.enter(6, from: "13800000006")
    floor.enter(7, queue: "none")
    let offer = try #require(floor.outputs.compactMap { if case .offer(let offer) = $0 { offer } else { nil } }.first)
    floor.step(.accepted(offer.id))
    floor.leave(2)
    floor.step(.requestCallback(CallReference(3), .init()))
    floor.step(.requestCallback(CallReference(4), .init()))
    floor.pass(seconds: 300)
    floor.enter(8, from: "13800000008")
    var kinds: [QueueEventFact.Kind: Int] = [:]
    for kind in floor.take().eventKinds { kinds[kind, default: 0] += 1 }
    #expect(kinds[.entered] == 7 && kinds[.answered] == 1 && kinds[.abandoned] == 1 && kinds[.overflowed] == 2)
    #expect(kinds[.callbackRequested] == 1 && kinds[.callbackMerged] == 1)
    let view = floor.acd.queueViews(at: floor.now)[0]
    #expect(view.callsWaiting == 1 && view.callbacksOpen == 1 && view.callbacksDue == 1)
    let counts = view.counts
    #expect(
      counts.entered
        == counts.answered + counts.abandoned + counts.overflowed + counts.callbacksTaken + view.callsWaiting)
    floor.expectNoComplaints()
  }

  @Test("A view tells who waits how long, and for whom a phone rings")
  func callView() {
    let floor = Floor(.branch(agents: ["101"], announceEvery: 0))
    floor.logIn("101")
    floor.enter(1)
    floor.pass(seconds: 3)
    floor.enter(2)
    floor.pass(seconds: 4)
    let views = floor.acd.callViews(at: floor.now)
    #expect(views.map(\.waited) == [.seconds(7), .seconds(4)] && views.map(\.offeredTo) == ["101", nil])
    let queue = floor.acd.queueViews(at: floor.now)[0]
    #expect(queue.longestWait == .seconds(7) && queue.agentsLoggedIn == 1 && queue.agentsReady == 0)
    let agent = floor.acd.agentViews(at: floor.now)[0]
    #expect(agent.state == .offered && agent.inState == .seconds(7) && agent.queues == ["sales"])
  }

  @Test("A callback's view tells when it may go")
  func callbackView() {
    let floor = Floor(.branch(agents: ["101"], announceEvery: 0))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback()
    floor.pass(seconds: 4)
    #expect(floor.view()?.stage == .resting && floor.view()?.dueIn == .seconds(6))
    floor.pass(seconds: 6)
    #expect(floor.view()?.stage == .due && floor.view()?.dueIn == .zero)
  }

  @Test("No log line carries a whole number")
  func masked() throws {
    let floor = Floor(.branch(agents: ["101"], announceEvery: 0))
    floor.logIn("101")
    floor.step(.trunkRoom(channelsFree: 1))
    floor.step(.busyElsewhere(extension: "101", true))
    floor.promiseCallback(from: "13812345678")
    floor.step(.busyElsewhere(extension: "101", false))
    floor.pass(seconds: 10)
    let offer = try #require(floor.outputs.compactMap { if case .offer(let offer) = $0 { offer } else { nil } }.last)
    let attempt = try floor.dial(offer)
    floor.step(.attemptFailed(attempt, status: 404, q850: nil))
    let lines = floor.take().compactMap { if case .log(let entry) = $0 { entry.text.description } else { nil } }
    #expect(!lines.isEmpty && lines.allSatisfy { !$0.contains("12345678") })
  }
}
