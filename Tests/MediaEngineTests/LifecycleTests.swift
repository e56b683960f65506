import Basics
import MediaEngine
import RTP
import Testing

@Suite("Streams open, fall silent and close") struct LifecycleTests {
  var bench = MediaBench(prompts: PromptFixture.table)
  var phone = Phone(1)

  /// The events as words, in order.
  var words: [String] {
    bench.events.map { event in
      switch event {
      case .openFailed: "openFailed"
      case .digit: "digit"
      case .played: "played"
      case .recorded: "recorded"
      case .flowing: "flowing"
      case .silent: "silent"
      case .closed: "closed"
      case .measured: "measured"
      case .measuredAll: "measuredAll"
      }
    }
  }

  @Test("an idle engine holds nothing and waits for nothing")
  func idle() {
    #expect(bench.engine.nextDeadline == nil)
    #expect(MemoryLayout<MediaEngine>.size < 1_024)
  }

  @Test("open binds, close closes and tells the counts")
  mutating func openAndClose() {
    let id = bench.join(0, phone)
    #expect(bench.ports == [.bind(id, port: 20_000, v6: false)])
    bench.talk(&phone, on: id, packets: 4)
    bench.command(.close(id))
    #expect(bench.ports.last == .close(id))
    guard case .closed(id, let statistics)? = bench.events.last else {
      Issue.record("no closed event")
      return
    }
    #expect(statistics.packetsReceived == 4)
    #expect(bench.engine.streamCount == 0)
    #expect(bench.engine.nextDeadline == nil || bench.engine.streamCount == 0)
  }

  @Test("every close is answered, also where there was nothing to close")
  mutating func closeOfNothing() {
    bench.command(.close(StreamID(slot: 9, generation: 9)))
    #expect(words == ["closed"])
    #expect(bench.engine.counters.commandsIgnored == 1)
  }

  @Test("a port that cannot be bound is told, and the stream is closed like any other")
  mutating func portFailed() {
    let id = bench.join(0, phone)
    bench.engine.portFailed(id)
    bench.drain()
    #expect(words == ["openFailed"])
    bench.command(.close(id))
    #expect(words == ["openFailed", "closed"])
  }

  @Test("there is a limit to streams, and slots are used again")
  mutating func limit() {
    var limits = MediaEngine.Limits()
    limits.streams = 4
    bench = MediaBench(limits: limits)
    for slot in 0..<5 { bench.command(.open(StreamID(slot: UInt32(slot), generation: 0), port: 1, v6: false)) }
    #expect(words == ["openFailed"])
    #expect(bench.engine.counters.streamsRefused == 1)
    #expect(bench.engine.streamCount == 4)
    bench.command(.close(StreamID(slot: 2, generation: 0)))
    bench.command(.open(StreamID(slot: 2, generation: 1), port: 1, v6: false))
    #expect(bench.engine.streamCount == 4)
    bench.command(.target(StreamID(slot: 2, generation: 0), MediaBench.target(phone)))
    #expect(bench.engine.counters.commandsIgnored == 1, "a command for the stream before")
  }

  @Test("a slot given away without a close ends its old stream first")
  mutating func staleSlot() {
    let old = bench.join(0, phone)
    let new = StreamID(slot: 0, generation: 1)
    bench.command(.open(new, port: 30_000, v6: false))
    #expect(bench.ports == [.bind(old, port: 20_000, v6: false), .close(old), .bind(new, port: 30_000, v6: false)])
    #expect(words == ["closed"])
  }

  @Test("closing one side of a bridge leaves the other without a party")
  mutating func closingBridged() {
    var other = Phone(2)
    let a = bench.join(0, phone)
    let b = bench.join(1, other)
    bench.command(.bridge(a, b))
    bench.command(.close(a))
    bench.talk(&other, on: b, packets: 2)
    #expect(bench.sink.packets.isEmpty)
    let fresh = bench.join(2, phone)
    bench.command(.bridge(b, fresh))
    bench.talk(&other, on: b, packets: 2)
    #expect(bench.sent(to: fresh).count == 2)
  }

