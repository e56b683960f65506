import Basics
import Journal
import Testing

@testable import Appliance

@Suite("Journal keeper")
struct JournalKeeperTests {
  private static let promise = Fact.agent(AgentFact(extension: "1", loggedIn: true))
  private static let other = Fact.agent(AgentFact(extension: "2", loggedIn: true))

  private static func news(_ keeper: inout JournalKeeper) -> [JournalKeeper.News] {
    var news: [JournalKeeper.News] = []
    while let one = keeper.pollNews() { news.append(one) }
    return news
  }
  /// Hands over what has been added: tickets and urgencies.
  private static func batches(_ keeper: inout JournalKeeper) -> [Batch] {
    var batches: [Batch] = []
    while let batch = keeper.pollBatch() { batches.append(batch) }
    return batches
  }

  @Test("promises and other facts never share a batch, and promises go first")
  func apart() {
    var keeper = JournalKeeper()
    keeper.add(Self.other)
    keeper.add(promise: Self.promise, number: 1)
    keeper.add(promise: Self.promise, number: 2)
    let batches = Self.batches(&keeper)
    #expect(batches.map(\.urgency) == [.promise, .grouped])
    #expect(batches.map(\.facts.count) == [2, 1] && batches.map(\.ticket.number) == [1, 2])
  }

  @Test("durable is told up to the last promise that is on the disk")
  func durable() {
    var keeper = JournalKeeper()
    keeper.add(promise: Self.promise, number: 4)
    _ = Self.batches(&keeper)
    keeper.add(promise: Self.promise, number: 7)
    _ = Self.batches(&keeper)
    keeper.durable(upTo: Ticket(1))
    #expect(Self.news(&keeper) == [.durable(4)])
    #expect(keeper.waitingCount == 1)
    keeper.durable(upTo: Ticket(2))
    #expect(Self.news(&keeper) == [.durable(7)])
  }

  @Test("a failure takes all promises handed over so far, none that come after it, and no other fact")
  func goBackN() {
    var keeper = JournalKeeper()
    keeper.add(promise: Self.promise, number: 1)
    _ = Self.batches(&keeper)
    keeper.add(promise: Self.promise, number: 2)
    keeper.add(Self.other)
    _ = Self.batches(&keeper)
    keeper.add(promise: Self.promise, number: 5)
    _ = Self.batches(&keeper)
    // Not handed over yet when the failure is heard: it will be written.
    keeper.add(promise: Self.promise, number: 6)
    keeper.failed(from: Ticket(2))
    #expect(Self.news(&keeper) == [.failed(from: 2, through: 5)])
    _ = Self.batches(&keeper)
    // The first was judged by nobody yet.
    keeper.durable(upTo: Ticket(1))
    #expect(Self.news(&keeper) == [.durable(1)])
    keeper.durable(upTo: Ticket(5))
    #expect(Self.news(&keeper) == [.durable(6)])
    #expect(keeper.refused == 2)
  }

  @Test("a failure of batches for which nobody waits is nobody's news, and nothing piles up")
  func othersFail() {
    var keeper = JournalKeeper()
    for _ in 0..<10 {
      keeper.add(Self.other)
      for batch in Self.batches(&keeper) { keeper.failed(from: batch.ticket) }
    }
    #expect(Self.news(&keeper) == [] && keeper.waitingCount == 0)
  }

  @Test("an overflow is told before older batches are judged, and says nothing about them")
  func overflow() {
    var keeper = JournalKeeper()
    keeper.add(promise: Self.promise, number: 1)
    _ = Self.batches(&keeper)
    keeper.add(promise: Self.promise, number: 2)
    _ = Self.batches(&keeper)
    keeper.failed(from: Ticket(2))
    #expect(Self.news(&keeper) == [.failed(from: 2, through: 2)])
    keeper.failed(from: Ticket(1))
    #expect(Self.news(&keeper) == [.failed(from: 1, through: 1)])
  }
}
