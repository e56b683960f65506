// Every limit of this module in one place. Whoever meets one gets a typed error, which the caller counts.

public enum SIPLimits {
  /// The largest message, in bytes: also what a datagram can carry. Offsets into a message fit 16 bits.
  public static let maxMessageBytes = 65_535
  /// The largest start line and header section on a stream, in bytes.
  public static let maxStreamHeadBytes = 16_384
  /// Room that an idle stream keeps, in bytes: an ordinary message.
  public static let maxIdleStreamBytes = 2_048
  /// Header fields in a message.
  public static let maxHeaders = 128
  /// Values that `values(_:)` makes of the header fields of one name.
  public static let maxListValues = 128
  /// Parameters of one URI, address or Via.
  public static let maxParameters = 64
  /// Parameters of one challenge or of one set of credentials.
  public static let maxAuthParameters = 32
  /// Keep-alive pings remembered until somebody answers them.
  public static let maxPendingPings = 4
}
