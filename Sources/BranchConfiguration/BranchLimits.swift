// How much one branch's configuration may hold.

public enum BranchLimits {
  public static let listeners = 16
  public static let extensions = 1_000
  public static let users = 64
  public static let assertions = 64
  public static let trunks = 32
  public static let queues = 100
  public static let agentsPerQueue = 200
  /// Times at which what callers need becomes less.
  public static let ringsPerQueue = 8
  public static let skillsPerRing = 16
  /// Blocks of opening hours.
  public static let hours = 32
  public static let routes = 200
  public static let ringGroups = 100
  public static let phonesPerGroup = 32
  public static let parkSlots = 50
  public static let speedDials = 500
  /// Statements of callers who are refused, and of those who are not.
  public static let callerLists = 8
  public static let sourcesPerTrunk = 32
  public static let localSubnets = 32
  public static let networks = 16
  public static let metricsSubnets = 16
  public static let ownedSections = 64
  public static let flightRecorderBytes = 1 << 30
  /// Shorter secrets are guessed.
  public static let secretBytesMin = 8
  /// Channels a trunk needs before a callback may use it: one stays for emergency, one for a live caller.
  public static let channelsForCallback = 3
  /// Source addresses of a trunk as wide as this are no trunk but the world.
  public static let sourcePrefixMin = 8
}
