// A branch's day in small: callbacks through all their states among registrations, log-ins, events and calls. Run on a
// recording disk, it says what a database may hold after a cut at any step.

import Basics
import Journal

@testable import Storage

struct Workload {
  var groups: [[Batch]] = []

  private var callbacks: [CallbackFact] = []
  private var nextTicket: UInt64 = 1
  private var random: SeededRandom

  /// - Parameter onlyPromises: a refused group then leaves nothing behind that would be tried again.
  init(groups count: Int, seed: UInt64, onlyPromises: Bool = false) {
    random = SeededRandom(seed: seed)
    for _ in 0..<count {
      var group: [Batch] = []
      for _ in 0...random.below(3) {
        var facts = [Fact.callback(step())]
        for _ in 0..<random.below(4) { facts.append(other()) }
        let isPromise = onlyPromises || random.chance(percent: 60)
        group.append(Batch(ticket: Ticket(nextTicket), facts: facts, urgency: isPromise ? .promise : .grouped))
        nextTicket += 1
      }
      groups.append(group)
    }
  }

  /// A new callback, or one of those there a step further.
  private mutating func step() -> CallbackFact {
    let live = callbacks.indices.filter { !callbacks[$0].state.isFinal }
    guard !live.isEmpty, !random.chance(percent: 30) else {
      callbacks.append(Sample.callback(UInt64(callbacks.count + 1)))
      return callbacks[callbacks.count - 1]
    }
    let index = live[random.below(live.count)]
    callbacks[index] = next(after: callbacks[index])
    return callbacks[index]
  }

  private mutating func next(after callback: CallbackFact) -> CallbackFact {
    var callback = callback
    switch callback.state {
    case .pending:
      if random.chance(percent: 15) {
        callback.state = random.chance(percent: 50) ? .expired : .cancelled
      } else {
        callback.state = .dialling
        callback.attempts += 1
        callback.leg = Sample.leg(callback.id * 10 + UInt64(callback.attempts))
      }
    case .dialling:
      if random.chance(percent: 60) {
        callback.state = .talking
        callback.leg?.remoteTag = "b2"
      } else {
        callback.state = callback.attempts >= 3 ? .failed : .pending
        callback.busyCount += 1
        callback.lastStatus = 486
        callback.notBefore = callback.notBefore + .seconds(300)
        callback.leg = nil
      }
    default:
      callback.state = .done
      callback.leg = nil
    }
    return callback
  }

  private mutating func other() -> Fact {
    let n = random.below(5)
    switch random.below(6) {
    case 0: return .binding(Sample.binding(n, expires: random.below(3600)))
    case 1: return .bindingRemoved(user: Sample.binding(n).user, contact: Sample.binding(n).contact)
    case 2:
      return .agent(
        AgentFact(
          extension: ByteString(100 + n), loggedIn: random.chance(percent: 50), pauseReason: n % 2 == 0 ? "" : "lunch"))
    case 3: return .queueEvent(Sample.event(random.below(20)))
    case 4:
      return .act(ActFact(at: bootTime, by: "101", act: "pause", subject: "101", isDone: random.chance(percent: 50)))
    default: return .call(Sample.call(UInt64(random.below(1000))))
    }
  }
}

/// A workload that has been run.
struct Recording {
  struct Outcome {
    var isDurable: Bool
    /// The steps of the disk's record that belong to this group, until its result was told.
    var steps: Range<Int>
  }

  let disk = CrashDisk()
  private(set) var outcomes: [Outcome] = []
  /// Contents that are right after a cut at a step: one, or two while a group is under way.
  private(set) var expectations = Expectations()

  /// - Parameters:
  ///   - faults: met after the database is open.
  ///   - setUp: done to the open database before the workload.
  init(_ workload: Workload, faults: [CrashDisk.Fault] = [], setUp: (Database) -> Void = { _ in }) throws {
    let database = try openDatabase(on: disk)
    setUp(database)
    disk.faults = faults
    var commits = GroupCommit(database)
    var refusalsHeard: UInt32 = 0
    var now = Instant.zero
    for (index, group) in workload.groups.enumerated() {
      let start = disk.operations.count
      commits.write(group.map { WaitingBatches.Entry(batch: $0, refusalsHeard: refusalsHeard) }, at: now)
      var isDurable: Bool?
      while isDurable == nil {
        while let result = commits.pollResult() {
          if case .failed = result { refusalsHeard += 1 }
          if isDurable != false { if case .durable = result { isDurable = true } else { isDurable = false } }
        }
        guard isDurable == nil else { break }
        now = now + StorageLimits.retryAfter
        commits.write([], at: now)
      }
      outcomes.append(Outcome(isDurable: isDurable == true, steps: start..<disk.operations.count))
      now = now + .seconds(3)
      if index % 7 == 2 { database.checkpoint() }
    }
    try expect(workload)
  }

  private mutating func expect(_ workload: Workload) throws {
    let reference = CrashDisk()
    let database = try openDatabase(on: reference)
    var before = contents(of: database.connection)
    expectations.add(until: outcomes.first?.steps.lowerBound ?? .max, [before])
    for (index, outcome) in outcomes.enumerated() {
      let after: [String]
      if outcome.isDurable {
        _ = try database.commit(workload.groups[index])
        after = contents(of: database.connection)
      } else {
        let other = CrashDisk(reference.contents)
        let otherDatabase = try openDatabase(on: other)
        _ = try otherDatabase.commit(workload.groups[index])
        after = contents(of: otherDatabase.connection)
      }
      expectations.add(until: outcome.steps.upperBound - 1, [before, after])
      if outcome.isDurable { before = after }
      let next = index + 1 < outcomes.count ? outcomes[index + 1].steps.lowerBound : Int.max
      expectations.add(until: next, [before])
    }
  }
}

struct Expectations {
  private var parts: [(until: Int, allowed: [[String]])] = []

  mutating func add(until step: Int, _ allowed: [[String]]) { parts.append((step, allowed)) }

  func allowed(at step: Int) -> [[String]] { parts.first { step <= $0.until }?.allowed ?? [] }
}

func openDatabase(
  on disk: CrashDisk, limits: Retention.Limits = Retention.Limits()
) throws(StorageError) -> Database {
  try Database.open("branch.db", at: bootTime, system: disk.system, limits: limits)
}

/// What is wrong with a disk after a cut, nil if nothing is. `after` is the disk as the reopening has left it.
func violation(_ state: [String: [UInt8]], allowed: [[String]], reopened: (CrashDisk) -> Void = { _ in }) -> String? {
  let disk = CrashDisk(state)
  defer { reopened(disk) }
  do throws(StorageError) {
    let database = try openDatabase(on: disk)
    let found = contents(of: database.connection)
    guard allowed.contains(found) else {
      let closest = allowed.last ?? []
      let missing = closest.filter { !found.contains($0) }
      let extra = found.filter { !closest.contains($0) }
      return "missing \(missing), too much \(extra)"
    }
    _ = try database.restore()
    return database.counters.unreadableRows == 0 ? nil : "unreadable rows"
  } catch {
    return "not opened: \(error)"
  }
}
