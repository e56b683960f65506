// What was measured, what it is held to, and how both are shown.

import Foundation

struct Results {
  var registerMicroseconds: Double?
  var callMicroseconds: Double?
  var callsPerSecond: Double?
  /// The generator or the machine, and not the daemon, kept `callsPerSecond` from being higher.
  var isGeneratorLimit = false
  var queueCallMicroseconds: Double?
  var queueDrainSeconds: Double?
  var queueAnswerDelayMilliseconds: Double?
  var relayPercentPerCall: Double?
  var floorPercentPerCall: Double?
  var addedDelayMedian: Double?
  var addedDelay99: Double?
  var residentIdle: Int?
  var residentWithPhones: Int?
  var startMilliseconds: Double?
  var armBytes: Int?

  enum Verdict: String {
    case held = "held"
    case missed = "MISSED"
    case generatorLimit = "generator's limit"
    case unknown = "not measured"
  }
  struct Row {
    var name: String
    var measured: String
    var target: String
    var verdict: Verdict
  }

  /// Exactly what programs may rely on; numbers or null.
  var json: String {
    let fields: [(String, String)] = [
      ("register_cpu_us", Self.text(registerMicroseconds, 1)), ("call_cpu_us", Self.text(callMicroseconds, 1)),
      ("calls_per_s", Self.text(callsPerSecond, 0)), ("queue_call_cpu_us", Self.text(queueCallMicroseconds, 1)),
      ("queue_drain_s", Self.text(queueDrainSeconds, 2)),
      ("queue_answer_delay_ms", Self.text(queueAnswerDelayMilliseconds, 2)),
      ("relay_cpu_pct_per_call", Self.text(relayPercentPerCall, 4)),
      ("relay_floor_pct_per_call", Self.text(floorPercentPerCall, 4)),
      ("relay_added_delay_us_p50", Self.text(addedDelayMedian, 1)),
      ("relay_added_delay_us_p99", Self.text(addedDelay99, 1)), ("rss_idle_kb", Self.text(residentIdle)),
      ("rss_100_phones_kb", Self.text(residentWithPhones)), ("start_ms", Self.text(startMilliseconds, 1)),
      ("binary_bytes_arm64", Self.text(armBytes)),
    ]
    return Self.json(fields)
  }

  static func json(_ fields: [(String, String)]) -> String {
    "{ " + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + " }"
  }

  var rows: [Row] {
    let floor = floorPercentPerCall
    let ratio = relayPercentPerCall.flatMap { relay in floor.map { relay / $0 } }
    return [
      Self.row("REGISTER, 401 and 200, CPU", registerMicroseconds, "µs", atMost: 58),
      Self.row("call from trunk to phone, CPU", callMicroseconds, "µs", atMost: 350),
      Row(
        name: "calls a second, < 1 % failed", measured: Self.text(callsPerSecond, 0), target: "≥ 1750",
        verdict: callsPerSecond.map { $0 >= 1_750 ? .held : isGeneratorLimit ? .generatorLimit : .missed } ?? .unknown),
      Self.row("call by the queue, CPU", queueCallMicroseconds, "µs", atMost: 600),
      Self.row("  200 calls, 10 agents, in all", queueDrainSeconds, "s", digits: 2, atMost: 22),
      Self.row("  answer later than a plain one", queueAnswerDelayMilliseconds, "ms", digits: 2, atMost: .infinity),
      Self.row("relay, CPU a call", relayPercentPerCall, "%", digits: 4, atMost: floor.map { 1.5 * $0 }),
      Self.row("  bare C relay, the floor", floor, "%", digits: 4, atMost: .infinity),
      Self.row("  times the floor", ratio, "", digits: 2, atMost: 1.5),
      Self.row("  delay added, median", addedDelayMedian, "µs", atMost: 500),
      Self.row("  delay added, 99 %", addedDelay99, "µs", atMost: .infinity),
      Self.row("resident, idle", residentIdle.map(Double.init), "kB", digits: 0, atMost: 5_700),
      Self.row("resident, 100 phones", residentWithPhones.map(Double.init), "kB", digits: 0, atMost: 6_200),
      Self.row("start to first answer", startMilliseconds, "ms", atMost: 52),
      Self.row("arm64 program", armBytes.map { Double($0) / 1e6 }, "MB", digits: 2, atMost: 8),
    ]
  }

  static func row(
    _ name: String, _ value: Double?, _ unit: String, digits: Int = 1, atMost target: Double?
  ) -> Row {
    let verdict: Verdict
    if let value, let target { verdict = value <= target ? .held : .missed } else { verdict = .unknown }
    let limit = target.flatMap { $0.isFinite ? "≤ \(text($0, digits)) \(unit)" : nil } ?? ""
    return Row(
      name: name, measured: value == nil ? "-" : "\(text(value, digits)) \(unit)", target: limit,
      verdict: verdict)
  }

  static func table(_ rows: [Row]) -> String {
    let lines = rows.map { row in
      padded(row.name, 32) + padded(row.measured, 16, right: true) + "   " + padded(row.target, 14)
        + (row.target.isEmpty && row.verdict == .held ? "" : row.verdict.rawValue)
    }
    return lines.joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }
  static func text(_ value: Double?, _ digits: Int) -> String {
    value.flatMap { $0.isFinite ? String(format: "%.\(digits)f", $0) : nil } ?? "null"
  }
  private static func text(_ value: Int?) -> String { value.map(String.init) ?? "null" }
}
