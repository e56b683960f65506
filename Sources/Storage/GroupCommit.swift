// Group commit as a machine: batches in, results out, time as a parameter. One rule above all: a promise that was
// refused aloud never becomes durable afterwards.
//
// Batches are in flight in both directions when a commit fails. So a refusal covers all promises submitted before it
// was heard, as in go-back-N: they are thrown away, and the submitter goes on with a later number. And a refusal is
// told only when the failed commit has been overwritten in the log, for a power cut might bring it back.

import Basics
import Journal

struct GroupCommit: ~Copyable {
  struct Counters: Sendable, Equatable {
    /// Promises refused, each a batch.
    var refusedPromises = 0
    /// Refusals told although the disk might still hold the commit.
    var unsettledRefusals = 0
    /// Facts for which nobody waited, lost because too many of them had to be retained.
    var droppedFacts = 0
  }

  private struct Refusal {
    var from: Ticket
    var reason: PersistFailure
    var tellAt: Instant
  }

  let database: Database
  private(set) var counters = Counters()
  private(set) var nextDeadline = Instant.never
  private var results = Fifo<JournalResult>()
  /// Batches of failed commits for which nobody waits, in order, each to be tried again before anything newer.
  private var retained: [Batch] = []
  private var retainedFacts = 0
  /// At most one: until it is told and heard, every promise falls under it.
  private var refusal: Refusal?
  private var refusals: UInt32 = 0

  init(_ database: Database) { self.database = database }

  mutating func pollResult() -> JournalResult? { results.popFirst() }

  mutating func write(_ taken: [WaitingBatches.Entry], at now: Instant) {
    var group = retained
    for entry in taken {
      if entry.batch.urgency == .promise && entry.refusalsHeard != refusals {
        counters.refusedPromises += 1
      } else {
        group.append(entry.batch)
      }
    }
    if !group.isEmpty { commit(group, at: now) }
    settle(at: now)
  }

  private mutating func commit(_ group: [Batch], at now: Instant) {
    do throws(CommitFailure) {
      let last = try database.commit(group)
      retained = []
      retainedFacts = 0
      nextDeadline = .never
      // A batch that was submitted behind a refused one may be in the group: the refusal is told before it.
      tellRefusal()
      results.append(.durable(upTo: last))
    } catch {
      retain(group)
      nextDeadline = now + StorageLimits.retryAfter
      for batch in group where batch.urgency == .promise {
        counters.refusedPromises += 1
        if refusal == nil {
          refusal = Refusal(
            from: batch.ticket, reason: error.reason, tellAt: now + StorageLimits.settlingPatience)
          refusals &+= 1
        }
      }
    }
  }

  /// Tells a refusal once it is certain, or when those who wait have waited long enough.
  private mutating func settle(at now: Instant) {
    guard let waiting = refusal else { return }
    if database.settle() {
      tellRefusal()
    } else if now >= waiting.tellAt {
      counters.unsettledRefusals += 1
      tellRefusal()
    } else {
      nextDeadline = min(now + StorageLimits.retryAfter, waiting.tellAt)
    }
  }

  private mutating func tellRefusal() {
    guard let told = refusal else { return }
    results.append(.failed(from: told.from, told.reason))
    refusal = nil
  }

  private mutating func retain(_ group: [Batch]) {
    retained = group.filter { $0.urgency == .grouped }
    retainedFacts = retained.reduce(0) { $0 + $1.facts.count }
    var oldest = 0
    while retainedFacts > StorageLimits.retainedFacts && oldest < retained.count {
      retainedFacts -= retained[oldest].facts.count
      counters.droppedFacts += retained[oldest].facts.count
      oldest += 1
    }
    retained.removeFirst(oldest)
  }
}
