import Basics
import Codecs
import MediaEngine
import RTP
import Testing

@Suite("Playing prompts") struct PlayTests {
  var bench = MediaBench(prompts: PromptFixture.table)
  var phone = Phone(1)

  func played(_ events: [MediaEvent]) -> [UInt32] {
    events.compactMap { if case .played(_, let token) = $0 { token } else { nil } }
  }

  @Test("a playlist sounds as one recording, in packets of 20 ms on the grid, and says when it ended")
  mutating func playlist() {
    let id = bench.join(0, phone)
    let start = bench.now
    bench.command(.play(id, PromptFixture.list(0, 1, 2), repeats: false, token: 42))
    bench.run(milliseconds: 2_900)
    #expect(played(bench.events).isEmpty)
    bench.run(milliseconds: 300)
    #expect(played(bench.events) == [42])
    let packets = bench.sink.packets
    #expect(packets.count == 150)
    #expect(packets.allSatisfy { $0.payload.count == 160 && $0.at.nanoseconds % 20_000_000 == 0 })
    #expect(packets[0].at - start < .milliseconds(20))
    #expect(zip(packets, packets.dropFirst()).allSatisfy { $1.at - $0.at == .milliseconds(20) })
    expectContinuous(packets, markersAt: [0])
    let sound = Signal.linear(muLaw: packets.flatMap(\.payload))
    for (index, hertz) in PromptFixture.tones.enumerated() {
      #expect(Signal.share(of: hertz, in: Array(sound[(index * 8_000)..<((index + 1) * 8_000)])) > 0.98)
    }
    #expect(abs(Signal.level(sound) - Signal.level(Signal.linear(muLaw: Signal.sine(400, milliseconds: 1_000)))) < 0.1)
  }

  @Test("A-law is the same sound by table")
  mutating func aLaw() {
    let id = bench.join(0, Phone(1, payloadType: 8), codec: .pcma)
    bench.command(.play(id, PromptFixture.list(1), repeats: false, token: 1))
    bench.run(milliseconds: 1_100)
    let sound = Signal.linear(aLaw: bench.sink.packets.flatMap(\.payload))
    #expect(bench.sink.packets.allSatisfy { $0.header.payloadType == 8 })
    #expect(sound.count == 8_000)
    #expect(Signal.share(of: 1_000, in: sound) > 0.98)
  }

