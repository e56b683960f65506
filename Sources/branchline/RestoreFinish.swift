// The end of a restore: the plan is on the disk, and what it names comes into its places. A start of the daemon does the
// same, should the power have failed before the end.

import Backup
import Basics
import Configuration
import LinuxIO

enum RestoreFinish {
  private static let planBytesMax = 65_536

  static func planPath(_ configurationPath: ByteString) -> ByteString { configurationPath + ".restore" }

  /// Nothing to be done is as good as done.
  static func finish(_ configurationPath: ByteString) throws(CommandFault) {
    let path = planPath(configurationPath)
    guard FileTree.kind(of: path) != nil else { return }
    let lock: FileLock
    do throws(SystemError) {
      lock = try FileLock(path)
    } catch {
      throw CommandFault(
        Phrase("a restore is being carried out: try again when it is done (", "正在恢复备份，请稍后再试（")
          + error.phrase + Phrase(")", "）"))
    }
    guard let bytes = try? FileReader.read(path, limit: planBytesMax), let plan = RestorePlan(parsing: bytes) else {
      throw CommandFault(
        Phrase(path)
          + Phrase(
            ": the plan of a restore that is damaged; remove it and restore the backup again",
            "：恢复计划已损坏；请删除后重新恢复备份"))
    }
    try CommandFault.of { () throws(SystemError) in
      for step in plan.steps { try carryOut(step) }
      FileRemover.remove(path)
      try Directories.force(Directories.parent(of: path))
    }
    // Nobody else may begin before the plan is gone.
    withExtendedLifetime(lock) {}
  }

  private static func carryOut(_ step: RestorePlan.Step) throws(SystemError) {
    switch step {
    case .setAside(let path, let kept, let staged):
      guard FileTree.kind(of: staged) != nil, FileTree.kind(of: path) != nil else { return }
      try FileTree.remove(kept)
      try FileTree.rename(path, to: kept)
    case .putInPlace(let staged, let path):
      guard FileTree.kind(of: staged) != nil else { return }
      try FileTree.rename(staged, to: path)
    }
  }
}
