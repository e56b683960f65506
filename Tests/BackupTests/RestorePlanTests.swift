import Basics
import Testing

@testable import Backup

/// Names and what is in them; a directory counts as one. The power can be cut before each change.
private struct Disk: Equatable {
  var files: [ByteString: String] = [:]
  var changesLeft: Int?

  struct PowerCut: Error {}

  private mutating func change(_ isNeeded: Bool) throws {
    guard isNeeded else { return }
    if changesLeft == 0 { throw PowerCut() }
    changesLeft = changesLeft.map { $0 - 1 }
  }
  private mutating func remove(_ path: ByteString) throws {
    try change(files[path] != nil)
    files[path] = nil
  }
  private mutating func rename(_ old: ByteString, _ new: ByteString) throws {
    try change(true)
    files[new] = files.removeValue(forKey: old)
  }

  mutating func carryOut(_ plan: RestorePlan) throws {
    for step in plan.steps {
      switch step {
      case .setAside(let path, let kept, let staged):
        guard files[staged] != nil, files[path] != nil else { continue }
        try remove(kept)
        try rename(path, kept)
      case .putInPlace(let staged, let path):
        guard files[staged] != nil else { continue }
        try rename(staged, path)
      }
    }
  }
}

@Suite("Plans of restores")
struct RestorePlanTests {
  private let plan = RestorePlan([
    .init("branch.conf"), .init("branch.conf.revisions"), .init("/data/branch.db", companions: ["-wal", "-journal"]),
    .init("/data/names"),
  ])

  private var disk: Disk {
    var disk = Disk()
    for item in plan.items {
      disk.files[item.path] = "old"
      disk.files[RestorePlan.staged(item.path)] = "new"
    }
    disk.files["/data/branch.db-wal"] = "old log"
    // Of a restore before.
    disk.files["branch.conf.before-restore"] = "older"
    // There was none of these before.
    disk.files["/data/names"] = nil
    return disk
  }

  @Test("all that is new is in place, all that was there stands beside it")
  func whole() throws {
    var disk = disk
    try disk.carryOut(plan)
    #expect(
      disk.files == [
        "branch.conf": "new", "branch.conf.before-restore": "old", "branch.conf.revisions": "new",
        "branch.conf.revisions.before-restore": "old", "/data/branch.db": "new",
        "/data/branch.db.before-restore": "old", "/data/branch.db.before-restore-wal": "old log", "/data/names": "new",
      ])
  }

  @Test("the power fails before each change, again and again: the next start ends it as if nothing had been")
  func cuts() throws {
    var expected = disk
    try expected.carryOut(plan)
    var cuts = 0
    var first = 0
    while true {
      var disk = disk
      disk.changesLeft = first
      do {
        try disk.carryOut(plan)
        break
      } catch {}
      for second in 0..<20 {
        var again = disk
        again.changesLeft = second
        try? again.carryOut(plan)
        // A log that another database has written must never stand beside the new one.
        if again.files["/data/branch.db"] == "new" { #expect(again.files["/data/branch.db-wal"] == nil) }
        again.changesLeft = nil
        try again.carryOut(plan)
        #expect(again.files == expected.files, "cut before change \(first) and then \(second)")
        cuts += 1
      }
      first += 1
    }
    #expect(first >= 8 && cuts == first * 20)
  }

  @Test("as text and back; a damaged one is none")
  func text() {
    #expect(RestorePlan(parsing: plan.text) == plan)
    let odd = RestorePlan([.init("/a b/\"c\"\\d/配置", companions: ["-wal"])])
    #expect(RestorePlan(parsing: odd.text) == odd)
    #expect(RestorePlan(parsing: []) == nil)
    #expect(RestorePlan(parsing: Array(plan.text.dropLast(3))) == nil)
  }
}

@Suite("Markers of epochs")
struct EpochMarkerTests {
  private let ran = EpochMarker(number: 3, identity: 77, runs: 20)

  @Test("as text and back; a damaged one is none")
  func text() {
    #expect(EpochMarker(parsing: ran.text) == ran)
    for count in 0..<ran.text.count - 1 {
      let read = EpochMarker(parsing: Array(ran.text[..<count]))
      #expect(read == nil || read?.runs != ran.runs, "\(count)")
    }
  }

  @Test("an older copy of the database is known, and one of another box; what went on, and a new one, are taken")
  func superseding() {
    #expect(!ran.supersedes(EpochMarker(number: 3, identity: 77, runs: 21)))
    #expect(!ran.supersedes(EpochMarker(number: 3, identity: 77, runs: 20)))
    #expect(ran.supersedes(EpochMarker(number: 3, identity: 77, runs: 19)))
    #expect(ran.supersedes(EpochMarker(number: 2, identity: 77, runs: 99)))
    #expect(ran.supersedes(EpochMarker(number: 3, identity: 78, runs: 99)))
    #expect(!ran.supersedes(EpochMarker(number: 4, identity: 78, runs: 2)))
    #expect(!ran.supersedes(EpochMarker(number: 1, identity: 1, runs: 1)))
  }
}
