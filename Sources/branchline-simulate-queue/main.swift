// branchline-simulate-queue SEED [COUNT] [--hours N] [--log] [--terse] [--stop]: days of call queues in virtual time,
// each word judged. --terse does not make failures small, --stop ends with the first.

import Basics
import QueueSimulation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

struct Words {
  var left: [String]

  mutating func take(option name: String) -> Int? {
    guard let index = left.firstIndex(of: name) else { return nil }
    left.remove(at: index)
    guard index < left.count, let value = Int(left[index]), value > 0 else { return nil }
    left.remove(at: index)
    return value
  }

  mutating func take(flag name: String) -> Bool {
    guard let index = left.firstIndex(of: name) else { return false }
    left.remove(at: index)
    return true
  }
}

var words = Words(left: Array(CommandLine.arguments.dropFirst()))
let hours = words.take(option: "--hours") ?? 24
let showsLog = words.take(flag: "--log")
let isTerse = words.take(flag: "--terse")
let stopsAtFirst = words.take(flag: "--stop")
guard let first = words.left.first.flatMap({ UInt64($0) }), let count = UInt64(words.left.dropFirst().first ?? "1"),
  count > 0
else {
  print("usage: branchline-simulate-queue SEED [COUNT] [--hours N] [--log] [--terse] [--stop]")
  exit(2)
}

func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let began = seconds()
var failed = 0
var total = (hours: 0, calls: 0, callbacks: 0, conversations: 0, crashes: 0, faults: 0, inputs: 0)
for seed in first..<(first + count) {
  let script = Script(seed: seed, hours: hours)
  let outcome = Run.outcome(of: script, traces: showsLog)
  if showsLog { for line in outcome.trace { print(line) } }
  if let violation = outcome.violation {
    failed += 1
    print("seed=\(seed) VIOLATION \(violation)")
    if !isTerse {
      var smaller = Shrinking(script, violation)
      smaller.run()
      for line in smaller.report() { print("seed=\(seed) \(line)") }
    }
  } else if !outcome.shortcomings.isEmpty {
    failed += 1
    print("seed=\(seed) too little happened: \(outcome.shortcomings.joined(separator: ", "))")
  }
  total.hours += outcome.hours
  total.calls += outcome.calls
  total.callbacks += outcome.callbacks
  total.conversations += outcome.conversations
  total.crashes += outcome.crashes
  total.faults += outcome.faults
  total.inputs += outcome.inputs
  print(outcome.line)
  if stopsAtFirst, failed > 0 { exit(1) }
}
// Days in which nobody was promised anything prove nothing about promises.
if count >= 10, hours >= 12, failed == 0 {
  let days = total.hours / 24
  if total.callbacks < days || total.conversations < days / 2 || total.crashes < days / 4 {
    print("too little happened: \(total)")
    failed += 1
  }
}
let took = seconds() - began
print(
  "simulated_hours_per_s=\(Int(Double(total.hours) / max(took, 0.001))) inputs_per_s="
    + "\(Int(Double(total.inputs) / max(took, 0.001))) failed=\(failed) of \(count)")
exit(failed == 0 ? 0 : 1)
