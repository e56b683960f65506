// Writes a small file whole, over what stood there.

import Basics
import CLinux

public enum FileWriter {
  /// - Parameters:
  ///   - isPrivate: a new file is for the owner alone.
  ///   - isForced: on the disk when this returns.
  public static func write(
    _ bytes: [UInt8], to path: ByteString, isPrivate: Bool = false, isForced: Bool = false
  ) throws(SystemError) {
    let descriptor = path.withCString { linux_open_to_write($0, isPrivate ? 0o600 : 0o640) }
    guard descriptor >= 0 else { throw SystemError(ByteString("open ") + path, code: linux_errno()) }
    defer { close(descriptor) }
    try write(bytes, on: descriptor, of: path)
    guard !isForced || fsync(descriptor) == 0 else {
      throw SystemError(ByteString("fsync ") + path, code: linux_errno())
    }
  }

  /// All of it, however little the system takes at once.
  static func write(_ bytes: [UInt8], on descriptor: Int32, of path: ByteString) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        CLinux.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        let code = linux_errno()
        if code == EINTR { continue }
        throw SystemError(ByteString("write ") + path, code: code)
      }
      written += count
    }
  }
}
