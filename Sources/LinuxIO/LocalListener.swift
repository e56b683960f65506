// A Unix socket that people connect to: each connection with the user of the system behind it.

import Basics
import CLinux

public final class LocalListener {
  private let path: ByteString
  public let descriptor: Int32

  /// How many connections may wait to be accepted.
  static let backlog: Int32 = 8

  /// Takes the place of a socket that a killed process left behind, but not of one that somebody listens to (EADDRINUSE).
  /// Readable and writable for the user and the group. To be created while one thread runs.
  public init(path: ByteString) throws(SystemError) {
    self.path = path
    try Directories.makeParent(of: path)
    let other = path.withCString { linux_unix_socket($0, true, false) }
    if other >= 0 {
      close(other)
      throw SystemError(ByteString("bind ") + path, code: EADDRINUSE)
    }
    _ = path.withCString { unlink($0) }
    let mask = umask(0o117)
    descriptor = path.withCString { linux_unix_socket($0, true, true) }
    let code = linux_errno()
    umask(mask)
    guard descriptor >= 0 else { throw SystemError(ByteString("bind ") + path, code: code) }
    guard listen(descriptor, Self.backlog) == 0 else { throw SystemError("listen") }
  }
  deinit {
    if descriptor >= 0 {
      close(descriptor)
      _ = path.withCString { unlink($0) }
    }
  }

  /// The next connection, which is the caller's to close, and the number of its user; nil for one who may not connect.
  public func accept() -> (connection: Int32, user: Int?)? {
    let connection = linux_accept_unix(descriptor)
    guard connection >= 0 else { return nil }
    let user = linux_peer_user(connection)
    return (connection, user >= 0 && linux_peer_is_trusted(connection) ? Int(user) : nil)
  }
}
