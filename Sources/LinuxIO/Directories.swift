// Directories that the program's own files stand in.

import Basics
import CLinux

public enum Directories {
  /// The names of what stands in it, hidden entries aside; none where it cannot be read.
  public static func files(in path: ByteString) -> [ByteString] { all(in: path).filter { !$0.hasPrefix(".") } }

  /// Hidden ones too, but for the directory itself and the one around it.
  static func all(in path: ByteString) -> [ByteString] {
    guard let directory = path.withCString({ linux_open_directory($0) }) else { return [] }
    defer { linux_close_directory(directory) }
    var names: [ByteString] = []
    while let entry = linux_next_entry(directory) {
      let name = ByteString(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// `/var/lib` for `/var/lib/file`; `.` for a name alone.
  public static func parent(of path: ByteString) -> ByteString {
    guard let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return ByteString(path.bytes[..<slash])
  }

  /// What was made, renamed or removed in it is on the disk when this returns.
  public static func force(_ path: ByteString) throws(SystemError) {
    guard path.withCString({ linux_force_directory($0) }) == 0 else {
      throw SystemError(ByteString("fsync ") + path, code: linux_errno())
    }
  }

  /// Makes the directory that `path` stands in, and those above it, where they are missing (mode 0750).
  public static func makeParent(of path: ByteString) throws(SystemError) {
    let bytes = path.bytes
    for end in bytes.indices.dropFirst() where bytes[end] == UInt8(ascii: "/") {
      let directory = ByteString(bytes[..<end])
      let code = directory.withCString { mkdir($0, 0o750) == 0 ? 0 : linux_errno() }
      // On a read-only system the error for one that stands may be another than EEXIST.
      guard code == 0 || directory.withCString({ access($0, F_OK) }) == 0 else {
        throw SystemError(ByteString("mkdir ") + directory, code: code)
      }
    }
  }

  /// Removes an empty one.
  public static func remove(_ path: ByteString) throws(SystemError) {
    guard path.withCString({ rmdir($0) }) == 0 else {
      throw SystemError(ByteString("rmdir ") + path, code: linux_errno())
    }
  }

  /// False where it is there already.
  public static func make(_ path: ByteString, isPrivate: Bool) throws(SystemError) -> Bool {
    if path.withCString({ mkdir($0, isPrivate ? 0o700 : 0o750) }) == 0 { return true }
    guard linux_errno() == EEXIST else { throw SystemError(ByteString("mkdir ") + path, code: linux_errno()) }
    return false
  }
}
