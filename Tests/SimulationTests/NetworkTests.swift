import Basics
import SIPTransaction
import Testing

@testable import Simulation

@Suite("Virtual network")
struct NetworkTests {
  private static let a = Endpoint(.v4(1), 1)
  private static let b = Endpoint(.v4(2), 2)

  /// The numbers of a thousand datagrams as they arrive.
  private static func arrivals(_ faults: VirtualNetwork.Faults, seed: UInt64) -> [UInt8] {
    var network = VirtualNetwork(faults: faults, seed: seed)
    for index in 0..<1_000 {
      network.send([UInt8(index % 251)], from: a, to: b, at: .zero + .milliseconds(index))
    }
    var arrived: [UInt8] = []
    while let due = network.nextDeadline {
      while let datagram = network.arrival(at: due) { arrived.append(datagram.bytes[0]) }
    }
    return arrived
  }

  @Test("without faults everything arrives once and in order")
  func faultless() {
    #expect(Self.arrivals(.none, seed: 1) == (0..<1_000).map { UInt8($0 % 251) })
  }

  @Test("datagrams are lost, doubled and overtake each other, by the seed")
  func faulty() {
    let lossy = Self.arrivals(.init(lossPercent: 10, duplicatePercent: 0, delay: 1...1), seed: 1)
    #expect((850...950).contains(lossy.count))
    let doubled = Self.arrivals(.init(lossPercent: 0, duplicatePercent: 10, delay: 1...1), seed: 1)
    #expect((1_050...1_150).contains(doubled.count))
    let shuffled = Self.arrivals(.init(lossPercent: 0, duplicatePercent: 0, delay: 1...50), seed: 1)
    #expect(shuffled.count == 1_000 && shuffled != Self.arrivals(.none, seed: 1))
    #expect(shuffled == Self.arrivals(.init(lossPercent: 0, duplicatePercent: 0, delay: 1...50), seed: 1))
    #expect(shuffled != Self.arrivals(.init(lossPercent: 0, duplicatePercent: 0, delay: 1...50), seed: 2))
  }

  @Test("streams keep their order, and the far end learns of a power cut")
  func streams() {
    var streams = VirtualStreams(faults: .init(lossPercent: 30, duplicatePercent: 0, delay: 1...50), seed: 1)
    let near = VirtualStreams.End(machine: 0, connection: 1)
    streams.connect(near, from: Self.a, to: (World.boxMachine, 1), at: .zero)
    for index in 0..<50 { streams.write([UInt8(index)], on: near, at: .zero + .milliseconds(100 + index)) }
    var received: [UInt8] = []
    while let due = streams.nextDeadline {
      guard let arrival = streams.arrival(at: due) else { continue }
      if case .received(_, let bytes) = arrival.input { received += bytes }
    }
    #expect(received == Array(0..<50))
    streams.powerFails(on: World.boxMachine, at: .zero + .seconds(1))
    let last = streams.nextDeadline.flatMap { streams.arrival(at: $0) }
    guard case .closed(1)? = last?.input else {
      Issue.record("the far end was told nothing")
      return
    }
    #expect(last?.machine == 0)
  }
}
