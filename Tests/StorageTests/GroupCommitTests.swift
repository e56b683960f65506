import Basics
import Journal
import Testing

@testable import Storage

@Suite("Group commit")
struct GroupCommitTests {
  private let disk = CrashDisk()

  private func entries(_ batches: [Batch], refusalsHeard: UInt32 = 0) -> [WaitingBatches.Entry] {
    batches.map { WaitingBatches.Entry(batch: $0, refusalsHeard: refusalsHeard) }
  }
  private func promise(_ n: UInt64) -> Batch { Sample.promise(n, [.callback(Sample.callback(n))]) }
  private func agent(_ n: UInt64, _ loggedIn: Bool = true) -> Batch {
    Sample.grouped(n, [.agent(AgentFact(extension: ByteString(Int(n)), loggedIn: loggedIn))])
  }
  private func results(_ commits: inout GroupCommit) -> [JournalResult] {
    var results: [JournalResult] = []
    while let result = commits.pollResult() { results.append(result) }
    return results
  }

  @Test("all that waits is one commit")
  func oneCommit() throws {
    var commits = GroupCommit(try openDatabase(on: disk))
    commits.write(entries([agent(1), promise(2), agent(3)]), at: .zero)
    #expect(results(&commits) == [.durable(upTo: Ticket(3))])
    #expect(commits.database.counters.commits == 1)
    #expect(commits.nextDeadline == .never)
  }

  @Test("a failed commit refuses its promises for ever and tries the rest again")
  func refusal() throws {
    var commits = GroupCommit(try openDatabase(on: disk))
    disk.faults = [CrashDisk.Fault(kind: .writeFull, after: 0)]
    commits.write(entries([agent(1), promise(2), promise(3), agent(4)]), at: .zero)
    #expect(results(&commits) == [.failed(from: Ticket(2), .diskFull)])
    #expect(commits.nextDeadline == Instant.zero + StorageLimits.retryAfter)
    #expect(try commits.database.restore().agents == [])

    commits.write([], at: commits.nextDeadline)
    #expect(results(&commits) == [.durable(upTo: Ticket(4))])
    #expect(commits.nextDeadline == .never)
    let restored = try commits.database.restore()
    #expect(restored.agents.map(\.extension) == ["1", "4"])
    #expect(restored.callbacks == [])
    #expect(commits.counters.refusedPromises == 2)
  }

  @Test("what is tried again is written before what came later")
  func retriedInOrder() throws {
    var commits = GroupCommit(try openDatabase(on: disk))
    disk.faults = [CrashDisk.Fault(kind: .writeFull, after: 0)]
    commits.write(entries([agent(1, true)]), at: .zero)
    #expect(results(&commits) == [])
    let later = Sample.promise(2, [.agent(AgentFact(extension: "1", loggedIn: false))])
    commits.write(entries([later]), at: .zero)
    #expect(results(&commits) == [.durable(upTo: Ticket(2))])
    #expect(try commits.database.restore().agents.map(\.loggedIn) == [false])
  }

  @Test("a promise made before the refusal was heard falls under it")
  func promisesBehindARefusal() throws {
    var commits = GroupCommit(try openDatabase(on: disk))
    disk.faults = [CrashDisk.Fault(kind: .writeFull, after: 0)]
    commits.write(entries([promise(1)]), at: .zero)
    commits.write(entries([promise(2), agent(3), promise(4)]), at: .zero)
    #expect(results(&commits) == [.failed(from: Ticket(1), .diskFull), .durable(upTo: Ticket(3))])
    commits.write(entries([promise(5)], refusalsHeard: 1), at: .zero)
    #expect(results(&commits) == [.durable(upTo: Ticket(5))])
    #expect(try commits.database.restore().callbacks.map(\.id) == [5])
    #expect(commits.counters.refusedPromises == 3)
  }

  @Test("a refusal waits until the failed commit is overwritten")
  func refusalWaits() throws {
    var commits = GroupCommit(try openDatabase(on: disk))
    disk.faults = [CrashDisk.Fault(kind: .syncError, after: 0, count: 5)]
    commits.write(entries([promise(1)]), at: .zero)
    #expect(results(&commits) == [])
    var now = Instant.zero
    var tries = 0
    var told: [JournalResult] = []
    while told.isEmpty {
      tries += 1
      try #require(tries < 10)
      now = commits.nextDeadline
      commits.write([], at: now)
      told = results(&commits)
    }
    #expect(told == [.failed(from: Ticket(1), .ioError)])
    #expect(now < Instant.zero + StorageLimits.settlingPatience)
    #expect(commits.counters.unsettledRefusals == 0)
    #expect(disk.faultsMet == 5)
  }

  @Test("a later commit overwrites the failed one as well, and the refusal is told before it")
  func laterCommitSettles() throws {
    var commits = GroupCommit(try openDatabase(on: disk))
    disk.faults = [CrashDisk.Fault(kind: .syncError, after: 0, count: 3)]
    commits.write(entries([promise(1)]), at: .zero)
    #expect(results(&commits) == [])
    commits.write(entries([agent(2)]), at: .zero)
    #expect(results(&commits) == [.failed(from: Ticket(1), .ioError), .durable(upTo: Ticket(2))])
    #expect(commits.database.isSettled)
  }

  @Test("those who wait are told after two seconds even if the disk answers nothing, and that is counted")
  func patienceEnds() throws {
    var commits = GroupCommit(try openDatabase(on: disk))
    disk.faults = [CrashDisk.Fault(kind: .syncError, after: 0, count: .max)]
    commits.write(entries([promise(1)]), at: .zero)
    var now = Instant.zero
    var told: [JournalResult] = []
    while told.isEmpty {
      try #require(commits.nextDeadline > now)
      now = commits.nextDeadline
      commits.write([], at: now)
      told = results(&commits)
    }
    #expect(now == Instant.zero + StorageLimits.settlingPatience)
    #expect(told == [.failed(from: Ticket(1), .ioError)])
    #expect(commits.counters.unsettledRefusals == 1)
  }

  @Test("what is kept for another try is bounded, and the oldest goes first")
  func retainedIsBounded() throws {
    var commits = GroupCommit(try openDatabase(on: disk))
    disk.faults = [CrashDisk.Fault(kind: .writeFull, after: 0, count: .max)]
    let half = StorageLimits.retainedFacts / 2
    for n in 1...3 as ClosedRange<UInt64> {
      let facts = (0..<half).map { Fact.agent(AgentFact(extension: ByteString("\(n)-\($0)"), loggedIn: true)) }
      commits.write(entries([Sample.grouped(n, facts)]), at: .zero)
    }
    #expect(commits.counters.droppedFacts == half)
    disk.faults = []
    commits.write([], at: .zero)
    let agents = try commits.database.restore().agents
    #expect(agents.count == 2 * half)
    #expect(agents.first?.extension == "2-0")
  }
}
