// What a technician can ask of a running box: each answer is JSON, and its key values are right.

import Foundation
import Harness

extension Box {
  /// An order of the command line, with several words.
  fileprivate func order(_ words: String...) throws -> [String: Any] {
    let text = try ChildProcess.run(
      binary[0], Array(binary.dropFirst()) + words + ["--json", "--socket", workspace.path("control.sock")])
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
  }

  fileprivate func object(_ question: String) throws -> [String: Any] { try ask(question) as? [String: Any] ?? [:] }
}

let questionCases = [
  Case("questions", "storage, network, sounds, versions, limits, log and alarms of a running box") { site in
    let box = try site.box(
      site.configuration(
        extra: "trunk silent { peer { address 127.0.0.1:5999 }; channels 3; qualify 5s; caller-number 02155550000 }"))
    let storage = try box.object("storage")
    try expect(storage["state"] as? String == "usable", "\(storage)")
    try expect(storage["database"] as? String == site.workspace.path("branch.db"), "\(storage)")
    try expect(storage["diskFreeBytes"] as? Int ?? 0 > 0 && storage["databaseBytes"] as? Int ?? 0 > 0, "\(storage)")
    let network = try box.object("network")
    let listeners = network["listeners"] as? [[String: Any]] ?? []
    try expect(listeners.count == 2 && listeners[0]["address"] as? String == Site.box, "\(listeners)")
    let interfaces = network["interfaces"] as? [[String: Any]] ?? []
    try expect(interfaces.contains { $0["interface"] as? String == "lo" && $0["up"] as? Bool == true }, "\(interfaces)")
    let audio = try box.object("audio")
    try expect(
      audio["promptsLoaded"] as? Int ?? 0 > 100 && (audio["promptsUnusable"] as? [Any])?.isEmpty == true, "\(audio)")
    try expect(audio["streamsMost"] as? Int == 500, "\(audio)")
    let versions = try box.object("versions")
    for key in ["branchline", "sqlite", "libcrypto", "libsodium", "libpcap", "kernel", "architecture"] {
      try expect((versions[key] as? String)?.isEmpty == false, "no version of \(key): \(versions)")
    }
    let calls = try box.rows("limits").first { $0["limit"] as? String == "calls" }
    try expect(calls?["most"] as? Int == 250 && calls?["used"] as? Int == 0, "\(calls ?? [:])")
    let lines = try box.object("log")["lines"] as? [String] ?? []
    try expect(lines.contains { $0.contains("daemon.started") }, "the log: \(lines)")
    try box.wait(
      "the silent trunk is an alarm",
      until: {
        try $0.rows("alarms").contains {
          $0["alarm"] as? String == "trunk-down" && $0["subject"] as? String == "silent"
        }
      })
    try expect(try box.object("status")["alarms"] as? Int == 1, "alarms in the status")
    try expect(
      try (box.object("log")["lines"] as? [String] ?? []).contains { $0.contains("alarm.raised trunk-down silent") },
      "log")
  },
  Case("upkeep", "a support bundle without secrets; log, counters and phones are cleared; a shutdown is waited for") {
    site in
    let box = try site.box(site.configuration())
    let phone = try site.phone("101", tone: 440, answers: true)
    try box.wait("the phone is there", until: { try $0.rows("phones").contains { $0["user"] as? String == "101" } })
    let caller = try site.call("02155550101", talk: 500)
    try phone.waitUntilTalking()
    try caller.succeed()
    for name in ["1", "2", "3", "4", "5", "6"] {
      let answer = try box.order("request", "support-bundle", name)
      try expect(answer["done"] as? Bool == true, "\(answer)")
    }
    let answer = try box.order("request", "support-bundle")
    let path = answer["subject"] as? String ?? ""
    let bundle = try String(contentsOfFile: path, encoding: .utf8)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    try expect(mode == 0o600, "others can read it")
    for number in ["101", "102", "103", "104"] {
      try expect(!bundle.contains(Site.secret(number)), "the secret of \(number) is in the bundle")
    }
    for title in ["status", "phones", "log", "configuration", "commits", "alarms", "limits", "versions"] {
      try expect(bundle.contains("==== \(title) ===="), "no \(title) in the bundle")
    }
    try expect(bundle.contains("secret ***") && !bundle.contains("$sealed1$") && !bundle.contains("argon2"), "secrets")
    let kept = try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent)
    try expect(kept.count == 5 && !kept.contains("1.txt"), "kept: \(kept)")

    try expect(try box.order("clear", "counters")["done"] as? Bool == true, "counters")
    try expect(try box.object("counters")["calls"] as? Int == 0, "the calls are still counted")
    try expect(try box.order("clear", "phone", "101")["done"] as? Bool == true, "phone")
    try expect(try box.rows("phones").isEmpty, "the phone is still there")
    try expect(try box.order("clear", "log")["done"] as? Bool == true, "log")
    let lines = try box.object("log")["lines"] as? [String] ?? []
    try expect(!lines.contains { $0.contains("daemon.started") }, "the log is still there")
    try expect(try box.order("request", "shutdown")["done"] as? Bool == true, "shutdown")
    try expect(try box.process.waitForExit(seconds: 20) == 0, "it did not end well")
  },
]
