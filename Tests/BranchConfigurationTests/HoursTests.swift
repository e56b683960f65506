import Basics
import BranchConfiguration
import Calendar
import Configuration
import Testing

@Suite("Opening hours in the configuration")
struct HoursTests {
  private func hours(_ block: String, zone: String = "") throws -> OpeningHours {
    let reading = reading("listen udp 0.0.0.0:5060\n\(zone)\nhours h { \(block) }")
    return try #require(reading.settings?.hours.first?.opening, "\(reading.errors.map { $0.text() })")
  }
  private func span(_ from: Int, _ to: Int) throws -> DaySpan { try #require(DaySpan(from: from * 60, to: to * 60)) }

  @Test("A day's own statement counts before those of several days, whatever their order")
  func days() throws {
    let hours = try hours(
      """
      friday 09:00-12:00
      saturday closed
      weekdays 09:00-12:00 13:00-18:00
      daily 10:00-11:00
      """)
    let long = [try span(9, 12), try span(13, 18)]
    #expect(hours.week == [long, long, long, long, [try span(9, 12)], [], [try span(10, 11)]])
    #expect(hours.offsetMinutes == 480)
  }

  @Test("Holidays are closed, or have the hours behind them; spans run past midnight; the zone is the branch's")
  func holidays() throws {
    let hours = try hours(
      """
      weekend 22:00-02:00
      holiday 2026-10-01..2026-10-07
      holiday 2026-10-10 09:00-10:00 11:00-12:00
      """, zone: "zone -03:30")
    #expect(hours.week[5] == [try span(22, 26)] && hours.week[0] == [])
    let first = try #require(CivilDate(year: 2026, month: 10, day: 1)?.daysSince1970)
    #expect(hours.holidays.map { $0.days } == [first...(first + 6), (first + 9)...(first + 9)])
    #expect(hours.holidays.map { $0.spans } == [[], [try span(9, 10), try span(11, 12)]])
    #expect(hours.offsetMinutes == -210)
  }

  private func lines(_ text: String) -> [String] {
    reading("listen udp 0.0.0.0:5060\n" + text).problems.map {
      ($0.severity == .warning ? "~" : "")
        + "\($0.position.line - 1):\($0.position.column) [\($0.path)] \($0.found.english)"
    }
  }

  @Test("Contradictions are found where they stand")
  func checks() {
    #expect(lines("hours h { daily 09:00-18:00; holiday 2026-10-01 }") == [])
    #expect(lines("hours h {\n monday 09:00-12:00 11:00-13:00\n}") == ["~2:2 [hours h] spans that overlap"])
    #expect(lines("hours h {\n monday closed 11:00-13:00\n}") == ["2:2 [hours h] closed beside other spans"])
    #expect(lines("hours h { monday closed }") == ["~1:1 [hours h] hours that are never open"])
    #expect(
      lines("hours h {\n daily 09:00-12:00\n holiday 2026-10-01..2026-10-03\n holiday 2026-10-03 08:00-09:00\n}") == [
        "~4:2 [hours h] a day that an earlier holiday has"
      ])
    #expect(
      lines("number-plan { country generic; country-code 33 }\nhours h { daily 09:00-12:00 }") == [
        "~2:1 [hours h] hours without a zone"
      ])
    #expect(
      lines("hours h { monday 9-12 }") == [
        "~1:1 [hours h] hours that are never open", #"1:18 [hours h / monday] "9-12""#,
      ])
    #expect(lines("hours h { daily 09:00-12:00; holiday 2026-02-29 }") == [#"1:38 [hours h / holiday] "2026-02-29""#])
    #expect(lines("hours h { monday 09:00-10:00; monday 11:00-12:00 }") == ["1:31 [hours h] a second monday"])
    #expect(lines("queue q { agents; hours nowhere }").contains(#"1:25 [queue q / hours] "nowhere""#))
  }
}
