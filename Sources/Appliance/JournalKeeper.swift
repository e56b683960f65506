// One ordered journal for all machines: their facts go to storage in numbered batches, and what storage says of a batch
// is told to the machine whose promise is in it.
//
// Facts for which somebody waits travel apart from the others. When storage fails it gives up promises, and says so, but
// tries everything else again: so a promise that failed takes no other fact with it, and what is told as failed is
// exactly what will never be written.

import Basics
import Journal

struct JournalKeeper {
  enum News: Equatable {
    /// The distributor's promises up to this number of its own are on the disk.
    case durable(UInt64)
    /// Its promises from the first number through the last were not written and will not be.
    case failed(from: UInt64, through: UInt64)
    /// Whether the epoch that was to be kept is on the disk.
    case epoch(isKept: Bool)
  }

  /// A batch of promises that storage has not answered for.
  private struct Waiting {
    let ticket: Ticket
    /// nil: the epoch.
    let numbers: ClosedRange<UInt64>?
  }

  private var promises: [Fact] = []
  private var numbers: ClosedRange<UInt64>?
  private var epoch: Fact?
  private var others: [Fact] = []
  private var lastTicket: UInt64 = 0
  private var waiting = Fifo<Waiting>()
  private var news = Fifo<News>()
  /// Promises that storage refused, as batches.
  private(set) var refused: UInt64 = 0

  /// Batches of promises that are not on the disk yet, as far as is known.
  var waitingCount: Int { waiting.count }

  /// Nobody waits for it.
  mutating func add(_ fact: Fact) { others.append(fact) }

  /// A promise, by its author's number. Numbers ascend.
  mutating func add(promise fact: Fact, number: UInt64) {
    promises.append(fact)
    numbers = (numbers?.lowerBound ?? number)...number
  }

  /// In a batch of its own; `News.epoch` tells of it.
  mutating func add(epoch fact: EpochFact) { epoch = .epoch(fact) }

  mutating func pollBatch() -> Batch? {
    if let fact = epoch {
      epoch = nil
      let ticket = nextTicket()
      waiting.append(Waiting(ticket: ticket, numbers: nil))
      return Batch(ticket: ticket, facts: [fact], urgency: .promise)
    }
    if let own = numbers {
      let facts = promises
      promises = []
      numbers = nil
      let ticket = nextTicket()
      waiting.append(Waiting(ticket: ticket, numbers: own))
      return Batch(ticket: ticket, facts: facts, urgency: .promise)
    }
    guard !others.isEmpty else { return nil }
    let facts = others
    others = []
    return Batch(ticket: nextTicket(), facts: facts, urgency: .grouped)
  }

  private mutating func nextTicket() -> Ticket {
    lastTicket += 1
    return Ticket(lastTicket)
  }

  mutating func durable(upTo ticket: Ticket) {
    while let oldest = waiting.first, oldest.ticket <= ticket {
      _ = waiting.popFirst()
      news.append(oldest.numbers.map { .durable($0.upperBound) } ?? .epoch(isKept: true))
    }
  }

  /// Storage gives up the promises from this batch on that it was handed until it said so: all that wait, for batches
  /// leave here before the next answer is heard. Older ones are not judged by this: an answer about them follows.
  mutating func failed(from ticket: Ticket) {
    var kept = Fifo<Waiting>()
    var lost: ClosedRange<UInt64>?
    while let one = waiting.popFirst() {
      if one.ticket < ticket {
        kept.append(one)
        continue
      }
      refused += 1
      guard let numbers = one.numbers else {
        news.append(.epoch(isKept: false))
        continue
      }
      lost = (lost?.lowerBound ?? numbers.lowerBound)...numbers.upperBound
    }
    waiting = kept
    if let lost { news.append(.failed(from: lost.lowerBound, through: lost.upperBound)) }
  }

  mutating func pollNews() -> News? { news.popFirst() }
}
