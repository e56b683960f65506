// Every bound of the configuration language in one place.

public enum ConfigurationLimits {
  /// Bytes of a whole file. A thousand extensions need a tenth of it.
  public static let maximumBytes = 1 << 20
  /// Blocks within blocks.
  public static let maximumDepth = 8
  /// Statements in a file.
  public static let maximumNodes = 20_000
  /// Words of one statement, its name included.
  public static let maximumWords = 300
  /// Bytes of one word, after its escapes were resolved.
  public static let maximumWordBytes = 1_024
  /// Problems reported for one file. What comes after is counted, not kept.
  public static let maximumProblems = 100
}
