// Why a frame holds nothing for us, and how often that was so.

public enum PacketRefusal: Error, Hashable, Sendable, CaseIterable {
  /// ARP, spanning tree and the like.
  case notInternet
  /// Ends within a header.
  case short
  /// A header contradicts itself: a length or a version that cannot be.
  case malformed
  /// Neither UDP nor TCP.
  case otherProtocol
  /// A fragment that overlaps another (RFC 5722), or does not fit; its datagram is given up.
  case badFragment
  /// Larger than `PacketLimits.maxFrameBytes`.
  case tooLarge
}
