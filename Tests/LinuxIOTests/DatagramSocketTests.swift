import Basics
import CLinux
import Testing

@testable import LinuxIO

@Suite struct DatagramSocketTests {
  @Test(
    "a datagram arrives whole with its sender's address, and so does the echo",
    arguments: [Endpoint(.loopbackV4, 0), Endpoint(.v6(high: 0, low: 1), 0)])
  func echo(_ address: Endpoint) throws {
    let a = try datagramSocket(address)
    let b = try datagramSocket(address)
    let toB = try #require(b.localEndpoint)
    #expect(toB.address == address.address && toB.port != 0)
    #expect(a.send(bytes("REGISTER"), to: toB) == 0)
    let first = try #require(receive(b))
    #expect(first.bytes == bytes("REGISTER"))
    #expect(first.datagram.from == a.localEndpoint && !first.datagram.isTruncated)
    b.send(first.bytes, to: first.datagram.from)
    #expect(receive(a)?.bytes == bytes("REGISTER"))
  }

  @Test("without a datagram nothing is received and nothing waits")
  func empty() throws {
    let socket = try datagramSocket()
    var buffer = [UInt8](repeating: 0, count: 10)
    #expect(buffer.withUnsafeMutableBytes { socket.receive(into: $0) } == nil)
  }

  @Test("a datagram longer than the buffer is said to be truncated")
  func truncated() throws {
    let a = try datagramSocket()
    let b = try datagramSocket()
    a.send(bytes("0123456789"), to: try #require(b.localEndpoint))
    let got = try #require(receive(b, limit: 4))
    #expect(got.datagram.isTruncated && got.bytes == bytes("0123"))
  }

  @Test("an empty datagram is one")
  func emptyDatagram() throws {
    let a = try datagramSocket()
    let b = try datagramSocket()
    var address = try #require(b.localEndpoint).linux
    #expect(linux_send_to(a.descriptor, "", 0, &address) == 0)
    #expect(receive(b)?.datagram.count == 0)
  }

  @Test("a port that is taken is refused with its address and EADDRINUSE, and no descriptor leaks")
  func portTaken() throws {
    let first = try datagramSocket()
    let endpoint = try #require(first.localEndpoint)
    let free = lowestFreeDescriptor()
    for _ in 0..<500 {
      #expect(throws: SystemError(ByteString("bind ") + endpoint.text, code: EADDRINUSE)) {
        try datagramSocket(endpoint)
      }
    }
    #expect(lowestFreeDescriptor() < free + 250)
  }

  @Test("sending where no route leads tells why")
  func unreachable() throws {
    let socket = try datagramSocket()
    #expect(socket.send(bytes("x"), to: Endpoint(.v4(0x0808_0808), 9)) != 0)
  }

  @Test("the class of service stands in the header field")
  func serviceClass() throws {
    let socket = try DatagramSocket(bindingTo: anyLoopbackPort, serviceClass: .voice, receiveBuffer: 65_536)
    var field: Int32 = 0
    var length = socklen_t(4)
    #expect(getsockopt(socket.descriptor, 0, IP_TOS, &field, &length) == 0)
    #expect(field == 0xB8)
  }
}
