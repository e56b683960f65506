import Backup
import Basics
import BranchConfiguration
import Foundation
import Journal
import LinuxIO
import Storage
import Testing

@testable import branchline

/// A box at rest, in a directory of its own.
private final class RestingBox {
  let path: String
  var configuration: String { path + "/branch.conf" }
  static let bootTime = WallTime(seconds: 1_772_352_900)

  init(_ name: String) throws {
    path = NSTemporaryDirectory() + "branchline-backup-\(name)-\(getpid())"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path + "/data", withIntermediateDirectories: true)
  }

  /// With one callback, its name, a prompt and two secrets.
  func fill(name: String = "Test", data: String? = nil) throws {
    let data = data ?? path + "/data"
    try write(
      "branch.conf",
      """
      name "\(name)"
      listen udp 127.0.0.1:5060
      storage { path "\(data)/branch.db" }
      control { socket "\(data)/control.sock" }
      media { prompts "\(data)/prompts" }
      number-plan { country cn; area-code 21 }
      extension 101 { secret "a secret for 101" }

      """)
    try write("data/names/7.wav", "a name")
    try write("data/prompts/en/hello.wav", "hello")
    let database = try Database.open(ByteString(path + "/data/branch.db"), at: Self.bootTime)
    let callback = CallbackFact(
      id: 3, queue: "service", number: "+8613812345678", rawNumber: "13812345678", callerName: "",
      dialledNumber: "600", sequence: 9, enqueuedAt: Self.bootTime, requestedAt: Self.bootTime,
      notBefore: Self.bootTime, expiresAt: Self.bootTime + .hours(4), recordedName: "7.wav")
    _ = try database.commit([Batch(ticket: Ticket(1), facts: [.callback(callback)], urgency: .promise)])
  }

  func write(_ name: String, _ text: String) throws {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
  }

  /// - Parameter acceptsPaths: of a restore: these boxes are nowhere that the program knows by itself.
  func run(_ words: String..., acceptsPaths: Bool = true) throws -> Int32 {
    let accepted = acceptsPaths && words[0] == "restore" ? ["--accept-paths"] : []
    let words = (words + accepted + ["--config", configuration, "--passphrase-file", path + "/pass", "--json"]).map {
      ByteString($0)
    }
    let invocation = try Invocation(words)
    switch invocation.command {
    case .backup(let file): return BackupCommand.run(file, invocation.options, .english)
    case .restore(let file): return RestoreCommand.run(file, invocation.options, .english)
    default: return -1
    }
  }

  /// Every file and what is in it, but for the passphrase, the archives, and what a database does for itself.
  var files: [String: Data] {
    var files: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
      guard !name.hasSuffix(".tar"), name != "pass", let data = FileManager.default.contents(atPath: path + "/" + name)
      else { continue }
      files[name] = data
    }
    return files
  }

  func restored() throws -> Restored {
    try Database.open(ByteString(path + "/data/branch.db"), at: Self.bootTime).restore()
  }

  func secret(of extension: ByteString = "101") -> ByteString? {
    let files = RevisionFiles(configurationPath: ByteString(configuration))
    guard let text = files.read(.configuration) else { return nil }
    return String(decoding: text, as: UTF8.self).contains("a secret for 101") ? "a secret for 101" : nil
  }
}

@Suite("Backups of a box at rest", .serialized) struct BackupTests {
  /// One with a backup, and one beside it that has other things at the same places.
  private func boxes(_ name: String, _ options: String...) throws -> (old: RestingBox, new: RestingBox, archive: String)
  {
    let (old, new) = (try RestingBox(name + "-old"), try RestingBox(name + "-new"))
    // The configuration says where all is: both say the place of the new one.
    try old.fill(data: new.path + "/data")
    try new.fill(name: "Before")
    try FileManager.default.removeItem(atPath: new.path + "/data/branch.db")
    _ = try Database.open(ByteString(new.path + "/data/branch.db"), at: RestingBox.bootTime)
    for box in [old, new] { try box.write("pass", "open sesame, please\n") }
    let archive = old.path + "/box.tar"
    // What a backup of the old box takes is at the new one's paths.
    let kept = new.path + "/data.kept"
    try FileManager.default.moveItem(atPath: new.path + "/data", toPath: kept)
    try FileManager.default.copyItem(atPath: old.path + "/data", toPath: new.path + "/data")
    #expect(try backup(old, archive, options) == 0)
    try FileManager.default.removeItem(atPath: new.path + "/data")
    try FileManager.default.moveItem(atPath: kept, toPath: new.path + "/data")
    return (old, new, archive)
  }

