import Basics
import Frames
import Testing

@testable import Packets

@Suite("Bytes that nobody meant") struct MutationTests {
  static let seed: UInt64 = 0x9AC7_0001
  static let links: [LinkType] = [.ethernet, .linuxCooked, .linuxCooked2, .raw, .loopback]

  @Test("random frames and changed ones never trap; payloads lie within their frames")
  func mutations() {
    var random = SeededRandom(seed: Self.seed)
    var decoder = PacketDecoder()
    var order = StreamOrder()
    let text = [UInt8](repeating: 0x41, count: 300)
    let seeds = [
      Frames.ethernet(Frames.ip4(Frames.udp(text), kind: 17)), Frames.ethernet(Frames.ip6(Frames.udp(text), kind: 17)),
      Frames.ethernet(Frames.ip4(Frames.tcp(text, sequence: 5), kind: 6), tags: 1),
      Frames.ethernet(Frames.ip4(text, kind: 17, id: 3, offset: 304, more: true)),
      Frames.ethernet(
        Frames.ip6(text, kind: 17, extensions: [(0, [0, 0, 0, 0, 0, 0, 0]), (44, [0, 0, 1, 0, 0, 0, 5])])),
      Frames.ip4(Frames.udp(text), kind: 17),
    ]
    var accepted = 0
    for round in 0..<40_000 {
      var frame =
        round % 4 == 0
        ? (0..<random.below(90)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        : seeds[random.below(seeds.count)]
      for _ in 0..<random.below(6) where !frame.isEmpty {
        frame[random.below(min(frame.count, 80))] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.chance(percent: 20) { frame.removeLast(random.below(frame.count + 1)) }
      let link = round % 3 == 0 ? Self.links[random.below(Self.links.count)] : .ethernet
      guard case .datagram(var datagram) = decoder.decode(frame, link: link) else { continue }
      accepted += 1
      #expect(datagram.payload.upperBound <= datagram.frame.count, "seed \(Self.seed), round \(round)")
      if let header = datagram.tcp { _ = order.add(header, datagram.bytes, isCut: datagram.isCut) }
      let other = datagram.bytes.map { ~$0 }
      datagram.replacePayload(with: other[...])
      #expect(Array(datagram.bytes) == other, "seed \(Self.seed), round \(round)")
    }
    #expect(accepted > 5_000 && accepted < 35_000, "accepted \(accepted), seed \(Self.seed)")
  }
}
