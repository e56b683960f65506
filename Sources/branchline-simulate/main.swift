// branchline-simulate SEED [COUNT]: lives through branches in virtual time and checks what must never happen.

import Foundation
import Basics
import BranchConfiguration
import MediaEngine
import Simulation

let arguments = CommandLine.arguments.dropFirst()
guard let first = arguments.first.flatMap({ UInt64($0) }), let count = UInt64(arguments.dropFirst().first ?? "1"),
  count > 0
else {
  print("usage: branchline-simulate SEED [COUNT]")
  exit(2)
}

let reading = BranchSettings.parse(Scenario.configuration.bytes)
guard let settings = reading.settings else {
  for problem in reading.problems { print(problem.text(.english)) }
  exit(2)
}

/// A tenth of a second of sound for every prompt: what is said is not looked at here, only that it is said.
var prompts = PromptTable()
for index in 0..<PromptID.count {
  prompts.set(PromptID(index: UInt16(index)), copying: [UInt8](repeating: 0xFF, count: 800))
}

var failed = 0
for seed in first..<(first + count) {
  var scenario = Scenario(seed: seed, settings: settings, prompts: prompts)
  let outcome = scenario.run()
  for violation in outcome.violations { print("seed=\(seed) VIOLATION \(violation)") }
  if !outcome.violations.isEmpty { failed += 1 }
  let hash = String(outcome.hash, radix: 16)
  print(
    "seed=\(seed) hash=\(hash) seconds=\(outcome.virtualSeconds) calls=\(outcome.customerCalls) "
      + "answered=\(outcome.answered) callbacks=\(outcome.promises) conversations=\(outcome.conversations) "
      + "crashes=\(outcome.crashes) faults=\(outcome.faults)")
}
exit(failed == 0 ? 0 : 1)
