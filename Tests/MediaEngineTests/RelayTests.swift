import Basics
import Codecs
import MediaEngine
import RTP
import Testing

@Suite("Relaying between bridged streams") struct RelayTests {
  var bench = MediaBench()
  var alice = Phone(1)
  var bob = Phone(2)

  @Test("a packet leaves at once, undecoded, with our own SSRC and the other side's address")
  mutating func sameLaw() throws {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    let payload = (0..<160).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    bench.receive(alice.audio(payload), on: a, from: alice.endpoint)
    let packet = try #require(bench.sink.packets.first)
    #expect(bench.sink.packets.count == 1)
    #expect(packet.stream == b && packet.remote == bob.endpoint && packet.at == bench.now)
    #expect(packet.payload == payload)
    #expect(packet.header.ssrc != alice.ssrc)
    #expect(packet.header.marker, "the receiver must know that a new sound begins")
  }

  @Test("payload numbers are rewritten to what the other side negotiated")
  mutating func payloadNumbers() {
    alice.payloadType = 96
    alice.eventPayloadType = 97
    let a = bench.join(0, alice)
    bench.command(
      .target(
        a,
        StreamTarget(
          remote: alice.endpoint, codec: .pcmu, payloadType: 96, eventPayloadType: 97, followsSource: false)))
    let b = bench.join(1, bob, events: 101)
    bench.command(.bridge(a, b))
    bench.receive(alice.audio(), on: a, from: alice.endpoint)
    bench.receive(alice.event("5", duration: 160), on: a, from: alice.endpoint)
    #expect(bench.sink.packets.map(\.header.payloadType) == [0, 101])
  }

  @Test("PCMU becomes PCMA and back by table, in the same packet")
  mutating func transcoding() {
    var carrier = Phone(3, payloadType: 8)
    let a = bench.join(0, alice)
    let b = bench.join(1, carrier, codec: .pcma)
    bench.command(.bridge(a, b))
    let tone = Signal.sine(1_000, milliseconds: 20)
    bench.receive(alice.audio(tone), on: a, from: alice.endpoint)
    let outward = bench.sink.packets[0]
    #expect(outward.header.payloadType == 8)
    #expect(outward.payload == tone.map { G711.aLaw(muLaw: $0) })
    #expect(Signal.share(of: 1_000, in: Signal.linear(aLaw: outward.payload)) > 0.99)
    bench.receive(carrier.audio(outward.payload), on: b, from: carrier.endpoint)
    let back = bench.sink.packets[1]
    #expect(back.header.payloadType == 0)
    #expect(back.payload == tone.map { G711.muLaw(aLaw: G711.aLaw(muLaw: $0)) })
  }

