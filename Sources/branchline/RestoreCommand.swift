// `branchline restore FILE`, while no daemon runs: all of a backup is unpacked and verified beside the places where it
// belongs, then comes into them at once, in a new epoch. Whether its callbacks may be made is another question: only if
// nobody else can have made them since (`Custody`).

import Backup
import Basics
import BranchConfiguration
import Configuration
import Digests
import Journal
import LinuxIO
import Sealing
import Storage

struct RestoreCommand {
  private let options: Invocation.Options
  private let language: Language
  private let staging: RestoreStaging
  /// What ran here last.
  private let marker: EpochMarker?
  private var warnings: [Phrase] = []
  private var holds: [DatabaseHold] = []

  static func run(_ path: ByteString, _ options: Invocation.Options, _ language: Language) -> Int32 {
    var options = options
    // A start that ends it may stand elsewhere.
    options.configurationPath = ProcessContext.absolute(options.configurationPath)
    let staging = RestoreStaging(
      path, for: options.configurationPath, acceptsPaths: options.acceptsPaths)
    do throws(CommandFault) {
      try RestoreFinish.finish(options.configurationPath)
      var command = RestoreCommand(options, language, staging)
      try command.restore()
      return ExitCode.success
    } catch {
      staging.discard()
      error.say(language)
      return ExitCode.failure
    }
  }

  private init(_ options: Invocation.Options, _ language: Language, _ staging: RestoreStaging) {
    self.options = options
    self.language = language
    self.staging = staging
    marker = EpochFile.read(of: options.configurationPath)
  }

  private mutating func restore() throws(CommandFault) {
    let lock = try BackupPlaces.lock(options.configurationPath)
    defer { withExtendedLifetime(lock) {} }
    try staging.read()
    guard let places = staging.places, let manifest = staging.manifest else { return }
    try holdDatabases(places)
    let revisions = try stageRevisions(manifest)
    let summary = try stageDatabase(places, manifest)
    try stageEpoch(summary, in: revisions)
    let plan = try plan(places, manifest)
    for item in plan.items {
      let staged = RestorePlan.staged(item.path)
      FileTree.giveOwner(staged, of: item.path)
      try CommandFault.of { () throws(SystemError) in try FileTree.force(staged) }
    }
    let path = RestoreFinish.planPath(options.configurationPath)
    // From here on it is carried out to its end, if need be by the next start.
    try CommandFault.of { () throws(SystemError) in try WholeFile.write(plan.text, to: path) }
    try RestoreFinish.finish(options.configurationPath)
    tell(manifest, summary)
  }

  // MARK: No daemon

  /// None may run, nor begin before the end.
  private mutating func holdDatabases(_ places: BackupPlaces) throws(CommandFault) {
    let here = (try? ConfigurationFile.read(options.configurationPath))?.settings
    if let socket = options.socketPath ?? here?.controlSocketPath, Self.answers(socket) {
      throw CommandFault(Phrase("a daemon runs: stop it first (it answers at ", "守护进程正在运行，请先停止（应答于 ") + socket + ")")
    }
    var paths = [places.database]
    if let path = here?.storagePath, path != places.database { paths.append(path) }
    for path in paths where FileTree.kind(of: path) != nil {
      do throws(StorageError) {
        holds.append(try DatabaseHold(path))
      } catch {
        // One that is damaged is what a backup is for.
        guard error == .busy else { continue }
        throw CommandFault(Phrase(path) + Phrase(": a daemon has it open: stop it first", "：守护进程正在使用，请先停止"))
      }
    }
  }

  private static func answers(_ socket: ByteString) -> Bool {
    do throws(ControlError) {
      _ = try ControlClient.ask("status", at: socket, milliseconds: 1_000)
      return true
    } catch {
      if case .unreachable = error { return false }
      return true
    }
  }

  // MARK: What an archive does not hold as it belongs

  /// Configuration, revisions, and the key that their secrets are sealed under.
  /// - Returns: the directory of revisions, beside its place.
  private mutating func stageRevisions(_ manifest: Manifest) throws(CommandFault) -> ByteString {
    let configuration = try staging.stage(options.configurationPath)
    let place = RevisionFiles.directory(options.configurationPath)
    let directory = try staging.stage(place)
    let key = try deviceKey(manifest, place)
    let text = staging.configuration
    // It is this box's, and browsers know it.
    let certificate = try? FileReader.read(
      RevisionFiles.certificatePath(in: place), limit: WebCommand.Limits.fileBytes)
    try CommandFault.of { () throws(SystemError) in
      try FileWriter.write(text, to: configuration, isPrivate: true, isForced: true)
      try FileTree.makeDirectory(directory)
      if let certificate {
        let path = RevisionFiles.certificatePath(in: directory)
        try FileWriter.write(certificate, to: path, isPrivate: true, isForced: true)
      }
      guard let key else { return }
      try FileWriter.write(key, to: RevisionFiles.keyPath(in: directory), isPrivate: true, isForced: true)
    }
    return directory
  }

