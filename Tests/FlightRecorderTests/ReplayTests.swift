// A recording says again what was said; what differs, is cut or damaged is found and named.

import ACD
import Basics
import Testing

@testable import FlightRecorder

@Suite struct ReplayTests {
  private func day(_ seed: UInt64, steps: Int = 600, prepare: (inout Day) -> Void = { _ in }) -> Day {
    var day = Day(seed: seed)
    prepare(&day)
    day.begin()
    for _ in 0..<steps { day.step() }
    day.end()
    return day
  }

  @Test("Every recorded day is said again, bit for bit")
  func identical() {
    var said = 0
    for seed in 0..<20 as Range<UInt64> {
      let day = day(seed, steps: 500)
      let replay = Replay(day.file)
      #expect(replay.verdict == .identical, "seed \(seed): \(String(describing: replay.difference))")
      #expect(replay.inputs == day.steps && replay.outputs == day.said, "seed \(seed)")
      #expect(replay.start == Day.start && replay.last <= day.now)
      #expect(day.recorder.counters.bytes == day.file.count && day.recorder.counters.records == replay.records)
      said += day.said
    }
    #expect(said > 5_000, "only \(said) outputs: the days show little")
  }

  @Test("A day in segments is said again from the oldest that is left, and each begins as the one before it ends")
  func segments() {
    var whole = 0
    for seed in 0..<6 as Range<UInt64> {
      var day = Day(seed: seed, segmentBytes: 8_000)
      day.begin()
      for _ in 0..<1_500 { day.step() }
      day.end()
      #expect(day.files.count > 3, "seed \(seed)")
      var previous: Replay?
      var outputs = 0
      for (index, file) in day.files.enumerated() {
        let replay = Replay(file, after: previous)
        #expect(replay.verdict == .identical, "seed \(seed), \(index): \(String(describing: replay.difference))")
        #expect(replay.start?.segment == UInt64(index + 1) && replay.isContinuation == (index > 0), "seed \(seed)")
        // From its checkpoint alone it is the same.
        let alone = Replay(file)
        #expect(alone.verdict == .identical && alone.outputDigest == replay.outputDigest && !alone.isContinuation)
        #expect(alone.acd.checkpoint() == replay.acd.checkpoint())
        outputs += replay.outputs
        previous = replay
        whole += 1
      }
      #expect(outputs == day.said && previous?.acd.checkpoint() == day.acd.checkpoint(), "seed \(seed)")
    }
    #expect(whole > 20)
  }

  @Test("A checkpoint that is not what the segment before leads up to is a difference; one of another run is none")
  func foreignCheckpoint() {
    func day(_ seed: UInt64) -> Day {
      var day = Day(seed: seed, segmentBytes: 8_000)
      day.begin()
      for _ in 0..<800 { day.step() }
      return day
    }
    let (first, second) = (day(1), day(2))
    let before = Replay(first.files[0])
    #expect(Replay(first.files[1], after: before).verdict == .identical)
    let replay = Replay(second.files[1], after: before)
    #expect(replay.verdict == .differs && replay.difference?.heard == "checkpoint" && !replay.isContinuation)
    #expect(Replay(second.files[0], after: before).verdict == .identical)
    #expect(Replay(first.files[2], after: before).verdict == .identical)
  }

  @Test("Whoever watches sees each record in words, in order, with what came of it")
  func watched() {
    let day = day(7, steps: 100)
    var steps: [Replay.Step] = []
    let replay = Replay(day.file) { steps.append($0) }
    #expect(steps.map(\.record) == Array(1...replay.records))
    #expect(steps.first?.after == .zero && steps.last?.after == replay.span)
    #expect(steps.reduce(0) { $0 + $1.says.count } == day.said)
    #expect(steps.contains { $0.heard == "time" } && steps[1].heard.hasPrefix("configure("))
    #expect(steps.contains { $0.says.contains { $0.hasPrefix("offer(") } })
  }

  @Test("Two days of one seed are the same file, those of two seeds are not")
  func reproducible() {
    #expect(day(5).file == day(5).file)
    #expect(day(5).file != day(6).file)
  }