  private func backup(_ box: RestingBox, _ archive: String, _ options: [String]) throws -> Int32 {
    switch options.count {
    case 0: try box.run("backup", archive)
    case 1: try box.run("backup", archive, options[0])
    default: try box.run("backup", archive, options[0], options[1])
    }
  }

  @Test("all of it is in place on another box, in a new epoch; what was there stands beside it")
  func restore() throws {
    let (_, new, archive) = try boxes("whole")
    try new.write("branch.conf.revisions/web.pem", "what browsers know")
    #expect(try new.run("restore", archive) == 0)
    let files = new.files
    #expect(files["branch.conf"].map { String(decoding: $0, as: UTF8.self).contains("Test") } == true)
    #expect(files["branch.conf.before-restore"].map { String(decoding: $0, as: UTF8.self).contains("Before") } == true)
    #expect(files["data/branch.db.before-restore"] != nil && files["branch.conf.restore"] == nil)
    #expect(files["data/names/7.wav"] == Data("a name".utf8))
    let certificate = new.path + "/branch.conf.revisions/web.pem"
    #expect(FileManager.default.contents(atPath: certificate) == Data("what browsers know".utf8))
    #expect(try FileManager.default.attributesOfItem(atPath: certificate)[.posixPermissions] as? Int == 0o600)
    // The same sounds as here stay where they are.
    #expect(files.keys.allSatisfy { !$0.contains("prompts.before-restore") && !$0.contains(".restoring") })
    #expect(new.secret() != nil)
    let restored = try new.restored()
    #expect(restored.callbacks.map(\.id) == [3])
    #expect(restored.epoch.number == 2 && restored.epoch.custody == .unconfirmed)
    let marker = try #require(EpochFile.read(of: ByteString(new.configuration)))
    #expect(marker.identity == restored.epoch.identity && marker.runs < restored.runs)
  }

  @Test("a hand-over gives the callbacks away; restored a second time they may have been made already")
  func handOver() throws {
    let (_, new, archive) = try boxes("hand-over", "--hand-over")
    #expect(try new.run("restore", archive) == 0)
    #expect(try new.restored().epoch.custody == .own)
    #expect(try new.run("restore", archive) == 0)
    let again = try new.restored().epoch
    #expect(again.number == 3 && again.custody == .unconfirmed)
    #expect(try new.run("restore", archive, "--old-box-is-off") == 0)
    #expect(try new.restored().epoch.custody == .own)
  }

