// What one RTP stream was like where it was captured: losses, order, jitter (RFC 3550 §6.4.1, A.1, A.3, A.8), counted as
// tshark's `-z rtp,streams` does where that is well defined. Whole numbers only; times in nanoseconds.

import Basics
import RTP

public struct StreamQuality: Sendable {
  public private(set) var packets = 0
  /// The very same sequence number once more.
  public private(set) var duplicates = 0
  /// Behind a later one.
  public private(set) var outOfOrder = 0
  /// The sender began anew with other numbers.
  public private(set) var restarts = 0
  /// Longest time between two packets; what begins after a pause (marker, comfort noise) does not count.
  public private(set) var maxDelta = Interval.zero
  public private(set) var maxJitter = Interval.zero
  public private(set) var payloadTypes: [UInt8] = []
  public private(set) var firstTime: Instant = .zero
  public private(set) var lastTime: Instant = .zero

  /// Numbers of runs that ended with a restart.
  private var expectedBefore = 0
  /// Sequence numbers without wrap: the first of the run and the highest.
  private var base = 0
  private var highest = 0
  /// Which of the 128 numbers up to the highest came: bit 0 is the highest.
  private var window = (low: UInt64(0), high: UInt64(0))
  /// What would follow a packet that fits nowhere.
  private var afterStray: UInt16?

  /// Of the latest packet that was not in the past.
  private var time: Instant = .zero
  private var timestamp: UInt32 = 0
  private var wasComfortNoise = false
  /// In sixteenths of a nanosecond.
  private var jitter16: Int64 = 0
  private var jitterSum: Int64 = 0
  private var jitterCount: Int64 = 0

  public init() {}

  /// Numbers from the first to the highest.
  public var expected: Int { packets == 0 ? 0 : expectedBefore + highest - base + 1 }
  /// Expected less received (RFC 3550 §6.4.1): doubles make it less.
  public var lost: Int { expected - packets }
  /// Numbers of which no packet came, as a share in hundredths of a per cent.
  public var lostTenThousandths: Int {
    guard expected > 0 else { return 0 }
    return max(0, expected - (packets - duplicates)) * 10_000 / expected
  }
  /// The estimate at the end, and its mean over the packets.
  public var jitter: Interval { Interval(nanoseconds: jitter16 >> 4) }
  public var meanJitter: Interval { Interval(nanoseconds: jitterCount == 0 ? 0 : jitterSum / jitterCount) }
  public var duration: Interval { lastTime - firstTime }

  /// - Parameter clockRate: of the payload type, in Hz; nil where it is unknown or says nothing of time
  ///   (telephone-event): then the jitter stays as it is.
  public mutating func add(_ header: RTPHeader, at now: Instant, clockRate: Int?) {
    if !payloadTypes.contains(header.payloadType), payloadTypes.count < TraceLimits.maxPayloadTypes {
      payloadTypes.append(header.payloadType)
    }
    lastTime = now
    let isComfortNoise = header.payloadType == 13 || header.payloadType == 19
    defer {
      wasComfortNoise = isComfortNoise
      packets += 1
    }
    guard packets > 0 else {
      firstTime = now
      begin(header.sequence)
      (time, timestamp) = (now, header.timestamp)
      return
    }
    noteSequence(header.sequence)
    let ticks = Int64(Int32(bitPattern: header.timestamp &- timestamp))
    let delta = Self.bounded(now.nanoseconds &- time.nanoseconds)
    let isRegular = !header.marker && !isComfortNoise && !wasComfortNoise && ticks >= 0
    if let clockRate, clockRate > 0 {
      noteTransit(abs(delta - ticks * 1_000_000_000 / Int64(clockRate)), counts: isRegular)
    }
    if isRegular { maxDelta = max(maxDelta, Interval(nanoseconds: delta)) }
    if ticks >= 0 { (time, timestamp) = (now, header.timestamp) }
  }

  /// J += (|D| − J) / 16, as RFC 3550 A.8 does it with whole numbers.
  private mutating func noteTransit(_ difference: Int64, counts: Bool) {
    jitter16 += Self.bounded(difference) - (jitter16 + 8) >> 4
    guard counts else { return }
    maxJitter = max(maxJitter, jitter)
    jitterSum += jitter16 >> 4
    jitterCount += 1
  }

  /// Times come from a file, which may say anything: eleven days are enough.
  private static func bounded(_ nanoseconds: Int64) -> Int64 {
    max(-1_000_000_000_000_000, min(nanoseconds, 1_000_000_000_000_000))
  }

  // MARK: Sequence numbers

  private mutating func begin(_ sequence: UInt16) {
    base = Int(sequence)
    highest = base
    window = (1, 0)
    afterStray = nil
  }

  private mutating func noteSequence(_ sequence: UInt16) {
    let distance = Int(Int16(bitPattern: sequence &- UInt16(truncatingIfNeeded: highest)))
    switch distance {
    case 1...SequenceTracker.maximumGap:
      highest += distance
      shiftWindow(by: distance)
      window.low |= 1
    case (-SequenceTracker.maximumLateness)...0:
      noteLate(-distance)
    default:
      // One such packet is a stray; two in a row are a sender that started anew (A.1).
      guard sequence == afterStray else {
        outOfOrder += 1
        afterStray = sequence &+ 1
        return
      }
      outOfOrder -= 1
      restarts += 1
      expectedBefore += highest - base + 1
      begin(sequence &- 1)
      noteSequence(sequence)
    }
  }

  private mutating func noteLate(_ age: Int) {
    let isKnown = (age < 64 ? window.low >> UInt64(age) : window.high >> UInt64(age - 64)) & 1 == 1
    guard !isKnown else {
      duplicates += 1
      return
    }
    outOfOrder += 1
    if age < 64 { window.low |= 1 << UInt64(age) } else { window.high |= 1 << UInt64(age - 64) }
    // Of the very beginning: the first that came was not the first that was sent.
    base = min(base, highest - age)
  }

  private mutating func shiftWindow(by count: Int) {
    switch count {
    case ..<64: window = (window.low << UInt64(count), window.high << UInt64(count) | window.low >> UInt64(64 - count))
    case 64..<128: window = (0, window.low << UInt64(count - 64))
    default: window = (0, 0)
    }
  }
}
