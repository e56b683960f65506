import Basics
import Codecs
import MediaEngine
import RTP
import Testing

@Suite("Recording what is heard") struct RecordingTests {
  let table = PromptTable()
  var bench: MediaBench
  var phone = Phone(1)
  static let place = RecordingSlot(index: 3)

  init() { bench = MediaBench(prompts: table) }

  /// The samples told of by `recorded`, in order.
  var recorded: [Int] {
    bench.events.compactMap { if case .recorded(_, Self.place, let samples) = $0 { Int(samples) } else { nil } }
  }

  @Test("what comes between the command and the end is kept, and nothing else")
  mutating func kept() {
    let id = bench.join(0, phone)
    bench.talk(&phone, on: id, packets: 3, payload: [UInt8](repeating: 1, count: 160))
    bench.command(.record(id, Self.place, milliseconds: 5_000))
    bench.talk(&phone, on: id, packets: 2, payload: [UInt8](repeating: 2, count: 160))
    bench.receive(phone.event("5", duration: 800, isEnd: true), on: id, from: phone.endpoint)
    bench.talk(&phone, on: id, packets: 1, payload: [UInt8](repeating: 3, count: 80))
    #expect(recorded.isEmpty)
    bench.command(.stopRecording(id))
    bench.talk(&phone, on: id, packets: 1)
    #expect(recorded == [400])
    #expect(
      Array(table.recordings.samples(Self.place)) == [UInt8](repeating: 2, count: 320)
        + [UInt8](repeating: 3, count: 80))
  }

  @Test("A-law is kept as µ-law, and passed on unchanged to whom it is bridged with")
  mutating func aLaw() {
    phone = Phone(1, payloadType: 8)
    let id = bench.join(0, phone, codec: .pcma)
    let other = bench.join(1, Phone(2, payloadType: 8), codec: .pcma)
    bench.command(.bridge(id, other))
    bench.command(.record(id, Self.place, milliseconds: 5_000))
    let payload = (0..<160).map { UInt8($0) }
    bench.talk(&phone, on: id, packets: 1, payload: payload)
    bench.command(.stopRecording(id))
    #expect(Array(table.recordings.samples(Self.place)) == payload.map { G711.muLaw(aLaw: $0) })
    #expect(bench.sent(to: other).map(\.payload) == [payload])
  }

  @Test("it ends by itself after its time, also where nothing is heard")
  mutating func ends() {
    let id = bench.join(0, phone)
    bench.command(.record(id, Self.place, milliseconds: 500))
    bench.run(milliseconds: 499)
    #expect(recorded.isEmpty)
    bench.run(milliseconds: 1)
    #expect(recorded == [0])
    bench.command(.stopRecording(id))
    #expect(recorded == [0], "told once")
  }

  @Test("a full place ends it: no more is kept than there is room for")
  mutating func full() {
    let id = bench.join(0, phone)
    bench.command(.record(id, Self.place, milliseconds: 60_000))
    bench.talk(&phone, on: id, packets: 260)
    #expect(recorded == [RecordingPool.samplesPerSlot])
  }

  @Test("closing the stream ends it; for a stream that is not there it ends at once")
  mutating func closed() {
    let id = bench.join(0, phone)
    bench.command(.record(id, Self.place, milliseconds: 5_000))
    bench.talk(&phone, on: id, packets: 1)
    bench.command(.close(id))
    #expect(recorded == [160])
    bench.command(.record(id, Self.place, milliseconds: 5_000))
    #expect(recorded == [160, 0] && bench.engine.nextDeadline == nil)
  }

  @Test("what was recorded is played like a prompt, in one piece with others")
  mutating func played() {
    let id = bench.join(0, phone)
    table.recordings.clear(Self.place)
    [UInt8](repeating: 7, count: 240).withUnsafeBytes { _ = table.recordings.append($0, to: Self.place) }
    bench.command(.play(id, Playlist(PromptID(Self.place)), repeats: false, token: 5))
    bench.run(milliseconds: 100)
    let sound = bench.sent(to: id).flatMap(\.payload)
    #expect(sound == [UInt8](repeating: 7, count: 240) + [UInt8](repeating: G711.muLawSilence, count: 80))
  }

  @Test("a place that there is not takes nothing and plays nothing")
  mutating func noSuchPlace() {
    let id = bench.join(0, phone)
    bench.command(.record(id, RecordingSlot(index: 200), milliseconds: 5_000))
    bench.talk(&phone, on: id, packets: 2)
    bench.command(.stopRecording(id))
    #expect(table.recordings.samples(RecordingSlot(index: 200)).isEmpty)
    bench.command(.play(id, Playlist(PromptID(RecordingSlot(index: 200))), repeats: false, token: 9))
    #expect(bench.events.contains { if case .played(_, 9) = $0 { true } else { false } })
  }
}
