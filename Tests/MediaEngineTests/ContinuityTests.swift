import Basics
import MediaEngine
import RTP
import Testing

@Suite("One outgoing stream, whatever it carries") struct ContinuityTests {
  var bench = MediaBench(prompts: PromptFixture.table)
  var caller = Phone(1)
  var agent = Phone(2)

  @Test("music, bridge, hold, music again: one SSRC, no gap in the numbers, time goes on")
  mutating func wholeCall() {
    let a = bench.join(0, caller)
    let b = bench.join(1, agent)
    bench.command(.play(a, PromptFixture.list(0), repeats: true, token: 1))
    bench.run(milliseconds: 200)
    let music = bench.sent(to: a).count
    bench.command(.bridge(a, b))
    bench.talk(&agent, on: b, packets: 10)
    // Held for three seconds: nothing is sent.
    bench.command(.target(a, MediaBench.target(caller, sends: false)))
    bench.talk(&agent, on: b, packets: 150)
    #expect(bench.sent(to: a).count == music + 10)
    bench.command(.target(a, MediaBench.target(caller)))
    bench.talk(&agent, on: b, packets: 10)
    bench.command(.play(a, PromptFixture.list(1), repeats: true, token: 2))
    bench.run(milliseconds: 200)
    let packets = bench.sent(to: a)
    #expect(packets.count == music + 20 + 10)
    expectContinuous(packets, markersAt: [0, music, music + 10, music + 20])
    // What the caller hears of the agent after the hold is three seconds later than before.
    let gap = packets[music + 10].header.timestamp &- packets[music + 9].header.timestamp
    #expect(gap / 8 >= 3_000 && gap / 8 <= 3_040)
  }

  @Test("a prompt goes before the bridge, and the bridge is heard again after it")
  mutating func promptOverBridge() {
    let a = bench.join(0, caller)
    let b = bench.join(1, agent)
    bench.command(.bridge(a, b))
    bench.talk(&agent, on: b, packets: 5)
    bench.command(.play(a, PromptFixture.list(5), repeats: false, token: 9))
    bench.talk(&agent, on: b, packets: 10)
    bench.talk(&caller, on: a, packets: 3)
    let packets = bench.sent(to: a)
    // 125 ms are seven packets, the last filled up; the tick after the command falls into the first of the ten.
    let voices = packets.map { $0.payload.allSatisfy { $0 == 0x55 } }
    #expect(voices.filter { !$0 }.count == 7)
    #expect(voices.last == true)
    expectContinuous(packets, markersAt: [0, 5, 12])
    #expect(bench.sent(to: b).count == 3, "the other side hears on")
  }

  @Test("a digit we send takes its place among the relayed packets")
  mutating func digitOverBridge() {
    let a = bench.join(0, caller)
    let b = bench.join(1, agent)
    bench.command(.bridge(a, b))
    bench.talk(&agent, on: b, packets: 5)
    bench.command(.sendDigit(a, digit: UInt8(ascii: "7"), milliseconds: 100))
    bench.talk(&agent, on: b, packets: 15)
    let packets = bench.sent(to: a)
    for (before, after) in zip(packets, packets.dropFirst()) {
      #expect(after.header.sequence == before.header.sequence &+ 1)
    }
    #expect(packets.filter { $0.header.payloadType == 101 }.count == 7, "five of 20 ms, the end twice more")
    #expect(packets.last?.header.payloadType == 0)
  }

  @Test("the other side's digits that are not passed on leave no gap")
  mutating func withheldDigits() {
    let a = bench.join(0, caller, events: nil)
    let b = bench.join(1, agent)
    bench.command(.bridge(a, b))
    bench.talk(&agent, on: b, packets: 2)
    for index in 1...5 {
      bench.receive(agent.event("4", duration: UInt16(160 * index), isEnd: index > 2), on: b, from: agent.endpoint)
      bench.run(milliseconds: 20)
    }
    agent.timestamp &+= 800
    bench.talk(&agent, on: b, packets: 3)
    #expect(bench.digits(of: b) == ["460"])
    #expect(bench.sent(to: a).count == 5)
    expectContinuous(bench.sent(to: a), markersAt: [0])
  }

  @Test("after a bridge of twenty minutes the numbers have wrapped and late packets are still told apart")
  mutating func longCall() {
    let a = bench.join(0, caller)
    let b = bench.join(1, agent)
    bench.command(.bridge(a, b))
    for _ in 0..<70_000 {
      bench.sink.packets.removeAll(keepingCapacity: true)
      bench.receive(agent.audio([1]), on: b, from: agent.endpoint)
      bench.now = bench.now + .milliseconds(20)
    }
    let held = agent.audio([2])
    bench.receive(agent.audio([3]), on: b, from: agent.endpoint)
    bench.receive(held, on: b, from: agent.endpoint)
    bench.receive(agent.audio([4]), on: b, from: agent.endpoint)
    let last = bench.sink.packets.suffix(4)
    #expect(last.map(\.payload) == [[1], [3], [2], [4]])
    #expect(last.map { $0.header.sequence &- last[last.startIndex].header.sequence } == [0, 2, 1, 3])
    #expect(bench.engine.statistics(of: b)?.packetsLost == 0)
  }
}
