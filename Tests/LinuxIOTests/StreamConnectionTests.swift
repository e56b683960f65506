import Basics
import CLinux
import Testing

@testable import LinuxIO

@Suite struct StreamConnectionTests {
  /// A connected pair through a listener.
  private func pair() throws -> (client: StreamConnection, server: StreamConnection) {
    let listener = try StreamListener(bindingTo: anyLoopbackPort)
    let client = try StreamConnection(connectingTo: try #require(listener.localEndpoint))
    #expect(client.isConnecting && client.wantsToWrite)
    let poller = try Poller<UInt64>()
    try poller.add(client.descriptor, 1, reads: false, writes: true)
    #expect(firstEvent(poller)?.isWritable == true)
    #expect(client.finishConnecting())
    #expect(waitUntilReadable(listener.descriptor))
    let accepted = try #require(listener.accept())
    #expect(accepted.from.address == .loopbackV4)
    #expect(listener.accept() == nil)
    return (client, accepted.connection)
  }

  private func readAll(_ connection: StreamConnection, _ count: Int) -> [UInt8] {
    var got: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while got.count < count, waitUntilReadable(connection.descriptor) {
      guard case .bytes(let n) = buffer.withUnsafeMutableBytes({ connection.receive(into: $0) }) else { break }
      got += buffer[..<n]
    }
    return got
  }

  @Test("bytes go both ways, and the end of one side is seen by the other")
  func echo() throws {
    var (client, server): (StreamConnection?, StreamConnection) = try pair()
    #expect(client?.write(bytes("OPTIONS")) == true)
    #expect(readAll(server, 7) == bytes("OPTIONS"))
    #expect(server.write(bytes("200")))
    #expect(readAll(try #require(client), 3) == bytes("200"))
    client = nil
    #expect(waitUntilReadable(server.descriptor))
    var buffer = [UInt8](repeating: 0, count: 10)
    guard case .closed = buffer.withUnsafeMutableBytes({ server.receive(into: $0) }) else {
      Issue.record("the closed connection was not noticed")
      return
    }
  }

  @Test("what the kernel does not take at once waits, goes out in order later, and the peer gets every byte")
  func partialWrites() throws {
    let (client, server) = try pair()
    _ = linux_set_option(client.descriptor, SO_SNDBUF, 4_096)
    _ = linux_set_option(server.descriptor, SO_RCVBUF, 4_096)
    var sent: [UInt8] = []
    var step = 0
    while !client.wantsToWrite, step < 10_000 {
      let block = (0..<1_000).map { UInt8(truncatingIfNeeded: sent.count + $0) }
      #expect(client.write(block))
      sent += block
      step += 1
    }
    #expect(client.wantsToWrite)
    let reader = try NativeThreadResult { readAll(server, sent.count) }
    let poller = try Poller<UInt64>()
    try poller.add(client.descriptor, 1, reads: false, writes: true)
    while client.wantsToWrite, firstEvent(poller) != nil { #expect(client.flush()) }
    // Compared outside, so that a failure does not print a megabyte.
    let isWhole = reader.value() == sent
    #expect(isWhole)
  }

  @Test("a peer that reads nothing is given up when the buffer is full")
  func slowPeer() throws {
    let (client, server) = try pair()
    var written = 0
    let block = [UInt8](repeating: 1, count: 65_536)
    while client.write(block) {
      written += block.count
      guard written < 100_000_000 else { break }
    }
    #expect(written >= StreamConnection.Limits.unsentBytes && written < 100_000_000)
    withExtendedLifetime(server) {}
  }

  @Test("what is written while connecting goes out afterwards")
  func writeWhileConnecting() throws {
    let listener = try StreamListener(bindingTo: anyLoopbackPort)
    let client = try StreamConnection(connectingTo: try #require(listener.localEndpoint))
    #expect(client.write(bytes("early")))
    let poller = try Poller<UInt64>()
    try poller.add(client.descriptor, 1, reads: false, writes: true)
    #expect(firstEvent(poller) != nil && client.finishConnecting() && client.flush())
    #expect(!client.wantsToWrite)
    #expect(waitUntilReadable(listener.descriptor))
    #expect(readAll(try #require(listener.accept()).connection, 5) == bytes("early"))
  }

  @Test("connecting where nobody listens fails when it is finished")
  func refused() throws {
    let endpoint = try #require(try StreamListener(bindingTo: anyLoopbackPort).localEndpoint)
    let client = try StreamConnection(connectingTo: endpoint)
    let poller = try Poller<UInt64>()
    try poller.add(client.descriptor, 1, reads: false, writes: true)
    #expect(firstEvent(poller) != nil)
    #expect(!client.finishConnecting())
  }

  @Test("a port is taken while somebody listens, and free at once afterwards although old connections linger")
  func reuse() throws {
    var listener: StreamListener? = try StreamListener(bindingTo: anyLoopbackPort)
    let endpoint = try #require(listener?.localEndpoint)
    #expect(throws: SystemError(ByteString("bind ") + endpoint.text, code: EADDRINUSE)) {
      try StreamListener(bindingTo: endpoint)
    }
    let client = try StreamConnection(connectingTo: endpoint)
    #expect(waitUntilReadable(try #require(listener).descriptor))
    // The side that closes first keeps the port in TIME-WAIT.
    #expect(listener?.accept() != nil)
    #expect(waitUntilReadable(client.descriptor))
    listener = nil
    let again = try StreamListener(bindingTo: endpoint)
    #expect(again.localEndpoint == endpoint)
  }
}

/// Runs a closure on another thread and hands back what it gave.
final class NativeThreadResult<Value>: @unchecked Sendable {
  private var result: Value?
  private var thread: NativeThread?

  init(_ body: @escaping () -> Value) throws {
    thread = try NativeThread(name: "test", stackBytes: 262_144) { [unowned self] in self.result = body() }
  }
  func value() -> Value? {
    thread?.join()
    return result
  }
}
