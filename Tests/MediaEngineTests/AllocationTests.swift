import Basics
import Glibc
import MediaEngine
import RTP
import Testing

/// Counts without keeping anything.
private struct CountingSink: PacketSink {
  var count = 0
  mutating func send(_ packet: UnsafeRawBufferPointer, from stream: StreamID, to remote: Endpoint) { count += 1 }
}
/// Keeps every packet: what a careless sink would do.
private struct KeepingSink: PacketSink {
  var packets: [[UInt8]] = []
  mutating func send(_ packet: UnsafeRawBufferPointer, from stream: StreamID, to remote: Endpoint) {
    packets.append(Array(packet))
  }
}

@Suite("Allocations", .serialized) struct AllocationTests {
  private func bridged(recording: Bool = false) -> (MediaEngine, StreamID, Phone) {
    var bench = MediaBench(prompts: PromptFixture.table)
    let phone = Phone(1)
    let a = bench.join(0, phone)
    let b = bench.join(1, Phone(2, payloadType: 8), codec: .pcma)
    bench.command(.bridge(a, b))
    if recording { bench.command(.record(a, RecordingSlot(index: 0), milliseconds: 60_000)) }
    return (bench.engine, a, phone)
  }

  /// Relays `count` packets out of one buffer that is patched for each.
  private func relay<Sink: PacketSink>(_ count: Int, to sink: inout Sink, recording: Bool = false) -> Int? {
    var (engine, id, phone) = bridged(recording: recording)
    let template = phone.audio()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: template.count, alignment: 8)
    defer { buffer.deallocate() }
    var header = RTPHeader(payloadType: 0, sequence: 0, timestamp: 0, ssrc: phone.ssrc)
    var now = Instant.zero
    let endpoint = phone.endpoint
    // The first packets settle what grows once.
    func send(_ packets: Int) {
      for _ in 0..<packets {
        header.sequence &+= 1
        header.timestamp &+= 160
        now = now + .milliseconds(20)
        header.write(to: buffer)
        engine.receive(buffer, on: id, from: endpoint, at: now, to: &sink)
      }
    }
    send(100)
    while engine.pollEvent() != nil {}
    return countAllocations { send(count) }
  }

  @Test("packets that are kept in a recording allocate nothing")
  func recording() {
    var sink = CountingSink()
    guard let count = relay(140, to: &sink, recording: true) else { return }
    #expect(count == 0)
  }

  @Test("100,000 relayed and transcoded packets allocate nothing")
  func relaying() {
    var sink = CountingSink()
    guard let count = relay(100_000, to: &sink) else { return }
    #expect(sink.count == 100_100)
    #expect(count == 0)
  }

  @Test("the count is real: a sink that keeps packets shows in it")
  func control() {
    var sink = KeepingSink()
    guard let count = relay(1_000, to: &sink) else { return }
    #expect(count >= 1_000)
  }

  @Test("an hour of prompts to ten streams allocates nothing")
  func playing() {
    var bench = MediaBench(prompts: PromptFixture.table)
    for slot in 0..<10 as Range<UInt32> {
      let id = bench.join(slot, Phone(Int(slot)), codec: slot % 2 == 0 ? .pcmu : .pcma)
      bench.command(.target(id, MediaBench.target(Phone(Int(slot)), receives: false)))
      bench.command(.play(id, PromptFixture.list(0, 1, 5), repeats: true, token: 1))
    }
    var engine = bench.engine
    var sink = CountingSink()
    func turn(_ ticks: Int) {
      for _ in 0..<ticks {
        if let deadline = engine.nextDeadline { engine.advance(to: deadline, sink: &sink) }
      }
    }
    turn(10)
    guard let count = countAllocations({ turn(18_000) }) else { return }
    #expect(sink.count > 179_000)
    #expect(count == 0)
  }
}
