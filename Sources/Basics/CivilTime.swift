// Wall-clock time. It reaches the core only as an input and is never compared to order a queue.

/// Seconds and microseconds since 1970-01-01T00:00:00Z.
public struct WallTime: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }
  @inlinable public init(seconds: Int64) { self.microseconds = seconds * 1_000_000 }
  @inlinable public var seconds: Int64 { microseconds / 1_000_000 }
  @inlinable public static func < (a: WallTime, b: WallTime) -> Bool { a.microseconds < b.microseconds }
  @inlinable public static func + (a: WallTime, b: Interval) -> WallTime {
    WallTime(microseconds: a.microseconds + b.nanoseconds / 1_000)
  }
  @inlinable public static func - (a: WallTime, b: WallTime) -> Interval {
    Interval(nanoseconds: (a.microseconds - b.microseconds) * 1_000)
  }

  /// `2026-03-01T08:15:00Z` (RFC 3339, UTC, whole seconds).
  public var rfc3339: String {
    let date = CivilDate(daysSince1970: Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400))
    let second = Int(seconds - Int64(date.daysSince1970) * 86_400)
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(date.year)-\(two(date.month))-\(two(date.day))T"
      + "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
  }
}

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Sendable {
  public let daysSince1970: Int
  public let year: Int
  public let month: Int
  public let day: Int

  public init(daysSince1970 days: Int) {
    // Days are counted in 400-year eras that begin on 1 March, so that the leap day is the last of its year.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    daysSince1970 = days
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}

extension CivilDate {
  /// nil where the calendar has no such day: 2026-02-29, 2026-13-01.
  public init?(year: Int, month: Int, day: Int) {
    guard (0...9_999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let monthFromMarch = month <= 2 ? month + 9 : month - 3
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(daysSince1970: era * 146_097 + dayOfEra - 719_468)
    // A day behind the end of its month came out as one of the next month.
    guard self.month == month, self.day == day else { return nil }
  }
}
