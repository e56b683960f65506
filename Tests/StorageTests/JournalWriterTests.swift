import ACD
import Basics
import Glibc
import Journal
import Testing

@testable import Storage

@Suite("The storage thread")
struct JournalWriterTests {
  private let directory = TemporaryDirectory()

  /// Waits for the eventfd, as epoll would.
  private func isWoken(_ writer: JournalWriter, milliseconds: Int32 = 10_000) -> Bool {
    var descriptor = pollfd(fd: writer.wakeDescriptor, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&descriptor, 1, milliseconds) == 1
  }

  /// The next result, waited for.
  private func result(_ writer: JournalWriter) throws -> JournalResult {
    while true {
      if let result = writer.poll() { return result }
      try #require(isWoken(writer))
    }
  }

  private func promise(_ n: UInt64) -> Batch { Sample.promise(n, [.callback(Sample.callback(n))]) }

  @Test("a promise is answered through the eventfd when it is on the disk")
  func promiseAnswered() throws {
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime))
    #expect(writer.poll() == nil)
    writer.submit(promise(1))
    #expect(isWoken(writer))
    #expect(writer.poll() == .durable(upTo: Ticket(1)))
    #expect(writer.poll() == nil)
    #expect(!isWoken(writer, milliseconds: 0))
    #expect(writer.counters.database.commits == 1)
  }

  /// What tasks saw, in their order.
  private final class Trace: @unchecked Sendable {
    private let monitor = Monitor()
    private var lines: [Int] = []
    func add(_ line: Int) {
      monitor.lock()
      lines.append(line)
      monitor.signal()
      monitor.unlock()
    }
    func wait(forLines count: Int) {
      monitor.lock()
      while lines.count < count { monitor.wait(until: .never) }
      monitor.unlock()
    }
    var all: [Int] {
      monitor.lock()
      defer { monitor.unlock() }
      return lines
    }
  }

  @Test(
    "works on files are done by the storage thread, in order, before the promise that follows; failures are counted")
  func tasks() throws {
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime))
    let trace = Trace()
    let submitter = pthread_self()
    for number in 1...3 {
      writer.perform {
        trace.add(pthread_equal(pthread_self(), submitter) != 0 ? 0 : number)
        return number == 2 ? ENOSPC : 0
      }
    }
    writer.submit(promise(1))
    #expect(try result(writer) == .durable(upTo: Ticket(1)))
    #expect(trace.all == [1, 2, 3])
    #expect(writer.counters.failedTasks == 1 && writer.counters.latestTaskError == ENOSPC)
  }

  @Test("a disk that hangs keeps nobody waiting who hands works over; too many are refused and counted")
  func hangingDisk() throws {
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime))
    let disk = Monitor()
    disk.lock()
    let trace = Trace()
    writer.perform {
      trace.add(0)
      disk.lock()
      disk.unlock()
      return 0
    }
    // The thread hangs in that work: nothing is taken out any more.
    trace.wait(forLines: 1)
    for number in 1...StorageLimits.waitingTasks + 2 {
      writer.perform {
        trace.add(number)
        return 0
      }
    }
    disk.unlock()
    writer.stop()
    #expect(trace.all == Array(0...StorageLimits.waitingTasks))
    #expect(writer.counters.failedTasks == 2)
  }

  @Test("a batch for which nobody waits is written within the grouping time without a promise")
  func grouped() throws {
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime), grouping: .milliseconds(20))
    writer.submit(Sample.grouped(1, [.agent(AgentFact(extension: "1", loggedIn: true))]))
    writer.submit(Sample.grouped(2, [.agent(AgentFact(extension: "2", loggedIn: true))]))
    #expect(isWoken(writer))
    #expect(writer.poll() == .durable(upTo: Ticket(2)))
    #expect(writer.counters.database.commits == 1)
  }

  @Test("a question for numbers is answered of all that was handed over before it")
  func numbers() throws {
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime), grouping: .seconds(3600))
    for n in 1...5 as ClosedRange<UInt64> {
      writer.submit(Sample.grouped(n, [.queueEvent(QueueEventFact(.entered, at: bootTime, queue: "q", item: n))]))
    }
    let quarter = Reports.quarter(of: bootTime)
    let question = NumbersQuestion(.queues, quarters: quarter..<quarter + 1, isByQuarter: true)
    let form: @Sendable (NumbersAnswer) -> [UInt8] = { answer in
      guard case .queues(let rows) = answer else { return [] }
      return rows.map { UInt8(clamping: $0.numbers.entered) }
    }
    for client in 1...UInt64(StorageLimits.waitingQuestions) {
      #expect(writer.ask(question, for: client, form: form))
    }
    #expect(!writer.ask(question, for: 99, form: form))
    for client in 1...UInt64(StorageLimits.waitingQuestions) {
      var answer = writer.pollAnswer()
      while answer == nil {
        try #require(isWoken(writer))
        while writer.poll() != nil {}
        answer = writer.pollAnswer()
      }
      #expect(answer?.client == client && answer?.bytes == [5])
    }
    #expect(writer.ask(question, for: 100, form: form))
  }

  @Test("an answer that takes several turns is whole, and promises are kept in between")
  func manyTurns() throws {
    let database = try Database.open(directory.database, at: bootTime)
    let count = StorageLimits.quarterRowsPerTurn * 3
    #expect(
      database.run(
        """
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < \(count - 1))
        INSERT INTO quarters SELECT 0, i, 'q', x'0102' FROM n
        """) == 0)
    let writer = try JournalWriter(database)
    let question = NumbersQuestion(.queues, quarters: 0..<Int64(count), isByQuarter: false)
    #expect(
      writer.ask(question, for: 1) { answer in
        guard case .queues(let rows) = answer else { return [] }
        return Array("\(rows.map(\.numbers.entered))".utf8)
      })
    writer.submit(promise(1))
    var isDurable = false
    var answer: [UInt8]?
    while !isDurable || answer == nil {
      try #require(isWoken(writer))
      if let next = writer.pollAnswer() { answer = next.bytes }
      while let result = writer.poll() { isDurable = isDurable || result == .durable(upTo: Ticket(1)) }
    }
    #expect(answer.map { String(decoding: $0, as: UTF8.self) } == "[\(count)]")
  }

  @Test("stopping writes what waits; what is submitted afterwards is refused")
  func stopping() throws {
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime), grouping: .seconds(3600))
    writer.submit(Sample.grouped(1, [.callback(Sample.callback(1))]))
    writer.stop()
    #expect(writer.poll() == .durable(upTo: Ticket(1)))
    writer.submit(promise(2))
    #expect(isWoken(writer, milliseconds: 0))
    #expect(writer.poll() == .failed(from: Ticket(2), .tooMuchWaiting))
    #expect(writer.counters.overflowedBatches == 1)
    #expect(directory.names == ["branch.db"])
    #expect(try Database.open(directory.database, at: bootTime).restore().callbacks == [Sample.callback(1)])
  }

  @Test("of a thousand promises handed over as fast as can be, each is answered once and truly")
  func manyPromises() throws {
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime))
    var durable = Set<UInt64>()
    var refused = Set<UInt64>()
    var open: [UInt64] = []
    func settle() {
      while let result = writer.poll() {
        switch result {
        case .durable(let upTo):
          durable.formUnion(open.filter { $0 <= upTo.number })
          open.removeAll { $0 <= upTo.number }
        case .failed(let from, let reason):
          #expect(reason == .tooMuchWaiting)
          refused.formUnion(open.filter { $0 >= from.number })
          open.removeAll { $0 >= from.number }
        case .recordLost: Issue.record("nothing is recorded here")
        }
      }
    }
    for n in 1...1000 as ClosedRange<UInt64> {
      open.append(n)
      writer.submit(promise(n))
      settle()
    }
    while !open.isEmpty {
      try #require(isWoken(writer))
      settle()
    }
    writer.stop()
    #expect(durable.count + refused.count == 1000)
    let restored = try Database.open(directory.database, at: bootTime).restore().callbacks
    #expect(Set(restored.map(\.id)) == durable)
  }

  @Test("a promise handed over before an overflow was heard is refused with it")
  func behindAnOverflow() throws {
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime), grouping: .seconds(3600))
    // Neither is due before the other is there: the second has no room.
    let facts = (0..<StorageLimits.waitingFacts / 2 - 1).map { _ in Fact.call(Sample.call(1)) }
    writer.submit(Sample.grouped(1, facts))
    writer.submit(Sample.grouped(2, facts + facts))
    writer.submit(promise(3))
    #expect(writer.poll() == .failed(from: Ticket(2), .tooMuchWaiting))
    writer.stop()
    #expect(writer.poll() == .failed(from: Ticket(3), .tooMuchWaiting))
    #expect(writer.poll() == .durable(upTo: Ticket(1)))
    #expect(try Database.open(directory.database, at: bootTime).restore().callbacks == [])
  }

  @Test("after a failure later promises are kept, and none that was refused is ever there")
  func failures() throws {
    let disk = CrashDisk()
    let writer = try JournalWriter(openDatabase(on: disk))
    writer.submit(promise(1))
    #expect(try result(writer) == .durable(upTo: Ticket(1)))
    // The thread waits for work: nobody else touches the disk now.
    disk.faults = [CrashDisk.Fault(kind: .syncError, after: 0)]
    writer.submit(promise(2))
    #expect(try result(writer) == .failed(from: Ticket(2), .ioError))
    writer.submit(promise(3))
    #expect(try result(writer) == .durable(upTo: Ticket(3)))
    writer.stop()
    #expect(try openDatabase(on: disk).restore().callbacks.map(\.id) == [1, 3])
    #expect(writer.counters.refusedPromises == 1)
  }
}
