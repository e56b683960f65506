// The directory of the captures, `captures/` beside the database: for each a directory of its own with the files of its
// ring, and the files that were exported. To be used by threads that may wait for the disk.

import Basics
import LinuxIO

struct CaptureFolder: Sendable {
  struct Kept: Equatable {
    var name: ByteString
    /// An exported file; otherwise a directory.
    var isExport: Bool
    var files: Int
    var bytes: Int
  }

  let path: ByteString

  init(beside database: ByteString) { path = Directories.parent(of: database) + "/captures" }

  func directory(of name: ByteString) -> ByteString { path + "/" + name }
  /// Of the files of its ring.
  func prefix(of name: ByteString) -> ByteString { directory(of: name) + "/" + name }

  /// In the order of their names; those that are written now among them.
  var kept: [Kept] {
    Directories.files(in: path).sorted().map { name in
      if let bytes = DiskRoom.bytes(ofFile: directory(of: name)) {
        return Kept(name: name, isExport: true, files: 1, bytes: bytes)
      }
      let files = self.files(of: name)
      return Kept(
        name: name, isExport: false, files: files.count,
        bytes: files.reduce(0) { $0 + (DiskRoom.bytes(ofFile: $1) ?? 0) })
    }
  }

  /// Oldest first: their numbers have leading zeros.
  func files(of name: ByteString) -> [ByteString] {
    Directories.files(in: directory(of: name)).sorted().map { directory(of: name) + "/" + $0 }
  }

  func exists(_ name: ByteString) -> Bool { Directories.files(in: path).contains(name) }

  func delete(_ name: ByteString) throws(SystemError) {
    guard DiskRoom.bytes(ofFile: directory(of: name)) == nil else { return FileRemover.remove(directory(of: name)) }
    for file in files(of: name) { FileRemover.remove(file) }
    try Directories.remove(directory(of: name))
  }
}
