import Basics
import Frames
import Testing

@testable import Packets

@Suite("Fragments") struct FragmentTableTests {
  let payload = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  var decoder = PacketDecoder()

  /// What each frame brought: nil for a fragment that waits.
  mutating func decode(_ frames: [[UInt8]]) -> [Datagram?] {
    frames.map { if case .datagram(let datagram) = decoder.decode($0, link: .ethernet) { datagram } else { nil } }
  }

  func pieces4(id: Int = 9) -> [[UInt8]] {
    let whole = Frames.udp(payload)
    return [0..<1_480, 1_480..<2_960, 2_960..<whole.count].map { range in
      Frames.ethernet(
        Frames.ip4(
          Array(whole[range]), kind: 17, id: id, offset: range.lowerBound, more: range.upperBound < whole.count))
    }
  }

  func pieces6() -> [[UInt8]] {
    let whole = Frames.udp(payload, from: Frames.alice6, to: Frames.bob6)
    return [0..<1_448, 1_448..<2_896, 2_896..<whole.count].map { range in
      let more = range.upperBound < whole.count ? 1 : 0
      let fragment: [UInt8] = [0] + Frames.bytes16(range.lowerBound | more) + [0, 0, 0, 5]
      return Frames.ethernet(Frames.ip6(Array(whole[range]), kind: 17, extensions: [(44, fragment)]))
    }
  }

  @Test(
    "in every order they make the packet that was never cut",
    arguments: [[0, 1, 2], [2, 1, 0], [1, 0, 1, 2], [2, 0, 1]])
  mutating func orders(order: [Int]) {
    let pieces = pieces4()
    let last = decode(order.map { pieces[$0] })
    #expect(last.dropLast().allSatisfy { $0 == nil })
    #expect(last.last??.frame == Frames.ethernet(Frames.ip4(Frames.udp(payload), kind: 17, id: 9)))
    let six = pieces6()
    let last6 = decode(order.map { six[$0] })
    let expected = Frames.ip6(Frames.udp(payload, from: Frames.alice6, to: Frames.bob6), kind: 17)
    #expect(last6.last??.frame == Frames.ethernet(expected))
  }

  @Test("of different datagrams they do not mix, and those that overlap are given up")
  mutating func mixing() {
    let (a, b) = (pieces4(id: 1), pieces4(id: 2))
    #expect(
      decode([a[0], b[1], a[2], b[0], a[1], b[2]]).map { $0 != nil } == [false, false, false, false, true, true])
    let piece = Frames.ip4([UInt8](repeating: 1, count: 16), kind: 17, id: 3, offset: 1_472, more: true)
    let overlap = Frames.ethernet(piece)
    let c = pieces4(id: 3)
    #expect(decode([c[0], overlap, c[1], c[2]]).allSatisfy { $0 == nil })
    #expect(decoder.counters.badFragment == 1)
  }

  @Test("one behind the end of the last, one of no multiple of eight: refused")
  mutating func wrong() {
    let c = pieces4(id: 4)
    let behind = Frames.ethernet(Frames.ip4([1, 2, 3, 4, 5, 6, 7, 8], kind: 17, id: 4, offset: 4_000, more: true))
    _ = decode([c[2], behind, Frames.ethernet(Frames.ip4([1, 2, 3], kind: 17, id: 5, more: true))])
    #expect(decoder.counters.badFragment == 2)
  }

  @Test("the oldest goes when too many wait")
  mutating func bound() {
    for id in 0..<PacketLimits.maxFragmentedDatagrams + 3 { _ = decode([pieces4(id: id)[0]]) }
    #expect(decoder.datagramsGivenUp == 3)
  }
}
