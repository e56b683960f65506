import RTP
import Testing

@Suite("Sequence numbers") struct SequenceTrackerTests {
  var tracker = SequenceTracker()
  mutating func note(_ sequence: UInt16, ssrc: UInt32 = 1) -> SequenceTracker.Arrival {
    tracker.note(RTPHeader(payloadType: 0, sequence: sequence, timestamp: 0, ssrc: ssrc))
  }

  @Test("order, gaps, lateness, doubles, across the wrap")
  mutating func arrivals() {
    #expect(note(65_533) == .first)
    #expect(note(65_534) == .newest(lost: 0))
    #expect(note(65_534) == .duplicate)
    #expect(note(1) == .newest(lost: 2))
    #expect(note(0) == .late)
    #expect(note(2) == .newest(lost: 0))
  }

  @Test("a jump or another source starts anew instead of counting losses")
  mutating func restart() {
    #expect(note(100) == .first)
    #expect(note(20_000) == .restarted)
    #expect(note(20_001) == .newest(lost: 0))
    #expect(note(5, ssrc: 2) == .first)
    #expect(note(4, ssrc: 2) == .late)
    #expect(note(65_000, ssrc: 2) == .restarted)
  }
}
