// A person's terminal: the standard streams, a serial device, or a connection; raw, and as it was before at the end.

import Basics
import CLinux

public final class Terminal {
  public enum Limits {
    static let bytesAtOnce = 4_096
    /// How long a terminal may take nothing before it counts as gone.
    static let patienceMilliseconds: Int32 = 10_000
  }
  public enum Event: Equatable {
    case bytes([UInt8])
    case lineBreak
    /// It hung up.
    case gone
  }

  public let input: Int32
  private let output: Int32
  /// Closed at the end.
  private let isOwn: Bool
  private var saved: termios?
  private var marks = SerialMarks()

  /// The standard streams. Without a terminal behind them bytes are taken as they come.
  public init() {
    (input, output, isOwn) = (0, 1, false)
    makeRaw(speed: 0)
  }

  /// A serial device: 8 bits, no parity.
  public init(device path: ByteString, speed: UInt32) throws(SystemError) {
    let descriptor = path.withCString { linux_open_terminal($0) }
    guard descriptor >= 0 else { throw SystemError(ByteString("open ") + path, code: linux_errno()) }
    (input, output, isOwn) = (descriptor, descriptor, true)
    guard makeRaw(speed: speed) else {
      let code = linux_errno()
      close(descriptor)
      throw SystemError(ByteString("not a terminal: ") + path, code: code)
    }
  }

  /// A connection, which is closed at the end.
  public init(connection: Int32) { (input, output, isOwn) = (connection, connection, true) }

  deinit {
    if var saved { linux_terminal_restore(input, &saved) }
    if isOwn { close(input) }
  }

  @discardableResult
  private func makeRaw(speed: UInt32) -> Bool {
    var before = termios()
    guard linux_terminal_raw(input, speed, &before) == 0 else { return false }
    saved = before
    return true
  }

  public var isTerminal: Bool { saved != nil }
  /// 0 where they are not known.
  public var size: (columns: Int, rows: Int) {
    (Int(linux_terminal_columns(output)), Int(linux_terminal_rows(output)))
  }

  /// What has come since.
  public func read() -> [Event] {
    var chunk = [UInt8](repeating: 0, count: Limits.bytesAtOnce)
    let count = CLinux.read(input, &chunk, chunk.count)
    guard count > 0 else {
      let code = linux_errno()
      return count < 0 && (code == EAGAIN || code == EINTR) ? [] : [.gone]
    }
    let bytes = Array(chunk[..<count])
    guard isTerminal else { return [.bytes(bytes)] }
    return marks.take(bytes).map { event in
      switch event {
      case .bytes(let bytes): .bytes(bytes)
      case .lineBreak: .lineBreak
      }
    }
  }

  /// All of it. False: it is gone.
  public func write(_ bytes: [UInt8]) -> Bool {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { CLinux.write(output, $0 + start, buffer.count - start) } ?? 0
      }
      if count > 0 {
        start += count
        continue
      }
      let code = linux_errno()
      if code == EINTR { continue }
      guard code == EAGAIN, linux_wait_writable(output, Limits.patienceMilliseconds) else { return false }
    }
    return true
  }
}
