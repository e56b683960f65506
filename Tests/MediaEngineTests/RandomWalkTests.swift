import Basics
import MediaEngine
import RTP
import Testing

/// Counts what leaves, and checks what must always hold.
private struct CheckingSink: PacketSink {
  var open: Set<StreamID> = []
  var count = 0
  var faults: [String] = []

  mutating func send(_ packet: UnsafeRawBufferPointer, from stream: StreamID, to remote: Endpoint) {
    count += 1
    if !open.contains(stream) { faults.append("from a stream that is not open") }
    if remote.port == 0 || remote.address.isUnspecified { faults.append("to nowhere") }
    guard let parsed = try? RTPPacket(parsing: packet) else {
      faults.append("no RTP packet")
      return
    }
    if parsed.payloadStart != 12 || parsed.payloadCount == 0 { faults.append("an odd packet") }
  }
}

@Suite("Random walk") struct RandomWalkTests {
  @Test(
    "no row of commands, packets and times traps the engine or breaks its promises",
    arguments: 1...12 as ClosedRange<UInt64>)
  func walk(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var limits = MediaEngine.Limits()
    limits.streams = 12
    var engine = MediaEngine(prompts: PromptFixture.table, limits: limits, seed: seed)
    var sink = CheckingSink()
    var now = Instant(nanoseconds: Int64(random.below(1 << 40)))
    var closesAsked = 0
    var closesTold = 0
    for step in 0..<3_000 {
      switch random.below(10) {
      case 0...2:
        let command = randomCommand(&random, &sink)
        if case .close = command { closesAsked += 1 }
        engine.handle(command, at: now)
        if case .close(let id) = command { sink.open.remove(id) }
      case 3:
        now = now + Interval(nanoseconds: Int64(random.below(random.chance(percent: 2) ? 1 << 38 : 40_000_000)))
        engine.advance(to: now, sink: &sink)
      case 4 where random.chance(percent: 10):
        engine.portFailed(randomID(&random))
      default:
        var packet = randomPacket(&random)
        let id = randomID(&random)
        let source = randomEndpoint(&random)
        packet.withUnsafeMutableBytes { engine.receive($0, on: id, from: source, at: now, to: &sink) }
      }
      while let event = engine.pollEvent() {
        if case .closed = event { closesTold += 1 }
      }
      while engine.pollPort() != nil {}
      if let deadline = engine.nextDeadline, deadline < now - .seconds(300) {
        Issue.record("seed \(seed), step \(step): a deadline far in the past")
      }
    }
    #expect(sink.faults.isEmpty, "seed \(seed): \(sink.faults.prefix(3))")
    #expect(sink.count > 200, "seed \(seed): the walk must reach what it is to test")
    #expect(closesTold >= closesAsked, "seed \(seed)")
    #expect(engine.streamCount <= 12, "seed \(seed)")
  }

  private func randomID(_ random: inout SeededRandom) -> StreamID {
    StreamID(slot: UInt32(random.below(14)), generation: random.chance(percent: 95) ? 0 : 1)
  }
  private func randomEndpoint(_ random: inout SeededRandom) -> Endpoint {
    if random.chance(percent: 2) { return Endpoint(.anyV4, 0) }
    if random.chance(percent: 5) { return Endpoint(.v6(high: 1, low: 2), 9) }
    return Endpoint(.v4(0xC000_0201 + UInt32(random.below(2))), UInt16(10_000 + random.below(2)))
  }
  private func randomList(_ random: inout SeededRandom) -> Playlist {
    var list = Playlist()
    for _ in 0..<random.below(30) { list.append(PromptID(index: UInt16(random.below(8)))) }
    return list
  }

  private func randomCommand(_ random: inout SeededRandom, _ sink: inout CheckingSink) -> MediaCommand {
    let id = randomID(&random)
    switch random.below(12) {
    case 0, 1:
      sink.open.insert(id)
      return .open(id, port: UInt16(truncatingIfNeeded: random.next()), v6: random.chance(percent: 50))
    case 2, 3, 4:
      return .target(
        id,
        StreamTarget(
          remote: randomEndpoint(&random), codec: random.chance(percent: 50) ? .pcmu : .pcma,
          payloadType: UInt8(random.below(10)), eventPayloadType: random.chance(percent: 80) ? 101 : nil,
          packetMilliseconds: UInt8(truncatingIfNeeded: random.next()), sends: random.chance(percent: 80),
          receives: random.chance(percent: 80), followsSource: random.chance(percent: 50)))
    case 5, 6: return .bridge(id, randomID(&random))
    case 7: return .unbridge(id)
    case 8: return .play(id, randomList(&random), repeats: random.chance(percent: 30), token: 1)
    case 9: return .stopPlaying(id)
    case 10:
      return .sendDigit(
        id, digit: UInt8(truncatingIfNeeded: random.next()) & 0x3F,
        milliseconds: UInt16(truncatingIfNeeded: random.next()))
    default: return random.chance(percent: 20) ? .close(id) : .unbridge(id)
    }
  }

  private func randomPacket(_ random: inout SeededRandom) -> [UInt8] {
    var packet = (0..<random.below(random.chance(percent: 95) ? 200 : 1_500)).map { _ in
      UInt8(truncatingIfNeeded: random.next())
    }
    guard packet.count > 12, random.chance(percent: 90) else { return packet }
    packet[0] = random.chance(percent: 90) ? 0x80 : packet[0]
    packet[1] = [0, 8, 0, 8, 101, 3, 200][random.below(7)]
    // Often one source with near numbers, so that order, lateness and jumps all occur.
    if random.chance(percent: 80) {
      packet[2] = 0xFF
      for index in 8..<12 { packet[index] = 1 }
    }
    return packet
  }
}
