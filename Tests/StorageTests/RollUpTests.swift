// Stored quarters of an hour against the log that they were counted from: on random days, after a power cut at any
// write, with a disk that fails, across midnight and the end of a month.

import ACD
import Basics
import Journal
import Testing

@testable import Storage

@Suite("Numbers by quarters of an hour")
struct RollUpTests {
  private static let everything: Range<Int64> = -1_000_000..<10_000_000

  /// What is counted again from the log alone.
  private static func recounted(_ database: Database) throws -> Reports {
    var reports = Reports.atRest
    var last: Int64 = 0
    while true {
      let page = try database.events(after: last)
      for event in page.events { reports.add(event) }
      last = page.last
      if page.isLast { return reports }
    }
  }

  private static func ask(_ database: Database, _ question: NumbersQuestion) throws -> NumbersAnswer {
    let reading = try database.reading(question)
    while true { if let answer = try reading.turn() { return answer } }
  }

  /// What is wrong with what is stored, nil if nothing is.
  private static func difference(_ database: Database) throws -> String? {
    let reports = try recounted(database)
    func expected<Numbers: StoredNumbers>(_ rows: [Reports.NamedRow<Numbers>]) -> [Reports.NamedRow<Numbers>] {
      let sorted = rows.sorted { ($0.quarter, $0.name) < ($1.quarter, $1.name) }
      return Reports.latest(sorted, StorageLimits.quarterRowsPerAnswer)
    }
    let queues = try ask(database, NumbersQuestion(.queues, quarters: everything, isByQuarter: true))
    guard queues == .queues(expected(reports.queueRows)) else { return "queues" }
    let agents = try ask(database, NumbersQuestion(.agents, quarters: everything, isByQuarter: true))
    guard agents == .agents(expected(reports.agentRows)) else { return "agents" }
    let sums = try ask(database, NumbersQuestion(.queues, quarters: everything, isByQuarter: false))
    let summed = Reports.select(reports.queueRows, in: everything, isByQuarter: false)
    return sums == .queues(summed) ? nil : "sums"
  }

  /// Anything that can happen, in an order that makes sense now and then.
  private struct Days {
    var random: SeededRandom
    var time: WallTime
    private var item: UInt64 = 0

    init(seed: UInt64, from start: WallTime = bootTime) {
      random = SeededRandom(seed: seed)
      time = start
    }

    mutating func event() -> QueueEventFact {
      time = time + .milliseconds(random.below(random.chance(percent: 3) ? 4_000_000 : 90_000))
      let kinds = QueueEventFact.Kind.allCases
      var kind = random.chance(percent: 60) ? kinds[random.below(12)] : kinds[random.below(kinds.count)]
      if kind == .started, random.chance(percent: 80) { kind = .entered }
      if kind == .entered || random.chance(percent: 20) { item += 1 }
      let earlier = UInt64(random.below(6))
      return QueueEventFact(
        kind, at: time, queue: random.chance(percent: 50) ? "sales" : "support", item: item - min(item, earlier),
        agent: ByteString("10\(random.below(4))"),
        milliseconds: Int64(random.below(kind == .agentStateLeft ? 300_000_000 : 400_000)),
        detail: ["20 5", "talking", "not-ready lunch", "support", "busy", "3"][random.below(6)])
    }

    mutating func batch(_ ticket: UInt64) -> Batch {
      Sample.grouped(ticket, (0...random.below(6)).map { _ in .queueEvent(event()) })
    }
  }

  @Test("random days: stored and what has happened since are the log, to the unit", arguments: 0..<8 as Range<UInt64>)
  func days(seed: UInt64) throws {
    var days = Days(seed: seed)
    let database = try openDatabase(on: CrashDisk())
    for ticket in 1...400 as ClosedRange<UInt64> {
      _ = try database.commit([days.batch(ticket)])
      if database.isRollUpDue || days.random.chance(percent: 5) { database.rollUpOnce() }
      if ticket % 80 == 0 { #expect(try Self.difference(database) == nil, "seed \(seed), ticket \(ticket)") }
    }
    #expect(database.counters.countedEvents > 500, "seed \(seed)")
    #expect(try database.connection.integer("SELECT count(*) FROM quarters") > 50)
    #expect(
      try database.connection.integer("SELECT row_count FROM counted")
        == database.connection.integer("SELECT count(*) FROM quarters"))
  }

