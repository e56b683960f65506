// Keeps a directory of files that people ask for from growing for ever.

import Basics
import CLinux

public enum OldFiles {
  /// Those that were written longest ago go, until so many are left. Hidden ones stay.
  public static func remove(in directory: ByteString, keeping count: Int) {
    var files = Directories.files(in: directory).map { name in
      let path = directory + "/" + name
      return (path: path, time: path.withCString { linux_file_time($0) })
    }
    files.sort { $0.time < $1.time }
    for file in files.prefix(max(0, files.count - count)) { FileRemover.remove(file.path) }
  }
}
