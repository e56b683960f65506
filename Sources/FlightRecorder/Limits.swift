// Every bound of the module in one place.

import Basics

public enum RecorderLimits {
  /// Bytes that wait for the storage before they are handed over in any case.
  public static let waitingBytes = 16_384
  /// How long a record waits for others, for one write to the flash instead of many.
  public static let grouping = Interval.seconds(1)
  /// The same for what happens on a quiet box, too: its clock.
  public static let idleGrouping = Interval.minutes(10)
  /// The longest record: a checkpoint, or the start after which 2000 callbacks were restored.
  public static let recordBytes = 5 << 20
  /// The largest checkpoint. A distributor that needs more is not recorded beyond its first segment.
  public static let checkpointBytes = 4 << 20
  /// Characters of one value's text in a report.
  public static let textBytes = 4_096
  /// Outputs told of a record that differs.
  public static let outputsTold = 64
}
