// What these tests share: waiting for real events with a bound instead of sleeping, and endpoints on the loopback.

import Basics
import CLinux
import Testing

@testable import LinuxIO

let anyLoopbackPort = Endpoint(.loopbackV4, 0)

/// Waits until one of the poller's descriptors is ready, at most five seconds.
func firstEvent(_ poller: Poller<UInt64>) -> Poller<UInt64>.Event? {
  let now = MonotonicClock.now
  return poller.wait(until: now + .seconds(5), at: now) > 0 ? poller.event(0) : nil
}

func waitUntilReadable(_ descriptor: Int32) -> Bool { linux_wait_readable(descriptor, 5_000) }

func datagramSocket(_ endpoint: Endpoint = anyLoopbackPort) throws -> DatagramSocket {
  try DatagramSocket(bindingTo: endpoint, serviceClass: .signalling, receiveBuffer: 65_536)
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Receives one datagram, waiting for it.
func receive(_ socket: DatagramSocket, limit: Int = 2_000) -> (datagram: DatagramSocket.Datagram, bytes: [UInt8])? {
  guard waitUntilReadable(socket.descriptor) else { return nil }
  var buffer = [UInt8](repeating: 0, count: limit)
  guard let datagram = buffer.withUnsafeMutableBytes({ socket.receive(into: $0) }) else { return nil }
  return (datagram, Array(buffer[..<datagram.count]))
}

/// The lowest descriptor that is free: it climbs when descriptors leak.
func lowestFreeDescriptor() -> Int32 {
  let copy = dup(0)
  close(copy)
  return copy
}
