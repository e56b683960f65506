import Basics
import RTP
import Testing

@Suite("RTP header") struct RTPHeaderTests {
  static let header = RTPHeader(
    marker: true, payloadType: 101, sequence: 0x1234, timestamp: 0x5678_9ABC, ssrc: 0xDEF0_1234)
  static let wire: [UInt8] = [0x80, 0xE5, 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xF0, 0x12, 0x34]

  func parse(_ bytes: [UInt8]) throws(RTPError) -> RTPPacket {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: bytes)
    return try RTPPacket(parsing: UnsafeRawBufferPointer(buffer))
  }
  func failure(_ bytes: [UInt8]) -> RTPError? {
    do throws(RTPError) {
      _ = try parse(bytes)
      return nil
    } catch { return error }
  }

  @Test("what is written is what the RFC draws, and reads back")
  func roundTrip() throws {
    var bytes = [UInt8](repeating: 0, count: 12)
    #expect(bytes.withUnsafeMutableBytes { Self.header.write(to: $0) })
    #expect(bytes == Self.wire)
    let packet = try parse(bytes + [1, 2, 3])
    #expect(packet.header == Self.header)
    #expect(packet.payloadStart == 12 && packet.payloadEnd == 15)
  }

  @Test("a buffer that is too short is left alone")
  func tooShortToWrite() {
    var bytes = [UInt8](repeating: 7, count: 11)
    #expect(!bytes.withUnsafeMutableBytes { Self.header.write(to: $0) })
    #expect(bytes.allSatisfy { $0 == 7 })
  }

  @Test("contributing sources, extension and padding are stepped over")
  func payloadBetweenExtras() throws {
    var bytes = Self.wire
    bytes[0] = 0x80 | 0x20 | 0x10 | 2
    bytes += [UInt8](repeating: 0xCC, count: 8)  // two contributing sources
    bytes += [0xBE, 0xDE, 0, 1, 9, 9, 9, 9]  // an extension of one word
    bytes += [0xA0, 0xA1, 0xA2] + [0, 0, 3]  // three of payload, three of padding
    let packet = try parse(bytes)
    #expect(packet.payloadStart == 28 && packet.payloadCount == 3)
  }

  @Test("rewriting puts a plain header directly before the payload and leaves the rest behind")
  func rewriting() throws {
    var bytes = Self.wire
    bytes[0] = 0x80 | 0x20 | 1
    bytes += [0xCC, 0xCC, 0xCC, 0xCC, 0xA0, 0xA1, 0, 2]
    let packet = try parse(bytes)
    var header = packet.header
    header.payloadType = 8
    header.marker = false
    let sent = bytes.withUnsafeMutableBytes { Array(packet.rewrite($0, with: header)) }
    #expect(sent == [0x80, 8] + Self.wire[2...] + [0xA0, 0xA1])
  }

  @Test("what is no RTP is refused with the reason")
  func refusals() {
    #expect(failure([]) == .short)
    #expect(failure(Array(Self.wire.dropLast())) == .short)
    #expect(failure([0x40] + Self.wire.dropFirst()) == .version)
    #expect(failure([0x00] + Self.wire.dropFirst()) == .version)
    #expect(failure([0x81] + Self.wire.dropFirst()) == .short, "one contributing source is announced, none there")
    #expect(failure([0x90] + Self.wire.dropFirst() + [0, 0]) == .short, "an extension without its length")
    #expect(failure([0x90] + Self.wire.dropFirst() + [0, 0, 0, 2, 0, 0, 0, 0]) == .short)
    #expect(failure([0xA0] + Self.wire.dropFirst() + [1, 0]) == .padding, "padding of length 0")
    #expect(failure([0xA0] + Self.wire.dropFirst() + [1, 3]) == .padding, "padding longer than the payload")
    #expect(failure([0xA0] + Self.wire.dropFirst()) == .padding, "padding without a byte to say its length")
  }

  @Test("RTCP on the same port is recognised, and no payload type in use is taken for it")
  func control() {
    for type in [200, 201, 202, 203, 204, 205, 206] as [UInt8] {
      #expect(failure([0x80, type] + Self.wire.dropFirst(2)) == .controlPacket)
    }
    for type in [0, 8, 13, 18, 96, 101, 127] as [UInt8] {
      #expect(failure([0x80, type] + Self.wire.dropFirst(2)) == nil)
      #expect(failure([0x80, type | 0x80] + Self.wire.dropFirst(2)) == nil, "with the marker")
    }
  }

  @Test("random bytes never trap, and a payload always lies inside the packet", arguments: [1, 2, 3] as [UInt64])
  func garbage(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<5_000 {
      var bytes = (0..<random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if !bytes.isEmpty, random.chance(percent: 80) { bytes[0] = 0x80 | bytes[0] & 0x3F }
      guard let packet = try? parse(bytes) else { continue }
      #expect(packet.payloadStart >= 12 && packet.payloadStart <= packet.payloadEnd, "seed \(seed): \(bytes)")
      #expect(packet.payloadEnd <= bytes.count, "seed \(seed): \(bytes)")
    }
  }
}
