// Reads a small file whole.

import Basics
import CLinux

public enum FileReadError: Error, Sendable, Equatable {
  case system(SystemError)
  case tooLarge(limit: Int)

  public var text: ByteString {
    switch self {
    case .system(let error): error.text
    case .tooLarge(let limit): ByteString("larger than ") + ByteString(limit) + " bytes"
    }
  }
}

extension FileReadError {
  /// There is no such file.
  public var isAbsence: Bool {
    if case .system(let error) = self { error.code == ENOENT } else { false }
  }
}

public enum FileReader {
  /// - Parameter limit: bytes; a larger file is refused, not cut.
  public static func read(_ path: ByteString, limit: Int) throws(FileReadError) -> [UInt8] {
    let descriptor = path.withCString { linux_open_to_read($0) }
    guard descriptor >= 0 else {
      throw .system(SystemError(ByteString("open ") + path, code: linux_errno()))
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = CLinux.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        let code = linux_errno()
        if code == EINTR { continue }
        throw .system(SystemError(ByteString("read ") + path, code: code))
      }
      guard bytes.count + count <= limit else { throw .tooLarge(limit: limit) }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
