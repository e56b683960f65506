// What stands in a directory, and how large a file is.

import Basics
import CSQLite

enum DirectoryEntries {
  /// In no order; none where the directory cannot be read.
  static func names(in directory: ByteString) -> [ByteString] {
    var names: [ByteString] = []
    guard let listing = directory.withCString({ opendir($0) }) else { return [] }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      guard let text = csqlite_entry_name(entry) else { continue }
      names.append(ByteString(cString: text))
    }
    return names
  }

  /// nil: there is none.
  static func size(of path: ByteString) -> Int? {
    var status = stat()
    return path.withCString { stat($0, &status) } == 0 ? Int(status.st_size) : nil
  }

  /// The directory that a path stands in.
  static func parent(of path: ByteString) -> ByteString {
    guard let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == 0 ? "/" : ByteString(path.bytes[..<slash])
  }
}
