// A TCP connection. Never blocks: what the kernel does not take at once waits in a bounded buffer until the poller says
// that the connection is writable. Framing is the core's affair.

import Basics
import CLinux

public final class StreamConnection {
  public enum Received {
    case bytes(count: Int)
    /// Nothing is waiting.
    case nothing
    /// The peer closed its side, or the connection broke.
    case closed
  }
  public enum Limits {
    /// Bytes that wait for a slow peer, before it is given up.
    public static let unsentBytes = 262_144
  }

  public let descriptor: Int32
  private var unsent: [UInt8] = []
  private var sentOfUnsent = 0
  /// The connection is not established yet; `finishConnecting` tells how it ended.
  public private(set) var isConnecting: Bool

  init(accepted: Int32) {
    descriptor = accepted
    isConnecting = false
    prepare()
  }

  /// Starts to connect. The poller says writable when it is established or has failed.
  public init(
    connectingTo endpoint: Endpoint, serviceClass: ServiceClass = .signalling
  ) throws(SystemError) {
    let isV6 = !endpoint.address.isV4
    descriptor = linux_socket(isV6, true)
    guard descriptor >= 0 else { throw SystemError("socket") }
    isConnecting = true
    _ = linux_set_dscp(descriptor, isV6, serviceClass.rawValue)
    prepare()
    var address = endpoint.linux
    guard linux_connect(descriptor, &address) == 0 || linux_errno() == EINPROGRESS else {
      throw SystemError(ByteString("connect ") + endpoint.text, code: linux_errno())
    }
  }
  deinit { close(descriptor) }

  private func prepare() { _ = linux_set_no_delay(descriptor) }

  /// To be watched for writability: it is connecting, or bytes wait.
  public var wantsToWrite: Bool { isConnecting || sentOfUnsent < unsent.count }

  /// After the first writable event: whether the connection is established. What was written meanwhile goes out with
  /// the next `flush`.
  public func finishConnecting() -> Bool {
    isConnecting = false
    return linux_socket_error(descriptor) == 0
  }

  public func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
    guard let start = buffer.baseAddress else { return .nothing }
    let count = read(descriptor, start, buffer.count)
    if count > 0 { return .bytes(count: count) }
    if count == 0 { return .closed }
    let code = linux_errno()
    return code == EAGAIN || code == EINTR ? .nothing : .closed
  }

  /// Sends, or keeps for later. False when the connection is broken, or the peer so slow that the buffer is full: it
  /// is then to be closed.
  public func write(_ bytes: [UInt8]) -> Bool {
    var start = 0
    if !wantsToWrite {
      guard let sent = sendNow(bytes, from: 0) else { return false }
      start = sent
    }
    guard start < bytes.count else { return true }
    guard unsent.count - sentOfUnsent + bytes.count - start <= Limits.unsentBytes else { return false }
    unsent.append(contentsOf: bytes[start...])
    return true
  }

  /// Sends what waits, as far as the kernel takes it. False when the connection is broken.
  public func flush() -> Bool {
    guard !isConnecting, sentOfUnsent < unsent.count else { return true }
    guard let sent = sendNow(unsent, from: sentOfUnsent) else { return false }
    sentOfUnsent += sent
    if sentOfUnsent == unsent.count {
      unsent.removeAll()
      sentOfUnsent = 0
    } else if sentOfUnsent >= Limits.unsentBytes / 4 {
      unsent.removeFirst(sentOfUnsent)
      sentOfUnsent = 0
    }
    return true
  }

  /// How many bytes the kernel took, nil on a broken connection.
  private func sendNow(_ bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { buffer in
      guard start < buffer.count, let base = buffer.baseAddress else { return 0 }
      let sent = linux_send(descriptor, base + start, buffer.count - start)
      if sent >= 0 { return sent }
      let code = linux_errno()
      return code == EAGAIN || code == EINTR ? 0 : nil
    }
  }
}
