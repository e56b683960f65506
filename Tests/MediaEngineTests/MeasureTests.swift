import Basics
import MediaEngine
import Testing

@Suite("What a stream's sound is like") struct MeasureTests {
  var bench = MediaBench()
  var alice = Phone(1)
  var bob = Phone(2)

  private mutating func measured() -> [StreamID: StreamStatistics] {
    bench.events = []
    bench.command(.measure)
    return bench.events.reduce(into: [:]) { all, event in
      if case .measured(let id, let statistics) = event { all[id] = statistics }
    }
  }

  /// A packet each 20 ms, the nth of them late by so much.
  private mutating func speak(_ lateness: [Interval], on id: StreamID) {
    let start = bench.now
    for (index, late) in lateness.enumerated() {
      bench.now = start + .milliseconds(20 * index) + late
      bench.receive(alice.audio(), on: id, from: alice.endpoint)
    }
  }

  @Test("every stream that receives is told of once, and then that this was all")
  mutating func all() {
    let a = bench.join(0, alice)
    let b = bench.join(1, bob)
    bench.command(.open(StreamID(slot: 2, generation: 1), port: 10_004, v6: false))
    speak([.zero, .zero], on: a)
    bench.events = []
    bench.command(.measure)
    let told = bench.events.compactMap { if case .measured(let id, _) = $0 { id } else { nil } }
    #expect(told == [a, b])
    if case .measuredAll? = bench.events.last {} else { Issue.record("nobody says that this was all") }
  }

  @Test("packets that come as evenly as they were sent have no jitter, after a late start too")
  mutating func even() {
    let a = bench.join(0, alice)
    speak(Array(repeating: .milliseconds(70), count: 50), on: a)
    let quality = measured()[a]
    #expect(quality?.packetsReceived == 50 && quality?.packetsLost == 0 && quality?.jitterMilliseconds == 0)
  }

  @Test("the jitter is that of RFC 3550: of packets in turn early and late by 10 ms it comes to 10 ms")
  mutating func jitter() {
    let a = bench.join(0, alice)
    speak((0..<400).map { $0 % 2 == 0 ? .zero : .milliseconds(10) }, on: a)
    #expect(measured()[a]?.jitterMilliseconds == 10)
    // By the formula: J += (|D| - J) / 16, in sixteenths of a sample, D = 80 samples.
    let expected = (1..<400).reduce(0) { j, _ in j + 80 - (j + 8) >> 4 }
    #expect(measured()[a]?.jitter16 == UInt32(expected))
  }

  @Test("numbers that are missing are lost; one that comes late is not")
  mutating func losses() {
    let a = bench.join(0, alice)
    speak([.zero, .zero], on: a)
    _ = alice.audio()
    let late = alice.audio()
    speak([.milliseconds(40)], on: a)
    #expect(measured()[a]?.packetsLost == 2)
    bench.receive(late, on: a, from: alice.endpoint)
    #expect(measured()[a]?.packetsLost == 1)
  }

  @Test("a sender that starts anew, with other numbers and times, brings no jitter of its own")
  mutating func restart() {
    let a = bench.join(0, alice)
    speak(Array(repeating: .zero, count: 10), on: a)
    alice.timestamp &+= 1_000_000
    alice.sequence &+= 20_000
    speak(Array(repeating: .zero, count: 10), on: a)
    #expect(measured()[a]?.jitterMilliseconds == 0)
  }
}
