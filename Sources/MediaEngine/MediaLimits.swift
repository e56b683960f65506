// Every bound of the media core in one place, and the counters that tell when one was hit or a packet was refused.

import Basics

extension MediaEngine {
  public struct Limits: Sendable {
    /// Streams at a time; a stream's slot number is below it.
    public var streams = 1_024
    /// Without a packet for so long, a stream that should receive is reported silent.
    public var silence = Interval.seconds(30)
    /// Events waiting to be polled. Beyond it digits, `flowing`, `silent` and `measured` are dropped; what commands are promised
    /// (`played`, `recorded`, `closed`, `openFailed`, `measuredAll`) is kept.
    public var events = 4_096
    /// Ticks made up for when time has jumped. Beyond it the sound has a gap instead of the receiver a flood.
    public var catchUpTicks = 5
    /// Consecutive packets from one other source before a stream follows it.
    public var packetsToMove = 5
    /// How long the followed source must have been silent before another one is listened to.
    public var silenceToMove = Interval.milliseconds(250)
    public init() {}
  }

  /// What was refused, since start.
  public struct Counters: Sendable, Equatable {
    /// Commands for streams that do not exist, or that make no sense for them.
    public var commandsIgnored: UInt64 = 0
    /// `open` beyond `Limits.streams`.
    public var streamsRefused: UInt64 = 0
    /// Digits that could not be sent: telephone-event not negotiated, held, no key, or too many waiting.
    public var digitsRefused: UInt64 = 0
    public var eventsDropped: UInt64 = 0
    /// Packets for streams that do not exist.
    public var packetsAstray: UInt64 = 0
    /// RTCP on an RTP port.
    public var controlPackets: UInt64 = 0
    /// Packets from a source that is not followed: somebody else's, or an attempt at hijacking.
    public var packetsFromStrangers: UInt64 = 0
    /// Streams that moved to another source.
    public var sourcesMoved: UInt64 = 0
    /// Ticks not made up for.
    public var ticksSkipped: UInt64 = 0
    public init() {}
  }
}

/// The grid of all that is sent by the clock and not in answer to a packet.
enum Tick {
  static let length = Interval.milliseconds(20)
  static let samples = 160
}

enum MediaTime {
  static let samplesPerMillisecond = 8
  /// A packet that is later than by so many samples (a minute) says nothing of jitter.
  static let transitMax: UInt32 = 480_000
  private static let nanosecondsPerSample: Int64 = 125_000

  /// Samples of the 8 kHz clock in an interval, modulo 2³² as timestamps count; 0 for a negative one.
  static func samples(in interval: Interval) -> UInt32 {
    UInt32(truncatingIfNeeded: max(0, interval.nanoseconds) / nanosecondsPerSample)
  }
}
