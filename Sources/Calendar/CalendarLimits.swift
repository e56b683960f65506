// Every bound of the module in one place.

import Basics

public enum CalendarLimits {
  /// Spans of one day.
  public static let spansPerDay = 8
  /// Holidays of one table of hours; a range of days is one.
  public static let holidays = 200
  /// 1970-01-01 through 2199-12-31: differences of two such times fit into an `Interval`.
  public static let days = 0...84_005
  /// From UTC, in minutes, at most so far to either side.
  public static let offsetMinutesMax = 14 * 60
}