  @Test("no secret and no key is in the file in clear")
  func noSecrets() throws {
    let (old, _, archive) = try boxes("secrets")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: archive))
    let key = try Data(contentsOf: URL(fileURLWithPath: old.configuration + ".revisions/device.key"))
    #expect(key.count == 32 && bytes.range(of: key) == nil)
    #expect(bytes.range(of: Data("a secret for 101".utf8)) == nil)
    #expect(bytes.range(of: Data("open sesame".utf8)) == nil)
    let rights = try FileManager.default.attributesOfItem(atPath: archive)[.posixPermissions] as? Int
    #expect(rights == 0o600)
  }

  @Test("with a wrong passphrase nothing changes; without the key all comes back but the secrets")
  func passphrases() throws {
    let (_, new, archive) = try boxes("passphrases")
    try new.write("pass", "open sesame, or not\n")
    let before = new.files
    #expect(try new.run("restore", archive) == 1)
    #expect(new.files == before)
    #expect(try new.run("restore", archive, "--without-secrets") == 0)
    #expect(new.secret() == nil)
    #expect(try new.restored().callbacks.count == 1)
    try new.write("pass", "short\n")
    #expect(try new.run("backup", archive) == 1)
  }

  @Test("the box that the backup is of has the key: it needs no passphrase")
  func sameBox() throws {
    let box = try RestingBox("same")
    try box.fill()
    #expect(try box.run("backup", box.path + "/box.tar", "--without-secrets") == 0)
    #expect(try box.run("restore", box.path + "/box.tar") == 0)
    #expect(box.secret() != nil)
  }

  @Test("an archive that is cut off or altered anywhere changes nothing")
  func damaged() throws {
    let (_, new, archive) = try boxes("damaged")
    let whole = try Data(contentsOf: URL(fileURLWithPath: archive))
    let before = new.files
    var random = SeededRandom(seed: 3)
    let bad = new.path + "/bad.tar"
    for turn in 0..<60 {
      var bytes = whole
      if turn % 3 == 0 {
        bytes = whole.prefix(random.below(whole.count - 1_536))
      } else {
        // Within what a member holds or its header says; zeros that fill a block mean nothing.
        var index = random.below(whole.count - 1_024)
        while bytes[index] == 0 { index = random.below(whole.count - 1_024) }
        bytes[index] ^= UInt8(1 + random.below(255))
      }
      try bytes.write(to: URL(fileURLWithPath: bad))
      #expect(try new.run("restore", bad) == 1, "turn \(turn)")
      guard new.files == before else {
        Issue.record("turn \(turn) has changed something")
        return
      }
    }
    #expect(try new.run("restore", archive) == 0)
  }

  @Test("the power fails before any step: before the plan nothing is changed, after it the next start ends it")
  func cuts() throws {
    let items = ["branch.conf", "branch.conf.revisions", "data/branch.db", "data/names"]
    for cut in 0...items.count * 3 {
      let box = try RestingBox("cuts")
      func put(_ name: String, _ text: String) throws {
        try box.write(name.hasSuffix("revisions") || name.hasSuffix("names") ? name + "/x" : name, text)
      }
      for item in items {
        try put(item, "old")
        try box.write(
          item.hasSuffix("db") || item.hasSuffix("conf") ? item + ".restoring" : item + ".restoring/x", "new")
      }
      try box.write("data/branch.db-wal", "old log")
      let plan = RestorePlan(
        items.map { .init(ByteString(box.path + "/" + $0), companions: $0.hasSuffix("db") ? ["-wal"] : []) })
      for step in plan.steps.prefix(cut) {
        switch step {
        case .setAside(let path, let kept, _):
          try FileManager.default.moveItem(atPath: path.description, toPath: kept.description)
        case .putInPlace(let staged, let path):
          try FileManager.default.moveItem(atPath: staged.description, toPath: path.description)
        }
      }
      try box.write("branch.conf.restore", String(decoding: plan.text, as: UTF8.self))
      try RestoreFinish.finish(ByteString(box.configuration))
      var expected: [String: Data] = ["data/branch.db.before-restore-wal": Data("old log".utf8)]
      for item in items {
        let isDirectory = item.hasSuffix("revisions") || item.hasSuffix("names")
        expected[isDirectory ? item + "/x" : item] = Data("new".utf8)
        expected[isDirectory ? item + ".before-restore/x" : item + ".before-restore"] = Data("old".utf8)
      }
      #expect(box.files == expected, "cut after step \(cut)")
    }
  }

  @Test("while the plan is carried out by one, no other begins; a damaged plan is told, not guessed at")
  func plans() throws {
    let box = try RestingBox("plans")
    try box.write("branch.conf.restore", "restore {")
    #expect(throws: CommandFault.self) { try RestoreFinish.finish(ByteString(box.configuration)) }
    try box.write("branch.conf.restore", "restore \"\(box.path)/branch.conf\" { }\n")
    let lock = try FileLock(ByteString(box.configuration + ".restore"))
    #expect(throws: CommandFault.self) { try RestoreFinish.finish(ByteString(box.configuration)) }
    withExtendedLifetime(lock) {}
  }

  @Test("one at a time: a second backup is refused and says why")
  func oneAtATime() throws {
    let box = try RestingBox("locked")
    try box.fill()
    #expect(try box.run("backup", box.path + "/box.tar", "--without-secrets") == 0)
    let lock = try BackupPlaces.lock(ByteString(box.configuration))
    #expect(lock != nil)
    #expect(try box.run("backup", box.path + "/other.tar", "--without-secrets") == 1)
    #expect(try box.run("restore", box.path + "/box.tar", "--without-secrets") == 1)
    #expect(!FileManager.default.fileExists(atPath: box.path + "/other.tar"))
    withExtendedLifetime(lock) {}
  }

  @Test("a backup that names other places than this box's own is put there only where that is said to be meant")
  func foreignPlaces() throws {
    let (_, new, archive) = try boxes("foreign")
    try FileManager.default.removeItem(atPath: new.configuration)
    let before = new.files
    #expect(try new.run("restore", archive, acceptsPaths: false) == 1)
    #expect(new.files == before)
    #expect(try new.run("restore", archive) == 0)
    // Now its own configuration has them.
    #expect(try new.run("restore", archive, acceptsPaths: false) == 0)
  }

  @Test("a database that a daemon has open is not restored over")
  func running() throws {
    let (_, new, archive) = try boxes("running")
    let database = try Database.open(ByteString(new.path + "/data/branch.db"), at: RestingBox.bootTime)
    let before = try Data(contentsOf: URL(fileURLWithPath: new.configuration))
    #expect(try new.run("restore", archive) == 1)
    #expect(try new.run("backup", archive) == 1)
    #expect(try Data(contentsOf: URL(fileURLWithPath: new.configuration)) == before)
    withExtendedLifetime(database) {}
  }
}
