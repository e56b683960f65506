// Directories that the program's own files stand in.

import Basics
import CLinux

public enum Directories {
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
}
