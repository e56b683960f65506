// A UDP socket. Never blocks; what cannot be sent at once is lost, as datagrams are.

import Basics
import CLinux

public final class DatagramSocket {
  public struct Datagram {
    public let from: Endpoint
    /// Bytes that are in the buffer.
    public let count: Int
    /// The datagram was longer than the buffer: its end is lost.
    public let isTruncated: Bool
  }

  public let descriptor: Int32
  /// IPv4 peers stand behind mapped addresses, which nobody else is to see.
  private let servesBoth: Bool

  /// - Parameters:
  ///   - receiveBuffer: bytes the kernel may keep for us between two reads; it may grant less. nil: its own choice, some
  ///     hundred kilobytes.
  ///   - servesBoth: an IPv6 socket that serves IPv4 too.
  public init(
    bindingTo endpoint: Endpoint, serviceClass: ServiceClass, receiveBuffer: Int? = nil, servesBoth: Bool = false
  ) throws(SystemError) {
    let isV6 = !endpoint.address.isV4
    self.servesBoth = servesBoth && isV6
    descriptor = linux_socket(isV6, false)
    guard descriptor >= 0, !self.servesBoth || linux_serve_both(descriptor) == 0 else { throw SystemError("socket") }
    if self.servesBoth { _ = linux_set_dscp(descriptor, false, serviceClass.rawValue) }
    // What these two ask for is a wish; the socket works without.
    _ = linux_set_dscp(descriptor, isV6, serviceClass.rawValue)
    if let receiveBuffer { _ = linux_set_option(descriptor, SO_RCVBUF, Int32(clamping: receiveBuffer)) }
    var address = endpoint.linux
    guard linux_bind(descriptor, &address) == 0 else {
      throw SystemError(ByteString("bind ") + endpoint.text, code: linux_errno())
    }
  }
  deinit { close(descriptor) }

  /// Where it is bound: tells the port that was chosen when 0 was asked for.
  public var localEndpoint: Endpoint? {
    var address = linux_address()
    return linux_local_address(descriptor, &address) == 0 ? Endpoint(address) : nil
  }

  /// The next datagram, or nil when none is waiting.
  public func receive(into buffer: UnsafeMutableRawBufferPointer) -> Datagram? {
    guard let start = buffer.baseAddress else { return nil }
    var address = linux_address()
    let length = linux_receive_from(descriptor, start, buffer.count, &address)
    guard length >= 0 else { return nil }
    let from = servesBoth ? Endpoint(address).unmapped : Endpoint(address)
    return Datagram(from: from, count: min(length, buffer.count), isTruncated: length > buffer.count)
  }

  /// The errno of the failure, 0 when it was sent. EAGAIN: the kernel's buffer is full.
  @discardableResult
  public func send(_ bytes: UnsafeRawBufferPointer, to endpoint: Endpoint) -> Int32 {
    guard let start = bytes.baseAddress else { return 0 }
    var address = servesBoth ? endpoint.mapped.linux : endpoint.linux
    return linux_send_to(descriptor, start, bytes.count, &address) >= 0 ? 0 : linux_errno()
  }
  @discardableResult
  public func send(_ bytes: [UInt8], to endpoint: Endpoint) -> Int32 {
    bytes.withUnsafeBytes { send($0, to: endpoint) }
  }
}
