// Files too large to be held whole, piece by piece. Both wait for the disk.

import Basics
import CLinux

public final class FileSource {
  private let path: ByteString
  private let descriptor: Int32
  private var chunk: [UInt8]

  /// - Parameter bytesAtOnce: of one piece.
  public init(_ path: ByteString, bytesAtOnce: Int) throws(SystemError) {
    self.path = path
    chunk = [UInt8](repeating: 0, count: bytesAtOnce)
    descriptor = path.withCString { linux_open_to_read($0) }
    guard descriptor >= 0 else { throw SystemError(ByteString("open ") + path, code: linux_errno()) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Bytes and seconds since 1970, as they stood when it was opened.
  public var state: (bytes: Int, modifiedAt: Int64) {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { return (0, 0) }
    return (Int(information.st_size), Int64(information.st_mtim.tv_sec))
  }

  /// Empty at the end.
  public func next() throws(SystemError) -> [UInt8] {
    while true {
      let count = CLinux.read(descriptor, &chunk, chunk.count)
      if count >= 0 { return Array(chunk[..<count]) }
      let code = linux_errno()
      guard code == EINTR else { throw SystemError(ByteString("read ") + path, code: code) }
    }
  }
}

public final class FileSink {
  private let path: ByteString
  private let descriptor: Int32

  /// In place of what stood there, which is not written to, whoever put it there. For the owner alone.
  public init(_ path: ByteString) throws(SystemError) {
    self.path = path
    descriptor = path.withCString { linux_open_new($0, 0o600) }
    guard descriptor >= 0 else { throw SystemError(ByteString("open ") + path, code: linux_errno()) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  public func write(_ bytes: [UInt8]) throws(SystemError) { try FileWriter.write(bytes, on: descriptor, of: path) }

  /// On the disk when this returns.
  public func force() throws(SystemError) {
    guard fsync(descriptor) == 0 else { throw SystemError(ByteString("fsync ") + path, code: linux_errno()) }
  }
}