  /// This box's own, where it is the same or the backup has none.
  private mutating func deviceKey(_ manifest: Manifest, _ place: ByteString) throws(CommandFault) -> [UInt8]? {
    let own = try? FileReader.read(RevisionFiles.keyPath(in: place), limit: SealingKey.keyBytes)
    if let own, SealingKey(bytes: own)?.fingerprint == manifest.keyFingerprint { return own }
    guard let sealed = staging.sealedKey, !options.withoutSecrets else {
      warnings.append(
        Phrase(
          "The secrets are sealed under the key of another box: set them anew (extensions, trunks, users).",
          "机密信息以其他设备的密钥加密：请重新设置（分机、中继、用户）。"))
      return own
    }
    let passphrase = try Passphrase.get(options, isNew: false, language)
    guard let key = PassphraseSeal.open(ByteString(sealed), under: passphrase),
      SealingKey(bytes: key)?.fingerprint == manifest.keyFingerprint
    else {
      throw staging.fault(
        Phrase(
          "the passphrase is wrong; --without-secrets restores all but the secrets",
          "口令错误；--without-secrets 可恢复机密信息以外的内容"))
    }
    return key
  }

  /// nil: there is none in the backup.
  private func stageDatabase(
    _ places: BackupPlaces, _ manifest: Manifest
  ) throws(CommandFault) -> Database.Summary? {
    guard manifest.has(.database) else { return nil }
    let path = try staging.stage(places.database)
    guard let random = try? Entropy.bytes(8) else { throw CommandFault(Phrase("no randomness", "无法取得随机数")) }
    let identity = random.reduce(0) { $0 << 8 | UInt64($1) } >> 1
    let known = holds.reduce(marker?.number ?? 0) { max($0, $1.epoch.number) }
    do throws(StorageError) {
      return try Database.settle(path) { found in
        EpochFact(
          number: max(known, found.epoch.number) + 1, identity: identity, custody: custody(of: found, manifest))
      }
    } catch {
      throw staging.fault(Phrase("its database: ", "其中的数据库：") + error.phrase)
    }
  }

  private func custody(of found: Database.Summary, _ manifest: Manifest) -> Custody {
    if options.oldBoxIsOff || found.openCallbacks == 0 { return .own }
    // What ran here since may have made them: the file was restored before.
    let isOver = marker.map { $0.number > manifest.epoch } ?? false
    return manifest.isHandOver && !isOver ? .own : .unconfirmed
  }

  private func stageEpoch(_ summary: Database.Summary?, in revisions: ByteString) throws(CommandFault) {
    let marker = summary.map {
      EpochMarker(number: $0.epoch.number, identity: $0.epoch.identity, runs: $0.runs)
    }
    guard let marker = marker ?? self.marker else { return }
    try CommandFault.of { () throws(SystemError) in
      try FileWriter.write(
        marker.text, to: RevisionFiles.epochPath(in: revisions), isPrivate: true, isForced: true)
    }
  }

  /// Names that are of no callback in the backup go; sounds that are here already stay where they are.
  private func plan(_ places: BackupPlaces, _ manifest: Manifest) throws(CommandFault) -> RestorePlan {
    var items = [
      RestorePlan.Item(options.configurationPath), .init(RevisionFiles.directory(options.configurationPath)),
    ]
    if manifest.has(.database) { items.append(.init(places.database, companions: ["-wal", "-shm", "-journal"])) }
    for place in BackupPlaces.soundDirectories {
      guard manifest.has(place), let path = places.path(of: place) else { continue }
      let members = manifest.members.filter { $0.name.place == place }
      if Self.isSame(members, in: path) { try staging.discard(path) } else { items.append(.init(path)) }
    }
    return RestorePlan(items)
  }

  private static func isSame(_ members: [Manifest.Member], in directory: ByteString) -> Bool {
    let files = FileTree.files(in: directory, depth: BackupLimits.directoryDepth)
    guard files.count == members.count else { return false }
    return members.allSatisfy { member in
      guard let source = try? FileSource(directory + "/" + member.name.rest, bytesAtOnce: BackupLimits.bytesAtOnce),
        source.state.bytes == member.bytes
      else { return false }
      return source.digest == member.digest
    }
  }

  // MARK: What a person is told

  private func tell(_ manifest: Manifest, _ summary: Database.Summary?) {
    if options.json {
      var json = JSONWriter()
      json.object { json in
        json.field("done", true)
        json.field("epoch", Int(clamping: summary?.epoch.number ?? 0))
        json.field("callbacks", summary?.openCallbacks ?? 0)
        json.field("custody", ByteString((summary?.epoch.custody ?? .own).name))
        json.field("warnings", warnings.count)
      }
      return StandardStream.output.writeLine(ByteString(json.bytes))
    }
    var restored = Phrase("Restored: ", "已恢复：") + manifest.branch + ", " + ByteString(manifest.at.rfc3339)
    if let summary {
      restored =
        restored + Phrase(", open callbacks ", "，未完成回呼 ") + ByteString(summary.openCallbacks)
        + Phrase(", epoch ", "，纪元 ") + ByteString(Int(clamping: summary.epoch.number))
    }
    var lines = [
      restored,
      Phrase("What was here stands beside it, as NAME.before-restore.", "原有内容保留为 名称.before-restore。"),
    ]
    if summary?.epoch.custody == .unconfirmed {
      lines.append(
        Phrase(
          "Its callbacks rest: they may have been made since. Once the old box is off: branchline take-over",
          "回呼暂停：备份之后可能已执行过。确认旧设备已关机后执行：branchline take-over"))
    }
    for line in lines + warnings { StandardStream.output.writeLine(line.text(language)) }
  }
}

extension FileSource {
  /// SHA-256 of all that is left; empty where it cannot be read.
  fileprivate var digest: [UInt8] {
    var digest = DigestContext(.sha256)
    while let piece = try? next() {
      if piece.isEmpty { return digest.finish() }
      digest.update(piece)
    }
    return []
  }
}
