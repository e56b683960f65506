// What became of browsers' connections, for the metrics and the log.

import Basics

/// All but the first since the start.
public struct ConnectionCounters: Equatable, Sendable {
  public var open: Int
  public var taken: Int
  /// Their request did not come in time.
  public var expired: Int
  /// Times at which no further one was taken.
  public var full: Int
  /// Cut off because their address had too many, and because others needed the room.
  public var crowded: Int
  public var displaced: Int
  /// Streams that were not taken fast enough.
  public var slowStreams: Int

  public init(
    open: Int = 0, taken: Int = 0, expired: Int = 0, full: Int = 0, crowded: Int = 0, displaced: Int = 0,
    slowStreams: Int = 0
  ) {
    self.open = open
    self.taken = taken
    self.expired = expired
    self.full = full
    self.crowded = crowded
    self.displaced = displaced
    self.slowStreams = slowStreams
  }

  /// What is worth a line where it has grown.
  public var hits: [(count: Int, text: ByteString)] {
    [
      (full, "as many connections as there may be"),
      (crowded, "connections cut off: too many of one address"),
      (displaced, "silent connections cut off: others needed the room"),
      (slowStreams, "browsers cut off: they were too slow for the news"),
    ]
  }
}