  @Test("One setting that is another is found at the first output that it alters")
  func alteredSetting() throws {
    var found = 0
    for seed in 0..<20 as Range<UInt64> {
      let day = day(seed) { day in
        day.alters = { step, input in
          guard case .configure(var settings) = input, step < 10 else { return input }
          settings.queues[0].ringSeconds += 1
          settings.queues[1].ringSeconds += 1
          return .configure(settings)
        }
      }
      let replay = Replay(day.file)
      // On a day without an offer nothing shows it.
      guard replay.verdict != .identical else { continue }
      #expect(replay.verdict == .differs, "seed \(seed)")
      found += 1
      let difference = try #require(replay.difference)
      #expect(difference.isInFields && difference.saidThen.contains("offer"), "seed \(seed): \(difference)")
      #expect(difference.saysNow.count == difference.saidThen.count)
    }
    #expect(found >= 15)
  }

  @Test("One input that is another is found where it stands")
  func alteredInput() throws {
    var entered = 0
    let day = day(11) { day in
      day.alters = { step, input in
        guard step > 100, entered == 0, case .enter(var entry) = input else { return input }
        entered = step
        entry.queue = "elsewhere"
        return .enter(entry)
      }
    }
    let replay = Replay(day.file)
    let difference = try #require(replay.difference)
    #expect(replay.verdict == .differs && replay.inputs == entered)
    #expect(difference.heard.hasPrefix("enter(") && !difference.isInFields)
    #expect(difference.saysNow.contains { $0.hasPrefix("refused-entry(") }, "\(difference)")
    #expect(difference.saidThen.contains("entered") || difference.saidThen.contains("refused-entry"))
  }

  @Test("A file that was cut anywhere is the same up to there, or no recording")
  func cut() {
    let file = day(2, steps: 40).file
    for count in 0..<file.count {
      let verdict = Replay(Array(file[..<count])).verdict
      switch verdict {
      // Between two records nothing shows the cut.
      case .identical, .identicalUntilCut: break
      case .unreadable(_, .noRecording): #expect(count < 4)
      case .unreadable(_, .truncated): #expect(count < 40)
      default: Issue.record("cut at \(count): \(verdict)")
      }
    }
    // A power cut may leave zeros in place of what was to be written.
    let zeros = Replay(file + [UInt8](repeating: 0, count: 500))
    #expect(zeros.verdict == .identicalUntilCut(atByte: file.count))
  }

  @Test("A flipped bit is found in whatever byte it is")
  func flipped() {
    let file = day(3, steps: 25).file
    for index in file.indices {
      var damaged = file
      damaged[index] ^= 1 << UInt8(index % 8)
      let verdict = Replay(damaged).verdict
      switch verdict {
      case .unreadable(let offset, _): #expect(offset <= index)
      // The length alone stands outside of the checksum: too long a record reaches beyond the end.
      case .identicalUntilCut(let offset): #expect(offset == index || offset == index - 1, "flipped at \(index)")
      default: Issue.record("flipped at \(index): \(verdict)")
      }
    }
  }

  @Test("Records in any order, of any content, with checksums that are right, do no harm")
  func hostile() {
    let checksum = Checksum()
    for seed in 0..<100 as Range<UInt64> {
      var arbitrary = Arbitrary(seed: seed)
      var file = RecordForm.mark
      for number in 0..<30 {
        var payload = ByteSink()
        if number == 0 {
          payload.bytes.append(RecordKind.start.rawValue)
          payload.put(Day.start)
        } else {
          payload.bytes.append(UInt8(1 + arbitrary.random.below(3)))
          payload.put(signed: Int64(arbitrary.random.below(4_000_000)))
          if payload.bytes[0] == 2 { payload.put(signed: Int64(bitPattern: arbitrary.word())) }
          if payload.bytes[0] == 3 { payload.put(arbitrary.input(arbitrary.random.below(Arbitrary.inputCases))) }
          payload.put(count: 0)
        }
        var frame = ByteSink(file)
        frame.put(count: payload.bytes.count)
        file = frame.bytes + payload.bytes
        RecordForm.append(checksum.of(payload.bytes), to: &file)
      }
      _ = Replay(file)
    }
  }

  @Test("What another format wrote is refused by its number, and what is no recording at all as such")
  func foreign() {
    #expect(Replay([]).verdict == .unreadable(atByte: 0, .noRecording))
    #expect(Replay(Array("SQLite format 3".utf8)).verdict == .unreadable(atByte: 0, .noRecording))
    var payload = ByteSink([RecordKind.start.rawValue])
    payload.put(SegmentStart.format + 1)
    var file = RecordForm.mark + [UInt8(payload.bytes.count)] + payload.bytes
    RecordForm.append(Checksum().of(payload.bytes), to: &file)
    #expect(Replay(file).verdict == .unreadable(atByte: 4, .format(SegmentStart.format + 1)))
  }
}
