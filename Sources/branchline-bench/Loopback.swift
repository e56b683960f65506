// Sockets of the generator, all on 127.0.0.1, and waiting for many of them.

import CBenchmark
import Foundation
import Harness

final class LoopbackSocket {
  static let bufferBytes: Int32 = 4_194_304
  let descriptor: Int32
  let port: UInt16

  /// - Parameter port: 0 takes any.
  init(port: UInt16 = 0, buffer: Int32 = LoopbackSocket.bufferBytes) throws {
    descriptor = bench_socket(port, buffer)
    guard descriptor >= 0 else { throw Failure("no UDP socket at 127.0.0.1:\(port): \(systemError())") }
    self.port = bench_port(descriptor)
  }
  deinit { close(descriptor) }

  func send(_ bytes: [UInt8], to port: UInt16) {
    _ = bytes.withUnsafeBytes { $0.baseAddress.map { bench_send(descriptor, $0, bytes.count, port) } }
  }

  /// The next datagram's length, nil when none waits.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard let start = buffer.baseAddress else { return nil }
    let count = bench_receive(descriptor, start, buffer.count)
    return count < 0 ? nil : count
  }
}

final class LoopbackPoller {
  private let descriptor: Int32
  private var tokens = [UInt32](repeating: 0, count: 64)

  init() throws {
    descriptor = bench_poller()
    guard descriptor >= 0 else { throw Failure("no epoll: \(systemError())") }
  }
  deinit { close(descriptor) }

  func add(_ socket: LoopbackSocket, token: UInt32) throws {
    guard bench_watch(descriptor, socket.descriptor, token) == 0 else { throw Failure("epoll: \(systemError())") }
  }

  /// The tokens of readable sockets; none at the deadline.
  func wait(until deadline: Nanoseconds) -> ArraySlice<UInt32> {
    let patience = max(0, deadline - .now)
    let count = bench_wait(descriptor, &tokens, Int32(tokens.count), patience)
    return tokens.prefix(Int(max(0, count)))
  }
}

/// Of CLOCK_MONOTONIC, or a length of time.
typealias Nanoseconds = Int64

extension Nanoseconds {
  static var now: Nanoseconds { bench_now() }
  static func seconds(_ seconds: Double) -> Nanoseconds { Nanoseconds(seconds * 1e9) }
  static func milliseconds(_ count: Int) -> Nanoseconds { Nanoseconds(count) * 1_000_000 }
  var inSeconds: Double { Double(self) / 1e9 }
  var inMilliseconds: Double { Double(self) / 1e6 }
}

func pause(_ seconds: Double) { usleep(UInt32(seconds * 1e6)) }

func systemError() -> String { String(cString: strerror(errno)) }
