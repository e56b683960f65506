import Basics
import Frames
import Packets
import Testing

@testable import SIPTrace

@Suite("A capture as calls and streams") struct PacketTraceTests {
  var trace = PacketTrace()
  var clock = Instant.zero

  mutating func add(_ packet: [UInt8]) {
    clock = clock + .milliseconds(20)
    trace.add(Frames.ethernet(packet), link: .ethernet, at: clock)
  }

  @Test("a stream belongs to the call whose session description names its port, with its codec")
  mutating func byPorts() {
    let body = sdp(.v4(0xC000_0202), port: 4_000, formats: "8 101")
    add(Frames.ip4(Frames.udp(sip("INVITE", cseq: "1 INVITE", call: "one", body: body)), kind: 17))
    for slot in 0..<10 where slot != 4 {
      add(
        Frames.ip4(
          Frames.udp(Frames.rtp(UInt16(slot), timestamp: UInt32(slot * 160), payloadType: 8), 30_000, 4_000), kind: 17))
    }
    add(
      Frames.ip4(
        Frames.udp(Frames.rtp(10, timestamp: 1_600, payloadType: 101, payload: [1, 2, 3, 4]), 30_000, 4_000), kind: 17))
    trace.finish()
    #expect(trace.calls.map(\.id) == ["one"] && trace.otherMessages.isEmpty)
    #expect(trace.calls.first?.from == "101")
    let stream = trace.streams.first
    #expect(trace.streams.count == 1)
    #expect(stream?.callID == "one" && stream?.codecs == ["PCMA", "telephone-event"] && stream?.ssrc == 7)
    #expect(stream?.quality.packets == 10 && stream?.quality.lost == 1)
    #expect(stream?.opinionScore == 350)
  }

  @Test("without a session description a row of packets is a stream, and stray bytes are none")
  mutating func byLooks() {
    for slot in 0..<10 { add(Frames.ip4(Frames.udp(Frames.rtp(UInt16(slot), timestamp: 0), 30_000, 4_000), kind: 17)) }
    for slot in 0..<9 {
      add(
        Frames.ip4(
          Frames.udp(Frames.rtp(UInt16(slot * 999), timestamp: 0, ssrc: UInt32(slot)), 30_000, 4_002), kind: 17))
      add(Frames.ip4(Frames.udp(Frames.rtp(UInt16(slot), timestamp: 0), 53, 4_004), kind: 17))
    }
    trace.finish()
    #expect(trace.streams.count == 1 && trace.streams.first?.callID == nil && trace.streams.first?.codecs == ["PCMU"])
  }

  @Test("SIP over TCP: begun amid a message, in pieces, with a gap, finished by the end of the file")
  mutating func tcp() {
    let one = sip("OPTIONS", cseq: "1 OPTIONS", call: "one")
    let two = sip("OPTIONS", cseq: "2 OPTIONS", call: "two")
    let bytes = Array("tail of another\r\n\r\n".utf8) + one + two + one + two
    var sequence: UInt32 = 4_000_000_000
    func segment(_ range: Range<Int>) -> [UInt8] {
      Frames.ip4(Frames.tcp(Array(bytes[range]), sequence: sequence &+ UInt32(range.lowerBound)), kind: 6)
    }
    add(segment(0..<100))
    add(segment(200..<350))
    add(segment(100..<200))
    add(segment(350..<one.count + 219))
    #expect(trace.messages.count == 1)
    // What is missing is the rest of the second and a part of the third.
    add(segment(one.count + two.count + 100..<bytes.count))
    trace.finish()
    #expect(trace.messages.map(\.callID) == ["one", "two"])
    #expect(trace.counters.tcpGaps == 1 && trace.counters.malformed == 1)
    #expect(trace.otherMessages.count == 2 && trace.calls.isEmpty)
    sequence = 0
  }

  @Test("malformed messages are counted and shown, not hidden")
  mutating func malformed() {
    add(Frames.ip4(Frames.udp(Array("INVITE sip:a SIP/2.0\r\nnonsense\r\n\r\n".utf8)), kind: 17))
    add(Frames.ip4(Frames.udp(Array("\r\n\r\n".utf8)), kind: 17))
    #expect(trace.counters.sipMessages == 1 && trace.counters.malformed == 1 && trace.otherMessages.count == 1)
  }

  @Test("bytes that nobody meant never trap")
  mutating func fuzz() {
    let seed: UInt64 = 0x7ACE_0001
    var random = SeededRandom(seed: seed)
    let body = sdp(.v4(0xC000_0202))
    let seeds = [
      sip("INVITE", cseq: "1 INVITE", body: body), sip("200 OK", cseq: "1 INVITE", body: body),
      Frames.rtp(3, timestamp: 5), sip("REGISTER", cseq: "1 REGISTER", extra: LadderTests.digest),
    ]
    var scrub = FrameScrub(dropsDigits: true)
    var ladder = Ladder(language: .chinese)
    var shown = 0
    for round in 0..<20_000 {
      var bytes = seeds[random.below(seeds.count)]
      for _ in 0..<random.below(8) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
      let packet =
        round % 3 == 0
        ? Frames.ip4(Frames.tcp(bytes, sequence: UInt32(random.below(3_000)), flags: UInt8(random.below(64))), kind: 6)
        : Frames.ip4(Frames.udp(bytes, 1_024 + random.below(9), 4_000), kind: 17)
      _ = scrub.clean(Frames.ethernet(packet), link: .ethernet)
      let before = trace.messages.count
      add(packet)
      for traced in trace.messages[before...] {
        for line in ladder.add(traced) where Canvas.width(line) > 80 || line.bytes.contains(where: { $0 < 0x20 }) {
          Issue.record("seed \(seed), round \(round): \(line)")
        }
        shown += 1
      }
    }
    trace.finish()
    #expect(shown > 5_000, "seed \(seed)")
  }
}
