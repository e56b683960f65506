import Basics
import Foundation
import Packets
import Testing

@testable import Capture

/// Listening to an interface needs the right to it: as root, or not at all.
@Suite("Live capture on loopback", .enabled(if: geteuid() == 0), .serialized) struct LiveCaptureTests {
  let port = UInt16(40_000 + Int(getpid()) % 20_000)

  func send(_ text: String, count: Int = 1) {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    for _ in 0..<count {
      _ = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          sendto(descriptor, text, text.utf8.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }

  /// Until so many frames have been seen; the descriptor says when to look.
  func wait(_ capture: LiveCapture, for frames: Int) -> LiveCapture.State {
    var state = LiveCapture.State.running(isBehind: false)
    for _ in 0..<100 where capture.counters.frames < frames {
      var descriptor = pollfd(fd: capture.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&descriptor, 1, 100)
      state = capture.drain(at: .zero)
      if case .ended = state { return state }
    }
    return state
  }

  func order(_ directory: Directory, _ interface: ByteString = "lo") throws -> LiveCapture.Order {
    let filter = try #require(PacketFilter.text(for: [Endpoint(.loopbackV4, port)]))
    return .init(interface: interface, prefix: directory.file("live"), filter: filter)
  }

  @Test("what the filter takes is in the file, without credentials", arguments: ["lo", "any"] as [ByteString])
  func scrubbed(interface: ByteString) throws {
    let directory = try Directory()
    let capture = try LiveCapture(try order(directory, interface), at: .zero)
    send("REGISTER sip:b SIP/2.0\r\nAuthorization: Digest response=\"5ec4e7\"\r\n\r\n", count: 3)
    _ = wait(capture, for: 3)
    #expect(capture.stop(at: .zero) == .ended(.stopped))
    #expect(capture.drain(at: .zero) == .ended(.stopped))
    let frames = try all(try #require(capture.paths.first))
    // The ports are closed, so the kernel answers by ICMP, which quotes: that is left out.
    #expect(frames.count == 3)
    for frame in frames {
      let text = String(decoding: frame.bytes, as: UTF8.self)
      #expect(text.contains("response=\"xxxxxx\"") && !text.contains("5ec4e7"))
    }
  }

  @Test("limits of time and of size end it, and close the file")
  func limits() throws {
    let directory = try Directory()
    var timed = try order(directory)
    timed.maxTime = .seconds(5)
    let first = try LiveCapture(timed, at: .zero)
    #expect(first.deadline == .zero + .seconds(5))
    #expect(first.drain(at: .zero + .milliseconds(4_999)) == .running(isBehind: false))
    #expect(first.drain(at: .zero + .seconds(5)) == .ended(.time))
    var sized = try order(directory)
    sized.prefix = directory.file("sized")
    sized.maxBytes = 200
    let second = try LiveCapture(sized, at: .zero)
    send(String(repeating: "A", count: 300), count: 5)
    #expect(wait(second, for: 5) == .ended(.size))
    #expect(try all(try #require(second.paths.first)).count == 1)
  }

  @Test("no such interface, no such filter: refused in words")
  func refusals() throws {
    let directory = try Directory()
    var wrong = try order(directory, "nosuch0")
    #expect(throws: CaptureError.self) { _ = try LiveCapture(wrong, at: .zero) }
    wrong.interface = "lo"
    wrong.filter = "port and"
    #expect(throws: CaptureError.self) { _ = try LiveCapture(wrong, at: .zero) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }
}
