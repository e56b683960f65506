// Every bound of the module in one place.

public enum RecordLimits {
  /// Counts, seconds and minutes of a record: so that a time of so many minutes still is one.
  public static let number = 100_000_000
  /// Wall clock in microseconds, either side of 1970: 142 years.
  public static let wallMicroseconds: Int64 = 1 << 52
}
