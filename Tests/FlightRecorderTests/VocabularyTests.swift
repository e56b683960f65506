// Whatever can be heard is read back as it was, and no byte from elsewhere brings the reader down.

import Basics
import Journal
import NumberPlan
import Testing

@testable import ACD
@testable import FlightRecorder

@Suite struct VocabularyTests {
  private func bytes(_ value: some Written) -> [UInt8] {
    var sink = ByteSink()
    sink.put(value)
    return sink.bytes
  }

  private func isSame(_ a: ACD.Input, _ b: ACD.Input) -> Bool {
    // A dictionary within is shown in any order.
    if case .configure(let a) = a, case .configure(let b) = b { return a == b }
    return "\(a)" == "\(b)"
  }

  @Test("Every input is read back as it was written, whatever is in it")
  func roundTrip() throws {
    for seed in 0..<60 as Range<UInt64> {
      for number in 0..<Arbitrary.inputCases {
        var arbitrary = Arbitrary(seed: seed << 8 | UInt64(number))
        let input = arbitrary.input(number)
        let written = bytes(input)
        var source = Source(written[...])
        let read = try ACD.Input(from: &source)
        try source.expectEnd()
        guard isSame(read, input), bytes(read) == written else {
          Issue.record("seed \(seed), case \(number): \(input) came back as \(read)")
          return
        }
      }
    }
  }

  @Test("A shortened input is an error at every length")
  func truncation() {
    for number in 0..<Arbitrary.inputCases {
      var arbitrary = Arbitrary(seed: UInt64(number))
      let written = bytes(arbitrary.input(number))
      for count in 0..<min(written.count, 600) {
        var source = Source(written[..<count])
        #expect(throws: RecordError.self, "case \(number) at \(count)") { _ = try ACD.Input(from: &source) }
      }
    }
  }

  @Test("Bytes at random are read or refused, and what is read is written as it stood")
  func rubbish() {
    var understood = 0
    for seed in 0..<12_000 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var rubbish: [UInt8]
      if seed % 2 == 0 {
        rubbish = (0..<random.below(60)).map { _ in UInt8(random.below(256)) }
        if !rubbish.isEmpty { rubbish[0] %= 31 }
      } else {
        var arbitrary = Arbitrary(seed: seed)
        rubbish = bytes(arbitrary.input(random.below(Arbitrary.inputCases)))
        for _ in 0...random.below(3) { rubbish[random.below(rubbish.count)] ^= UInt8(1 + random.below(255)) }
      }
      var source = Source(rubbish[...])
      guard let input = try? ACD.Input(from: &source) else { continue }
      understood += 1
      // One spelling for each value: otherwise two recordings of one day could differ.
      guard bytes(input)[...] == rubbish[..<source.offset] else {
        Issue.record("seed \(seed): \(input) is spelt in two ways")
        return
      }
    }
    #expect(understood > 300, "only \(understood) were understood: the test shows little")
  }

  @Test("Numbers of a recording never make a time that overflows")
  func bounds() {
    for value in [Int64(RecordLimits.number) + 1, .min, .max] {
      var source = Source(bytes(value)[...])
      #expect(throws: RecordError.badValue) { _ = try Int(from: &source) }
    }
    var source = Source(bytes(RecordLimits.wallMicroseconds + 1)[...])
    #expect(throws: RecordError.badValue) { _ = try WallTime(from: &source) }
    var long = Source([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02])
    #expect(throws: RecordError.badValue) { _ = try long.word() }
    var most = Source([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
    #expect((try? most.word()) == .max)
  }

  @Test("No field of the vocabulary is forgotten: whoever adds one adds it to the recording, and here")
  func fields() {
    var arbitrary = Arbitrary(seed: 1)
    func count(_ value: Any) -> Int { Mirror(reflecting: value).children.count }
    #expect(count(arbitrary.settings()) == 5)
    #expect(count(arbitrary.queue()) == 25)
    #expect(count(arbitrary.agent()) == 5)
    #expect(count(arbitrary.callbackSettings()) == 19)
    #expect(count(arbitrary.plan()) == 7)
    #expect(count(ACD.Member("101")) == 3)
    #expect(count(ACD.Skill("french")) == 2)
    #expect(count(ACD.SkillRing([])) == 2)
    #expect(count(arbitrary.entry()) == 11)
    #expect(count(ACD.CallbackRequest()) == 3)
    #expect(count(ACD.OpenSpan(from: WallTime(seconds: 0), until: WallTime(seconds: 1))) == 2)
    #expect(count(arbitrary.callback()) == 22)
    #expect(count(arbitrary.leg()) == 6)
    #expect(count(AgentFact(extension: "101", loggedIn: true)) == 3)
    #expect(count(QueueEventFact(.entered, at: WallTime(seconds: 0))) == 7)
    #expect(count(ActFact(at: WallTime(seconds: 0), by: "", act: "", subject: "")) == 6)
    #expect(count(ACD.Standing(position: 1)) == 2)
  }

  @Test("The digest of outputs is another when any word, letter, length or order is another")
  func digest() {
    func digest(_ outputs: [ACD.Output]) -> UInt64 {
      var sink = DigestSink()
      for output in outputs { sink.put(output) }
      return sink.value
    }
    let call = CallReference(7)
    let base: [ACD.Output] = [
      .moved(call, queue: "sales-and-support"), .dial(AttemptID(1)), .log(LogEntry(.info, "a")),
    ]
    let others: [[ACD.Output]] = [
      [], [base[1], base[0], base[2]], [base[0], base[1]],
      [.moved(CallReference(8), queue: "sales-and-support"), base[1], base[2]],
      [.moved(call, queue: "sales-and-supporu"), base[1], base[2]],
      [.moved(call, queue: "sales-and-support\u{0}"), base[1], base[2]],
      [base[0], .apologise(AttemptID(1)), base[2]], [base[0], base[1], .log(LogEntry(.info, "b"))],
      [base[0], base[1], .log(LogEntry(.notice, "a"))], [base[0], base[1], .log(LogEntry(.info, "a", call: 1))],
    ]
    let all = [base] + others
    #expect(Set(all.map(digest)).count == all.count)
  }

  @Test("A text for people names the case and shows its fields; nothing in it steers a terminal")
  func texts() {
    var sink = TextSink()
    sink.put(
      ACD.Input.enter(
        ACD.Entry(CallReference(17), queue: "sales", callerNumber: "138\u{1B}[2J", priority: 3, attributes: ["a\"b"])))
    #expect(
      String(decoding: sink.text.bytes, as: UTF8.self)
        == #"enter(17 0 "sales" "138\x1b[2J" "" "" "" 3 #0 "" #1 "a\x22b")"#)
    var failed = TextSink()
    failed.put(ACD.Input.attemptFailed(AttemptID(.max), status: -1, q850: nil))
    #expect(String(decoding: failed.text.bytes, as: UTF8.self) == "attempt-failed(18446744073709551615 -1 -)")
  }
}
