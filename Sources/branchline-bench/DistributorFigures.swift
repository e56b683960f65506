// What a decision of the distributor costs, alone and in this process: processor time of the deciding thread, so that
// what else the machine does is left out as far as it can be.

import CBenchmark
import Foundation
import Harness

struct DistributorFigures {
  var decisionsPerSecond: Double?
  var decision99: Double?
  var decision99With1k: Double?
  var decision99With100k: Double?
  var bytesPerItem: Double?
  /// 1,000 agents, 1,000 items waiting, four hours of reports by the quarter.
  var checkpointMilliseconds: Double?
  var checkpointBytes: Double?
  var simulatedHoursPerSecond: Double?

  var json: String {
    Results.json([
      ("acd_decisions_per_s", Results.text(decisionsPerSecond, 0)),
      ("acd_decision_us_p99", Results.text(decision99, 2)),
      ("acd_decision_us_p99_1k", Results.text(decision99With1k, 2)),
      ("acd_decision_us_p99_100k", Results.text(decision99With100k, 2)),
      ("acd_bytes_per_item", Results.text(bytesPerItem, 0)),
      ("acd_checkpoint_ms", Results.text(checkpointMilliseconds, 2)),
      ("acd_checkpoint_bytes", Results.text(checkpointBytes, 0)),
      ("simulated_hours_per_s", Results.text(simulatedHoursPerSecond, 1)),
    ])
  }

  var rows: [Results.Row] {
    let growth = decision99With100k.flatMap { most in decision99With1k.map { most / $0 } }
    return [
      Results.row("decisions a second", decisionsPerSecond, "", digits: 0, atMost: .infinity),
      Results.row("decision, 10,000 wait, 99 %", decision99, "µs", digits: 2, atMost: 50),
      Results.row("  1,000 in one class, 99 %", decision99With1k, "µs", digits: 2, atMost: .infinity),
      Results.row("  100,000 in one class, 99 %", decision99With100k, "µs", digits: 2, atMost: 50),
      Results.row("  times as long", growth, "", digits: 2, atMost: Self.growthLimit),
      Results.row("waiting item, resident", bytesPerItem, "B", digits: 0, atMost: .infinity),
      Results.row("checkpoint, written in", checkpointMilliseconds, "ms", digits: 2, atMost: 20),
      Results.row("  bytes of it", checkpointBytes, "B", digits: 0, atMost: .infinity),
      Results.row("simulated hours a second", simulatedHoursPerSecond, "", digits: 1, atMost: .infinity),
    ]
  }

  /// A hundred times as many items fall out of the processor's caches; a search among them would cost far more.
  private static let growthLimit = 2.0
}

struct DistributorBench {
  let rounds: Int
  let decisions: Int
  /// Of the simulation.
  let seeds: UInt64
  let note: (String) -> Void

  init(isQuick: Bool, note: @escaping (String) -> Void) {
    rounds = isQuick ? 2 : 5
    decisions = isQuick ? 5_000 : 10_000
    seeds = isQuick ? 4 : 20
    self.note = note
  }

  func measure() throws -> DistributorFigures {
    var figures = DistributorFigures()
    // First, while no memory is left over from anything else.
    figures.bytesPerItem = try measureMemory()
    let usual = try measure(DistributorShape(), "10,000 in 20 queues")
    figures.decisionsPerSecond = usual.perSecond
    figures.decision99 = usual.microseconds99
    figures.decision99With1k = try measure(.oneClass(waiting: 1_000), "1,000 in one class").microseconds99
    figures.decision99With100k = try measure(.oneClass(waiting: 100_000), "100,000 in one class").microseconds99
    let checkpoint = try measureCheckpoint()
    figures.checkpointMilliseconds = checkpoint.milliseconds
    figures.checkpointBytes = checkpoint.bytes
    figures.simulatedHoursPerSecond = simulatedHoursPerSecond()
    return figures
  }

  /// The recorder takes one for each segment, between two inputs: so long nothing else is decided.
  private func measureCheckpoint() throws -> (milliseconds: Double, bytes: Double) {
    var shape = DistributorShape()
    shape.waiting = 1_000
    let load = DistributorLoad(shape)
    try load.occupyAgents()
    load.fill()
    for quarter in 0..<16 {
      if quarter > 0 { load.rest() }
      for _ in 0..<shape.agents { _ = load.decide { 0 } }
    }
    let measured = try (0..<rounds * 2).map { _ in try load.checkpoint(bench_thread_time) }
    guard let first = measured.first, let writing = measured.map(\.writing).min(),
      let reading = measured.map(\.reading).min()
    else { throw Failure("nothing was measured") }
    note("checkpoint of \(first.bytes) B: \(writing / 1_000) µs to write, \(reading / 1_000) µs to read")
    return (Double(writing) / 1_000_000, Double(first.bytes))
  }

  private func measureMemory() throws -> Double {
    let count = 100_000
    var shape = DistributorShape()
    shape.announceEverySeconds = 7_200
    shape.waiting = count + shape.agents * 2
    let load = DistributorLoad(shape)
    try load.occupyAgents()
    let before = try residentBytes()
    for _ in 0..<count { load.enter() }
    let perItem = Double(try residentBytes() - before) / Double(count)
    note("\(load.waiting) items wait, \(Results.text(perItem, 0)) B each of the latest \(count)")
    return perItem
  }

  /// The distributor decides the same each time, so that what a repetition of a decision takes more was taken by the
  /// machine: of each decision the least counts, and of these the 99th percentile.
  private func measure(
    _ shape: DistributorShape, _ what: String
  ) throws -> (perSecond: Double, microseconds99: Double) {
    var rates: [Double] = []
    var least: [Nanoseconds] = []
    for _ in 0..<rounds {
      let (times, used) = try round(shape, what)
      rates.append(Double(decisions) / used.inSeconds)
      least = least.isEmpty ? times : zip(least, times).map(min)
    }
    least.sort()
    let tail = Double(least[least.count * 99 / 100]) / 1e3
    note(
      "\(what): a decision takes \(Results.text(Double(least[least.count / 2]) / 1e3, 2)) µs in the median, "
        + "\(Results.text(tail, 2)) µs in 99 %, \(Results.text(Double(least[least.count - 1]) / 1e3, 2)) µs at most")
    return (median(rates), tail)
  }

  /// How long each decision took, and all with what happens between them.
  private func round(_ shape: DistributorShape, _ what: String) throws -> (times: [Nanoseconds], used: Nanoseconds) {
    let load = DistributorLoad(shape)
    try load.occupyAgents()
    load.fill()
    let begun = bench_thread_time()
    let times = (0..<decisions).compactMap { _ in load.decide(bench_thread_time) }
    let used = bench_thread_time() - begun
    guard times.count > decisions * 9 / 10 else {
      throw Failure("\(what): only \(times.count) of \(decisions) ends of a conversation led to an offer")
    }
    try load.check()
    return (times, used)
  }

  private func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    guard let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw Failure("/proc/self/statm says \(text)")
    }
    return pages * Int(getpagesize())
  }
}
