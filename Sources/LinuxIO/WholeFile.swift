// A file that is there whole or not at all, whenever the power goes: written beside its name, forced to the disk, renamed,
// and the directory forced too. Waits for the disk.

import Basics
import CLinux

public enum WholeFile {
  /// For the owner alone, unless there is one already: then for whoever that is for.
  public static func write(_ bytes: [UInt8], to path: ByteString) throws(SystemError) {
    try Directories.makeParent(of: path)
    let partial = path + ".part"
    try FileWriter.write(bytes, to: partial, isPrivate: true, isForced: true)
    partial.withCString { new in path.withCString { linux_copy_owner($0, new) } }
    let isRenamed = partial.withCString { old in path.withCString { rename(old, $0) == 0 } }
    guard isRenamed else { throw SystemError(ByteString("rename ") + partial, code: linux_errno()) }
    try Directories.force(Directories.parent(of: path))
  }
}
