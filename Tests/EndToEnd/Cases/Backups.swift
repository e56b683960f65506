// Backups and restores: a box is handed over to another one while calls are up, and its customers are called back once.

import Foundation
import Harness

/// Another machine with the same paths: it sees files of its own where the site's are.
private struct OtherMachine {
  static let port = 15062
  let prefix: [String]
  private let files: URL

  init(_ site: Site) throws {
    files = site.workspace.url.deletingLastPathComponent().appendingPathComponent(
      site.workspace.url.lastPathComponent + "-other")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    site.undo { [files] in try? FileManager.default.removeItem(at: files) }
    let mounted = "mount --bind \(files.path) \(site.workspace.url.path) && exec \"$@\""
    prefix = ["unshare", "-m", "sh", "-c", mounted, "sh"]
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: files.appendingPathComponent(name), encoding: .utf8)
  }

  /// Both are on one network here, so that one has to move.
  func move() throws {
    let moved = try read("branch.conf").replacingOccurrences(of: ":\(Site.boxPort)", with: ":\(Self.port)")
      .replacingOccurrences(of: "20000-20999", with: "21000-21999")
    try moved.write(to: files.appendingPathComponent("branch.conf"), atomically: true, encoding: .utf8)
  }
}

extension Site {
  /// A command of the program with the site's configuration.
  @discardableResult
  fileprivate func command(_ words: [String], prefix: [String] = []) throws -> String {
    let whole = prefix + binary + words + ["--config", workspace.path("branch.conf")]
    return try ChildProcess.run(whole[0], Array(whole.dropFirst()))
  }
}

let backupCases = [
  Case("backup-hand-over", "a box is restored from another's backup: only the new one calls back, once") { site in
    let old = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, answers: false, box: old)
    _ = try site.phone("102", tone: 800, answers: true)
    try site.askForCallback().succeed()
    try expect(callbacks(old).count == 1, "no callback is kept")
    let call = try site.call("02155550102", talk: 800)
    try old.wait("a call is up") { try $0.rows("calls").contains { $0["answered"] as? Bool == true } }

    // Beside the files of both.
    let archive = site.workspace.url.path + ".tar"
    site.undo { try? FileManager.default.removeItem(atPath: archive) }
    let passphrase = archive + ".pass"
    site.undo { try? FileManager.default.removeItem(atPath: passphrase) }
    try "a passphrase for tests\n".write(toFile: passphrase, atomically: true, encoding: .utf8)
    try site.command(["backup", archive, "--hand-over", "--passphrase-file", passphrase])
    // Whoever takes the offer that rings already is let go.
    agent.accept()
    let listed = try ChildProcess.run("tar", ["tf", archive]).split(separator: "\n").map(String.init)
    for name in ["configuration/branch.conf", "revisions/1.conf", "database/branch.db", "MANIFEST"] {
      try expect(listed.contains(name), "\(name) is not in the archive: \(listed)")
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: archive))
    try expect(bytes.range(of: Data("correct-horse".utf8)) == nil, "a secret stands in the archive")
    try expect(callbacks(old).first?["state"] as? String == "handed-over", "not handed over: \(try callbacks(old))")
    let refused = try? site.command(["restore", archive, "--passphrase-file", passphrase])
    try expect(refused == nil, "restored over a daemon that runs")
    agent.stop()

    let machine = try OtherMachine(site)
    try site.command(["restore", archive, "--accept-paths", "--passphrase-file", passphrase], prefix: machine.prefix)
    try expect(!machine.read("branch.conf").contains("correct-horse"), "a secret is on the disk in clear")
    try machine.move()
    let voice = try site.voice(port: 18300, tone: 900)
    let carrier = try site.carrierAnswers(voice: voice)
    let new = try site.box(nil, prefix: machine.prefix)
    try expect(epoch(new) == 2, "no new epoch")
    let successor = try site.phone("101", tone: 700, answers: false, box: "127.0.0.1:\(OtherMachine.port)")
    try answerOffer(successor)
    try voice.wait(forTone: 700, lasting: 1.2, seconds: 30)
    successor.hangUp()
    try carrier.succeed()
    try new.wait("the promise is kept") { try callbacks($0).isEmpty }
    try call.succeed()
    let dials = [old, new].map { box in box.process.output.count { $0.contains("callback.dial ") } }
    try expect(dials == [0, 1], "dialled \(dials) times")
    try expect(callbacks(old).count == 1, "the old box forgot what it had handed over")
    try new.stop()
    try old.stop()
  },
  Case("backup-older-database", "an older database that is put back by hand calls nobody back until it is taken over") {
    site in
    let box = try site.box(site.configuration())
    try box.stop()
    let database = site.workspace.path("branch.db")
    let older = try Data(contentsOf: URL(fileURLWithPath: database))
    for _ in 0..<2 {
      try box.restart()
      try expect(custody(box) == "own", "it is not its own after a restart")
      try box.stop()
    }
    try older.write(to: URL(fileURLWithPath: database))
    try box.restart()
    try box.process.wait(for: "alarm callbacks.rest ")
    try expect(custody(box) == "superseded", "the older database is not known")
    let said = try site.command(["take-over"])
    try expect(said.contains("done"), "not taken over: \(said)")
    try expect(custody(box) == "own" && epoch(box) == 2, "not of the next epoch")
    box.kill9()
    try box.restart()
    try expect(custody(box) == "own" && epoch(box) == 2, "taken over in vain")
    try box.stop()
  },
]

private func custody(_ box: Box) throws -> String? { try (box.ask("status") as? [String: Any])?["custody"] as? String }
private func epoch(_ box: Box) throws -> Int? { try (box.ask("status") as? [String: Any])?["epoch"] as? Int }