  @Test("a power cut at any write doubles nothing and loses nothing", arguments: 0..<3 as Range<UInt64>)
  func powerCuts(seed: UInt64) throws {
    var days = Days(seed: 100 + seed)
    let disk = CrashDisk()
    let database = try openDatabase(on: disk)
    for ticket in 1...12 as ClosedRange<UInt64> {
      _ = try database.commit([days.batch(ticket)])
      if ticket % 3 == 0 { database.rollUpOnce() }
      if ticket % 5 == 0 { database.checkpoint() }
    }
    #expect(database.counters.countedEvents > 0 && database.counters.checkpoints > 0)
    var random = SeededRandom(seed: seed)
    var cuts = PowerCuts(of: disk)
    var counted = Set<Int64>()
    repeat {
      for loss in cuts.isUncertain ? [PowerCuts.Loss.all, .nothing, .any] : [.all] {
        let left = try openDatabase(on: CrashDisk(cuts.disk(after: loss, &random)))
        let wrong = try Self.difference(left)
        #expect(wrong == nil, "seed \(seed), step \(cuts.step), loss \(loss)")
        counted.insert(try left.connection.integer("SELECT last_event FROM counted"))
        // The box begins anew, and goes on counting.
        let start = QueueEventFact(.started, at: days.time)
        _ = try left.commit([Sample.grouped(1, [.queueEvent(start)])])
        left.rollUpOnce()
        let wrongLater = try Self.difference(left)
        #expect(wrongLater == nil, "seed \(seed), step \(cuts.step), loss \(loss), later")
      }
    } while cuts.advance()
    #expect(counted.count > 3)
  }

  @Test("a disk that fails while quarters are counted costs nothing but the try")
  func failures() throws {
    var days = Days(seed: 9)
    let disk = CrashDisk()
    let database = try openDatabase(on: disk)
    for kind in [CrashDisk.Fault.Kind.writeFull, .writeError, .syncError] {
      for ticket in 1...20 as ClosedRange<UInt64> { _ = try database.commit([days.batch(ticket)]) }
      let failed = database.counters.failedRollUps
      disk.faults = [CrashDisk.Fault(kind: kind, after: 0)]
      database.rollUpOnce()
      disk.faults = []
      #expect(database.counters.failedRollUps == failed + 1)
      #expect(!database.isRollUpDue)
      #expect(try Self.difference(database) == nil)
      _ = try database.commit([days.batch(21)])
      database.rollUpOnce()
      #expect(try Self.difference(database) == nil)
    }
  }

  @Test("a quarter that is over, or many events, are counted; a start counts what an earlier run left")
  func due() throws {
    let disk = CrashDisk()
    var database: Database? = try openDatabase(on: disk)
    func commit(_ seconds: Int, count: Int = 1) throws {
      let event = QueueEventFact(.entered, at: bootTime + .seconds(seconds), queue: "sales", item: 1)
      _ = try database?.commit([Sample.grouped(1, (0..<count).map { _ in .queueEvent(event) })])
    }
    #expect(database?.isRollUpDue == false)
    try commit(10)
    try commit(800)
    #expect(database?.isRollUpDue == false)
    try commit(900)
    #expect(database?.isRollUpDue == true)
    database?.rollUpOnce()
    #expect(database?.isRollUpDue == false)
    try commit(910, count: StorageLimits.uncountedEvents)
    #expect(database?.isRollUpDue == true)
    database?.rollUpOnce()
    #expect(database?.isRollUpDue == false)
    try commit(920, count: StorageLimits.eventsPerPage + 1)
    database = nil
    let later = try openDatabase(on: disk)
    #expect(later.isRollUpDue)
    // A page at a time.
    later.rollUpOnce()
    #expect(later.isRollUpDue)
    later.rollUpOnce()
    #expect(!later.isRollUpDue && later.counters.countedEvents == StorageLimits.eventsPerPage + 1)
    #expect(try Self.difference(later) == nil)
  }

