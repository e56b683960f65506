// Counts as bytes and back, and a count in parts against one count.

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct StoredNumbersTests {
  /// Events of random days of the real distributor.
  private static func events(seed: UInt64, steps: Int) -> [QueueEventFact] {
    var walk = RandomWalk(seed: seed)
    var events: [QueueEventFact] = walk.floor.outputs.events
    walk.floor.outputs = []
    for _ in 0..<steps {
      walk.step()
      events += walk.floor.outputs.events
      walk.floor.outputs = []
    }
    return events
  }

  @Test(
    "every count comes back from its bytes, and none shares its number with another", arguments: [1, -1] as [Int64])
  func roundTrip(sign: Int64) throws {
    var queue = QueueNumbers()
    var agent = AgentNumbers()
    // Mirrors know every stored property, also those that somebody adds and forgets to keep.
    let queueFields = Mirror(reflecting: queue).children.count { $0.value is Int64 }
    let agentFields =
      Mirror(reflecting: agent).children.count { $0.value is Int64 } + Mirror(reflecting: agent.time).children.count
    let lines: [UInt8] = (1...64).flatMap { number in
      var sink = CountSink()
      sink.put(UInt64(number), sign * Int64(number) * 1_000)
      return sink.bytes
    }
    queue = try #require(QueueNumbers(stored: lines))
    agent = try #require(AgentNumbers(stored: lines))
    queue.estimateErrors.add(25_000)
    queue.estimateErrors.add(-9_999_999)
    #expect(Set(Self.counts(of: queue)).count == queueFields && !Self.counts(of: queue).contains(0))
    #expect(Set(Self.counts(of: agent)).count == agentFields && !Self.counts(of: agent).contains(0))
    #expect(QueueNumbers(stored: queue.stored) == queue)
    #expect(AgentNumbers(stored: agent.stored) == agent)
    #expect(QueueNumbers().stored.isEmpty && QueueNumbers(stored: []) == QueueNumbers())
    var sum = queue
    sum.add(queue)
    #expect(sum.entered == 2 * queue.entered && sum.estimateErrors.count == 4)
  }

  private static func counts(of queue: QueueNumbers) -> [Int64] {
    Mirror(reflecting: queue).children.compactMap { $0.value as? Int64 }
  }
  private static func counts(of agent: AgentNumbers) -> [Int64] {
    (Array(Mirror(reflecting: agent).children) + Array(Mirror(reflecting: agent.time).children))
      .compactMap { $0.value as? Int64 }
  }

  @Test("bytes of any origin give numbers or nothing")
  func rubbish() {
    var random = SeededRandom(seed: 3)
    var understood = 0
    for _ in 0..<20_000 {
      let bytes = (0..<random.below(12)).map { _ in UInt8(random.below(256)) }
      if QueueNumbers(stored: bytes) != nil, AgentNumbers(stored: bytes) != nil { understood += 1 }
      _ = Reports(carry: bytes)
    }
    #expect(understood > 0 && understood < 20_000)
  }

  @Test("counted in parts of any size, days give the same rows as counted at once", arguments: 0..<12 as Range<UInt64>)
  func parts(seed: UInt64) {
    let events = Self.events(seed: seed, steps: 400)
    var random = SeededRandom(seed: seed)
    var whole = Reports.atRest
    var queues: [Reports.NamedRow<QueueNumbers>] = []
    var agents: [Reports.NamedRow<AgentNumbers>] = []
    var part = Reports.atRest
    for event in events {
      whole.add(event)
      part.add(event)
      guard random.chance(percent: 10) else { continue }
      queues += part.queueRows
      agents += part.agentRows
      part = Reports(carry: part.carry)
      #expect(part.carry == Reports(carry: part.carry).carry)
    }
    queues += part.queueRows
    agents += part.agentRows
    #expect(Self.summed(queues) == Self.summed(whole.queueRows), "seed \(seed)")
    #expect(Self.summed(agents) == Self.summed(whole.agentRows), "seed \(seed)")
    // Live and at rest are one count, as far back as live reaches.
    var live = Reports()
    for event in events { live.add(event) }
    let first = live.intervals.first?.number ?? 0
    #expect(live.queueRows == whole.queueRows.filter { $0.quarter >= first }, "seed \(seed)")
    #expect(live.agentRows == whole.agentRows.filter { $0.quarter >= first }, "seed \(seed)")
  }

  private struct Place: Hashable {
    let quarter: Int64
    let name: ByteString
  }
  private static func summed<Numbers: StoredNumbers>(_ rows: [Reports.NamedRow<Numbers>]) -> [Place: Numbers] {
    var sums: [Place: Numbers] = [:]
    for row in rows { sums[Place(quarter: row.quarter, name: row.name), default: Numbers()].add(row.numbers) }
    return sums
  }

  @Test("an answer is cut at whole quarters, and holds the newest one whatever its size")
  func latest() {
    func rows(_ quarters: [Int64]) -> [Reports.NamedRow<AgentNumbers>] {
      quarters.map { Reports.NamedRow(quarter: $0, name: "101", numbers: AgentNumbers()) }
    }
    func quarters(_ limit: Int, _ all: [Int64]) -> [Int64] { Reports.latest(rows(all), limit).map(\.quarter) }
    #expect(quarters(4, [1, 1, 2, 2]) == [1, 1, 2, 2])
    #expect(quarters(3, [1, 1, 2, 2]) == [2, 2])
    #expect(quarters(2, [1, 1, 2, 2]) == [2, 2])
    #expect(quarters(1, [1, 1, 2, 2]) == [2, 2])
    #expect(quarters(1, []) == [])
  }
}
