// A line that says whether the power is failing: of a GPIO chip (gpio(4), character device version 2), or a file whose
// first character is 0 or 1, as those of /sys/class/power_supply are. The level counts; edges only say when to look.

import Basics
import CLinux

public final class PowerLine {
  public enum Source: Hashable, Sendable {
    /// A chip's device file, and the number of the line on it.
    case gpio(ByteString, line: UInt32, debounce: Interval)
    case file(ByteString)
  }

  /// Readable after an edge; nil of a file, which is to be read now and then.
  public let descriptor: Int32?
  private let path: ByteString
  private let isActiveLow: Bool

  /// - Throws: where there is no such chip or line, or somebody else uses it. A file need not be there yet.
  public init(_ source: Source, isActiveLow: Bool) throws(SystemError) {
    self.isActiveLow = isActiveLow
    switch source {
    case .file(let path):
      self.path = path
      descriptor = nil
    case .gpio(let path, let line, let debounce):
      self.path = path
      let chip = path.withCString { linux_open_to_read($0) }
      guard chip >= 0 else { throw SystemError("open " + path, code: linux_errno()) }
      defer { close(chip) }
      let microseconds = UInt32(clamping: debounce.nanoseconds / 1_000)
      let opened = linux_gpio_line(chip, line, isActiveLow, microseconds)
      guard opened >= 0 else {
        throw SystemError(path + " line " + ByteString(Int(line)), code: linux_errno())
      }
      descriptor = opened
    }
  }
  deinit { if let descriptor { close(descriptor) } }

  /// Takes the edges that have arrived, and says whether the line is active.
  public func isActive() throws(SystemError) -> Bool {
    guard let descriptor else { return try isFileActive() }
    clear(descriptor)
    let value = linux_gpio_value(descriptor)
    guard value >= 0 else { throw SystemError("read " + path, code: linux_errno()) }
    return value == 1
  }

  private func clear(_ descriptor: Int32) {
    withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 8) { buffer in
      while let start = buffer.baseAddress, read(descriptor, start, buffer.count) > 0 {}
    }
  }

  private func isFileActive() throws(SystemError) -> Bool {
    let bytes: [UInt8]
    do throws(FileReadError) {
      bytes = try FileReader.read(path, limit: 4_096)
    } catch {
      switch error {
      case .system(let error): throw error
      case .tooLarge: throw SystemError("read " + path, code: EFBIG)
      }
    }
    switch bytes.first {
    case UInt8(ascii: "0"): return isActiveLow
    case UInt8(ascii: "1"): return !isActiveLow
    default: throw SystemError("read " + path, code: EINVAL)
    }
  }
}
