// Every bound of the kept configurations in one place.

import Basics

public enum RevisionLimits {
  /// Configurations that can be rolled back to, the running one included.
  public static let kept = 50
  public static let byBytes = 64
  public static let commentBytes = 200
  /// How long a commit may wait for its confirmation.
  public static let confirmation = Interval.seconds(60)...Interval.seconds(86_400)
  /// Starts of the program that a commit may wait through. With one more it is undone: what ends the program again and
  /// again is no better than before.
  public static let startsWithoutConfirmation = 3
  /// Of the file that says which revision runs.
  public static let stateBytes = 262_144
}
