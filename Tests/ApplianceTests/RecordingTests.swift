import Basics
import FlightRecorder
import Simulation
import Testing

@Suite("What the box records of its distributor")
struct RecordingTests {
  /// A callback from the request to its end, a call that is answered and one that is given up.
  private func eventful(_ branch: Branch) {
    branch.logIn()
    CallbackTests.planned(branch)
    branch.wait(115)
    branch.call(branch.customer, "02155550000")
    branch.wait(5)
    branch.hangUp(branch.customer)
    branch.wait(20)
  }

  @Test("an hour with calls and a callback is decided again alike, from the file alone")
  func replayed() throws {
    let branch = try Branch()
    eventful(branch)
    branch.wait(3_600)
    branch.world.shutDown()
    branch.wait(5)
    #expect(branch.world.hasStopped && branch.world.recordings.count == 1)
    let recording = try #require(branch.world.recordings.last)
    let replay = Replay(recording)
    #expect(replay.verdict == .identical, "\(String(describing: replay.difference))")
    #expect(replay.inputs > 50 && replay.outputs > 25, "\(replay.inputs) inputs, \(replay.outputs) outputs")
    #expect(replay.span > .minutes(60) && recording.count < 10_000, "\(replay.span), \(recording.count) bytes")
    #expect(branch.says(.counters, "\"recorder\":{\"records\":"))
  }

  @Test("a run that the power ends has recorded all but its last second")
  func powerCut() throws {
    let branch = try Branch()
    eventful(branch)
    branch.wait(30)
    branch.call(branch.customer, "02155550000")
    branch.wait(3)
    branch.world.cutPower()
    branch.wait(60)
    #expect(branch.world.recordings.count == 2)
    for recording in branch.world.recordings {
      let replay = Replay(recording)
      #expect(replay.verdict == .identical, "\(String(describing: replay.difference))")
    }
    let first = Replay(branch.world.recordings[0])
    #expect(first.outputs > 25 && first.start?.run == 0)
    #expect(Replay(branch.world.recordings[1]).start?.run == 1)
  }

  @Test("a full segment is followed by one that begins with a checkpoint")
  func segments() throws {
    let branch = try Branch()
    branch.world.recordingBytes = 600
    branch.world.cutPower()
    branch.wait(60)
    eventful(branch)
    branch.wait(3_600)
    branch.world.shutDown()
    branch.wait(5)
    let segments = branch.world.recordings.dropFirst().map { $0 }
    #expect(segments.count > 1, "\(segments.map { $0.count }) bytes")
    var previous: Replay?
    for segment in segments {
      let replay = Replay(segment, after: previous)
      #expect(replay.verdict == .identical, "\(String(describing: replay.difference))")
      #expect(replay.isContinuation == (previous != nil))
      previous = replay
    }
  }
}
