// Checks of opening hours: spans and holidays that contradict each other, hours that are never open, and a zone that was
// left to chance.

import Basics
import Calendar
import Configuration

extension BranchChecks {
  mutating func checkHours() {
    for section in root.sections("hours") {
      let path = "hours " + section.key
      for day in BranchSchema.dayNames {
        for (values, position) in section.allValues(day.name) { checkSpans(values, at: position, path) }
      }
      checkHolidays(of: section, path)
      guard let hours = settings.hours.first(where: { $0.name == section.key })?.opening else { continue }
      guard hours.week.allSatisfy({ $0.isEmpty }), hours.holidays.allSatisfy({ $0.spans.isEmpty }) else { continue }
      report(
        at: section.position, in: path, found: Phrase("hours that are never open", "从不开放的营业时间"),
        expected: Phrase("a day with a span such as 09:00-18:00", "至少一天有时间段，例如 09:00-18:00"), severity: .warning)
    }
    checkZone()
  }

  private mutating func checkSpans(_ values: [Value], at position: Position, _ path: ByteString) {
    let written = values.compactMap { if case .timeSpan(let span) = $0 { span } else { nil } }
    if written.count > 1, written.contains(where: { $0.isEmpty }) {
      report(
        at: position, in: path, found: Phrase("closed beside other spans", "closed 与其他时间段并列"),
        expected: Phrase("either closed or spans", "closed 或时间段，二者择一"))
    }
    for (index, span) in written.enumerated() where written[..<index].contains(where: { $0.overlaps(span) }) {
      report(
        at: position, in: path, found: Phrase("spans that overlap", "互相重叠的时间段"),
        expected: Phrase("spans one after the other", "先后相接的时间段"), severity: .warning)
      break
    }
  }

  private mutating func checkHolidays(of section: Section, _ path: ByteString) {
    var earlier: [ClosedRange<Int>] = []
    for (values, position) in section.allValues("holiday") {
      checkSpans(values, at: position, path)
      guard case .dates(let days)? = values.first else { continue }
      if earlier.contains(where: { $0.overlaps(days) }) {
        report(
          .duplicate, at: position, in: path, found: Phrase("a day that an earlier holiday has", "与之前假日重复的日期"),
          expected: Phrase("each day once; the first counts", "每个日期只出现一次；以第一个为准"), severity: .warning)
      }
      earlier.append(days)
    }
  }

  /// The default is right in the country of the default number plan only.
  private mutating func checkZone() {
    guard let hours = root.sections("hours").first, !root.has("zone"),
      root.sectionOrDefaults("number-plan").choice("country") == 1
    else { return }
    report(
      .missing, at: hours.position, in: "hours " + hours.key, found: Phrase("hours without a zone", "没有时区的营业时间"),
      expected: Phrase("a statement such as: zone +01:00", "语句，例如：zone +01:00"), severity: .warning)
  }
}
