// Sound without a phone: streams of PCMU packets, 20 ms each, spread evenly over time. Each packet carries when it was sent
// and by whom, so that what comes out at the other end tells the delay, and that it is the right one.

import Foundation
import Harness

struct MediaOutcome {
  var sent = 0
  var received = 0
  /// Came out at the wrong socket, or is none of ours.
  var astray = 0
  var delays: [UInt32] = []
  var elapsed: Nanoseconds = 0

  var receivedShare: Double { sent == 0 ? 0 : Double(received) / Double(sent) }

  /// In nanoseconds; `share` 0.5 is the median.
  mutating func delay(_ share: Double) -> Double {
    guard !delays.isEmpty else { return .nan }
    delays.sort()
    return Double(delays[min(delays.count - 1, Int(Double(delays.count) * share))])
  }
}

/// Stream n speaks from port `base` + 2 n; what it says should come out at stream n^1.
final class MediaLoad {
  private static let headerBytes = 12
  private static let packetBytes = 172
  static let packetTime = Nanoseconds.milliseconds(20)

  let base: UInt16
  let streamCount: Int
  private let sockets: [LoopbackSocket]
  private let poller: LoopbackPoller
  private var packet = [UInt8](repeating: 0xFF, count: MediaLoad.packetBytes)
  /// How many packets each stream has sent.
  private var counts: [UInt32]
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 16)

  init(base: UInt16, streams: Int) throws {
    self.base = base
    streamCount = streams
    sockets = try (0..<streams).map { try LoopbackSocket(port: base + UInt16($0) * 2, buffer: 262_144) }
    counts = Array(repeating: 0, count: streams)
    poller = try LoopbackPoller()
    for (index, socket) in sockets.enumerated() { try poller.add(socket, token: UInt32(index)) }
  }
  deinit { buffer.deallocate() }

  /// - Parameter targets: where each stream sends to.
  func run(seconds: Double, to targets: [UInt16]) -> MediaOutcome {
    var outcome = MediaOutcome()
    let count = Int(seconds * 1e9 / Double(Self.packetTime)) * streamCount
    outcome.delays.reserveCapacity(count)
    let gap = Self.packetTime / Int64(streamCount)
    let begun = Nanoseconds.now
    var settledBy = Nanoseconds.max
    while true {
      let now = Nanoseconds.now
      while outcome.sent < count, begun + Int64(outcome.sent) * gap <= now {
        let stream = outcome.sent % streamCount
        send(stream, to: targets[stream])
        outcome.sent += 1
        if outcome.sent == count { settledBy = now + .milliseconds(200) }
      }
      if outcome.sent == count, outcome.received == count || now > settledBy { break }
      let wake = outcome.sent < count ? begun + Int64(outcome.sent) * gap : now + .milliseconds(1)
      for stream in poller.wait(until: wake) { receive(Int(stream), &outcome) }
    }
    outcome.elapsed = .now - begun
    return outcome
  }

  private func send(_ stream: Int, to port: UInt16) {
    let number = counts[stream]
    counts[stream] += 1
    packet.withUnsafeMutableBytes { bytes in
      bytes[0] = 0x80
      bytes[1] = number == 0 ? 0x80 : 0
      bytes.storeBytes(of: UInt16(truncatingIfNeeded: number).bigEndian, toByteOffset: 2, as: UInt16.self)
      bytes.storeBytes(of: (number &* 160).bigEndian, toByteOffset: 4, as: UInt32.self)
      bytes.storeBytes(of: UInt32(stream + 1).bigEndian, toByteOffset: 8, as: UInt32.self)
      bytes.storeBytes(of: UInt32(stream), toByteOffset: Self.headerBytes, as: UInt32.self)
      bytes.storeBytes(of: Nanoseconds.now, toByteOffset: Self.headerBytes + 4, as: Nanoseconds.self)
    }
    sockets[stream].send(packet, to: port)
  }

  private func receive(_ stream: Int, _ outcome: inout MediaOutcome) {
    guard let length = sockets[stream].receive(into: buffer) else { return }
    let now = Nanoseconds.now
    guard length == Self.packetBytes,
      Int(buffer.loadUnaligned(fromByteOffset: Self.headerBytes, as: UInt32.self)) == stream ^ 1
    else {
      outcome.astray += 1
      return
    }
    outcome.received += 1
    let sentAt = buffer.loadUnaligned(fromByteOffset: Self.headerBytes + 4, as: Nanoseconds.self)
    outcome.delays.append(UInt32(clamping: now - sentAt))
  }
}
