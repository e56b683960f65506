// Days that differ from their weekday: a feast, a working Saturday.

/// From its first day through its last, all with the same hours; without spans it is closed.
public struct Holiday: Hashable, Sendable {
  /// As in `CivilDate.daysSince1970`.
  public let days: ClosedRange<Int>
  public let spans: [DaySpan]

  /// nil beyond what `CalendarLimits.days` knows. Spans beyond `CalendarLimits.spansPerDay` are left out.
  public init?(_ days: ClosedRange<Int>, _ spans: [DaySpan] = []) {
    guard CalendarLimits.days.contains(days.lowerBound), CalendarLimits.days.contains(days.upperBound) else {
      return nil
    }
    self.days = days
    self.spans = Array(spans.prefix(CalendarLimits.spansPerDay))
  }
}
