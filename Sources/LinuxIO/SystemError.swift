// A Linux call that failed: which one, and its errno.

import Basics
import CLinux

public struct SystemError: Error, Sendable, Equatable {
  /// What was tried, for people: `bind`, `open /etc/branchline.conf`.
  public let call: ByteString
  /// The number from errno(3).
  public let code: Int32

  public init(_ call: ByteString, code: Int32) {
    self.call = call
    self.code = code
  }
  /// Takes errno. To be made right after the call.
  init(_ call: StaticString) { self.init(ByteString(call), code: linux_errno()) }

  /// `EADDRINUSE`
  public var name: ByteString { Self.name(of: code) }
  public static func name(of code: Int32) -> ByteString {
    let name = linux_errno_name(code)
    return ByteString(Array(UnsafeRawBufferPointer(start: name, count: strlen(name))))
  }
  /// `bind: EADDRINUSE`
  public var text: ByteString { call + ": " + name }
}

extension ByteString {
  /// Calls `body` with the bytes and a zero after them. Bytes after an inner zero are not seen.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let terminated = bytes + [0]
    return terminated.withUnsafeBytes { body($0.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped) }
  }
}
