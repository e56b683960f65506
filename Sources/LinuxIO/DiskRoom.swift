// How much room there is on a disk, and what files take of it.

import Basics
import CLinux

public struct DiskRoom: Hashable, Sendable {
  public let totalBytes: Int
  /// What an ordinary program may use.
  public let freeBytes: Int

  /// Of the disk that the path is on; nil where that is not known.
  public init?(at path: ByteString) {
    var (total, free): (Int64, Int64) = (0, 0)
    guard path.withCString({ linux_disk_room($0, &total, &free) }) else { return nil }
    totalBytes = Int(total)
    freeBytes = Int(free)
  }

  /// nil where there is no such file.
  public static func bytes(ofFile path: ByteString) -> Int? {
    let size = path.withCString { linux_file_size($0) }
    return size < 0 ? nil : Int(size)
  }

  /// How many files stand in a directory, and their bytes together; hidden ones aside.
  public static func files(in directory: ByteString) -> (count: Int, bytes: Int) {
    let names = Directories.files(in: directory)
    return (names.count, names.reduce(0) { $0 + (bytes(ofFile: directory + "/" + $1) ?? 0) })
  }
}
