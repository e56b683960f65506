// Files and directories as a whole: is there one, away with it, another name for it.

import Basics
import CLinux

public enum FileTree {
  public enum Kind: Sendable {
    case file
    case directory
    /// A link, a device.
    case other
  }

  /// nil: there is nothing. Links are not followed.
  public static func kind(of path: ByteString) -> Kind? {
    switch path.withCString({ linux_path_kind($0) }) {
    case 0: .file
    case 1: .directory
    case 2: .other
    default: nil
    }
  }

  /// Paths of the plain files in it, hidden ones left out, sorted; of directories within, so many deep.
  public static func files(in directory: ByteString, depth: Int) -> [ByteString] {
    var paths: [ByteString] = []
    for name in Directories.files(in: directory).sorted() {
      switch kind(of: directory + "/" + name) {
      case .file: paths.append(name)
      case .directory where depth > 0:
        paths += files(in: directory + "/" + name, depth: depth - 1).map { name + "/" + $0 }
      default: break
      }
    }
    return paths
  }

  /// With all that is in it. Nothing there is as good as removed.
  public static func remove(_ path: ByteString) throws(SystemError) {
    guard let kind = kind(of: path) else { return }
    guard kind == .directory else {
      guard path.withCString({ unlink($0) }) == 0 else { throw SystemError("unlink " + path, code: linux_errno()) }
      return
    }
    for name in Directories.all(in: path) { try remove(path + "/" + name) }
    guard path.withCString({ rmdir($0) }) == 0 else { throw SystemError("rmdir " + path, code: linux_errno()) }
  }

  /// On the disk when this returns. Both names are in one directory.
  public static func rename(_ old: ByteString, to new: ByteString) throws(SystemError) {
    let isRenamed = old.withCString { old in new.withCString { new in CLinux.rename(old, new) == 0 } }
    guard isRenamed else { throw SystemError("rename " + old, code: linux_errno()) }
    try Directories.force(Directories.parent(of: new))
  }

  /// That it is there, and what is in it where it is a directory, is on the disk when this returns; what is in the files
  /// is so when they were written.
  public static func force(_ path: ByteString) throws(SystemError) {
    try Directories.force(Directories.parent(of: path))
    try forceWithin(path)
  }

  private static func forceWithin(_ path: ByteString) throws(SystemError) {
    guard kind(of: path) == .directory else { return }
    try Directories.force(path)
    for name in Directories.all(in: path) { try forceWithin(path + "/" + name) }
  }

  /// One that is there is as good as made (mode 0750).
  public static func makeDirectory(_ path: ByteString) throws(SystemError) {
    try Directories.makeParent(of: path + "/")
  }

  /// With all that is in it, to whom the neighbour belongs; where there is none, to whom the directory around it does.
  public static func giveOwner(_ path: ByteString, of neighbour: ByteString) {
    let model = kind(of: neighbour) == nil ? Directories.parent(of: path) : neighbour
    give(path, model)
  }

  private static func give(_ path: ByteString, _ model: ByteString) {
    path.withCString { path in model.withCString { linux_give_owner(path, $0) } }
    guard kind(of: path) == .directory else { return }
    for name in Directories.all(in: path) { give(path + "/" + name, model) }
  }
}

/// A file that one process alone works with, as long as this lives.
public final class FileLock {
  private let descriptor: Int32

  /// - Throws: EWOULDBLOCK where another process has it, ENOENT where there is none.
  public init(_ path: ByteString) throws(SystemError) {
    descriptor = path.withCString { linux_open_to_read($0) }
    guard descriptor >= 0 else { throw SystemError("open " + path, code: linux_errno()) }
    guard linux_lock_file(descriptor) == 0 else { throw SystemError("lock " + path, code: linux_errno()) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
