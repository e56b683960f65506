// `branchline backup FILE`: configuration and revisions, database, names, prompts and voicemail in one tar archive. A running
// daemon goes on; it is asked for a copy of its database. Secrets are in it sealed as they are on the disk, the key to them
// under a passphrase or not at all.

import Backup
import Basics
import BranchConfiguration
import Configuration
import Console
import Journal
import LinuxIO
import Revisions
import Sealing
import Storage

struct BackupCommand {
  private let options: Invocation.Options
  private let language: Language
  private let files: RevisionFiles
  private let settings: BranchSettings
  private let places: BackupPlaces
  private let configuration: [UInt8]

  static func run(_ path: ByteString, _ options: Invocation.Options, _ language: Language) -> Int32 {
    do throws(CommandFault) {
      try RestoreFinish.finish(options.configurationPath)
      try BackupCommand(options, language).write(path)
      return ExitCode.success
    } catch {
      error.say(language)
      return ExitCode.failure
    }
  }

  private init(_ options: Invocation.Options, _ language: Language) throws(CommandFault) {
    self.options = options
    self.language = language
    let path = options.configurationPath
    guard FileTree.kind(of: path) != nil else {
      throw CommandFault(Phrase("there is no configuration at ", "没有配置文件：") + path)
    }
    files = RevisionFiles(configurationPath: path)
    if let fault = files.keyFault {
      throw CommandFault(
        Phrase("secrets cannot be sealed, and so not be backed up: ", "无法加密机密信息，不能备份：") + Sentence.phrase(fault))
    }
    guard let (text, settings) = Self.configuration(files) else {
      throw CommandFault(Phrase(path) + Phrase(" has errors: see branchline check", " 有错误：请执行 branchline check"))
    }
    (configuration, self.settings) = (text, settings)
    places = BackupPlaces(path, settings)
  }

  /// The file, or what runs where nobody could start with the file.
  private static func configuration(_ files: RevisionFiles) -> (text: [UInt8], settings: BranchSettings)? {
    var candidates = [RevisionFile.configuration]
    if let state = files.read(.state).flatMap({ RevisionState(parsing: $0) }) {
      candidates.append(.text(state.running))
    }
    for file in candidates {
      if let text = files.readSealed(file), let settings = BranchSettings.parse(text).settings {
        return (text, settings)
      }
    }
    return nil
  }

  // MARK: In order

  private func write(_ path: ByteString) throws(CommandFault) {
    let lock = try BackupPlaces.lock(options.configurationPath)
    defer { withExtendedLifetime(lock) {} }
    let sealedKey = try sealedKey()
    // Before anything is handed over: a place that cannot be written to must change nothing.
    let archive = try ArchiveFile(path)
    let copy = try DatabaseSource(options, settings, language).copy()
    defer { if let copy { FileRemover.remove(copy) } }
    var summary: Database.Summary?
    if let copy { summary = try settle(copy) }
    let now = WallClock.now
    try archive.add(MemberName(.configuration), configuration, modifiedAt: now.seconds)
    if let sealedKey { try archive.add(MemberName(.deviceKey), sealedKey.bytes, modifiedAt: now.seconds) }
    try addRevisions(to: archive, at: now)
    if let copy { try archive.add(MemberName(.database), file: copy) }
    // After the database: a name is written before its callback.
    for place in BackupPlaces.soundDirectories { try addDirectory(place, to: archive) }
    let epoch = summary?.epoch ?? EpochFact()
    try archive.finish(
      Manifest(
        branch: settings.name, at: now, version: Version.text, epoch: epoch.number, identity: epoch.identity,
        runs: summary?.runs ?? 0, isHandOver: epoch.custody == .handedOver, keyFingerprint: files.keyFingerprint))
    tell(path, archive.members.count, summary, hasKey: sealedKey != nil)
  }

  private func settle(_ copy: ByteString) throws(CommandFault) -> Database.Summary {
    do throws(StorageError) {
      return try Database.settle(copy) { _ in nil }
    } catch {
      throw CommandFault(copy, error)
    }
  }

