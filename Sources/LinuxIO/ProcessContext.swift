// What the program was started with: arguments and environment. Embedded Swift has no CommandLine.

import Basics
import CLinux

public enum ProcessContext {
  /// The arguments after the program's name.
  public static func arguments() throws(FileReadError) -> [ByteString] {
    var all: [ByteString] = []
    var rest = try FileReader.read("/proc/self/cmdline", limit: 1_048_576)[...]
    while let end = rest.firstIndex(of: 0) {
      all.append(ByteString(rest[rest.startIndex..<end]))
      rest = rest[(end + 1)...]
    }
    return Array(all.dropFirst())
  }

  /// nil where it is not set or empty.
  public static func environment(_ name: ByteString) -> ByteString? {
    guard let value = name.withCString({ getenv($0) }), value.pointee != 0 else { return nil }
    return ByteString(Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
  }

  /// Fewer and smaller heaps, for a program of few threads on a small box. To be called first.
  public static func keepMemorySmall() { linux_malloc_small() }

  /// Every stream has a socket of its own: the usual 1,024 descriptors are not enough for a large branch.
  public static func allowManyDescriptors() { linux_raise_descriptor_limit() }

  /// After the start: the code that only the start needed leaves memory.
  public static func releaseStartCode() { linux_release_code() }

  /// The number of the user this runs as.
  public static var user: Int { Int(geteuid()) }

  /// `pts/1`; nil where the standard input is no terminal.
  public static var terminalName: ByteString? {
    var name = [CChar](repeating: 0, count: 64)
    guard ttyname_r(0, &name, name.count) == 0 else { return nil }
    let path = ByteString(name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    return path.hasPrefix("/dev/") ? path.dropFirst(5) : path
  }

  /// From the root, wherever the program that reads it later stands.
  public static func absolute(_ path: ByteString) -> ByteString {
    var here = [CChar](repeating: 0, count: 4_096)
    guard !path.hasPrefix("/"), getcwd(&here, here.count) != nil else { return path }
    return ByteString(here.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }) + "/" + path
  }

  /// The name this was called by, without its directory and without the `-` of a log-in.
  public static var calledAs: ByteString {
    guard let arguments = try? FileReader.read("/proc/self/cmdline", limit: 65_536) else { return "" }
    let name = arguments.prefix { $0 != 0 }
    let base = name.lastIndex(of: UInt8(ascii: "/")).map { name[($0 + 1)...] } ?? name
    return ByteString(base.first == UInt8(ascii: "-") ? base.dropFirst() : base)
  }

  public static func exit(_ code: Int32) -> Never { CLinux.exit(code) }

  /// Bytes of memory in use that are this program's own, and all that it has mapped in, code included.
  public static func residentBytes() -> Int? {
    // Pages: total, resident, shared …
    guard let text = try? FileReader.read("/proc/self/statm", limit: 4_096) else { return nil }
    let fields = text.split(separator: UInt8(ascii: " "))
    guard fields.count > 1, let pages = Int(decimalDigits: fields[1]) else { return nil }
    return pages * Int(getpagesize())
  }
}

public enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Writes all of it, blocking; for commands that a person waits for. A closed stream swallows the rest.
  public func write(_ bytes: [UInt8]) {
    var start = 0
    bytes.withUnsafeBytes { buffer in
      while start < buffer.count, let base = buffer.baseAddress {
        let count = CLinux.write(rawValue, base + start, buffer.count - start)
        if count < 0 && linux_errno() == EINTR { continue }
        guard count > 0 else { return }
        start += count
      }
    }
  }
  public func writeLine(_ text: ByteString) { write(text.bytes + [UInt8(ascii: "\n")]) }
}
