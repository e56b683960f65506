// A bare UDP or TCP socket, for what no honest program sends.

import Foundation

public final class RawSocket {
  public enum Kind { case datagrams, stream }
  private let descriptor: Int32

  /// - Parameters:
  ///   - port: 0: any.
  ///   - target: as `address:port`; nil: nobody yet, for `answer`.
  public init(_ kind: Kind, from address: String, port: Int = 0, to target: String? = nil) throws {
    descriptor = socket(AF_INET, Int32((kind == .stream ? SOCK_STREAM : SOCK_DGRAM).rawValue), 0)
    guard descriptor >= 0 else { throw Failure("no socket: \(errno)") }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
    guard Self.with(address, port, { Glibc.bind(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      throw Failure("\(address):\(port) is taken")
    }
    guard let target else { return }
    let parts = target.split(separator: ":")
    guard Self.with(String(parts[0]), Int(parts[1]) ?? 0, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      throw Failure("\(target) cannot be reached: \(errno)")
    }
  }

  deinit { close(descriptor) }

  private static func with(
    _ address: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = UInt16(port).bigEndian
    inet_pton(AF_INET, address, &place.sin_addr)
    return withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  public var localPort: Int {
    var place = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return Int(UInt16(bigEndian: place.sin_port))
  }

  /// False: the other side has closed, or would not take it.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) } == bytes.count
  }

  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// What comes next; nil: nothing in time; empty: the stream has been closed.
  public func receive(seconds: Double = 5) -> String? {
    guard isReadable(within: seconds) else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }

  /// The first thing within the time that contains `text`.
  public func receive(containing text: String, seconds: Double = 5) throws -> String {
    let deadline = Date(timeIntervalSinceNow: seconds)
    var last = "nothing"
    while let next = receive(seconds: max(0, deadline.timeIntervalSinceNow)) {
      if next.contains(text) { return next }
      last = next
      if next.isEmpty { break }
    }
    throw Failure("no \"\(text)\" came back; the last was: \(last.prefix(300))")
  }

  /// All that comes of a stream until `text` does, and what came along with it.
  public func read(until text: String, seconds: Double = 5) throws -> String {
    let deadline = Date(timeIntervalSinceNow: seconds)
    var whole = ""
    while !whole.contains(text) {
      guard let next = receive(seconds: max(0, deadline.timeIntervalSinceNow)), !next.isEmpty else {
        throw Failure("no \"\(text)\" came; what did: \(whole.suffix(300))")
      }
      whole += next
    }
    return whole
  }

  /// Reads until the other side closes.
  public func isClosed(within seconds: Double) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while let next = receive(seconds: max(0, deadline.timeIntervalSinceNow)) { if next.isEmpty { return true } }
    return false
  }

  private func isReadable(within seconds: Double) -> Bool {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, Int32(seconds * 1000)) > 0
  }

  // MARK: - One socket, many peers

  /// A datagram and a way to answer it.
  public func receiveFrom(seconds: Double) -> (text: String, answer: @Sendable (String) -> Void)? {
    guard isReadable(within: seconds) else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var source = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = withUnsafeMutablePointer(to: &source) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
      }
    }
    guard count > 0 else { return nil }
    let (socket, peer) = (descriptor, source)
    return (
      String(decoding: buffer.prefix(count), as: UTF8.self),
      { text in
        var peer = peer
        let bytes = Array(text.utf8)
        _ = withUnsafePointer(to: &peer) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(socket, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
      }
    )
  }
}
