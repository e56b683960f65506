import Basics
import RTP
import Testing

@Suite("RTCP") struct RTCPPacketTests {
  /// A packet with its header; the length is that of the words.
  private func packet(_ type: UInt8, count: UInt8, padded: Bool = false, _ words: [UInt32]) -> [UInt8] {
    let head: [UInt8] = [0x80 | (padded ? 0x20 : 0) | count, type, UInt8(words.count >> 8), UInt8(words.count & 0xFF)]
    return head + words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
  }
  private func read(_ bytes: [UInt8]) throws(RTCPError) -> [RTCPPacket] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: bytes)
    var reader = try RTCPReader(UnsafeRawBufferPointer(buffer))
    var packets: [RTCPPacket] = []
    while let packet = try reader.next() {
      for index in 0..<32 { _ = (reader.block(index, of: packet), reader.leaving(index, of: packet)) }
      packets.append(packet)
    }
    return packets
  }
  private func failure(_ bytes: [UInt8]) -> RTCPError? {
    do throws(RTCPError) {
      _ = try read(bytes)
      return nil
    } catch { return error }
  }
  private let empty: [UInt8] = [0x80, 201, 0, 1, 0, 0, 0, 9]

  @Test("a sender's report with a block, a description and a goodbye, as RFC 3550 §6 draws them")
  func compound() throws {
    let report = packet(
      200, count: 1,
      [7, 0xAAAA_BBBB, 0xCCCC_DDDD, 160, 50, 8000, 9, 0x40FF_FFFE, 0x1_0007, 12, 0xBBBB_CCCC, 65_536])
    let name: [UInt8] = [0x81, 202, 0, 3, 0, 0, 0, 7, 1, 4] + Array("a@bc".utf8) + [0, 0]
    let bytes = report + name + packet(203, count: 1, [7])
    try bytes.withUnsafeBytes { raw in
      var reader = try RTCPReader(raw)
      let first = try #require(try reader.next())
      guard case .report(7, let sender?, 1, _) = first else {
        Issue.record("\(first)")
        return
      }
      #expect(sender.ntpTime == 0xAAAA_BBBB_CCCC_DDDD && sender.packetCount == 50 && sender.octetCount == 8000)
      let block = try #require(reader.block(0, of: first))
      #expect(block.ssrc == 9 && block.fractionLost == 0x40 && block.packetsLost == -2)
      #expect(block.highestSequence == 0x1_0007 && block.jitter == 12 && block.delaySinceLastReport == 65_536)
      #expect(reader.block(1, of: first) == nil)
      #expect(try reader.next() == .description(sources: 1, start: report.count + 4, end: report.count + 16))
      let last = try #require(try reader.next())
      #expect(reader.leaving(0, of: last) == 7 && reader.leaving(1, of: last) == nil)
      #expect(try reader.next() == nil)
    }
  }

  @Test("what is no compound packet is refused with its reason")
  func refused() {
    #expect(failure(empty) == nil)
    #expect(failure([]) == .short && failure(Array(empty.dropLast())) == .short)
    #expect(failure([0x40] + empty.dropFirst()) == .version)
    #expect(failure(packet(203, count: 0, [1])) == .noReport)
    #expect(failure(packet(201, count: 1, [1, 2])) == .short, "a block that is not there")
    #expect(failure(empty + packet(203, count: 2, [1])) == .short, "a source that is not there")
    #expect(failure(empty + [0x81, 202, 0, 2, 0, 0, 0, 1, 1, 1, 65, 1]) == .short)
    #expect(failure(empty + [0x81, 202, 0, 2, 0, 0, 0, 1, 1, 2, 65, 66]) == .endlessItems)
    #expect(failure(empty + [0x80, 204, 0, 9, 0, 0, 0, 1]) == .short, "a length past the end")
    #expect(failure(empty + [0x80, 204]) == .short)
    #expect(failure(empty + packet(207, count: 3, [1, 2, 3])) == nil, "another type is stepped over")
  }

  @Test("padding stands in the last packet alone")
  func padding() {
    let padded = packet(203, count: 1, padded: true, [1, 4])
    #expect(failure(empty + padded) == nil)
    #expect(failure(empty + padded + packet(203, count: 0, [])) == .padding)
    #expect(failure(empty + packet(203, count: 1, padded: true, [1, 0])) == .padding)
    #expect(failure(empty + packet(203, count: 1, padded: true, [1, 12])) == .padding)
  }

  @Test("bytes of any kind are read or refused")
  func mutations() {
    let seed: UInt64 = 0x57C9_0001
    var random = SeededRandom(seed: seed)
    let base = packet(200, count: 1, (0..<12).map { UInt32($0) }) + packet(202, count: 1, [7, 0x0102_4142, 0])
    var read = 0
    for _ in 0..<20_000 {
      var bytes = base + empty
      for _ in 0..<1 + random.below(4) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
      bytes.removeLast(random.below(8) * random.below(2))
      if failure(bytes) == nil { read += 1 }
    }
    #expect(read > 500 && read < 19_500, "read \(read), seed \(seed)")
  }
}
