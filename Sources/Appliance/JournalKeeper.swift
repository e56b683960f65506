// One ordered journal for all machines: their facts are numbered in batches, and what storage says of a batch is told
// to the machine whose promise is in it.

import Basics
import Journal

struct JournalKeeper {
  enum News: Equatable {
    /// The distributor's facts up to this number of its own are on the disk.
    case durable(UInt64)
    /// Its facts from this number on were not written.
    case failed(UInt64)
  }

  /// A batch that storage has not answered for; `numbers` are the distributor's own, if any of its facts are in it.
  private struct Waiting {
    let ticket: Ticket
    let numbers: ClosedRange<UInt64>?
  }

  private var facts: [Fact] = []
  private var isPromise = false
  private var numbers: ClosedRange<UInt64>?
  private var lastTicket: UInt64 = 0
  private var waiting = Fifo<Waiting>()
  private var news = Fifo<News>()

  /// Batches that are not on the disk yet, as far as is known.
  var waitingCount: Int { waiting.count }

  mutating func add(_ fact: Fact) { facts.append(fact) }

  mutating func add(_ fact: Fact, number: UInt64, isPromise: Bool) {
    facts.append(fact)
    self.isPromise = self.isPromise || isPromise
    numbers = (numbers?.lowerBound ?? number)...number
  }

  mutating func pollBatch() -> Batch? {
    guard !facts.isEmpty else { return nil }
    lastTicket += 1
    let ticket = Ticket(lastTicket)
    waiting.append(Waiting(ticket: ticket, numbers: numbers))
    defer {
      facts = []
      isPromise = false
      numbers = nil
    }
    return Batch(ticket: ticket, facts: facts, urgency: isPromise ? .promise : .grouped)
  }

  mutating func durable(upTo ticket: Ticket) {
    while let oldest = waiting.first, oldest.ticket <= ticket {
      _ = waiting.popFirst()
      if let numbers = oldest.numbers { news.append(.durable(numbers.upperBound)) }
    }
  }

  /// Storage gives up this batch and all that it was handed after it until it said so. Failures come in order with
  /// successes, so everything older is on the disk.
  mutating func failed(from ticket: Ticket) {
    while let oldest = waiting.first, oldest.ticket < ticket {
      _ = waiting.popFirst()
      if let numbers = oldest.numbers { news.append(.durable(numbers.upperBound)) }
    }
    var first: UInt64?
    while let lost = waiting.popFirst() { first = first ?? lost.numbers?.lowerBound }
    if let first { news.append(.failed(first)) }
  }

  mutating func pollNews() -> News? { news.popFirst() }
}
