// branchline-simulate SEED [COUNT] [--log]: lives through branches in virtual time and checks what must never happen.

import Basics
import BranchConfiguration
import Foundation
import Simulation

let words = CommandLine.arguments.dropFirst().filter { $0 != "--log" }
let showsLog = CommandLine.arguments.contains("--log")
guard let first = words.first.flatMap({ UInt64($0) }), let count = UInt64(words.dropFirst().first ?? "1"), count > 0
else {
  print("usage: branchline-simulate SEED [COUNT] [--log]")
  exit(2)
}

let reading = BranchSettings.parse(Scenario.configuration.bytes)
guard let settings = reading.settings else {
  for problem in reading.problems { print(problem.text(.english)) }
  exit(2)
}

func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

var failed = 0
var promises = 0
var conversations = 0
var crashes = 0
for seed in first..<(first + count) {
  // Every tenth branch is lived through with all its sound.
  var scenario = Scenario(seed: seed, settings: settings, sound: seed % 10 == 0)
  let outcome = scenario.run()
  if showsLog { for line in scenario.log { print(line) } }
  let complaints = outcome.violations.map { "VIOLATION \($0)" } + outcome.shortcomings
  for complaint in complaints { print("seed=\(seed) \(complaint)") }
  if !complaints.isEmpty { failed += 1 }
  promises += outcome.promises
  conversations += outcome.conversations
  crashes += outcome.crashes
  let hash = String(outcome.hash, radix: 16)
  let tenths = outcome.virtualSeconds / 360
  print(
    "seed=\(seed) hash=\(hash) hours=\(tenths / 10).\(tenths % 10) calls=\(outcome.customerCalls) "
      + "callbacks=\(outcome.promises) faults=\(outcome.faults) crashes=\(outcome.crashes) "
      + "answered=\(outcome.answered) conversations=\(outcome.conversations) refused=\(outcome.refusedWrites)")
}
// Several branches in which nobody was promised anything prove nothing about promises.
if count >= 10, promises < count || conversations < promises / 2 || crashes == 0 {
  complain("too little happened: \(promises) promises, \(conversations) conversations, \(crashes) power cuts")
  failed += 1
}
if failed > 0 { complain("\(failed) of \(count) failed") }
exit(failed == 0 ? 0 : 1)
