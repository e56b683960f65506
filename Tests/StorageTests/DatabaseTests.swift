import Basics
import Journal
import Testing

@testable import Storage

@Suite("What is written comes back")
struct DatabaseTests {
  private func reopen(_ directory: TemporaryDirectory) throws -> Database {
    try Database.open(directory.database, at: bootTime)
  }

  @Test("every fact that a restart needs comes back as it was, in order")
  func roundTrip() throws {
    let directory = TemporaryDirectory()
    var dialling = Sample.callback(2, .dialling)
    dialling.leg = Sample.leg(21)
    dialling.attempts = 255
    dialling.noAnswerCount = 1
    dialling.busyCount = 2
    dialling.failureCount = 3
    dialling.lastStatus = 486
    dialling.sequence = 5
    var other = Sample.binding(3)
    other.source = Endpoint(.v6(high: 0x2001_0db8_0000_0000, low: 1), 0)
    other.userAgent = ""
    other.contact = ByteString([0xFF, 0x00, 0x27, 0x22, 0xC3])
    other.cseq = .max
    let first = try reopen(directory)
    let ticket = try first.commit([
      Sample.grouped(
        8, [.binding(other), .binding(Sample.binding(1)), .agent(AgentFact(extension: "102", loggedIn: false))]),
      Sample.promise(9, [.callback(Sample.callback(1)), .callback(dialling), .callback(Sample.callback(3, .talking))]),
      Sample.grouped(9, (1...300).map { .act(Sample.act($0)) }),
      Sample.promise(10, [.agent(AgentFact(extension: "101", loggedIn: true)), .callback(Sample.callback(4, .done))]),
    ])
    #expect(ticket == Ticket(10))

    withExtendedLifetime(first) {}
    let restored = try reopen(TemporaryCopy(of: directory).directory).restore()
    #expect(restored.bindings == [Sample.binding(1), other])
    #expect(
      restored.agents == [
        AgentFact(extension: "101", loggedIn: true), AgentFact(extension: "102", loggedIn: false),
      ])
    #expect(restored.callbacks == [dialling, Sample.callback(1), Sample.callback(3, .talking)])
    #expect(restored.acts == (45...300).map { Sample.act($0) })
    #expect(!restored.wasDamaged)
  }

  @Test("a fact replaces the one with its key, and a removed binding is gone")
  func upserts() throws {
    let database = try reopen(TemporaryDirectory())
    var moved = Sample.binding(1)
    moved.source.port = 6000
    var retried = Sample.callback(1)
    retried.attempts = 1
    _ = try database.commit([
      Sample.grouped(
        1,
        [
          .binding(Sample.binding(1)), .binding(moved), .binding(Sample.binding(1, contact: 1)),
          .binding(Sample.binding(2)), .agent(AgentFact(extension: "1", loggedIn: true)),
          .agent(AgentFact(extension: "1", loggedIn: false)), .callback(Sample.callback(1, .dialling)),
        ]),
      Sample.grouped(
        2,
        [
          .bindingRemoved(user: "102", contact: Sample.binding(2).contact), .callback(retried),
          .bindingRemoved(user: "nobody", contact: "sip:nowhere"),
        ]),
    ])
    let restored = try database.restore()
    #expect(restored.bindings == [moved, Sample.binding(1, contact: 1)])
    #expect(restored.agents == [AgentFact(extension: "1", loggedIn: false)])
    #expect(restored.callbacks == [retried])
  }

  @Test("history is kept for reports under names that people can read")
  func history() throws {
    let database = try reopen(TemporaryDirectory())
    let kinds = QueueEventFact.Kind.allCases.map { QueueEventFact($0, at: bootTime, queue: "q", item: 3, agent: "101") }
    _ = try database.commit([
      Sample.grouped(
        1, kinds.map { .queueEvent($0) } + [.call(Sample.call(4)), .call(Sample.call(5, answered: false))])
    ])
    let names = rows(of: "SELECT kind FROM queue_events ORDER BY id", database.connection.handle)
    #expect(names == QueueEventFact.Kind.allCases.map { $0.name.description + "|" })
    #expect(
      rows(of: "SELECT * FROM calls", database.connection.handle) == [
        "4|+4930777|100|queue sales|1772352900000000|1772352905000000|1772352965000000|200|1|",
        "5|+4930777|100|queue sales|1772352900000000|NULL|1772352965000000|486|0|",
      ])
  }

  @Test("the highest numbers ever used come back, whatever bore them")
  func highestNumbers() throws {
    let directory = TemporaryDirectory()
    var database: Database? = try reopen(directory)
    #expect(try database?.restore().lastSequence == 0)
    _ = try database?.commit([
      Sample.grouped(
        1,
        [
          .callback(Sample.callback(17, .cancelled)), .queueEvent(Sample.event(1, item: 4000)), .call(Sample.call(99)),
        ])
    ])
    database = nil
    let restored = try reopen(directory).restore()
    #expect(restored.lastSequence == 4000)
    #expect(restored.lastCallbackID == 17)
    #expect(restored.lastCallID == 99)
    #expect(restored.callbacks == [])
  }

  @Test("boots are counted, and a clean end leaves one file")
  func boots() throws {
    let directory = TemporaryDirectory()
    for boot in 1...3 as ClosedRange<UInt64> { #expect(try reopen(directory).bootCount == boot) }
    #expect(directory.names == ["branch.db"])
  }

  @Test("a row that makes no sense is left out, counted and logged, and the others come back")
  func unreadableRows() throws {
    let database = try reopen(TemporaryDirectory())
    _ = try database.commit([
      Sample.promise(
        1, [.callback(Sample.callback(1)), .callback(Sample.callback(2)), .binding(Sample.binding(1))])
    ])
    #expect(database.run("UPDATE callbacks SET state = 77 WHERE id = 1; UPDATE bindings SET address = 'here'") == 0)
    let restored = try database.restore()
    #expect(restored.callbacks.map(\.id) == [2])
    #expect(restored.bindings == [])
    #expect(restored.lastCallbackID == 2)
    #expect(database.counters.unreadableRows == 2)
    #expect(database.pollLog()?.level == .alarm)
  }

  @Test("the log is moved into the database when it has grown")
  func checkpoints() throws {
    let database = try openDatabase(on: CrashDisk())
    var ticket: UInt64 = 0
    while !database.isCheckpointDue {
      ticket += 1
      _ = try database.commit([Sample.promise(ticket, [.callback(Sample.callback(ticket))])])
      try #require(ticket < 1000)
    }
    database.checkpoint()
    #expect(!database.isCheckpointDue)
    #expect(database.counters.checkpoints == 1)
    #expect(try database.restore().callbacks.count == Int(ticket))
  }
}

/// The files of a database that is still open, as a kill would leave them.
private struct TemporaryCopy {
  let directory = TemporaryDirectory()

  init(of original: TemporaryDirectory) {
    for name in original.names { directory.write(name, original.read(name)) }
  }
}
