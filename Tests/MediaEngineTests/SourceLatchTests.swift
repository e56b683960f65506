import Basics
import MediaEngine
import RTP
import Testing

@Suite("Following the source") struct SourceLatchTests {
  var bench = MediaBench(prompts: PromptFixture.table)
  /// What the phone says its address is, behind NAT.
  var phone = Phone(1)
  let outside = Endpoint(.v4(0xCB00_7101), 40_001)
  let elsewhere = Endpoint(.v4(0xCB00_7102), 40_002)

  mutating func send(_ count: Int = 1, from endpoint: Endpoint, on id: StreamID) {
    for _ in 0..<count {
      bench.receive(phone.audio(), on: id, from: endpoint)
      bench.run(milliseconds: 20)
    }
  }
  mutating func whereItPlays(_ id: StreamID) -> Endpoint? {
    bench.command(.play(id, PromptFixture.list(3), repeats: false, token: 0))
    bench.run(milliseconds: 40)
    bench.command(.stopPlaying(id))
    return bench.sink.packets.last?.remote
  }

  @Test("packets go to the signalled address until the first one comes, then to where it came from")
  mutating func latches() {
    let id = bench.join(0, phone, follows: true)
    #expect(whereItPlays(id) == phone.endpoint)
    send(from: outside, on: id)
    #expect(whereItPlays(id) == outside)
  }

  @Test("garbage does not latch")
  mutating func garbage() {
    let id = bench.join(0, phone, follows: true)
    bench.receive([1, 2, 3], on: id, from: elsewhere)
    bench.receive(phone.packet([0, 0], type: 77, marker: false), on: id, from: elsewhere)
    #expect(whereItPlays(id) == phone.endpoint)
  }

  @Test("a stranger cannot take a stream over while its party is heard, however much he sends")
  mutating func hijack() {
    let id = bench.join(0, phone, follows: true)
    var thief = Phone(9)
    send(3, from: outside, on: id)
    for _ in 0..<200 {
      for _ in 0..<5 { bench.receive(thief.audio(), on: id, from: elsewhere) }
      send(from: outside, on: id)
    }
    #expect(whereItPlays(id) == outside)
    #expect(bench.engine.statistics(of: id)?.packetsReceived == 203)
    #expect(bench.engine.statistics(of: id)?.packetsIgnored == 1_000)
    #expect(bench.engine.counters.packetsFromStrangers == 1_000)
    #expect(bench.engine.counters.sourcesMoved == 0)
  }

  @Test("nor by a few packets after it fell silent, nor by scattered ones")
  mutating func tooFew() {
    let id = bench.join(0, phone, follows: true)
    send(3, from: outside, on: id)
    bench.run(milliseconds: 1_000)
    send(4, from: elsewhere, on: id)
    #expect(whereItPlays(id) == outside)
    send(2, from: outside, on: id)
    bench.run(milliseconds: 1_000)
    for _ in 0..<10 {
      phone.sequence &+= 3
      send(from: elsewhere, on: id)
    }
    #expect(whereItPlays(id) == outside)
  }

  @Test("a party whose address changed is followed after five packets in a row")
  mutating func moves() {
    let id = bench.join(0, phone, follows: true)
    send(3, from: outside, on: id)
    bench.run(milliseconds: 300)
    send(4, from: elsewhere, on: id)
    #expect(whereItPlays(id) == outside)
    send(1, from: elsewhere, on: id)
    #expect(whereItPlays(id) == elsewhere)
    #expect(bench.engine.counters.sourcesMoved == 1)
  }

  @Test("the signalled address takes its stream back from a thief who came first and goes on sending")
  mutating func thiefCameFirst() {
    let id = bench.join(0, phone, follows: true)
    var thief = Phone(9)
    for _ in 0..<10 {
      bench.receive(thief.audio(), on: id, from: elsewhere)
      send(from: phone.endpoint, on: id)
    }
    #expect(whereItPlays(id) == phone.endpoint)
  }

  @Test("a new signalled address is believed afresh; the same one again changes nothing")
  mutating func renegotiated() {
    let id = bench.join(0, phone, follows: true)
    send(3, from: outside, on: id)
    bench.command(.target(id, MediaBench.target(phone, sends: true, follows: true)))
    #expect(whereItPlays(id) == outside)
    var moved = phone
    moved.endpoint = Endpoint(.v4(0x0A00_0001), 9_000)
    bench.command(.target(id, MediaBench.target(moved, follows: true)))
    #expect(whereItPlays(id) == moved.endpoint)
  }

  @Test("without following, any port of the signalled address is heard, and no other address")
  mutating func notFollowing() {
    let id = bench.join(0, phone, follows: false)
    send(from: Endpoint(phone.endpoint.address, 1_234), on: id)
    send(from: outside, on: id)
    #expect(bench.engine.statistics(of: id)?.packetsReceived == 1)
    #expect(bench.engine.statistics(of: id)?.packetsIgnored == 1)
    #expect(whereItPlays(id) == phone.endpoint)
  }
}
