import Basics
import CSQLite
import Glibc
import Journal
import Testing

@testable import Storage

/// `BRANCHLINE_LONG=1`: many more states.
let isLongRun = getenv("BRANCHLINE_LONG") != nil

@Suite("Power cuts")
struct PowerCutTests {
  @Test("after a cut at any step all that was reported durable is there, and no batch by half")
  func nothingDurableIsLost() throws {
    for seed in 1...(isLongRun ? 40 : 1) as ClosedRange<UInt64> {
      let recording = try Recording(Workload(groups: isLongRun ? 60 : 24, seed: seed))
      let refused = recording.outcomes.count { !$0.isDurable }
      #expect(refused == 0)
      let search = recording.cutPower(seed: seed, extra: isLongRun ? 6 : 2)
      #expect(search.violations == [])
      #expect(search.states > recording.disk.operations.count)
    }
  }

  @Test("the search finds the loss when commits are not synced")
  func unsyncedCommitsAreCaught() throws {
    let recording = try Recording(Workload(groups: 6, seed: 1), setUp: { _ = $0.run("PRAGMA synchronous = OFF") })
    let search = recording.cutPower(seed: 1, extra: 1)
    #expect(!search.violations.isEmpty)
  }

  @Test("a commit whose sync failed can come back after a cut until another has taken its place")
  func unsettledCommitsComeBack() throws {
    func open(_ faults: [CrashDisk.Fault]) throws -> (CrashDisk, Database) {
      let disk = CrashDisk()
      let database = try openDatabase(on: disk)
      _ = try database.commit([Sample.promise(1, [.callback(Sample.callback(1))])])
      disk.faults = faults
      return (disk, database)
    }
    let refused = Sample.promise(2, [.callback(Sample.callback(2))])
    func writes(_ disk: CrashDisk) -> Int {
      disk.operations.count { if case .write = $0 { true } else { false } }
    }

    let (rehearsal, rehearsed) = try open([])
    let before = contents(of: rehearsed.connection)
    let writesBefore = writes(rehearsal)
    _ = try rehearsed.commit([refused])
    let with = contents(of: rehearsed.connection)

    // Its frames arrive, its sync fails, and so does every write after it.
    let (disk, database) = try open([
      CrashDisk.Fault(kind: .syncError, after: 0),
      CrashDisk.Fault(
        kind: .writeError, after: writes(rehearsal) - writesBefore, count: .max,
        leavesPart: false),
    ])
    #expect(throws: CommitFailure(reason: .ioError, isSettled: false)) { try database.commit([refused]) }
    #expect(contents(of: database.connection) == before)
    #expect(violation(disk.contents, allowed: [with]) == nil)

    // Any commit takes its place, even one that changes nothing.
    disk.faults = []
    _ = try database.commit([Sample.grouped(3, [])])
    #expect(database.isSettled)
    #expect(violation(disk.contents, allowed: [before]) == nil)
  }
}

extension Recording {
  /// Cuts the power at every one of these steps, in several ways, and looks at what a restart finds.
  /// - Parameter extra: ways chosen at random, besides all and nothing unsynced lost.
  func cutPower(
    seed: UInt64, extra: Int, steps: Range<Int> = 0..<Int.max
  ) -> (violations: [String], states: Int) {
    var random = SeededRandom(seed: seed)
    var cuts = PowerCuts(of: disk)
    cuts.advance(to: steps.lowerBound)
    var violations: [String] = []
    var states = 0
    repeat {
      let allowed = expectations.allowed(at: cuts.step)
      var losses: [PowerCuts.Loss] = [.all]
      if cuts.isUncertain {
        losses.append(.nothing)
        for _ in 0..<extra { losses.append(PowerCuts.Loss.allCases[2 + random.below(4)]) }
      }
      for loss in losses {
        states += 1
        var second: [String: [UInt8]]?
        let wrong = violation(cuts.disk(after: loss, &random), allowed: allowed) { disk in
          if random.chance(percent: 10) { second = Self.cutAgain(disk, &random) }
        }
        let wrongAgain = second.flatMap { violation($0, allowed: allowed) }
        for wrong in [wrong, wrongAgain].compactMap(\.self) {
          violations.append("seed \(seed), step \(cuts.step), loss \(loss): \(wrong)")
        }
      }
    } while cuts.step < steps.upperBound && cuts.advance()
    return (violations, states)
  }

  /// The power goes again while the box boots.
  private static func cutAgain(_ disk: CrashDisk, _ random: inout SeededRandom) -> [String: [UInt8]] {
    var cuts = PowerCuts(of: disk)
    cuts.advance(to: random.below(disk.operations.count + 1))
    return cuts.disk(after: .any, &random)
  }
}
