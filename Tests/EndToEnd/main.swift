// Drives the built program with peers that nobody here wrote.
//
//     branchline-e2e --list
//     branchline-e2e --binary PATH [--emulator PROGRAM] [--also EMULATOR|- PATH] [--board DIRECTORY] [--long] [--keep]
//                    [NAME …]

import Foundation
import Harness

signal(SIGPIPE, SIG_IGN)
// Nothing that was started outlives a test that is interrupted.
let interruptions = [SIGINT, SIGTERM, SIGHUP].map { number in
  signal(number, SIG_IGN)
  let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
  source.setEventHandler {
    ChildProcess.killAll()
    exit(128 + number)
  }
  source.resume()
  return source
}

/// At once, also into a pipe.
func report(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

var names: [String] = []
var binary = ""
var emulator: [String] = []
/// Other builds of the same sources, which must decide alike.
var others: [[String]] = []
/// What a whole board needs besides the program.
var boardRoot: String?
var listsOnly = false
var withLong = false
var keepsFiles = false
var arguments = CommandLine.arguments.dropFirst().makeIterator()
while let argument = arguments.next() {
  switch argument {
  case "--list": listsOnly = true
  case "--binary": binary = arguments.next() ?? ""
  case "--emulator": emulator = [arguments.next() ?? ""]
  case "--also":
    let emulator = arguments.next() ?? "-"
    others.append((emulator == "-" ? [] : [emulator]) + [arguments.next() ?? ""])
  case "--board": boardRoot = arguments.next()
  case "--long": withLong = true
  case "--keep": keepsFiles = true
  default: names.append(argument)
  }
}

if listsOnly {
  for one in allCases {
    let name = one.name.padding(toLength: 28, withPad: " ", startingAt: 0)
    report(name + one.summary + (one.isLong ? " (--long)" : "") + (one.needsBoard ? " (--arm64)" : ""))
  }
  exit(0)
}
for name in names where !allCases.contains(where: { $0.name == name }) {
  report("no such case: \(name); --list names them all")
  exit(2)
}
if boardRoot == nil, let one = allCases.first(where: { names.contains($0.name) && $0.needsBoard }) {
  report("\(one.name) needs a board: Scripts/e2e --arm64")
  exit(2)
}
guard FileManager.default.isExecutableFile(atPath: binary) else {
  report("no program at \"\(binary)\": build it first, or use Scripts/e2e")
  exit(2)
}

var failed: [String] = []
var passed = 0
var leftOut = 0
let chosen = allCases.filter { one in
  names.isEmpty ? (withLong || !one.isLong) && (boardRoot != nil || !one.needsBoard) : names.contains(one.name)
}
for one in chosen {
  if !emulator.isEmpty, let lack = one.emulatorLacks {
    leftOut += 1
    report("left out \(one.name): the emulator has no \(lack)")
    continue
  }
  let started = Date()
  var failure: (any Error)?
  let site = try Site(one.name, binary: emulator + [binary], alsoReplaying: others, boardRoot: boardRoot)
  do { try one.run(site) } catch { failure = error }
  site.tidy(keepFiles: failure != nil || keepsFiles)
  let seconds = String(format: "%.1f", Date().timeIntervalSince(started))
  if let failure {
    failed.append(one.name)
    report("FAILED  \(one.name) (\(seconds) s): \(failure)")
  } else {
    passed += 1
    report("ok      \(one.name) (\(seconds) s)")
  }
}
if !failed.isEmpty { report("failed: " + failed.joined(separator: " ")) }
report("end-to-end: \(passed) passed, \(failed.count) failed" + (leftOut > 0 ? ", \(leftOut) left out" : ""))
exit(failed.isEmpty ? 0 : 1)
