// What is kept, when it is handed over, and what happens at the limit.

import ACD
import Basics
import Testing

@testable import FlightRecorder

@Suite struct FlightRecorderTests {
  private func at(_ seconds: Int) -> Instant { .zero + .seconds(seconds) }

  @Test("What happens is handed over within a second, together; a quiet box's clock wakes nobody for minutes")
  func grouping() {
    var recorder = FlightRecorder(Day.start, segmentBytes: 1 << 20)
    #expect(recorder.pollPart(at: at(0))?.bytes.starts(with: RecordForm.mark) == true)
    #expect(recorder.pollPart(at: at(100)) == nil)
    recorder.hears(.wall(WallTime(seconds: 1_000), trusted: true), at: at(100))
    for second in 101..<400 {
      recorder.hears(.wall(WallTime(seconds: 900 + Int64(second)), trusted: true), at: at(second))
      #expect(recorder.pollPart(at: at(second)) == nil)
    }
    recorder.hears(.reachable(extension: "101", true), at: at(400))
    #expect(recorder.pollPart(at: at(400)) == nil)
    recorder.hears(.reachable(extension: "102", true), at: at(400))
    let bytes = recorder.pollPart(at: at(401))?.bytes ?? []
    // A tick of the clock takes thirteen bytes.
    #expect(bytes.count > 299 * 10 && bytes.count < 301 * 13 + 60, "\(bytes.count) bytes")
    #expect(recorder.pollPart(at: at(2_000)) == nil)
  }

  @Test("Many records are handed over at once, however young")
  func manyRecords() {
    var recorder = FlightRecorder(Day.start, segmentBytes: 1 << 20)
    _ = recorder.pollPart(at: at(0))
    var handed = 0
    for number in 0..<5_000 as Range<UInt64> {
      recorder.hears(.accepted(OfferID(number)), at: at(1))
      if let part = recorder.pollPart(at: at(1)) { handed = max(handed, part.bytes.count) }
    }
    #expect(handed >= RecorderLimits.waitingBytes && handed < RecorderLimits.waitingBytes + 100)
  }

  @Test("Without a checkpoint a recording ends with a whole record at twice its room; what follows is counted")
  func limit() {
    var day = Day(seed: 4, segmentBytes: 4_000)
    day.givesCheckpoints = false
    day.begin()
    for _ in 0..<1_000 { day.step() }
    day.end()
    #expect(day.recorder.hasEnded && day.recorder.counters.missed > 0)
    #expect(day.file.count <= 8_000 && day.file.count > 7_000 && day.files.count == 1)
    #expect(Replay(day.file).verdict == .identical)
    let missed = day.recorder.counters.missed
    day.hear(.trunkRoom(channelsFree: 1))
    #expect(day.recorder.counters.missed == missed + 1)
  }

  @Test("A full segment is followed by one that begins with a checkpoint, and holds at least as much again")
  func segments() {
    var day = Day(seed: 4, segmentBytes: 10_000)
    day.begin()
    for _ in 0..<2_000 { day.step() }
    day.end()
    let counters = day.recorder.counters
    #expect(!day.recorder.hasEnded && counters.missed == 0 && counters.segments == day.files.count)
    #expect(day.files.count > 3 && counters.bytes == day.files.reduce(0) { $0 + $1.count })
    for file in day.files {
      #expect(file.starts(with: RecordForm.mark))
      #expect(file.count < 2 * max(10_000, 2 * counters.checkpointBytes), "\(file.count) bytes")
    }
    for file in day.files.dropLast() { #expect(file.count > 10_000) }
  }

  @Test("A checkpoint that is too large ends the recording; what was recorded stays")
  func tooLarge() {
    var recorder = FlightRecorder(Day.start, segmentBytes: 100)
    while !recorder.wantsCheckpoint, !recorder.hasEnded { recorder.hears(.trunkRoom(channelsFree: 1), at: at(1)) }
    _ = recorder.pollPart(at: at(1))
    #expect(recorder.wantsCheckpoint)
    recorder.beginSegment([UInt8](repeating: 0, count: RecorderLimits.checkpointBytes + 1), at: at(1))
    #expect(recorder.hasEnded && !recorder.wantsCheckpoint && recorder.counters.segments == 1)
  }

  @Test("After a part was lost nothing more is handed over")
  func lost() {
    var recorder = FlightRecorder(Day.start, segmentBytes: 1 << 20)
    recorder.hears(.trunkRoom(channelsFree: 1), at: at(1))
    recorder.lost()
    recorder.says(.dial(AttemptID(1)))
    recorder.hears(.trunkRoom(channelsFree: 2), at: at(2))
    #expect(recorder.pollPart(at: at(20), everything: true) == nil && recorder.hasEnded)
  }

  @Test("A call of ten inputs takes less than three hundred bytes")
  func size() {
    var recorder = FlightRecorder(Day.start, segmentBytes: 1 << 20)
    let entry = ACD.Entry(
      CallReference(1_000_001), queue: "sales", callerNumber: "13800000001", callerName: "caller",
      dialledNumber: "01088880000")
    let calls = 100
    var bytes = 0
    for number in 0..<calls {
      for index in 0..<10 {
        let now = at(1_000 * number) + .milliseconds(index * 777)
        recorder.hears(index == 0 ? .enter(entry) : .accepted(OfferID(UInt64(number))), at: now)
        recorder.says(.moved(CallReference(1), queue: "sales"))
        recorder.says(.log(LogEntry(.info, "queue.entered", call: 1, "138****0001")))
        bytes += recorder.pollPart(at: now)?.bytes.count ?? 0
      }
    }
    #expect(bytes / calls < 300 && bytes / calls > 100, "\(bytes / calls) bytes a call")
  }
}
