// A distributor made of a checkpoint is the same distributor; damaged bytes make none.

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct CheckpointTests {
  /// Compares a distributor made of a checkpoint with the one that wrote it. nil after a difference, which is recorded.
  private func restored(_ acd: ACD, at now: Instant, _ place: String) -> ACD? {
    guard let bytes = acd.checkpoint() else {
      Issue.record("\(place): no checkpoint")
      return nil
    }
    do throws(RecordError) {
      let second = try ACD(checkpoint: bytes[...])
      guard let difference = second.differenceInDepth(from: acd) else {
        #expect(second.answers(at: now) == acd.answers(at: now), "\(place)")
        return second
      }
      Issue.record("\(place): \(difference)")
    } catch {
      Issue.record("\(place): \(error.name)")
    }
    return nil
  }

  @Test("On random days two distributors go on alike from every checkpoint", arguments: [0, 1, 2, 3] as [UInt64])
  func days(part: UInt64) {
    var checkpoints = 0
    var outputs = 0
    for seed in stride(from: part, to: 40, by: 4) {
      var walk = RandomWalk(seed: seed)
      let floor = walk.floor
      floor.checksOracle = false
      var chooser = SeededRandom(seed: seed &+ 1_000_000)
      for index in 0..<300 {
        walk.step()
        floor.outputs = []
        let place = "seed \(seed), step \(index)"
        if let twin = floor.twin, let difference = twin.difference(from: floor.acd, at: floor.now) {
          Issue.record("\(place): \(difference)")
          return
        }
        guard chooser.chance(percent: 4) else { continue }
        if let twin = floor.twin, let difference = twin.acd.differenceInDepth(from: floor.acd) {
          Issue.record("\(place): \(difference)")
          return
        }
        guard let second = restored(floor.acd, at: floor.now, place) else { return }
        outputs += floor.twin?.outputs ?? 0
        checkpoints += 1
        floor.twin = Twin(second)
      }
    }
    #expect(checkpoints > 80 && outputs > 2_000, "\(checkpoints) checkpoints, \(outputs) outputs after them")
  }

  @Test("Whatever strategies, skills, shares and media there are", arguments: [0, 1, 2, 3] as [UInt64])
  func matching(part: UInt64) {
    var checkpoints = 0
    for seed in stride(from: part, to: 24, by: 4) {
      var walk = MatchingWalk(seed: seed)
      var chooser = SeededRandom(seed: seed &+ 2_000_000)
      for index in 0..<300 {
        walk.step()
        let place = "seed \(seed), step \(index)"
        if let twin = walk.twin, let difference = twin.difference(from: walk.acd, at: walk.now) {
          Issue.record("\(place): \(difference)")
          return
        }
        guard chooser.chance(percent: 4) else { continue }
        guard let second = restored(walk.acd, at: walk.now, place) else { return }
        checkpoints += 1
        walk.twin = Twin(second)
      }
    }
    #expect(checkpoints > 50)
  }

  @Test("While outputs wait there is no checkpoint")
  func outputsWait() {
    var acd = ACD()
    acd.handle(.configure(RandomWalk.settings(0)), at: .zero)
    acd.handle(.reachable(extension: "101", true), at: .zero)
    acd.handle(.act(.login(extension: "101"), by: "101"), at: .zero)
    #expect(acd.checkpoint() == nil)
    while acd.pollOutput() != nil {}
    #expect(acd.checkpoint() != nil)
  }

  // MARK: Damage

  private func busy(_ seed: UInt64, steps: Int = 120) -> ACD {
    var walk = RandomWalk(seed: seed)
    walk.floor.checksOracle = false
    for _ in 0..<steps { walk.step() }
    return walk.floor.acd
  }

  @Test("A shortened checkpoint is refused at every length")
  func shortened() throws {
    let bytes = try #require(busy(3).checkpoint())
    for count in 0..<bytes.count {
      #expect(throws: RecordError.self, "cut at \(count)") { _ = try ACD(checkpoint: bytes[..<count]) }
    }
    #expect(throws: RecordError.self) { _ = try ACD(checkpoint: (bytes + [0])[...]) }
  }

  @Test("A flipped bit is found in whatever byte it is")
  func flipped() throws {
    let bytes = try #require(busy(4).checkpoint())
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      #expect(throws: RecordError.self, "flipped at \(index)") { _ = try ACD(checkpoint: damaged[...]) }
    }
  }

  @Test("Bytes with the right digest and anything in them are refused or read, and never bring the reader down")
  func hostile() throws {
    let bytes = try #require(busy(5).checkpoint())
    let body = bytes.dropLast(ACD.Checkpoint.digestBytes)
    var read = 0
    for seed in 0..<1_500 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var damaged = Array(body)
      for _ in 0...random.below(3) { damaged[1 + random.below(damaged.count - 1)] = UInt8(random.below(256)) }
      if seed % 5 == 0 { damaged.removeLast(random.below(40)) }
      let digest = ACD.Checkpoint.digest(damaged[...])
      for place in 0..<8 as Range<UInt64> { damaged.append(UInt8(truncatingIfNeeded: digest >> (place * 8))) }
      guard let acd = try? ACD(checkpoint: damaged[...]) else { continue }
      read += 1
      // One spelling for each state: what is read is written as it stood.
      #expect(acd.checkpoint() == damaged, "seed \(seed)")
    }
    #expect(read > 50 && read < 1_450, "\(read) were read")
  }

  @Test("Another format is told by its number")
  func format() {
    var sink = ByteSink()
    sink.put(ACD.Checkpoint.format + 1)
    sink.bytes += [UInt8](repeating: 0, count: 40)
    #expect(throws: RecordError.format(ACD.Checkpoint.format + 1)) { _ = try ACD(checkpoint: sink.bytes[...]) }
  }

  @Test("No field comes or goes alone: whoever adds one writes it, raises the format's number, and counts it here")
  func fields() {
    var met: [String: Int] = [:]
    for seed in 0..<6 as Range<UInt64> {
      Portrait.countFields(of: busy(seed, steps: 250), into: &met)
      var walk = MatchingWalk(seed: seed)
      for _ in 0..<150 { walk.step() }
      Portrait.countFields(of: walk.acd, into: &met)
    }
    #expect(ACD.Checkpoint.format == FieldCounts.format)
    for (type, count) in met.sorted(by: { $0.key < $1.key }) where !type.hasPrefix("Basics.") {
      #expect(FieldCounts.all[type] == count, "\"\(type)\": \(count),")
    }
    // A few may be met on no such day.
    #expect(met.count > FieldCounts.all.count - 5, "only \(met.count) of \(FieldCounts.all.count) types were met")
  }

  private func expectEveryCount<Numbers: Counts>(_ type: Numbers.Type) {
    var numbers = Numbers()
    var last: Int64 = 0
    numbers.eachCount { count in
      last += 1
      count = last
    }
    let fields = Mirror(reflecting: numbers).children.map(\.value)
    let times = fields.compactMap { $0 as? StateTimes }.flatMap { Mirror(reflecting: $0).children.map(\.value) }
    let stored = (fields + times).compactMap { $0 as? Int64 ?? ($0 as? Int).map(Int64.init) }
    #expect(last <= 64 && stored.sorted() == Array(1...last), "\(type): \(stored)")
  }

  @Test("Every count is among those that are written, once")
  func counts() {
    expectEveryCount(ACD.Counters.self)
    expectEveryCount(ACD.QueueCounts.self)
    expectEveryCount(Reports.Counters.self)
    expectEveryCount(QueueNumbers.self)
    expectEveryCount(AgentNumbers.self)
  }
}
