// Sections to opening hours.

import Basics
import Calendar
import Configuration

extension BranchReader {
  func hours() -> [BranchSettings.Hours] {
    let zone = zone()
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
        name: section.key, opening: OpeningHours(offsetMinutes: zone.minutes, week: week, holidays: holidays))
    }
  }

  func zone() -> Zone {
    guard case .minutes(let minutes)? = root.values("zone").first else { return .utc }
    return Zone(minutes: minutes)
  }

  static func spans(_ values: [Value]) -> [DaySpan] {
    values.compactMap { value in
      guard case .timeSpan(let span) = value else { return nil }
      return DaySpan(from: span.lowerBound, to: span.upperBound)
    }
  }
}
