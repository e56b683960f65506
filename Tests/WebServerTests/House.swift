// A server with both its sides in the test's hands: connections over loopback, and the daemon's end of the channel.

import Basics
import Glibc
import Supervision
import Testing
import WebServer

final class House {
  let server: WebServer
  let daemon: Int32
  private let port: UInt16
  private var connections: [Int32] = []

  init(certificate: [UInt8]? = WebServer.makeCertificate()) throws {
    port = try Self.freePort()
    var pair: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32((SOCK_STREAM).rawValue | SOCK_NONBLOCK.rawValue), 0, &pair) == 0)
    daemon = pair[0]
    let pem = try #require(certificate)
    server = try WebServer(
      at: Endpoint(.v4(0x7F00_0001), port), certificate: pem, key: pem, daemon: pair[1])
  }
  deinit { for descriptor in connections + [daemon] { close(descriptor) } }

  private static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    try #require(with(1, 0) { bind(descriptor, $0, $1) } == 0)
    var place = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return UInt16(bigEndian: place.sin_port)
  }

  /// 127.0.0.HOST
  private static func with(
    _ host: UInt8, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = (0x7F00_0000 | UInt32(host)).bigEndian
    return withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  // MARK: Browsers

  /// A silent connection, which the server has seen.
  func connect(from host: UInt8) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    connections.append(descriptor)
    try #require(Self.with(host, 0, { bind(descriptor, $0, $1) }) == 0)
    try #require(Self.with(1, port, { Glibc.connect(descriptor, $0, $1) }) == 0)
    let before = server.counters.taken
    turn { self.server.counters.taken > before }
    // What it decides about is done in the turn after.
    turn { false }
    return descriptor
  }

  func isClosed(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT)) == 0
  }

  // MARK: The loop

  /// Until that is so, or nothing happens any more.
  func turn(until isDone: () -> Bool) {
    for _ in 0..<200 where !isDone() {
      let now = Instant.zero
      let before = server.counters
      server.turn(until: now + .milliseconds(5), at: now)
      if !isDone(), server.counters == before { break }
    }
  }

  /// All that has happened, as text.
  func happenings() -> [String] {
    var all: [String] = []
    for _ in 0..<20 {
      server.turn(until: .zero + .milliseconds(5), at: .zero)
      while let input = server.next() {
        switch input {
        case .answered(let number, let bytes): all.append("\(number) \(String(decoding: bytes, as: UTF8.self))")
        case .unanswered(let number): all.append("\(number) nothing")
        default: all.append("something else")
        }
      }
    }
    return all
  }

  // MARK: The daemon

  func asked() -> String {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    _ = happenings()
    let count = read(daemon, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  func answer(_ text: String) { _ = text.withCString { write(daemon, $0, strlen($0)) } }
}
