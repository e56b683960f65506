import Basics
import Journal
import Testing

@testable import Storage

@Suite("A disk that is full or fails")
struct FullDiskTests {
  /// Lets the n-th write or sync fail, for every n, `count` times in a row, and looks at what is there in the end.
  /// - Parameter stride: of how many one is also searched for what a power cut brings back.
  private func failEach(_ kind: CrashDisk.Fault.Kind, count: Int, stride: Int) throws {
    let groups = isLongRun ? 12 : 4
    let workload = Workload(groups: groups, seed: 7, onlyPromises: true)
    var refusals = 0
    var n = 0
    while true {
      let recording = try Recording(workload, faults: [CrashDisk.Fault(kind: kind, after: n, count: count)])
      guard recording.disk.faultsMet > 0 else { break }
      let refused = recording.outcomes.indices.filter { !recording.outcomes[$0].isDurable }
      // A checkpoint that fails refuses nothing.
      if let first = refused.first {
        refusals += 1
        if count == 1 { #expect(refused == [first], "fault at \(n)") }
        if count == .max { #expect(refused == Array(first..<groups), "fault at \(n)") }
        let isSearched = isLongRun || refusals % stride == 1 % stride
        let start = recording.outcomes[first].steps.lowerBound
        let end = recording.outcomes[min(first + 2, groups - 1)].steps.upperBound
        let steps = start..<(isSearched ? end : start)
        let search = recording.cutPower(seed: UInt64(n), extra: isLongRun ? 8 : 1, steps: steps)
        #expect(search.violations == [], "fault at \(n)")
      }
      let expected = recording.expectations.allowed(at: .max)
      #expect(violation(recording.disk.contents, allowed: expected) == nil, "fault at \(n)")
      n += 1
    }
    #expect(refusals > 0)
  }

  @Test("a full disk at any write refuses that promise for ever, and later ones are kept")
  func fullOnce() throws { try failEach(.writeFull, count: 1, stride: 3) }

  @Test("a disk that stays full refuses all, and what was durable before stays")
  func fullFromThenOn() throws { try failEach(.writeFull, count: .max, stride: 5) }

  @Test("a write error at any write refuses that promise for ever, and later ones are kept")
  func writeErrors() throws { try failEach(.writeError, count: 3, stride: 5) }

  @Test("a sync error at any sync refuses that promise for ever, and later ones are kept")
  func syncErrors() throws {
    try failEach(.syncError, count: 1, stride: 1)
    try failEach(.syncError, count: 4, stride: 1)
  }

  @Test("a full disk is told apart from a failing one")
  func reasons() throws {
    for (kind, reason) in [
      (CrashDisk.Fault.Kind.writeFull, PersistFailure.diskFull), (.writeError, .ioError), (.syncError, .ioError),
    ] {
      let disk = CrashDisk()
      let database = try openDatabase(on: disk)
      disk.faults = [CrashDisk.Fault(kind: kind, after: 0)]
      #expect(throws: CommitFailure(reason: reason, isSettled: true)) {
        try database.commit([Sample.promise(1, [.callback(Sample.callback(1))])])
      }
      #expect(try database.restore().callbacks == [])
    }
  }

  @Test("a box whose disk is full starts and knows what it knew")
  func bootOnFullDisk() throws {
    let first = CrashDisk()
    var database: Database? = try openDatabase(on: first)
    _ = try database?.commit([Sample.promise(1, [.callback(Sample.callback(1))])])
    database = nil
    let disk = CrashDisk(first.contents)
    disk.faults = [CrashDisk.Fault(kind: .writeFull, after: 0, count: .max)]
    let restarted = try openDatabase(on: disk)
    #expect(try restarted.restore().callbacks.map(\.id) == [1])
    #expect(restarted.pollLog()?.event.description == "storage.boot")
  }
}