  @Test("either law is understood by its static number, whichever was chosen")
  mutating func otherLaw() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    alice.payloadType = 8
    let tone = Signal.sine(500, milliseconds: 20).map { G711.aLaw(muLaw: $0) }
    bench.receive(alice.audio(tone), on: a, from: alice.endpoint)
    #expect(bench.sink.packets.map(\.payload) == [tone.map { G711.muLaw(aLaw: $0) }])
  }

  @Test("losses and reordering stay visible; nothing is renumbered over them")
  mutating func lossAndReordering() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    let packets = (0..<8).map { _ in alice.audio() }
    for index in [0, 1, 4, 3, 5, 7] { bench.receive(packets[index], on: a, from: alice.endpoint) }
    let first = bench.sink.packets[0].header
    #expect(bench.sink.packets.map { $0.header.sequence &- first.sequence } == [0, 1, 4, 3, 5, 7])
    #expect(bench.sink.packets.map { ($0.header.timestamp &- first.timestamp) / 160 } == [0, 1, 4, 3, 5, 7])
    #expect(bench.engine.statistics(of: a)?.packetsLost == 2, "2 and 6; 3 came late")
  }

  @Test("a packet that comes twice is passed on once")
  mutating func duplicate() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    let packet = alice.audio()
    bench.receive(packet, on: a, from: alice.endpoint)
    bench.receive(packet, on: a, from: alice.endpoint)
    #expect(bench.sink.packets.count == 1)
    #expect(bench.engine.statistics(of: a)?.packetsIgnored == 1)
  }

  @Test("a source that starts anew goes on in our numbers without a break")
  mutating func sourceRestarts() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    bench.talk(&alice, on: a, packets: 3)
    alice.ssrc = 99
    alice.sequence = 4
    alice.timestamp = 12
    bench.talk(&alice, on: a, packets: 3)
    expectContinuous(bench.sink.packets, markersAt: [0, 3])
  }

  @Test("extension, contributing sources and padding are not passed on")
  mutating func extras() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    var packet = alice.audio([1, 2, 3, 4])
    packet[0] = 0x80 | 0x20 | 0x10 | 1
    packet.insert(contentsOf: [9, 9, 9, 9, 0xBE, 0xDE, 0, 0], at: 12)
    packet += [0, 2]
    bench.receive(packet, on: a, from: alice.endpoint)
    #expect(bench.sink.packets.map(\.payload) == [[1, 2, 3, 4]])
  }

  @Test("what is no valid packet of the stream is ignored and counted")
  mutating func invalid() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    bench.receive([], on: a, from: alice.endpoint)
    bench.receive([0x80, 0, 1], on: a, from: alice.endpoint)
    bench.receive([0x40] + alice.audio().dropFirst(), on: a, from: alice.endpoint)
    bench.receive(alice.audio([]), on: a, from: alice.endpoint)
    bench.receive(alice.packet([1, 2], type: 18, marker: false), on: a, from: alice.endpoint)
    bench.receive(alice.packet([1, 2], type: 101, marker: false), on: a, from: alice.endpoint)
    #expect(bench.sink.packets.isEmpty && bench.events.isEmpty)
    #expect(bench.engine.statistics(of: a)?.packetsIgnored == 6)
    bench.receive([0x80, 200] + alice.audio().dropFirst(2), on: a, from: alice.endpoint)
    #expect(bench.engine.counters.controlPackets == 1)
    bench.receive(alice.audio(), on: StreamID(slot: 0, generation: 5), from: alice.endpoint)
    #expect(bench.engine.counters.packetsAstray == 1, "a stream of the same slot that is gone")
  }

  @Test("after unbridge neither hears the other; a new bridge ends the old one")
  mutating func unbridging() {
    var carol = Phone(3)
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    let c = bench.join(2, carol)
    bench.command(.bridge(a, b))
    bench.command(.bridge(a, c))
    bench.receive(bob.audio(), on: b, from: bob.endpoint)
    #expect(bench.sink.packets.isEmpty)
    bench.receive(carol.audio(), on: c, from: carol.endpoint)
    #expect(bench.sink.packets.map(\.stream) == [a])
    bench.command(.unbridge(c))
    bench.receive(alice.audio(), on: a, from: alice.endpoint)
    bench.receive(carol.audio(), on: c, from: carol.endpoint)
    #expect(bench.sink.packets.count == 1)
  }

  @Test("hold: nothing is sent to who may not be sent to, nothing is taken from who should not send")
  mutating func hold() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    bench.command(.target(a, MediaBench.target(alice, sends: false, receives: true)))
    bench.receive(bob.audio(), on: b, from: bob.endpoint)
    #expect(bench.sink.packets.isEmpty)
    bench.receive(alice.audio(), on: a, from: alice.endpoint)
    #expect(bench.sink.packets.map(\.stream) == [b], "one-way: they are still heard")
    bench.command(.target(a, MediaBench.target(alice, sends: false, receives: false)))
    bench.receive(alice.audio(), on: a, from: alice.endpoint)
    #expect(bench.sink.packets.count == 1)
    #expect(bench.engine.statistics(of: a)?.packetsIgnored == 1)
  }

  @Test("nothing goes to an address that is none: the old way to hold")
  mutating func unspecifiedAddress() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.bridge(a, b))
    var nowhere = bob
    nowhere.endpoint = Endpoint(.anyV4, 4_000)
    bench.command(.target(b, MediaBench.target(nowhere)))
    bench.receive(alice.audio(), on: a, from: alice.endpoint)
    #expect(bench.sink.packets.isEmpty)
  }
}

/// One SSRC, numbers without a gap, timestamps that go forward with what was sent, markers at just these places.
func expectContinuous(
  _ packets: [SentPacket], markersAt markers: [Int], sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(Set(packets.map(\.header.ssrc)).count == 1, sourceLocation: sourceLocation)
  for (before, after) in zip(packets, packets.dropFirst()) {
    #expect(after.header.sequence == before.header.sequence &+ 1, sourceLocation: sourceLocation)
    let step = after.header.timestamp &- before.header.timestamp
    let elapsed = UInt32((after.at - before.at).nanoseconds / 125_000)
    #expect(step >= UInt32(before.payload.count), sourceLocation: sourceLocation)
    #expect(step <= max(elapsed, 160) + 160, "as much as time has passed", sourceLocation: sourceLocation)
  }
  let found = packets.indices.filter { packets[$0].header.marker }
  #expect(found == markers, sourceLocation: sourceLocation)
}
