// Where on a box the files of a backup are, and belong.

import Backup
import Basics
import BranchConfiguration
import LinuxIO

struct BackupPlaces {
  let configuration: ByteString
  let database: ByteString
  private let prompts: ByteString

  init(_ configurationPath: ByteString, _ settings: BranchSettings) {
    configuration = configurationPath
    database = settings.storagePath
    prompts = settings.promptsDirectory
  }

  /// Directories that are in a backup as they are.
  static var soundDirectories: [MemberName.Place] { [.names, .prompts, .voicemail] }

  /// nil: what is there stands in no file of its own.
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
