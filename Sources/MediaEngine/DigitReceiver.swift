// Telephone-events as digits (RFC 4733 §2.5.2): each key counts once, by its end bit, whatever is repeated, lost or
// reordered. A key held for long counts after a second and never again.

import Basics
import RTP

struct DigitReceiver {
  /// A key and how long it was pressed, in milliseconds.
  struct Digit: BitwiseCopyable, Equatable {
    var digit: UInt8
    var milliseconds: UInt16
  }

  /// A key held so long counts without its end.
  static let longPress: UInt32 = 8_000
  /// An event whose end was lost is over when sound comes so long after its last packet.
  static let endsAfter = Interval.milliseconds(100)
  /// An event so much older than the newest (in samples) is a late packet, not a sender that started anew.
  static let latest: Int32 = 80_000
  /// A long event goes on under a new timestamp when its duration runs full (§2.5.1.3); less than full is a new press.
  static let segmentStart: UInt32 = 0xF000

  private var isKnown = false
  private var isReported = false
  private var code: UInt8 = 0
  private var ssrc: UInt32 = 0
  private var timestamp: UInt32 = 0
  private var duration: UInt32 = 0
  private var lastAt = Instant.zero

  init() {}

  /// An event packet. `previous` is a key whose end never came, `current` the one of this packet.
  mutating func receive(
    _ event: TelephoneEvent, _ header: RTPHeader, at now: Instant
  ) -> (previous: Digit?, current: Digit?) {
    var previous: Digit?
    if !isKnown || header.ssrc != ssrc || header.timestamp != timestamp {
      let age = Int32(truncatingIfNeeded: header.timestamp &- timestamp)
      if isKnown, header.ssrc == ssrc, age < 0, age > -Self.latest { return (nil, nil) }
      if continues(event, header) {
        timestamp = header.timestamp
        duration = 0
      } else {
        previous = report()
        begin(event, header)
      }
    }
    lastAt = now
    duration = max(duration, UInt32(event.duration))
    let isOver = event.isEnd || duration >= Self.longPress
    return (previous, isOver ? report() : nil)
  }

  /// Sound between events: it ends a key whose end packets were all lost.
  mutating func sound(at now: Instant) -> Digit? {
    guard isKnown, !isReported, now - lastAt >= Self.endsAfter else { return nil }
    return report()
  }

  private mutating func begin(_ event: TelephoneEvent, _ header: RTPHeader) {
    isKnown = true
    isReported = false
    code = event.code
    ssrc = header.ssrc
    timestamp = header.timestamp
    duration = 0
  }

  private func continues(_ event: TelephoneEvent, _ header: RTPHeader) -> Bool {
    let passed = header.timestamp &- timestamp
    return isKnown && !header.marker && header.ssrc == ssrc && event.code == code && duration >= Self.segmentStart
      && passed >= Self.segmentStart && passed <= 0x1_0000
  }

  private mutating func report() -> Digit? {
    guard isKnown, !isReported else { return nil }
    isReported = true
    guard let digit = TelephoneEvent(code: code, isEnd: true, duration: 0).digit else { return nil }
    return Digit(digit: digit, milliseconds: UInt16(truncatingIfNeeded: duration / 8))
  }
}
