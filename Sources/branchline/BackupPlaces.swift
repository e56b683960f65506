// Where on a box the files of a backup are, and belong.

import Backup
import Basics
import BranchConfiguration
import Configuration
import LinuxIO

struct BackupPlaces {
  let configuration: ByteString
  let database: ByteString
  /// nil: those that came with the program.
  private let prompts: ByteString?

  init(_ configurationPath: ByteString, _ settings: BranchSettings) {
    configuration = configurationPath
    database = settings.storagePath
    prompts = settings.promptsDirectory == BranchSettings().promptsDirectory ? nil : settings.promptsDirectory
  }

  /// Places outside those of the program that a configuration names and this box's own does not: an archive may be
  /// anybody's, and what is put there runs, or is read, as it stands.
  func foreignPlaces(to own: BranchSettings?) -> [ByteString] {
    let known = [BranchSettings(), own].compactMap { $0 }
    var foreign: [ByteString] = []
    if !known.contains(where: { $0.storagePath == database }) { foreign.append(database) }
    if let prompts, !known.contains(where: { $0.promptsDirectory == prompts }) { foreign.append(prompts) }
    return foreign
  }

  /// One backup or restore at a time, for both use the same names beside the database. nil: nothing was here before.
  static func lock(_ configurationPath: ByteString) throws(CommandFault) -> FileLock? {
    let path = RevisionFiles.keyPath(in: RevisionFiles.directory(configurationPath))
    guard FileTree.kind(of: path) != nil else { return nil }
    do throws(SystemError) {
      return try FileLock(path)
    } catch {
      throw CommandFault(
        Phrase("another backup or restore is under way: try again when it is done (", "正在进行另一备份或恢复，请稍后再试（")
          + error.phrase + Phrase(")", "）"))
    }
  }

  /// Directories that are in a backup as they are.
  static var soundDirectories: [MemberName.Place] { [.names, .prompts, .voicemail] }

  /// nil: it stands in no file of its own, or is none of the box's.
  func path(of place: MemberName.Place) -> ByteString? {
    switch place {
    case .configuration: configuration
    case .revisions: RevisionFiles.directory(configuration)
    case .database: database
    case .names: Directories.parent(of: database) + "/names"
    case .prompts: prompts
    case .voicemail: Directories.parent(of: database) + "/voicemail"
    case .deviceKey, .manifest: nil
    }
  }
}
