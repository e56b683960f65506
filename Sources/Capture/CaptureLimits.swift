// Every limit of this module in one place.

public enum CaptureLimits {
  /// The longest frame that is taken, in bytes: the largest IP packet and its link header.
  public static let snapshotBytes = 65_535 + 100
  /// What the kernel keeps for us until we come: about a second of 200 calls.
  public static let kernelBufferBytes = 8 << 20
  /// Frames that one `drain` takes, so that its thread gets to do other things.
  public static let framesAtOnce = 512
  /// The smallest file of a ring, the most files, and the most bytes of all of them.
  public static let minFileBytes = 65_536
  public static let maxFiles = 1_000
  public static let maxRingBytes = 4 << 30
  /// Streams whose ports stand in a filter one by one.
  public static let maxFilterPorts = 24
  /// Frames among which an export puts one in its place.
  public static let framesInOrder = 4_096
  /// Of chosen calls: Call-IDs that are wanted, the oldest go; messages that wait for their call to become known; TCP
  /// directions that are followed, and segments of a message that has not come whole.
  public static let maxCallIDs = 4_096
  public static let maxHeldMessages = 512
  public static let maxHeldBytes = 2 << 20
  public static let maxDirections = 2_048
  public static let maxOpenSegments = 64
}
