// How fast the distributor's simulation runs: whole days of many branches, faults, auditor and liveness phase included.

import CBenchmark
import QueueSimulation

extension DistributorBench {
  private static let hoursPerSeed = 24

  /// Hours on the simulated floors for each second of processor time; nil where a day showed a fault, which ends it early.
  func simulatedHoursPerSecond() -> Double? {
    var hours = 0
    var calls = 0
    let begun = bench_thread_time()
    for seed in 1...seeds {
      let outcome = Run.outcome(of: Script(seed: seed, hours: Self.hoursPerSeed))
      if let violation = outcome.violation {
        note("simulation: seed \(seed): \(violation)")
        return nil
      }
      hours += outcome.hours
      calls += outcome.calls
    }
    let used = bench_thread_time() - begun
    note("simulation: \(hours) hours with \(calls) calls in \(Results.text(used.inSeconds, 2)) s")
    return Double(hours) / used.inSeconds
  }
}
