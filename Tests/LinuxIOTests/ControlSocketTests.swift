import Basics
import CLinux
import Testing

@testable import LinuxIO

@Suite struct ControlSocketTests {
  private static func temporaryPath(_ name: String) -> ByteString {
    ByteString("/tmp/branchline-test-\(getpid())-\(name)")
  }

  /// Turns the server until it has a request, at most five seconds.
  private func request(_ server: ControlSocket) -> ControlSocket.Request? {
    while waitUntilReadable(server.descriptor) {
      server.turn(at: MonotonicClock.now)
      if let request = server.nextRequest() { return request }
    }
    return nil
  }

  @Test("a line is asked and its answer comes back whole, however long")
  func exchange() throws {
    let path = Self.temporaryPath("exchange")
    let server = try ControlSocket(path: path)
    let answer = [UInt8](repeating: UInt8(ascii: "a"), count: 3_000_000)
    let client = try NativeThreadResult {
      Result<[UInt8], ControlError> { () throws(ControlError) in
        try ControlClient.ask("calls all", at: path, milliseconds: 5_000)
      }
    }
    let asked = try #require(request(server))
    #expect(asked.line == "calls all" && asked.user == Int(getuid()))
    server.answer(asked.client, answer)
    while server.nextDeadline != nil, waitUntilReadable(server.descriptor) { server.turn(at: MonotonicClock.now) }
    let got = try #require(client.value()).get()
    let isWhole = got == answer
    #expect(isWhole)
    #expect(server.counters == ControlSocket.Counters(served: 1, refused: 0, timedOut: 0))
  }

  @Test("the socket may be used by user and group only, and goes away with the daemon")
  func permissions() throws {
    let path = Self.temporaryPath("mode")
    var server: ControlSocket? = try ControlSocket(path: path)
    var information = stat()
    #expect(stat(path.description, &information) == 0)
    #expect(information.st_mode & 0o777 == 0o660)
    server = nil
    #expect(server == nil && stat(path.description, &information) != 0)
    #expect(throws: ControlError.unreachable(SystemError(ByteString("connect ") + path, code: ENOENT))) {
      try ControlClient.ask("status", at: path, milliseconds: 100)
    }
  }

  @Test("a socket that a killed daemon left is replaced, one that is listened to is not")
  func restart() throws {
    let path = Self.temporaryPath("restart")
    let left = path.withCString { linux_unix_socket($0, true, true) }
    close(left)
    let server = try ControlSocket(path: path)
    #expect(throws: SystemError(ByteString("bind ") + path, code: EADDRINUSE)) { try ControlSocket(path: path) }
    withExtendedLifetime(server) {}
  }

  @Test("a client too many, one with an endless line, one that is silent: each is closed and counted")
  func bounds() throws {
    let path = Self.temporaryPath("bounds")
    let server = try ControlSocket(path: path)
    let start = MonotonicClock.now
    func connectClient() -> Int32 { path.withCString { linux_unix_socket($0, true, false) } }
    func isClosed(_ client: Int32) -> Bool {
      var byte: UInt8 = 0
      return waitUntilReadable(client) && read(client, &byte, 1) <= 0
    }
    var clients: [Int32] = []
    for _ in 0..<ControlSocket.Limits.clients {
      clients.append(connectClient())
      server.turn(at: start)
    }
    let tooMany = connectClient()
    server.turn(at: start)
    #expect(server.counters.refused == 1 && isClosed(tooMany))

    let endless = [UInt8](repeating: UInt8(ascii: "x"), count: ControlSocket.Limits.lineBytes + 1)
    for _ in 0..<2 {
      _ = linux_send(clients[0], endless, endless.count)
      server.turn(at: start)
    }
    #expect(server.counters.refused == 2 && isClosed(clients[0]))

    server.turn(at: start + .seconds(ControlSocket.Limits.clientSeconds + 1))
    #expect(server.counters.timedOut == ControlSocket.Limits.clients - 1)
    #expect(isClosed(clients[1]) && server.nextDeadline == nil)
    for client in clients + [tooMany] { close(client) }
  }

  @Test("an answer to a client that left meanwhile is dropped")
  func clientLeft() throws {
    let path = Self.temporaryPath("left")
    let server = try ControlSocket(path: path)
    let client = path.withCString { linux_unix_socket($0, true, false) }
    _ = linux_send(client, "status\n", 7)
    let asked = try #require(request(server))
    close(client)
    server.answer(asked.client, bytes("{}"))
    server.turn(at: MonotonicClock.now)
    #expect(server.nextDeadline == nil)
  }
}