  @Test("flowing with the first packet; silent once after thirty seconds; flowing when sound returns")
  mutating func silence() {
    let id = bench.join(0, phone)
    bench.run(milliseconds: 10_000)
    bench.talk(&phone, on: id, packets: 100)
    #expect(words == ["flowing"])
    let lastPacket = bench.now - .milliseconds(20)
    bench.run(milliseconds: 29_960)
    #expect(words == ["flowing"])
    #expect(bench.engine.nextDeadline == lastPacket + .seconds(30))
    bench.run(milliseconds: 100_000)
    #expect(words == ["flowing", "silent"])
    #expect(bench.engine.nextDeadline == nil)
    bench.talk(&phone, on: id, packets: 2)
    #expect(words == ["flowing", "silent", "flowing"])
    bench.run(milliseconds: 31_000)
    #expect(words == ["flowing", "silent", "flowing", "silent"])
  }

  @Test("who never sends is silent too; who is on hold is not expected to send")
  mutating func neverHeard() {
    let id = bench.join(0, phone)
    bench.command(.target(id, MediaBench.target(phone, receives: false)))
    bench.run(milliseconds: 100_000)
    #expect(words.isEmpty)
    bench.command(.target(id, MediaBench.target(phone)))
    bench.run(milliseconds: 29_900)
    #expect(words.isEmpty)
    bench.run(milliseconds: 200)
    #expect(words == ["silent"])
  }

  @Test("a watched stream with sound wakes the thread twice a minute at most")
  mutating func fewWakes() {
    let id = bench.join(0, phone)
    var wakes = 0
    for _ in 0..<6_000 {
      bench.receive(phone.audio(), on: id, from: phone.endpoint)
      let end = bench.now + .milliseconds(20)
      if let deadline = bench.engine.nextDeadline, deadline <= end {
        wakes += 1
        bench.engine.advance(to: deadline, sink: &bench.sink)
      }
      bench.now = end
    }
    #expect(wakes >= 3 && wakes <= 5)
  }

  @Test("events beyond the limit are dropped, except those that commands are promised")
  mutating func eventLimit() {
    var limits = MediaEngine.Limits()
    limits.events = 2
    bench = MediaBench(limits: limits)
    // Nobody polls while four streams come, are heard once and go.
    for slot in 0..<4 as Range<UInt32> {
      var phone = Phone(Int(slot))
      let id = StreamID(slot: slot, generation: 0)
      bench.engine.handle(.open(id, port: 1, v6: false), at: bench.now)
      bench.engine.handle(.target(id, MediaBench.target(phone)), at: bench.now)
      var packet = phone.audio()
      packet.withUnsafeMutableBytes {
        bench.engine.receive($0, on: id, from: phone.endpoint, at: bench.now, to: &bench.sink)
      }
      bench.engine.handle(.close(id), at: bench.now)
    }
    bench.drain()
    #expect(words == ["flowing", "closed", "closed", "closed", "closed"])
    #expect(bench.engine.counters.eventsDropped == 3)
  }

  @Test("the same seed and inputs give the same packets; another seed gives other numbers")
  func deterministic() {
    func run(seed: UInt64) -> [RTPHeader] {
      var bench = MediaBench(prompts: PromptFixture.table, seed: seed)
      let id = bench.join(0, phone)
      bench.command(.play(id, PromptFixture.list(0), repeats: true, token: 1))
      bench.run(milliseconds: 200)
      return bench.sink.packets.map(\.header)
    }
    #expect(run(seed: 1) == run(seed: 1))
    #expect(run(seed: 1).first?.ssrc != run(seed: 2).first?.ssrc)
    #expect(run(seed: 1).first?.sequence != run(seed: 2).first?.sequence)
  }
}
