import Basics
import MediaEngine
import RTP
import Testing

@Suite("Digits as telephone-events") struct DigitTests {
  var bench = MediaBench(prompts: PromptFixture.table)
  var phone = Phone(1)

  /// A key as phones send it: growing, then three ends. `lost` are places in that row which do not arrive.
  mutating func press(_ digit: Character, milliseconds: Int = 100, on id: StreamID, lost: Set<Int> = []) {
    let steps = milliseconds / 20
    for step in 1...(steps + 2) {
      let duration = UInt16(min(step, steps) * 160)
      let packet = phone.event(digit, duration: duration, isEnd: step >= steps, marker: step == 1)
      if !lost.contains(step) { bench.receive(packet, on: id, from: phone.endpoint) }
      bench.run(milliseconds: 20)
    }
    phone.timestamp &+= UInt32(milliseconds * 8 + 480)
  }

  @Test("each key counts once, by its end, however often the end comes")
  mutating func once() {
    let id = bench.join(0, phone)
    for digit in "13*#7D" { press(digit, on: id) }
    #expect(bench.digits(of: id) == ["1100", "3100", "*100", "#100", "7100", "D100"])
  }

  @Test("the same key twice counts twice")
  mutating func twice() {
    let id = bench.join(0, phone)
    press("1", on: id)
    press("1", on: id)
    #expect(bench.digits(of: id) == ["1100", "1100"])
  }

  @Test("one end of three is enough, and so is any packet at all")
  mutating func losses() {
    let id = bench.join(0, phone)
    press("1", on: id, lost: [1, 2, 3, 4, 5, 6])
    press("2", on: id, lost: [5, 6, 7])
    press("3", on: id)
    #expect(bench.digits(of: id) == ["1100", "280", "3100"], "2 ended when 3 began")
    press("4", on: id, lost: [5, 6, 7])
    bench.talk(&phone, on: id, packets: 8)
    #expect(bench.digits(of: id).last == "480", "sound after it ended it")
  }

  @Test("an end that comes after the next key has begun is not another press")
  mutating func lateEnd() {
    let id = bench.join(0, phone)
    let stamp = phone.timestamp
    press("1", on: id)
    var late = phone
    late.timestamp = stamp
    late.sequence &-= 1
    _ = phone.event("9", duration: 160)
    bench.receive(phone.event("2", duration: 160, marker: true), on: id, from: phone.endpoint)
    bench.receive(late.event("1", duration: 800, isEnd: true), on: id, from: phone.endpoint)
    bench.receive(phone.event("2", duration: 320, isEnd: true), on: id, from: phone.endpoint)
    #expect(bench.digits(of: id) == ["1100", "240"])
  }

  @Test("a key held for long counts after a second, once, even beyond eight seconds under a new timestamp")
  mutating func longPress() {
    let id = bench.join(0, phone)
    for step in 1...409 {
      bench.receive(phone.event("5", duration: UInt16(step * 160), marker: step == 1), on: id, from: phone.endpoint)
      bench.run(milliseconds: 20)
      if step == 49 { #expect(bench.digits(of: id).isEmpty) }
      if step == 50 { #expect(bench.digits(of: id) == ["51000"]) }
    }
    phone.timestamp &+= 409 * 160
    for step in 1...20 {
      bench.receive(phone.event("5", duration: UInt16(step * 160), isEnd: step > 17), on: id, from: phone.endpoint)
    }
    #expect(bench.digits(of: id) == ["51000"])
    phone.timestamp &+= 8_000
    press("5", on: id)
    #expect(bench.digits(of: id) == ["51000", "5100"])
  }

  @Test("events that are no keys are not reported")
  mutating func flash() {
    let id = bench.join(0, phone)
    var packet = phone.event("0", duration: 800, isEnd: true)
    packet[12] = 16
    bench.receive(packet, on: id, from: phone.endpoint)
    #expect(bench.digits(of: id).isEmpty)
  }

  @Test("a sent digit: marker on the first packet, one timestamp, growing duration, the end three times")
  mutating func sending() {
    let id = bench.join(0, phone, events: 96)
    bench.command(.sendDigit(id, digit: UInt8(ascii: "#"), milliseconds: 90))
    bench.run(milliseconds: 400)
    let packets = bench.sink.packets
    let events = packets.compactMap { packet in packet.payload.withUnsafeBytes { TelephoneEvent(parsing: $0) } }
    #expect(events.map(\.code) == Array(repeating: 11, count: 7))
    #expect(events.map(\.duration) == [160, 320, 480, 640, 720, 720, 720])
    #expect(events.map(\.isEnd) == [false, false, false, false, true, true, true])
    #expect(packets.map(\.header.marker) == [true, false, false, false, false, false, false])
    #expect(Set(packets.map(\.header.timestamp)).count == 1)
    #expect(packets.allSatisfy { $0.header.payloadType == 96 })
    #expect(zip(packets, packets.dropFirst()).allSatisfy { $1.header.sequence == $0.header.sequence &+ 1 })
  }

  @Test("what one engine sends, another one reads, with the pauses between keys")
  mutating func endToEnd() {
    let id = bench.join(0, phone)
    let keys = "0123456789*#ABCD"
    for key in keys.utf8 { bench.command(.sendDigit(id, digit: key, milliseconds: 60)) }
    bench.run(milliseconds: 6_000)
    var other = MediaBench()
    let peer = other.join(0, phone)
    for packet in bench.sink.packets {
      other.now = packet.at
      var bytes = [UInt8](repeating: 0, count: 12)
      _ = bytes.withUnsafeMutableBytes { packet.header.write(to: $0) }
      other.receive(bytes + packet.payload, on: peer, from: phone.endpoint)
    }
    #expect(other.digits(of: peer) == keys.map { "\($0)60" })
    let starts = bench.sink.packets.filter(\.header.marker).map(\.header.timestamp)
    #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 &- $0 >= (60 + 40) * 8 })
  }

  @Test("digits that cannot be sent are counted: not negotiated, no key, on hold, too many")
  mutating func refused() {
    let id = bench.join(0, phone, events: nil)
    bench.command(.sendDigit(id, digit: UInt8(ascii: "1"), milliseconds: 100))
    bench.command(.target(id, MediaBench.target(phone)))
    bench.command(.sendDigit(id, digit: UInt8(ascii: "x"), milliseconds: 100))
    bench.command(.target(id, MediaBench.target(phone, sends: false)))
    bench.command(.sendDigit(id, digit: UInt8(ascii: "1"), milliseconds: 100))
    #expect(bench.engine.counters.digitsRefused == 3)
    bench.command(.target(id, MediaBench.target(phone)))
    for _ in 0..<17 { bench.command(.sendDigit(id, digit: UInt8(ascii: "1"), milliseconds: 100)) }
    #expect(bench.engine.counters.digitsRefused == 4)
  }

  @Test("a prompt waits for a digit and goes on where it was")
  mutating func digitDuringPrompt() {
    let id = bench.join(0, phone)
    bench.command(.play(id, PromptFixture.list(0), repeats: false, token: 1))
    bench.run(milliseconds: 500)
    bench.command(.sendDigit(id, digit: UInt8(ascii: "1"), milliseconds: 100))
    bench.run(milliseconds: 1_500)
    let sound = bench.sink.packets.filter { $0.header.payloadType == 0 }.flatMap(\.payload)
    #expect(sound == Signal.sine(400, milliseconds: 1_000))
  }
}
