// Technicians at the console: a person by pexpect on a pseudo-terminal pair in place of a serial line.

import Foundation
import Harness

extension Site {
  /// A box that knows where it listens and nothing else.
  fileprivate var bareConfiguration: String {
    """
    name "Test branch"
    language en
    listen udp \(Self.box)
    network { digest md5 }
    media { ports 20000-20999; prompts "\(Self.root.appendingPathComponent("Board/common/prompts").path)" }
    storage { path "\(workspace.path("branch.db"))" }
    control { socket "\(workspace.path("control.sock"))" }

    """
  }

  fileprivate func technician(_ story: String) throws {
    let script = Self.root.appendingPathComponent("Tests/EndToEnd/Console/serial.py").path
    let program = try program(
      "technician", "/usr/bin/python3", [script, story, workspace.path("control.sock")] + binary)
    let code = try program.waitForExit(seconds: 120)
    try expect(
      code == 0, "the technician's story went otherwise:\n" + program.output.suffix(40).joined(separator: "\n"))
  }

  fileprivate var configurationFile: String {
    get throws { try String(contentsOfFile: workspace.path("branch.conf"), encoding: .utf8) }
  }
}

private func revision(_ box: Box) throws -> Int {
  (try box.ask("status") as? [String: Any])?["revision"] as? Int ?? 0
}

let consoleCases = [
  Case(
    "console-set-up", "by set lines at a serial console alone: two phones, a queue, a trunk; then a call is answered"
  ) {
    site in
    let box = try site.box(site.bareConfiguration)
    try site.technician("set-up")
    let agent = try site.phone("101", tone: 440, answers: true)
    try box.wait("the agent is ready", until: { try $0.rows("agents").contains { $0["state"] as? String == "ready" } })
    let caller = try site.call("02155550000", talk: 1_500)
    try agent.waitUntilTalking()
    try caller.succeed()
    let kept = try site.configurationFile
    try expect(
      kept.contains("user lee {") && kept.contains("password $sealed1$"), "the user is not in the file:\n" + kept)
    try expect(!kept.contains("battery"), "a password stands in the file")
    let audit = try box.rows("audit")
    try expect(
      audit.contains { ($0["subject"] as? String ?? "").contains("set extension 101 secret ***") }, "audit: \(audit)")
  },
  Case(
    "configuration-undone", "what nobody confirms is undone: after a lost session, and across kill -9", isLong: true
  ) { site in
    let box = try site.box(site.configuration())
    try site.technician("lost")
    try expect(try revision(box) == 3, "the commit does not run")
    box.kill9()
    try box.restart()
    try expect(try revision(box) == 3, "the commit is gone before its time")
    try box.wait("it is undone", seconds: 90, until: { try revision($0) == 2 })
    let kept = try site.configurationFile
    try expect(kept.contains("user lee") && !kept.contains("ring 5s"), "the file says something else:\n" + kept)
  },
  Case(
    "configuration-worse", "a commit that loses the carrier cannot be confirmed, and is taken back", isLong: true
  ) { site in
    _ = try site.sipp(
      "carrier", "options", to: nil, at: .init(address: Site.carrierAddress, port: Site.carrierPort),
      load: .init(calls: 100_000))
    let box = try site.box(site.configuration().replacingOccurrences(of: "qualify 0s", with: "qualify 60s"))
    try box.wait("the carrier answers") { try $0.rows("trunks").contains { $0["up"] as? Bool == true } }
    try site.technician("worse")
    try expect(try revision(box) == 2, "the commit runs on")
    let commits = try box.rows("configuration revisions")
    try expect(
      commits.contains { "\($0)".contains("trunk carrier does not answer any more") }, "nobody says why: \(commits)")
    try expect(
      try site.configurationFile.contains("address \(Site.carrierAddress):\(Site.carrierPort)"), "the file is another's"
    )
  },
]
