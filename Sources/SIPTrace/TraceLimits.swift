// Every limit of this module in one place. Where one is hit, `PacketTrace.Counters` counts it, or the text says so.

public enum TraceLimits {
  /// Columns of a terminal that every line fits.
  public static let width = 80
  /// Participants that stand beside each other; a further one takes the column of whom nothing was heard for longest.
  public static let maxColumns = 4
  /// Calls that a ladder tells apart at a time: one letter each.
  public static let maxTaggedCalls = 26
  /// Messages of one call that are remembered to know one that is sent again.
  public static let maxFingerprints = 64
  /// Names of endpoints that a ladder knows.
  public static let maxNames = 8_192
  /// Messages that are kept of a capture, and their bytes; further ones are counted.
  public static let maxMessages = 100_000
  public static let maxMessageBytes = 64 << 20
  /// RTP streams, and endpoints that session descriptions told of.
  public static let maxStreams = 8_192
  public static let maxMediaEndpoints = 32_768
  /// Directions of TCP connections that are followed at a time.
  public static let maxDirections = 4_096
  /// Payload types that are told of one stream.
  public static let maxPayloadTypes = 8
  /// Bytes that are searched for the start of a message after a gap.
  public static let maxSearchedBytes = 65_536
  /// Ends of TCP segments at which the state of a scrubber is kept, for a segment that comes again.
  public static let maxMarks = 16
  /// Of an entry of a ladder: what an arrow says, a user's name, and a Call-ID that calls are known by.
  public static let labelBytes = 96
  public static let callIDBytes = 256
}
