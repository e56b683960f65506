// The batches that wait for the storage thread: how many may, and when they are due. No lock and no clock in here.

import Basics
import Journal

struct WaitingBatches {
  struct Entry {
    var batch: Batch
    /// How many refusals the submitter had heard of. What it submits before it hears of one is refused with it.
    var refusalsHeard: UInt32
  }

  private let grouping: Interval
  private var entries: [Entry] = []
  private var facts = 0
  private var hasPromise = false
  private var firstAt = Instant.never

  init(grouping: Interval) { self.grouping = grouping }

  var count: Int { entries.count }

  /// False: there is no room. A lone batch has room whatever its size.
  mutating func append(_ batch: Batch, refusalsHeard: UInt32, at now: Instant) -> Bool {
    guard entries.count < StorageLimits.waitingBatches,
      entries.isEmpty || facts + batch.facts.count <= StorageLimits.waitingFacts
    else { return false }
    if entries.isEmpty { firstAt = now }
    entries.append(Entry(batch: batch, refusalsHeard: refusalsHeard))
    facts += batch.facts.count
    if batch.urgency == .promise { hasPromise = true }
    return true
  }

  /// When they are to be written: at once if somebody waits or room gets short, else when the first has waited enough.
  var dueAt: Instant {
    if entries.isEmpty { return .never }
    let isShort = entries.count * 2 >= StorageLimits.waitingBatches || facts * 2 >= StorageLimits.waitingFacts
    return hasPromise || isShort ? firstAt : firstAt + grouping
  }

  mutating func takeAll() -> [Entry] {
    let taken = entries
    entries = []
    facts = 0
    hasPromise = false
    firstAt = .never
    return taken
  }
}
