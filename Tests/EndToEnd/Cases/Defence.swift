// Cases of who attacks: the scanners of sipvicious, a flood of INVITEs, slow streams. A call goes on meanwhile.

import Foundation
import Harness

extension Site {
  private static let attacker = "127.0.0.66"

  /// A program of sipvicious against the box, to its end. It comes from where the phones are.
  fileprivate func vicious(_ name: String, _ arguments: [String]) throws -> String {
    let directory = ProcessInfo.processInfo.environment["BRANCHLINE_SIPVICIOUS"] ?? ""
    let all = ["-p", "\(Self.boxPort)"] + arguments + ["127.0.0.1"]
    return try ChildProcess.end("\(directory)/sipvicious_\(name)", all, seconds: 90).output
  }

  fileprivate func reason(_ box: Box, at address: String = attacker) throws -> [String] {
    try box.rows("blocked").filter { $0["address"] as? String == address }.compactMap { $0["reason"] as? String }
  }

  fileprivate func floodOfInvites() throws {
    let socket = try RawSocket(.datagrams, from: Self.attacker, to: Self.box)
    for number in 1...8000 {
      socket.send(invite(from: Self.attacker, socket.localPort))
      if number % 20 == 0 { usleep(2000) }
    }
  }
}

let defenceCases =
  [
    Case("sipvicious", "svwar and svcrack of sipvicious find nothing and are blocked; a call stays clean") { site in
      let box = try site.box(site.configuration())
      let (_, voice, caller) = try site.callUnderWatch(box, talk: 30_000)
      let during = voice.mark
      for method in ["REGISTER", "INVITE", "OPTIONS"] {
        let found = try site.vicious("svwar", ["--force", "--maximumtime=3", "-m", method, "-e", "95-110"])
        let tells = (95...110).filter { found.contains("| \($0) ") }
        try expect(tells.isEmpty || tells.count == 16, "svwar has told \(tells) from the others:\n\(found)")
      }
      let words = try site.workspace.write(
        "words", (1...500).map { "guess\($0)\n" }.joined() + Site.secret("101") + "\n")
      let password = try site.vicious("svcrack", ["--maximumtime=3", "-u", "101", "-d", words])
      try expect(!password.contains(Site.secret("101")), "svcrack has found:\n\(password)")
      try expect(
        site.reason(box, at: "127.0.0.1") == ["wrong-passwords"], "svcrack is not blocked: \(try box.rows("blocked"))")
      let found = try site.vicious("svmap", [])
      try expect(!found.contains("Branchline"), "svmap has an answer while it is blocked:\n\(found)")
      try voice.wait(forTone: 1100, lasting: 2, after: during)
      try caller.succeed()
      try box.stop()
    },
    Case("invite-flood", "8,000 INVITEs without a password leave nothing behind; a call and a new one stay clean") {
      site in
      let box = try site.box(site.configuration())
      let (_, voice, caller) = try site.callUnderWatch(box, talk: 8000)
      let during = voice.mark
      try site.floodOfInvites()
      let used = try ["legs", "server-transactions"].map { name in
        try box.rows("limits").first { $0["limit"] as? String == name }?["used"] as? Int ?? 99
      }
      try expect(used[0] == 2 && used[1] < 20, "strangers have legs or transactions: \(used)")
      try expect(site.reason(box) == ["flood"], "the flood is not blocked: \(try box.rows("blocked"))")
      try voice.wait(forTone: 1100, lasting: 1, after: during)
      try caller.succeed()
      try box.stop()
    },
  ]
