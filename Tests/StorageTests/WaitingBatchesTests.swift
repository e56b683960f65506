import Basics
import Journal
import Testing

@testable import Storage

@Suite("Batches that wait")
struct WaitingBatchesTests {
  private func batch(_ ticket: UInt64, facts: Int = 1, _ urgency: Batch.Urgency = .grouped) -> Batch {
    let fact = Fact.agent(AgentFact(extension: "1", loggedIn: true))
    return Batch(ticket: Ticket(ticket), facts: [Fact](repeating: fact, count: facts), urgency: urgency)
  }

  private func add(_ batch: Batch, heard: UInt32 = 0, at now: Instant, _ waiting: inout WaitingBatches) -> Bool {
    waiting.append(batch, refusalsHeard: heard, at: now)
  }

  @Test("a batch for which nobody waits is due after the grouping time, and later ones do not put it off")
  func grouping() {
    var waiting = WaitingBatches(grouping: .seconds(1))
    #expect(waiting.dueAt == .never)
    let start = Instant(nanoseconds: 5_000_000_000)
    #expect(add(batch(1), at: start, &waiting))
    #expect(add(batch(2), at: start + .milliseconds(900), &waiting))
    #expect(waiting.dueAt == start + .seconds(1))
    let taken = waiting.takeAll()
    #expect(taken.map(\.batch.ticket.number) == [1, 2])
    #expect(waiting.dueAt == .never)
  }

  @Test("a promise is due at once and takes all before it along")
  func promise() {
    var waiting = WaitingBatches(grouping: .seconds(1))
    let start = Instant(nanoseconds: 5_000_000_000)
    #expect(add(batch(1), at: start, &waiting))
    #expect(add(batch(2, .promise), heard: 3, at: start + .milliseconds(1), &waiting))
    #expect(waiting.dueAt <= start + .milliseconds(1))
    let taken = waiting.takeAll()
    #expect(taken.map(\.refusalsHeard) == [0, 3])
  }

  @Test("the number of batches is bounded")
  func batchLimit() {
    var waiting = WaitingBatches(grouping: .seconds(1))
    for n in 1...StorageLimits.waitingBatches {
      #expect(add(batch(UInt64(n)), at: .zero, &waiting))
      if n == StorageLimits.waitingBatches / 2 { #expect(waiting.dueAt == .zero) }
    }
    #expect(!add(batch(1000), at: .zero, &waiting))
    _ = waiting.takeAll()
    #expect(add(batch(1000), at: .zero, &waiting))
  }

  @Test("the number of facts is bounded, but a lone batch always has room")
  func factLimit() {
    var waiting = WaitingBatches(grouping: .seconds(1))
    #expect(add(batch(1, facts: StorageLimits.waitingFacts * 2), at: .zero, &waiting))
    #expect(!add(batch(2), at: .zero, &waiting))
    _ = waiting.takeAll()
    #expect(add(batch(3, facts: StorageLimits.waitingFacts - 1), at: .zero, &waiting))
    #expect(add(batch(4), at: .zero, &waiting))
    #expect(!add(batch(5), at: .zero, &waiting))
  }
}
