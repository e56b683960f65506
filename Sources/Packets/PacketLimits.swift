// Every limit of this module in one place. Where one is hit, `PacketDecoder.Counters` or `StreamOrder` counts it.

public enum PacketLimits {
  /// The largest frame that is looked at, in bytes: an IP packet and its link header.
  public static let maxFrameBytes = 65_535 + 256
  /// VLAN tags in front of a packet.
  public static let maxTags = 4
  /// IPv6 extension headers in front of a payload.
  public static let maxExtensionHeaders = 8
  /// Datagrams whose fragments are waited for; the oldest goes.
  public static let maxFragmentedDatagrams = 32
  /// Fragments of one datagram.
  public static let maxFragments = 64
  /// Bytes of one datagram that is put together: what an IP packet can carry.
  public static let maxDatagramBytes = 65_535
  /// Bytes and segments of one direction of a TCP connection that wait for a gap to be filled; then the gap is stepped
  /// over.
  public static let maxUnorderedBytes = 131_072
  public static let maxUnorderedSegments = 64
  /// Endpoints in one filter text.
  public static let maxFilterEndpoints = 64
}
