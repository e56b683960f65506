// Numbers counted again from what is on the disk.

import ACD
import Basics
import Glibc
import Journal
import Testing

@testable import Storage

@Suite("The event log")
struct EventLogTests {
  /// Two days of a queue, at random.
  private static func day() -> [QueueEventFact] {
    var random = SeededRandom(seed: 11)
    var events: [QueueEventFact] = []
    var time = bootTime
    var item: UInt64 = 0
    func add(_ kind: QueueEventFact.Kind, agent: ByteString = "", lasting: Int = 0, detail: ByteString = "") {
      let queue: ByteString = kind == .agentStateLeft ? "" : "sales"
      events.append(
        QueueEventFact(
          kind, at: time, queue: queue, item: item, agent: agent, milliseconds: Int64(lasting), detail: detail))
    }
    for _ in 0..<400 {
      item += 1
      let agent = ByteString("10\(random.below(4))")
      let wait = random.below(60_000)
      add(.entered)
      add(.announced, lasting: 60_000)
      time = time + .milliseconds(wait)
      switch random.below(4) {
      case 0: add(.abandoned, lasting: wait, detail: "20 5")
      case 1:
        add(.callbackRequested, lasting: wait)
        add(.callbackDialled, agent: agent)
        add(.callbackConnected, agent: agent, lasting: wait + 1000)
        add(.callbackDone, lasting: 5000)
      default:
        add(.offered, agent: agent)
        add(.answered, agent: agent, lasting: wait, detail: "20 5")
        time = time + .seconds(random.below(600))
        add(.completed, agent: agent, lasting: 300_000)
        add(.agentStateLeft, agent: agent, lasting: 300_000, detail: "talking")
      }
    }
    return events
  }

  private static func fold(_ events: [QueueEventFact]) -> Reports {
    var reports = Reports()
    for event in events { reports.add(event) }
    return reports
  }

  @Test("the events come back as they were written, page by page, and give the same numbers to the unit")
  func sameNumbers() throws {
    let database = try openDatabase(on: CrashDisk())
    let events = Self.day()
    for (index, event) in events.enumerated() {
      _ = try database.commit([Sample.grouped(UInt64(index + 1), [.queueEvent(event)])])
    }
    var read: [QueueEventFact] = []
    var pages = 0
    var last: Int64 = 0
    while true {
      let page = try database.events(after: last)
      #expect(page.events.count <= StorageLimits.eventsPerPage && page.unreadableRows == 0)
      read += page.events
      last = page.last
      pages += 1
      if page.isLast { break }
    }
    #expect(read == events && pages > 2)
    let reports = Self.fold(read)
    #expect(reports == Self.fold(events))
    #expect(reports.intervals.count > 4 && reports.queues.first?.total.entered == 400)
    #expect(reports != Self.fold(Array(events.dropLast())))
  }

  @Test("every kind of event comes back")
  func kinds() throws {
    let database = try openDatabase(on: CrashDisk())
    let events = QueueEventFact.Kind.allCases.map { QueueEventFact($0, at: bootTime, queue: "q", item: 3) }
    _ = try database.commit([Sample.grouped(1, events.map { .queueEvent($0) })])
    #expect(try database.events().events == events)
  }

  @Test("a row of a kind that nobody knows is left out and counted")
  func unreadable() throws {
    let database = try openDatabase(on: CrashDisk())
    _ = try database.commit([Sample.grouped(1, (1...4).map { .queueEvent(Sample.event($0)) })])
    try database.connection.execute("UPDATE queue_events SET kind = 'danced' WHERE id = 2")
    let page = try database.events()
    #expect(page.events.count == 3 && page.unreadableRows == 1 && page.last == 4 && page.isLast)
  }

  @Test("a database at rest is read without being changed; a missing one is not made")
  func atRest() throws {
    let path: ByteString = ByteString("/tmp/branchline-events-\(getpid()).db")
    defer { for end in ["", "-wal", "-journal"] as [ByteString] { _ = (path + end).withCString { unlink($0) } } }
    #expect(throws: StorageError.self) { try EventLog(path) }
    #expect(path.withCString { access($0, F_OK) } != 0)
    let events = Array(Self.day().prefix(700))
    var database: Database? = try Database.open(path, at: bootTime)
    _ = try database?.commit([Sample.grouped(1, events.map { .queueEvent($0) })])
    #expect(throws: StorageError.busy) { try EventLog(path) }
    database = nil
    let log = try EventLog(path)
    var read: [QueueEventFact] = []
    while let event = try log.next() { read.append(event) }
    #expect(read == events)
  }
}
