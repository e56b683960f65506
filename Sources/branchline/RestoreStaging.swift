// The files of a backup, unpacked beside the places where they belong, and verified: nothing that runs is touched. Whatever
// is wrong with the archive ends it, and all that was unpacked goes again.

import Backup
import Basics
import BranchConfiguration
import Configuration
import Digests
import LinuxIO

final class RestoreStaging {
  private let configurationPath: ByteString
  private let archive: ByteString
  private var reader = ArchiveReader()
  /// Known when the configuration, the first, has been read.
  private(set) var places: BackupPlaces?
  private(set) var configuration: [UInt8] = []
  private(set) var sealedKey: [UInt8]?
  private(set) var manifest: Manifest?
  private(set) var members: [Manifest.Member] = []
  /// What stands beside its place now.
  private var staged: [ByteString] = []

  // The member that is being read.
  private var name = MemberName(.manifest)
  private var content: [UInt8] = []
  private var sink: FileSink?
  private var digest = DigestContext(.sha256)
  private var bytes = 0

  private let acceptsPaths: Bool

  init(_ archive: ByteString, for configurationPath: ByteString, acceptsPaths: Bool) {
    self.archive = archive
    self.acceptsPaths = acceptsPaths
    self.configurationPath = configurationPath
  }

  func read() throws(CommandFault) {
    let archive = archive
    let source = try CommandFault.of { () throws(SystemError) in
      try FileSource(archive, bytesAtOnce: BackupLimits.bytesAtOnce)
    }
    while true {
      let piece = try CommandFault.of { () throws(SystemError) in try source.next() }
      if piece.isEmpty { break }
      try take(piece)
    }
    do throws(ArchiveError) {
      try reader.end()
    } catch {
      throw fault(error.phrase)
    }
    guard let manifest else { throw fault(Phrase("its manifest is damaged", "清单已损坏")) }
    do throws(Manifest.Mismatch) {
      try manifest.check(members)
    } catch {
      throw fault(error.phrase)
    }
  }

  func fault(_ text: Phrase) -> CommandFault { CommandFault(Phrase(archive) + Phrase(": ") + text) }

  func discard() {
    sink = nil
    for path in staged { try? FileTree.remove(path) }
    staged = []
  }

  /// Beside `path`, with nothing there when it is asked for the first time.
  func stage(_ path: ByteString) throws(CommandFault) -> ByteString {
    let beside = RestorePlan.staged(path)
    guard !staged.contains(beside) else { return beside }
    try CommandFault.of { () throws(SystemError) in
      try Directories.makeParent(of: beside)
      try FileTree.remove(beside)
    }
    staged.append(beside)
    return beside
  }

  /// Of what is not to be restored after all.
  func discard(_ path: ByteString) throws(CommandFault) {
    let beside = RestorePlan.staged(path)
    try CommandFault.of { () throws(SystemError) in try FileTree.remove(beside) }
    staged.removeAll { $0 == beside }
  }

  // MARK: Members

  private func take(_ piece: [UInt8]) throws(CommandFault) {
    do throws(ArchiveError) {
      try reader.handle(piece)
    } catch {
      throw fault(error.phrase)
    }
    while let output = reader.pollOutput() {
      switch output {
      case .begins(let name, _): try begin(name)
      case .content(let piece): try add(piece)
      case .ends: try end()
      }
    }
  }

  private func begin(_ new: MemberName) throws(CommandFault) {
    name = new
    content = []
    bytes = 0
    guard let place = places?.path(of: new.place), new.place != .configuration else { return }
    let beside = try stage(place)
    let path = new.place.isDirectory ? beside + "/" + new.rest : beside
    sink = try CommandFault.of { () throws(SystemError) in
      try Directories.makeParent(of: path)
      return try FileSink(path)
    }
  }

  private func add(_ piece: [UInt8]) throws(CommandFault) {
    bytes += piece.count
    digest.update(piece)
    guard let sink else {
      // What has no place here is read over.
      if [.configuration, .deviceKey, .manifest].contains(name.place) { content += piece }
      return
    }
    try CommandFault.of { () throws(SystemError) in try sink.write(piece) }
  }

  private func end() throws(CommandFault) {
    if let sink { try CommandFault.of { () throws(SystemError) in try sink.force() } }
    sink = nil
    let digest = digest.finish()
    switch name.place {
    case .configuration: try readConfiguration()
    case .deviceKey: sealedKey = content
    case .manifest:
      manifest = Manifest(parsing: content)
      return
    default: break
    }
    members.append(Manifest.Member(name: name, bytes: bytes, digest: digest))
  }

  private func readConfiguration() throws(CommandFault) {
    configuration = content
    let reading = BranchSettings.parse(content)
    guard let settings = reading.settings else {
      let first = reading.problems.first.map { Phrase($0.message(.english), $0.message(.chinese)) } ?? Phrase("?")
      throw fault(Phrase("its configuration has errors: ", "其中的配置有错误：") + first)
    }
    let new = BackupPlaces(configurationPath, settings)
    let own = (try? ConfigurationFile.read(configurationPath))?.settings
    if !acceptsPaths, let path = new.foreignPlaces(to: own).first {
      throw fault(
        Phrase("it would be put where nothing of this box is, ", "将写入本机未使用的位置 ") + path
          + Phrase(": if that is meant, add --accept-paths", "：如确需如此，请加 --accept-paths"))
    }
    places = new
  }
}