  @Test("more contacts than there is room for in memory are counted from the log")
  func crowd() throws {
    let database = try openDatabase(on: CrashDisk())
    let contacts = Reports.Limits.open
    for first in stride(from: 0, to: contacts, by: 512) {
      let events = (first..<first + 512).map {
        QueueEventFact(.entered, at: bootTime + .seconds(10), queue: "sales", item: UInt64($0 + 1))
      }
      _ = try database.commit([Sample.grouped(UInt64(first + 1), events.map { .queueEvent($0) })])
    }
    // One state for a month cuts into more rows than are left.
    for agent in 0..<6 {
      let event = QueueEventFact(
        .agentStateLeft, at: bootTime + .seconds(20), queue: "", item: 0, agent: ByteString("10\(agent)"),
        milliseconds: 31 * 86_400_000, detail: "not-ready")
      _ = try database.commit([Sample.grouped(UInt64(10_000 + agent), [.queueEvent(event)])])
    }
    #expect(try Self.difference(database) == nil)
    while database.isRollUpDue { database.rollUpOnce() }
    #expect(database.counters.countedEvents == contacts + 6)
    #expect(try Self.difference(database) == nil)
  }

  @Test("the oldest quarters go when there are more rows than the limit, and the numbers outlive their events")
  func retention() throws {
    let limits = Retention.Limits(queueEvents: 50, quarterRows: 40, rowsBetweenTrims: 16)
    let database = try openDatabase(on: CrashDisk(), limits: limits)
    for n in 0..<100 {
      let event = QueueEventFact(
        .entered, at: bootTime + .seconds(n * 900), queue: n % 2 == 0 ? "a" : "b", item: UInt64(n))
      _ = try database.commit([Sample.grouped(UInt64(n + 1), [.queueEvent(event)])])
      if database.isRollUpDue { database.rollUpOnce() }
      #expect(try database.connection.integer("SELECT count(*) FROM quarters") <= 40)
    }
    guard
      case .queues(let rows) = try Self.ask(
        database, NumbersQuestion(.queues, quarters: Self.everything, isByQuarter: false))
    else {
      Issue.record("no rows")
      return
    }
    #expect(rows.map(\.name) == ["a", "b"])
    #expect(rows.reduce(0) { $0 + $1.numbers.entered } == 40)
  }

  @Test(
    "days and months are cut where they are asked to be: 23 and 25 hours, midnight, the last second of a month",
    arguments: [
      // The day on which daylight saving time begins, in Berlin, the one on which it ends, a month in Shanghai.
      ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 92),
      ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 100),
      ("2026-02-01T00:00:00+08:00", "2026-03-01T00:00:00+08:00", 28 * 96),
    ])
  func calendar(from: String, to: String, count: Int) throws {
    let start = try #require(WallTime(rfc3339: ByteString(from)))
    let end = try #require(WallTime(rfc3339: ByteString(to)))
    let quarters = Reports.quarters(from: start, to: end)
    #expect(quarters.count == count)
    let database = try openDatabase(on: CrashDisk())
    let instants = [
      WallTime(microseconds: start.microseconds - 1), start, WallTime(microseconds: end.microseconds - 1), end,
    ]
    for (index, at) in instants.enumerated() {
      let event = QueueEventFact(.entered, at: at, queue: "sales", item: UInt64(index + 1))
      _ = try database.commit([Sample.grouped(UInt64(index + 1), [.queueEvent(event)])])
      if index == 2 { database.rollUpOnce() }
    }
    guard
      case .queues(let rows) = try Self.ask(database, NumbersQuestion(.queues, quarters: quarters, isByQuarter: true))
    else {
      Issue.record("no rows")
      return
    }
    #expect(rows.map(\.start) == [start, end + .seconds(-900)])
    #expect(rows.allSatisfy { $0.numbers.entered == 1 })
  }

  @Test("a month of a busy branch is answered in turns of bounded size")
  func month() throws {
    let database = try openDatabase(on: CrashDisk())
    let rows = 2_976 * 5
    #expect(
      database.run(
        """
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows - 1))
        INSERT INTO quarters SELECT 0, 1000 + i / 5, 'q' || (i % 5), x'0102' FROM n
        """) == 0)
    let sums = try database.reading(NumbersQuestion(.queues, quarters: 1000..<3_976, isByQuarter: false))
    var turns = 1
    var answer = try sums.turn()
    while answer == nil {
      turns += 1
      answer = try sums.turn()
    }
    #expect(turns == rows / StorageLimits.quarterRowsPerTurn + 1)
    guard case .queues(let found)? = answer else { return }
    #expect(found.map(\.numbers.entered) == [2_976, 2_976, 2_976, 2_976, 2_976])
    let newest = try Self.ask(database, NumbersQuestion(.queues, quarters: 1000..<3_976, isByQuarter: true))
    guard case .queues(let last) = newest else { return }
    #expect(last.count == StorageLimits.quarterRowsPerAnswer && last.last?.quarter == 3_975)
  }
}