  @Test("repeating has no joint: the tone goes on as if it never ended")
  mutating func seamless() {
    let id = bench.join(0, phone)
    bench.command(.play(id, PromptFixture.list(5), repeats: true, token: 1))
    bench.run(milliseconds: 2_020)
    let sound = bench.sink.packets.flatMap(\.payload)
    #expect(
      Array(sound.prefix(16_000)) == Array(repeating: Signal.sine(1_000, milliseconds: 125), count: 16).flatMap { $0 })
    #expect(played(bench.events).isEmpty)
    bench.command(.stopPlaying(id))
    let count = bench.sink.packets.count
    bench.run(milliseconds: 100)
    #expect(bench.sink.packets.count == count)
    #expect(played(bench.events).isEmpty, "stopping is not ending")
  }

  @Test("other packet lengths carry the same sound", arguments: [10, 20, 30, 40, 50, 60] as [UInt8])
  mutating func packetLengths(milliseconds: UInt8) {
    let id = bench.join(0, phone, milliseconds: milliseconds)
    bench.command(.play(id, PromptFixture.list(0, 1, 2), repeats: false, token: 1))
    bench.run(milliseconds: 3_200)
    let packets = bench.sink.packets
    #expect(packets.allSatisfy { $0.payload.count == Int(milliseconds) * 8 })
    #expect(played(bench.events) == [1])
    let expected = PromptFixture.tones.flatMap { Signal.sine($0, milliseconds: 1_000) }
    #expect(Array(packets.flatMap(\.payload).prefix(expected.count)) == expected)
    #expect(
      zip(packets, packets.dropFirst()).allSatisfy {
        $1.header.timestamp &- $0.header.timestamp == UInt32(milliseconds) * 8
      })
  }

  @Test("the last packet is filled up with silence")
  mutating func lastPacket() {
    let id = bench.join(0, phone)
    bench.command(.play(id, PromptFixture.list(5), repeats: false, token: 1))
    bench.run(milliseconds: 200)
    let sound = bench.sink.packets.flatMap(\.payload)
    #expect(sound.count == 7 * 160)
    #expect(sound[1_000...].allSatisfy { $0 == G711.muLawSilence })
  }

  @Test("a list without any sound ends at once; repeated, it plays nothing and does not spin")
  mutating func emptyLists() {
    let id = bench.join(0, phone)
    bench.command(.play(id, Playlist(), repeats: false, token: 1))
    bench.command(.play(id, PromptFixture.list(4, 60_000), repeats: false, token: 2))
    #expect(played(bench.events) == [1, 2])
    bench.command(.play(id, PromptFixture.list(4), repeats: true, token: 3))
    bench.run(milliseconds: 100)
    #expect(played(bench.events) == [1, 2])
    #expect(bench.sink.packets.isEmpty)
  }

  @Test("a missing prompt in a list is stepped over")
  mutating func missingPrompt() {
    let id = bench.join(0, phone)
    bench.command(.play(id, PromptFixture.list(4, 0, 4), repeats: false, token: 1))
    bench.run(milliseconds: 1_100)
    #expect(played(bench.events) == [1])
    #expect(bench.sink.packets.count == 50)
  }

  @Test("a new list replaces the old one without a `played`")
  mutating func replacing() {
    let id = bench.join(0, phone)
    bench.command(.play(id, PromptFixture.list(0), repeats: false, token: 1))
    bench.run(milliseconds: 500)
    bench.command(.play(id, PromptFixture.list(1), repeats: false, token: 2))
    bench.run(milliseconds: 1_100)
    #expect(played(bench.events) == [2])
    expectContinuous(bench.sink.packets, markersAt: [0])
  }

  @Test("on hold a list runs on unheard and still says that it ended")
  mutating func heldWhilePlaying() {
    let id = bench.join(0, phone)
    bench.command(.play(id, PromptFixture.list(0), repeats: false, token: 1))
    bench.run(milliseconds: 500)
    bench.command(.target(id, MediaBench.target(phone, sends: false)))
    let sent = bench.sink.packets.count
    bench.run(milliseconds: 600)
    #expect(played(bench.events) == [1])
    #expect(bench.sink.packets.count == sent)
  }

  @Test("before the remote side is known a prompt waits")
  mutating func waitsForTarget() {
    let id = StreamID(slot: 3, generation: 1)
    bench.command(.open(id, port: 20_000, v6: true))
    bench.command(.play(id, PromptFixture.list(0), repeats: false, token: 1))
    #expect(bench.engine.nextDeadline == nil)
    bench.run(milliseconds: 5_000)
    bench.command(.target(id, MediaBench.target(phone)))
    bench.run(milliseconds: 1_100)
    #expect(bench.sink.packets.count == 50)
    #expect(played(bench.events) == [1])
  }

  @Test("streams that begin at different times share one grid")
  mutating func sharedGrid() {
    let first = bench.join(0, phone)
    let second = bench.join(1, Phone(2))
    bench.command(.play(first, PromptFixture.list(0), repeats: true, token: 1))
    bench.run(milliseconds: 47)
    bench.command(.play(second, PromptFixture.list(1), repeats: true, token: 2))
    bench.run(milliseconds: 400)
    #expect(bench.sink.packets.allSatisfy { $0.at.nanoseconds % 20_000_000 == 0 })
    #expect(bench.sent(to: second).count >= 20)
    bench.command(.stopPlaying(first))
    bench.command(.stopPlaying(second))
    let silenceCheck = bench.engine.nextDeadline ?? .never
    #expect(silenceCheck - bench.now > .seconds(1), "from here on no tick wakes the thread")
    bench.command(.close(first))
    bench.command(.close(second))
    #expect(bench.engine.nextDeadline == nil, "nothing wakes the thread when nothing is there")
  }

  @Test("a clock that stood still is made up for in part: a gap, not a flood")
  mutating func lateClock() {
    let id = bench.join(0, phone)
    bench.command(.play(id, PromptFixture.list(0), repeats: true, token: 1))
    bench.run(milliseconds: 100)
    let before = bench.sink.packets.count
    bench.now = bench.now + .seconds(3_600)
    bench.sink.now = bench.now
    bench.engine.advance(to: bench.now, sink: &bench.sink)
    let burst = bench.sink.packets.count - before
    #expect(burst == bench.engine.limits.catchUpTicks + 1)
    #expect(bench.engine.counters.ticksSkipped > 100_000)
    let jump = bench.sink.packets[before].header.timestamp &- bench.sink.packets[before - 1].header.timestamp
    #expect(jump > 3_598 * 8_000 && jump < 3_601 * 8_000, "the timestamp shows the gap")
  }
}
