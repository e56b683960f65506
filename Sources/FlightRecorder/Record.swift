// The form of a recording: `BLFR`, then records, each `length, payload, CRC-32`. The first record says what follows; each
// other one is something that the distributor heard, the time of it, and what came of it:
//
//     payload = kind, nanoseconds since the record before it, body, number of outputs, their kinds, digest
//
// The digest (its lower 32 bits) is that of all outputs since the start. It stands only where there are outputs. The first
// segment of a run begins with a distributor that knows nothing; the second record of every other one is a checkpoint.

import ACD
import Basics

enum RecordKind: UInt8 {
  /// How a segment begins: `SegmentStart`.
  case start = 0
  /// Nothing but time: a timer was due.
  case advance = 1
  /// The wall clock, as far as it is off from what it was to show by the one heard before.
  case tick = 2
  case input = 3
  /// The state of the distributor, and nothing that came of it.
  case checkpoint = 4
}

/// What a recording says of itself.
public struct SegmentStart: Hashable, Sendable {
  /// Goes up whenever an older release could not read what is written now, or would read it wrongly.
  public static let format: UInt64 = 2

  /// Counts the starts of the box.
  public var run: UInt64
  /// Counts the segments of the run from 1.
  public var segment: UInt64 = 1
  public var startedAt: WallTime
  /// The program's.
  public var version: ByteString

  public init(run: UInt64, startedAt: WallTime, version: ByteString) {
    self.run = run
    self.startedAt = startedAt
    self.version = version
  }
}

extension SegmentStart: Recorded {
  public func write(to sink: inout some Sink) {
    sink.put(Self.format)
    sink.put(run)
    sink.put(segment)
    sink.put(startedAt)
    sink.put(version)
  }
  public init(from source: inout Source) throws(RecordError) {
    let format: UInt64 = try source.take()
    guard format == Self.format else { throw .format(format) }
    let run: UInt64 = try source.take()
    let segment: UInt64 = try source.take()
    guard segment > 0 else { throw .badValue }
    self.init(run: run, startedAt: try source.take(), version: try source.take())
    self.segment = segment
  }
}

enum RecordForm {
  static let mark: [UInt8] = [0x42, 0x4C, 0x46, 0x52]
  static let checksumBytes = 4
  static let digestBytes = 4

  static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    for shift in stride(from: 0 as UInt32, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
  }
}

/// The clock as it was told last: what it is to show next needs no words.
struct HeardClock {
  private var time: WallTime
  private var at: Instant
  let isTrusted: Bool

  init(_ time: WallTime, at: Instant, isTrusted: Bool) {
    self.time = time
    self.at = at
    self.isTrusted = isTrusted
  }

  func drift(of now: WallTime, at instant: Instant) -> Int64 { now.microseconds &- expected(at: instant) }

  func time(drift: Int64, at instant: Instant) throws(RecordError) -> WallTime {
    let microseconds = expected(at: instant) &+ drift
    guard microseconds.magnitude <= UInt64(RecordLimits.wallMicroseconds) else { throw .badValue }
    return WallTime(microseconds: microseconds)
  }

  private func expected(at instant: Instant) -> Int64 { time.microseconds &+ (instant - at).nanoseconds / 1_000 }
}
