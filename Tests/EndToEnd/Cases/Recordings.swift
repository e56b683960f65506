// What the flight recorder kept of a day, decided again: by the program that recorded it, and by others made of the same
// sources for another machine.

import Foundation
import Harness

let recordingCases = [
  Case("replay", "what the queues decided before and after kill -9 is decided again alike, on other machines too") {
    site in
    let box = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, box: box)
    try site.call("02155550000", talk: 1500).succeed()
    try box.wait("the call is over") { try queue($0)["answered"] as? Int == 1 }
    agent.stop()
    let customer = try site.askForCallback(from: "13812345678")
    try customer.succeed()
    try box.wait("it is promised") { try !$0.rows("callbacks").isEmpty }
    box.kill9()
    try box.restart()
    try box.wait("the promise is known") { try !$0.rows("callbacks").isEmpty }
    try box.stop()
    try site.replay(atLeast: 2)
  }
]

extension Site {
  private func recordings() throws -> [String] {
    let directory = workspace.path("flight")
    return try FileManager.default.contentsOfDirectory(atPath: directory).sorted().map { directory + "/" + $0 }
  }

  /// Every program says of every recording that it decides alike, and all have the same digest of it.
  fileprivate func replay(atLeast count: Int) throws {
    let files = try recordings()
    try expect(files.count >= count, "\(files.count) recordings")
    var outputs = 0
    for file in files {
      var digests: Set<String> = []
      for program in [binary] + alsoReplaying {
        let text = try ChildProcess.run(program[0], program.dropFirst() + ["replay", file, "--json"])
        let answer = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        let verdict = answer["verdict"] as? String ?? ""
        try expect(verdict.hasPrefix("identical"), "\(program) of \(file): \(text)")
        digests.insert(answer["digest"] as? String ?? "none")
        outputs += answer["outputs"] as? Int ?? 0
      }
      try expect(digests.count == 1, "\(file): \(digests)")
    }
    for program in [binary] + alsoReplaying {
      let words = program.dropFirst() + ["replay", workspace.path("flight"), "--json"]
      let text = try ChildProcess.run(program[0], Array(words))
      let answers = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
      try expect(answers.count == files.count, "\(program) of the directory: \(text)")
    }
    try expect(outputs > 10, "only \(outputs) outputs were recorded")
    report("        \(files.count) recordings, \(1 + alsoReplaying.count) programs, \(outputs) outputs")
  }
}
