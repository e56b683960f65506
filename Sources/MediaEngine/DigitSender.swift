// Keys sent as telephone-events (RFC 4733 §2.5.1): one packet a tick with growing duration, the end three times, a
// pause before the next key. Makes payloads; headers are the outgoing stream's.

import RTP

struct DigitSender: BitwiseCopyable {
  /// Keys that can wait.
  static let limit = 16
  /// Lengths outside are drawn in: receivers miss shorter keys, and a duration does not count further (8,191 ms).
  static let milliseconds: ClosedRange<UInt16> = 50...8_000
  /// Pause between two keys, in ticks.
  static let pauseTicks = 4
  static let endPackets = 3

  struct Step: BitwiseCopyable {
    var event: TelephoneEvent
    /// The first packet of its key: takes a new timestamp.
    var isFirst: Bool
  }

  private var waiting = InlineArray<16, UInt32>(repeating: 0)
  private var waitingCount = 0
  private var code: UInt8 = 0
  private var samplesSent = 0
  private var samplesInAll = 0
  /// 0 while no key is being sent; end packets that remain otherwise.
  private var endsLeft = 0
  private var pauseLeft = 0

  init() {}

  /// Whether keys are being sent or wait: nothing else is heard meanwhile.
  var isBusy: Bool { endsLeft > 0 || waitingCount > 0 }

  /// False where too many wait.
  mutating func append(code: UInt8, milliseconds: UInt16) -> Bool {
    guard waitingCount < Self.limit else { return false }
    let length = min(max(milliseconds, Self.milliseconds.lowerBound), Self.milliseconds.upperBound)
    waiting[waitingCount] = UInt32(code) << 16 | UInt32(length)
    waitingCount += 1
    return true
  }

  mutating func removeAll() { self = DigitSender() }

  /// The packet of this tick, if there is one.
  mutating func tick() -> Step? {
    if endsLeft == 0 {
      if pauseLeft > 0 {
        pauseLeft -= 1
        return nil
      }
      guard waitingCount > 0 else { return nil }
      beginNext()
    }
    let isFirst = samplesSent == 0
    samplesSent = min(samplesSent + Tick.samples, samplesInAll)
    let isEnd = samplesSent == samplesInAll
    if isEnd {
      endsLeft -= 1
      if endsLeft == 0 { pauseLeft = Self.pauseTicks }
    }
    let duration = UInt16(truncatingIfNeeded: samplesSent)
    return Step(event: TelephoneEvent(code: code, isEnd: isEnd, duration: duration), isFirst: isFirst)
  }

  private mutating func beginNext() {
    let key = waiting[0]
    waitingCount -= 1
    for index in 0..<waitingCount { waiting[index] = waiting[index + 1] }
    code = UInt8(truncatingIfNeeded: key >> 16)
    samplesInAll = Int(key & 0xFFFF) * MediaTime.samplesPerMillisecond
    samplesSent = 0
    endsLeft = Self.endPackets
  }
}
