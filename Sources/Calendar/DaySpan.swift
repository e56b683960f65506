// A part of a day by the clock on the wall, perhaps past midnight.

/// In minutes from the midnight with which its day begins: 22:00–02:00 is 1320 to 1560, and belongs to the evening's day.
public struct DaySpan: Hashable, Sendable {
  public static let minutesPerDay = 1_440
  public static let wholeDay = DaySpan(start: 0, end: minutesPerDay)

  /// 0 to 1439.
  public let start: Int
  /// After `start`, a day later at most; the first minute that is no longer in it.
  public let end: Int

  public init?(from start: Int, to end: Int) {
    guard start >= 0, start < Self.minutesPerDay, end > start, end - start <= Self.minutesPerDay else { return nil }
    self.init(start: start, end: end)
  }
  private init(start: Int, end: Int) {
    self.start = start
    self.end = end
  }

  /// - Parameter second: from the midnight with which its day begins.
  func contains(second: Int) -> Bool { second >= start * 60 && second < end * 60 }
}
