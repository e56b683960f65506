// A file in the address space: its bytes cost memory only while they are looked at. Never unmapped.

import Basics
import CLinux

public enum MappedFile {
  /// - Parameter limit: bytes; a larger file is refused.
  public static func map(_ path: ByteString, limit: Int) throws(FileReadError) -> UnsafeRawBufferPointer {
    let descriptor = path.withCString { linux_open_to_read($0) }
    guard descriptor >= 0 else { throw .system(SystemError(ByteString("open ") + path, code: linux_errno())) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      throw .system(SystemError(ByteString("stat ") + path, code: linux_errno()))
    }
    let count = Int(information.st_size)
    guard count <= limit else { throw .tooLarge(limit: limit) }
    guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    guard let start = linux_map_to_read(descriptor, count) else {
      throw .system(SystemError(ByteString("mmap ") + path, code: linux_errno()))
    }
    return UnsafeRawBufferPointer(start: start, count: count)
  }
}
