// This program once more, as a process of its own that does one thing: what happens to it happens to nobody else. What it
// writes to its standard output comes back as lines.

import Basics
import CLinux

public final class ChildProgram {
  public enum Limits {
    /// Of a line; the rest of it is dropped.
    public static let lineBytes = 512
    static let bytesAtOnce = 4_096
  }

  /// Readable when there are lines, or when it has ended.
  public let descriptor: Int32
  public let number: Int
  private var heard: [UInt8] = []

  /// It is ended with this object, and dies with the thread that makes it.
  public init(_ arguments: [ByteString]) throws(SystemError) {
    var reading: Int32 = -1
    var writing: Int32 = -1
    guard linux_pipe(&reading, &writing) == 0 else { throw SystemError("pipe") }
    let words = ([ByteString("branchline")] + arguments).map { word in word.withCString { strdup($0) } }
    var vector = words + [nil]
    let child = linux_start_self(&vector, writing)
    let code = linux_errno()
    for word in words { free(word) }
    close(writing)
    guard child > 0 else {
      close(reading)
      throw SystemError(ByteString("vfork"), code: code)
    }
    descriptor = reading
    number = Int(child)
  }
  deinit {
    linux_end_process(pid_t(number))
    close(descriptor)
  }

  /// The whole lines that have come; nil: it has ended.
  public func read() -> [ByteString]? {
    var chunk = [UInt8](repeating: 0, count: Limits.bytesAtOnce)
    let count = CLinux.read(descriptor, &chunk, chunk.count)
    if count == 0 { return nil }
    guard count > 0 else { return linux_errno() == EAGAIN ? [] : nil }
    var lines: [ByteString] = []
    for byte in chunk[..<count] {
      if byte == UInt8(ascii: "\n") {
        lines.append(ByteString(heard))
        heard = []
      } else if heard.count < Limits.lineBytes {
        heard.append(byte)
      }
    }
    return lines
  }
}

extension ProcessContext {
  /// For a process that strangers talk to: see `linux_become_minor`.
  public static func becomeMinor(descriptors: Int, memoryBytes: Int) {
    linux_become_minor(Int32(clamping: descriptors), memoryBytes)
  }
}
