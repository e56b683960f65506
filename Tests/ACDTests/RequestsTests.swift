import Basics
import Journal
import Testing

@testable import ACD

@Suite struct RequestsTests {
  private func floor(
    _ callback: ACD.CallbackSettings? = .init(), trusted: Bool = true, diskIsFast: Bool = false
  ) -> Floor {
    let floor = Floor(.branch(callback: callback, announceEvery: 0), trusted: trusted)
    floor.logIn("101")
    floor.step(.reachable(extension: "101", false))
    if let last = floor.onTheWay.last { floor.becomeDurable(upTo: last.number) }
    floor.diskIsFast = diskIsFast
    floor.step(.trunkRoom(channelsFree: 1))
    floor.take()
    return floor
  }

  @Test("The live call stays queued until the promise is on the disk; then the swap is one step")
  func swap() throws {
    let floor = floor()
    floor.enter(1)
    floor.enter(2, from: "13800000002")
    floor.step(.requestCallback(CallReference(1), .init()))
    #expect(floor.acd.callViews(at: floor.now).count == 2)
    #expect(floor.take().acceptedID == nil)
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    let outputs = floor.take()
    #expect(outputs.acceptedID == 1)
    #expect(outputs.eventKinds == [.callbackRequested])
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [1])
    let fact = try #require(floor.record())
    #expect(fact.number == "+8613800000001" && fact.rawNumber == "13800000001" && fact.sequence == 1)
    #expect(fact.state == .pending && fact.dialledNumber == "01088880000")
    #expect(fact.notBefore - fact.requestedAt == .seconds(10) && fact.expiresAt - fact.requestedAt == .hours(4))
    let counts = floor.acd.queueViews(at: floor.now)[0].counts
    #expect(counts.entered == 2 && counts.callbacksTaken == 1 && counts.abandoned == 0)
    floor.expectNoComplaints()
  }

  @Test("Who hangs up after confirming but before the disk answered has the promise")
  func hangUpBeforeDurable() throws {
    let floor = floor()
    floor.enter(1)
    floor.step(.requestCallback(CallReference(1), .init()))
    floor.leave(1)
    #expect(!floor.take().eventKinds.contains(.abandoned))
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    let outputs = floor.take()
    // Nobody is there to be told.
    #expect(outputs.acceptedID == nil && outputs.eventKinds == [.callbackRequested])
    #expect(floor.view()?.stage == .resting)
    floor.expectNoComplaints()
  }

  @Test("A disk that fails: the caller hears so and keeps the place")
  func diskFails() throws {
    let floor = floor()
    floor.enter(1)
    floor.step(.requestCallback(CallReference(1), .init()))
    floor.failDisk(from: try #require(floor.onTheWay.last?.number))
    #expect(floor.take().refusal == .storage)
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [1])
    #expect(floor.view() == nil)
    floor.diskIsFast = true
    floor.step(.requestCallback(CallReference(1), .init()))
    #expect(floor.take().acceptedID == 2)
    floor.expectNoComplaints()
  }

  @Test("A disk that fails when the caller is gone: an alarm, and an abandoned call in the books")
  func diskFailsAfterHangUp() throws {
    let floor = floor()
    floor.enter(1)
    floor.step(.requestCallback(CallReference(1), .init()))
    floor.leave(1)
    floor.take()
    floor.failDisk(from: try #require(floor.onTheWay.last?.number))
    let outputs = floor.take()
    #expect(outputs.eventKinds == [.abandoned])
    let alarm = outputs.compactMap { if case .log(let entry) = $0, entry.level == .alarm { entry } else { nil } }.first
    #expect(alarm?.event.description == "callback.lost")
    #expect(alarm?.text.description.contains("13800000001") == false)
    floor.expectNoComplaints()
  }

  @Test("A disk that is silent: the caller is told after a while, and what is written late is taken back")
  func diskIsSilent() throws {
    let floor = floor()
    floor.enter(1)
    floor.step(.requestCallback(CallReference(1), .init()))
    floor.pass(seconds: ACD.Limits.durableWaitSeconds)
    #expect(floor.take().refusal == .storage)
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    #expect(floor.take().acceptedID == nil)
    #expect(floor.record()?.state == .cancelled)
    #expect(floor.acd.callViews(at: floor.now).count == 1)
    floor.expectNoComplaints()
  }

  @Test("The promise is refused with the reason")
  func refusals() {
    func refusal(_ number: ByteString, _ callback: ACD.CallbackSettings? = .init(), trusted: Bool = true)
      -> ACD.CallbackRefusal?
    {
      let floor = floor(callback, trusted: trusted, diskIsFast: true)
      floor.enter(1, from: number)
      floor.step(.requestCallback(CallReference(1), .init()))
      #expect(floor.acd.callViews(at: floor.now).count == (floor.outputs.refusal == nil ? 0 : 1))
      floor.expectNoComplaints()
      return floor.outputs.refusal
    }
    #expect(refusal("13800000001") == nil)
    #expect(refusal("") == .numberWithheld)
    #expect(refusal("anonymous") == .numberInvalid)
    #expect(refusal("123456789") == .numberInvalid)
    #expect(refusal("101") == .classDenied)
    #expect(refusal("110") == .classDenied)
    #expect(refusal("95588") == .classDenied)
    #expect(refusal("16800000") == .classDenied)
    #expect(refusal("0014155550000") == .classDenied)
    #expect(refusal("13800000001", nil) == .notOffered)
    #expect(refusal("13800000001", trusted: false) == .clockUntrusted)
    var wide = ACD.CallbackSettings()
    wide.allowedClasses = .init(rawValue: .max)
    #expect(refusal("0014155550000", wide) == nil)
    // No setting makes the branch call these back.
    #expect(refusal("110", wide) == .classDenied)
    #expect(refusal("123456789", wide) == .numberInvalid)
  }

  @Test("A queue and the box promise no more than their limits")
  func limits() {
    var few = ACD.CallbackSettings()
    few.maximumPending = 1
    let queue = floor(few, diskIsFast: true)
    queue.promiseCallback(from: "13800000001", call: 1)
    queue.enter(2, from: "13800000002")
    queue.take()
    queue.step(.requestCallback(CallReference(2), .init()))
    #expect(queue.take().refusal == .queueLimit)

    var settings = ACD.Settings.branch()
    settings.maximumCallbacks = 1
    let box = Floor(settings)
    box.logIn("101")
    box.step(.busyElsewhere(extension: "101", true))
    box.promiseCallback(from: "13800000001", call: 1)
    box.enter(2, from: "13800000002")
    box.take()
    box.step(.requestCallback(CallReference(2), .init()))
    #expect(box.take().refusal == .boxLimit)
    #expect(box.acd.counters.callbackLimitHit == 1)
  }

  @Test("A second request from the same number joins the older one and keeps its age")
  func merge() throws {
    let floor = floor(diskIsFast: true)
    floor.promiseCallback(from: "13800000001", call: 1)
    floor.pass(seconds: 100)
    floor.enter(2, from: "13800000009")
    floor.enter(3, from: "+86 138 0000 0001")
    floor.take()
    floor.step(.requestCallback(CallReference(3), .init()))
    let outputs = floor.take()
    #expect(outputs.acceptedID == 1 && outputs.eventKinds == [.callbackMerged])
    #expect(floor.acd.callbackViews(at: floor.now).count == 1)
    let fact = try #require(floor.record())
    #expect(fact.sequence == 1 && fact.expiresAt - fact.requestedAt == .seconds(4 * 3600 + 100))
    // Not called while the goodbye is said.
    #expect(floor.view()?.stage == .resting)
    floor.pass(seconds: 20)
    #expect(floor.view()?.stage == .resting)
    floor.leave(3)
    floor.pass(seconds: 10)
    #expect(floor.view()?.stage == .due)
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [2])
    floor.expectNoComplaints()
  }

  @Test("An older call that joins a younger callback brings its age along")
  func mergeOlder() throws {
    let floor = floor(diskIsFast: true)
    floor.enter(1, from: "13800000001")
    floor.enter(2, from: "13800000002")
    floor.promiseCallback(from: "13800000001", call: 3)
    #expect(floor.record()?.sequence == 3)
    floor.step(.requestCallback(CallReference(1), .init()))
    #expect(floor.record()?.sequence == 1)
    floor.leave(1)
    floor.pass(seconds: 10)
    #expect(floor.acd.callViews(at: floor.now).map(\.position) == [2])
    floor.expectNoComplaints()
  }

  @Test("A request for a number that is being dialled is refused, and the caller stays")
  func mergeInFlight() throws {
    let floor = floor(diskIsFast: true)
    floor.promiseCallback(from: "13800000001", call: 1)
    floor.pass(seconds: 10)
    floor.step(.reachable(extension: "101", true))
    _ = try floor.dial(try floor.takeOffer())
    floor.enter(2, from: "13800000001")
    floor.take()
    floor.step(.requestCallback(CallReference(2), .init()))
    #expect(floor.take().refusal == .inProgress)
    floor.expectNoComplaints()
  }

  @Test("An agent answers while the promise is being written: the caller is connected, the promise taken back")
  func answeredBeforeDurable() throws {
    let floor = floor()
    floor.step(.reachable(extension: "101", true))
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.step(.requestCallback(CallReference(1), .init()))
    floor.step(.accepted(offer.id))
    #expect(floor.take().contains { if case .connect(CallReference(1), _) = $0 { true } else { false } })
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    #expect(floor.take().acceptedID == nil)
    #expect(floor.record()?.state == .cancelled && floor.view() == nil)
    floor.expectNoComplaints()
  }

  @Test("A phone that rings for the caller when the promise becomes durable stops ringing")
  func durableWhileRinging() throws {
    let floor = floor()
    floor.step(.reachable(extension: "101", true))
    floor.enter(1)
    let offer = try floor.takeOffer()
    floor.step(.requestCallback(CallReference(1), .init()))
    floor.becomeDurable(upTo: try #require(floor.onTheWay.last?.number))
    let outputs = floor.take()
    #expect(outputs.acceptedID == 1)
    #expect(outputs.contains { if case .withdraw(offer.id) = $0 { true } else { false } })
    floor.step(.accepted(offer.id))
    #expect(floor.take().released == .tooLate)
    floor.expectNoComplaints()
  }

  @Test("The minimum delay counts from the hang-up when that comes later")
  func delayFromHangUp() throws {
    let floor = floor(diskIsFast: true)
    floor.enter(1)
    floor.step(.requestCallback(CallReference(1), .init()))
    floor.pass(seconds: 8)
    floor.leave(1)
    floor.pass(seconds: 9)
    #expect(floor.view()?.stage == .resting)
    floor.pass(seconds: 1)
    #expect(floor.view()?.stage == .due)
  }
}