  private func sealedKey() throws(CommandFault) -> ByteString? {
    guard !options.withoutSecrets else { return nil }
    let passphrase = try Passphrase.get(options, isNew: true, language)
    let path = RevisionFiles.keyPath(in: RevisionFiles.directory(options.configurationPath))
    let key: [UInt8]
    do throws(FileReadError) {
      key = try FileReader.read(path, limit: SealingKey.keyBytes)
    } catch {
      throw CommandFault(error)
    }
    guard let salt = try? Entropy.bytes(PasswordHash.saltBytes), let nonce = try? Entropy.bytes(SealingKey.nonceBytes),
      let sealed = PassphraseSeal.seal(key, under: passphrase, salt: salt, nonce: nonce)
    else { throw CommandFault(Phrase("there is too little memory to seal the key", "内存不足，无法加密设备密钥")) }
    return sealed
  }

  /// The state before the texts: what it names was written before it. What a commit that comes between removes is missing.
  private func addRevisions(to archive: ArchiveFile, at now: WallTime) throws(CommandFault) {
    guard let bytes = files.read(.state), let state = RevisionState(parsing: bytes) else { return }
    try add(.state, "state", to: archive, bytes, at: now)
    for revision in state.revisions {
      let name = ByteString(revision.number) + ".conf"
      try add(.text(revision.number), name, to: archive, files.readSealed(.text(revision.number)), at: now)
    }
    try add(.hub, "hub.conf", to: archive, files.readSealed(.hub), at: now)
  }

  private func add(
    _ file: RevisionFile, _ name: ByteString, to archive: ArchiveFile, _ bytes: [UInt8]?, at now: WallTime
  ) throws(CommandFault) {
    guard let bytes, let name = MemberName(.revisions, name) else { return }
    try archive.add(name, bytes, modifiedAt: now.seconds)
  }

  private func addDirectory(_ place: MemberName.Place, to archive: ArchiveFile) throws(CommandFault) {
    guard let directory = places.path(of: place) else { return }
    for file in FileTree.files(in: directory, depth: BackupLimits.directoryDepth) {
      guard let name = MemberName(place, file) else {
        StandardStream.error.writeLine(
          "branchline: "
            + (Phrase("left out for its name: ", "因名称不合规则而略过：") + directory + "/" + file)
            .text(language))
        continue
      }
      // A callback may have been made meanwhile, and its name is gone with it.
      guard FileTree.kind(of: directory + "/" + file) == .file else { continue }
      try archive.add(name, file: directory + "/" + file)
    }
  }

  // MARK: What a person is told

  private func tell(_ path: ByteString, _ count: Int, _ summary: Database.Summary?, hasKey: Bool) {
    if options.json {
      var json = JSONWriter()
      json.object { json in
        json.field("done", true)
        json.field("file", path)
        json.field("members", count)
        json.field("callbacks", summary?.openCallbacks ?? 0)
        json.field("handedOver", summary?.epoch.custody == .handedOver)
        json.field("secrets", hasKey)
      }
      return StandardStream.output.writeLine(ByteString(json.bytes))
    }
    var lines = [
      Phrase(path) + Phrase(": files ", "：文件 ") + ByteString(count) + Phrase(", open callbacks ", "，未完成回呼 ")
        + ByteString(summary?.openCallbacks ?? 0)
    ]
    if !hasKey {
      lines.append(
        Phrase("Secrets have to be set anew where it is restored on another box.", "若恢复到其他设备，须重新设置机密信息。"))
    }
    if summary?.epoch.custody == .handedOver {
      lines.append(
        Phrase(
          "This box calls nobody back any more; branchline take-over undoes that. Restore the file once.",
          "本机不再回呼；branchline take-over 可撤销。该文件只应恢复一次。"))
    }
    for line in lines { StandardStream.output.writeLine(line.text(language)) }
  }
}
