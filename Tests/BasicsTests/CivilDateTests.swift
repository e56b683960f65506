import Basics
import Testing

@Suite("Civil dates")
struct CivilDateTests {
  @Test("Days and their parts are the same day, over 800 years")
  func thereAndBack() {
    for days in -146_097...146_097 {
      let date = CivilDate(daysSince1970: days)
      let again = CivilDate(year: date.year, month: date.month, day: date.day)
      if again != date { Issue.record("\(days)") }
    }
  }

  @Test("What the calendar does not have is refused")
  func refused() {
    for (year, month, day) in [
      (2026, 2, 29), (2100, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0), (2026, 1, 32), (-1, 1, 1),
      (.max, .max, .max), (.min, .min, .min),
    ] {
      #expect(CivilDate(year: year, month: month, day: day) == nil, "\(year) \(month) \(day)")
    }
    #expect(CivilDate(year: 2000, month: 2, day: 29)?.daysSince1970 == 11_016)
    #expect(CivilDate(year: 1970, month: 1, day: 1)?.daysSince1970 == 0)
  }
}
