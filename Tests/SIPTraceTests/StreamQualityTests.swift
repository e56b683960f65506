import Basics
import RTP
import Testing

@testable import SIPTrace

@Suite("What a stream was like") struct StreamQualityTests {
  var quality = StreamQuality()

  /// - Parameters:
  ///   - at: milliseconds.
  ///   - slot: which 20 ms of speech; the sequence number unless another is given.
  mutating func add(
    at milliseconds: Int, _ slot: Int, sequence: UInt16? = nil, marker: Bool = false, payloadType: UInt8 = 0,
    clockRate: Int? = 8_000
  ) {
    let header = RTPHeader(
      marker: marker, payloadType: payloadType, sequence: sequence ?? UInt16(truncatingIfNeeded: slot),
      timestamp: UInt32(truncatingIfNeeded: slot &* 160), ssrc: 1)
    quality.add(header, at: Instant.zero + .milliseconds(milliseconds), clockRate: clockRate)
  }

  @Test("nothing, then one packet")
  mutating func few() {
    #expect(quality.expected == 0 && quality.lost == 0 && quality.lostTenThousandths == 0)
    add(at: 0, 5)
    #expect(quality.expected == 1 && quality.lost == 0 && quality.maxJitter == .zero)
  }

  @Test("jitter by hand: 16 ms late, then early by as much (RFC 3550 §6.4.1)")
  mutating func jitter() {
    add(at: 0, 0)
    add(at: 20, 1)
    #expect(quality.jitter == .zero)
    // |D| = 16 ms: J = 16/16 = 1 ms.
    add(at: 56, 2)
    #expect(quality.jitter == .microseconds(1_000))
    // |D| = 16 ms again: J = 1 + (16 - 1)/16 = 1.9375 ms.
    add(at: 60, 3)
    #expect(abs(quality.jitter.nanoseconds - 1_937_500) <= 1)
    // |D| = 0: J = 1.9375 · 15/16 = 1.81640625 ms.
    add(at: 80, 4)
    #expect(abs(quality.jitter.nanoseconds - 1_816_406) <= 1)
    #expect(abs(quality.maxJitter.nanoseconds - 1_937_500) <= 1)
    // (0 + 1 + 1.9375 + 1.81640625) / 4
    #expect(abs(quality.meanJitter.nanoseconds - 1_188_476) <= 2)
    #expect(quality.maxDelta == .milliseconds(36))
  }

  @Test("two lost, one late, one double, across the wrap of the sequence numbers")
  mutating func losses() {
    let numbers: [UInt16] = [65_533, 65_534, 0, 65_535, 1, 1, 4, 5]
    for (index, number) in numbers.enumerated() {
      add(at: index * 20, Int(Int16(bitPattern: number)), sequence: number)
    }
    #expect(quality.expected == 9)
    #expect(quality.packets == 8)
    #expect(quality.lost == 1)  // The double stands for one of the two (RFC 3550 A.3).
    #expect(quality.lostTenThousandths == 2 * 10_000 / 9)
    #expect(quality.outOfOrder == 1 && quality.duplicates == 1)
  }

  @Test("the wrap twice over, and a first packet that was overtaken")
  mutating func cycles() {
    add(at: 0, 1)
    add(at: 1, 0)
    for slot in 2..<140_000 { add(at: slot * 20, slot) }
    #expect(quality.expected == 140_000 && quality.lost == 0 && quality.outOfOrder == 1)
  }

  @Test("a stray is no loss of thousands; a sender that begins anew goes on counting")
  mutating func restart() {
    for slot in 0..<10 { add(at: slot * 20, slot) }
    add(at: 190, 10, sequence: 30_000)
    add(at: 200, 10)
    #expect(quality.expected == 11 && quality.packets == 12 && quality.outOfOrder == 1)
    for slot in 11..<20 { add(at: slot * 20, slot, sequence: UInt16(50_000 + slot)) }
    #expect(quality.restarts == 1 && quality.expected == 11 + 9 && quality.lost == -1)
  }

  @Test("what begins after a pause is no delta; keys say nothing of jitter; comfort noise does not count")
  mutating func pauses() {
    add(at: 0, 0)
    add(at: 20, 1)
    add(at: 520, 26, sequence: 2, marker: true)
    #expect(quality.maxDelta == .milliseconds(20) && quality.jitter == .zero)
    add(at: 540, 27, sequence: 3, payloadType: 101, clockRate: nil)
    add(at: 560, 27, sequence: 4, payloadType: 101, clockRate: nil)
    #expect(quality.jitter == .zero && quality.payloadTypes == [0, 101])
    add(at: 600, 30, sequence: 5, payloadType: 13)
    add(at: 900, 45, sequence: 6)
    #expect(quality.maxDelta == .milliseconds(20))
  }

  @Test("times from a file may say anything")
  mutating func hostileTimes() {
    var random = SeededRandom(seed: 4)
    for _ in 0..<5_000 {
      let header = RTPHeader(
        payloadType: 0, sequence: UInt16(truncatingIfNeeded: random.next()),
        timestamp: UInt32(truncatingIfNeeded: random.next()), ssrc: 1)
      quality.add(
        header, at: Instant(nanoseconds: Int64(bitPattern: random.next())), clockRate: 1 + random.below(90_000))
    }
    #expect(quality.packets == 5_000)
  }
}

@Suite("How a listener would judge") struct OpinionScoreTests {
  @Test("the E-model's figures")
  func figures() {
    #expect(OpinionScore.estimate(codec: "PCMU", lostTenThousandths: 0) == 441)
    // R = 93.2 - 95 / (1 + 25.1) = 89.56; MOS 4.33
    #expect(OpinionScore.estimate(codec: "PCMA", lostTenThousandths: 100) == 433)
    // R = 93.2 - 95 · 20 / 45.1 = 51.07; MOS 2.63
    #expect(OpinionScore.estimate(codec: "PCMA", lostTenThousandths: 2_000) == 263)
    #expect(OpinionScore.estimate(codec: "G729", lostTenThousandths: 0) == 410)
    // R = 93.2 - 95 · 100 / 125.1 = 17.26; MOS 1.18
    #expect(OpinionScore.estimate(codec: "PCMU", lostTenThousandths: 10_000) == 118)
    #expect(OpinionScore.estimate(codec: "OPUS", lostTenThousandths: 0) == nil)
  }
}
