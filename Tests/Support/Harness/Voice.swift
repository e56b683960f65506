// A person's mouth and ear behind a sipp scenario: an RTP stream of PCMU (RFC 3550, 3551) that speaks a tone to whoever
// speaks to it and keeps what it hears. A scenario names its port in the SDP as `[voice]`.

import Foundation

public final class Voice: @unchecked Sendable {
  public let port: Int
  private let descriptor: Int32
  private let tone: [UInt8]
  private let lock = NSLock()
  private var heardBytes: [UInt8] = []
  private var peer: sockaddr_in?
  private var isStopped = false
  private let threads = DispatchGroup()
  private let packetBytes = 160

  /// - Parameter tone: in Hz, what it says; nil: it says nothing and is spoken to all the same.
  public init(port: Int, tone: Double?, address: String = "127.0.0.1") throws {
    self.port = port
    let samples = tone.map { Recording.tone($0, seconds: 1).samples } ?? []
    self.tone = samples.map { Self.muLaw($0) }
    descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var local = sockaddr_in()
    local.sin_family = sa_family_t(AF_INET)
    local.sin_port = UInt16(port).bigEndian
    inet_pton(AF_INET, address, &local.sin_addr)
    let bound = withUnsafePointer(to: &local) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0 else {
      close(descriptor)
      throw Failure("RTP port \(port) is taken")
    }
    var patience = timeval(tv_sec: 0, tv_usec: 100_000)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    begin { self.listen() }
    if !self.tone.isEmpty { begin { self.speak() } }
  }

  private func begin(_ body: @escaping @Sendable () -> Void) {
    threads.enter()
    Thread { [threads] in
      body()
      threads.leave()
    }.start()
  }

  /// What it has heard so far.
  public func heard() -> Recording {
    lock.lock()
    defer { lock.unlock() }
    return Recording(rate: 8000, samples: heardBytes.map(Self.sample))
  }

  /// How many seconds it has heard: pass it to `wait` to look only at later sound.
  public var mark: Double { heard().seconds }

  /// Waits until this tone has been heard for so long without a break.
  public func wait(forTone frequency: Double, lasting length: Double, after mark: Double = 0, seconds: Double = 10)
    throws
  {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      let later = heard()
      let part = later.window(mark, later.seconds - mark)
      if part.longestTone(frequency) >= length { return }
      guard Date() < deadline else {
        throw Failure(
          "heard \(part.longestTone(frequency)) s of \(frequency) Hz, \(part.loudSeconds) s of sound in \(part.seconds) s"
        )
      }
      usleep(50_000)
    }
  }

  /// Afterwards the port is free.
  public func stop() {
    lock.lock()
    let wasStopped = isStopped
    isStopped = true
    lock.unlock()
    guard !wasStopped else { return }
    threads.wait()
    close(descriptor)
  }

  private var hasStopped: Bool {
    lock.lock()
    defer { lock.unlock() }
    return isStopped
  }

  private func listen() {
    var buffer = [UInt8](repeating: 0, count: 2000)
    while !hasStopped {
      var source = sockaddr_in()
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let count = withUnsafeMutablePointer(to: &source) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
        }
      }
      guard count > 12 else { continue }
      lock.lock()
      peer = source
      if buffer[1] & 0x7F == 0 { heardBytes += buffer[12..<count] }
      lock.unlock()
    }
  }

  private func speak() {
    var sequence: UInt16 = 100
    var next = Date()
    while !hasStopped {
      next += 0.02
      Thread.sleep(until: next)
      lock.lock()
      let destination = peer
      lock.unlock()
      guard var destination else { continue }
      let start = Int(sequence) * packetBytes % tone.count
      var packet: [UInt8] = [0x80, 0, UInt8(sequence >> 8), UInt8(sequence & 0xFF)]
      let timestamp = UInt32(sequence) &* UInt32(packetBytes)
      for shift in [24, 16, 8, 0] as [UInt32] { packet.append(UInt8(truncatingIfNeeded: timestamp >> shift)) }
      packet += [0x12, 0x34, 0x56, 0x78] + tone[start..<start + packetBytes]
      sequence &+= 1
      _ = withUnsafePointer(to: &destination) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          sendto(descriptor, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }

  /// G.711 µ-law.
  static func sample(_ byte: UInt8) -> Double {
    let value = ~byte
    let magnitude = ((Int(value & 0x0F) << 3) + 0x84) << Int(value >> 4 & 7) - 0x84
    return Double(value & 0x80 == 0 ? magnitude : -magnitude) / 32768
  }

  static func muLaw(_ sample: Double) -> UInt8 {
    let magnitude = min(Int(abs(sample) * 32767), 32_635) + 0x84
    let exponent = max(0, Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 7)
    let mantissa = magnitude >> (exponent + 3) & 0x0F
    return ~UInt8((sample < 0 ? 0x80 : 0) | exponent << 4 | mantissa)
  }
}
