// Sections to opening hours.

import Basics
import Calendar
import Configuration

extension BranchReader {
  func hours() -> [BranchSettings.Hours] {
    var offset = 0
    if case .minutes(let minutes)? = root.values("zone").first { offset = minutes }
    return root.sections("hours").map { section in
      var week: [[DaySpan]] = Array(repeating: [], count: 7)
      for day in BranchSchema.dayNames where section.has(day.name) {
        for weekday in day.weekdays { week[weekday] = Self.spans(section.values(day.name)) }
      }
      let holidays = section.allValues("holiday").compactMap { statement -> Holiday? in
        guard case .dates(let days)? = statement.values.first else { return nil }
        return Holiday(days, Self.spans(statement.values))
      }
      return BranchSettings.Hours(
        name: section.key, opening: OpeningHours(offsetMinutes: offset, week: week, holidays: holidays))
    }
  }

  static func spans(_ values: [Value]) -> [DaySpan] {
    values.compactMap { value in
      guard case .timeSpan(let span) = value else { return nil }
      return DaySpan(from: span.lowerBound, to: span.upperBound)
    }
  }
}
