import Basics
import Calendar
import Testing

/// `10:30` in minutes.
private func span(_ from: String, _ to: String) -> DaySpan {
  func minutes(_ text: String) -> Int {
    let parts = text.split(separator: ":").compactMap { Int($0) }
    return parts[0] * 60 + parts[1]
  }
  let start = minutes(from)
  let end = minutes(to)
  return DaySpan(from: start, to: end > start ? end : end + 1_440) ?? .wholeDay
}

private func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
  CivilDate(year: year, month: month, day: day)?.daysSince1970 ?? -1
}

/// UTC.
private func time(_ year: Int, _ month: Int, _ date: Int, _ hour: Int, _ minute: Int = 0, _ second: Int = 0) -> WallTime
{
  WallTime(seconds: Int64(day(year, month, date) * 86_400 + hour * 3_600 + minute * 60 + second))
}

@Suite("Opening hours")
struct OpeningHoursTests {
  private static let office = [span("09:00", "12:00"), span("13:00", "18:00")]
  /// Monday to Friday, in UTC.
  private static let plain = OpeningHours(offsetMinutes: 0, week: Array(repeating: office, count: 5))

  @Test("the stretches to come, the present one from now on; bounded, and none where it never changes")
  func openings() {
    let noon = time(2026, 10, 12, 10)
    #expect(
      Self.plain.openings(from: noon, until: time(2026, 10, 13, 10), atMost: 9) == [
        noon..<time(2026, 10, 12, 12), time(2026, 10, 12, 13)..<time(2026, 10, 12, 18),
        time(2026, 10, 13, 9)..<time(2026, 10, 13, 12),
      ])
    #expect(Self.plain.openings(from: noon, until: time(2027, 1, 1, 0), atMost: 5).count == 5)
    let always = OpeningHours(offsetMinutes: 0, week: Array(repeating: [.wholeDay], count: 7))
    #expect(always.openings(from: noon, until: time(2027, 1, 1, 0), atMost: 5).isEmpty)
  }

  @Test("open within its spans: the first second counts, the last does not")
  func edges() {
    // 2026-10-12 is a Monday.
    let hours = Self.plain
    #expect(!hours.isOpen(at: time(2026, 10, 12, 8, 59, 59)))
    #expect(hours.isOpen(at: time(2026, 10, 12, 9)))
    #expect(hours.isOpen(at: time(2026, 10, 12, 11, 59, 59)))
    #expect(!hours.isOpen(at: time(2026, 10, 12, 12)))
    #expect(hours.isOpen(at: time(2026, 10, 16, 17, 59, 59)))
    #expect(!hours.isOpen(at: time(2026, 10, 17, 10)))
  }

  @Test("says how long it stays open, and when it changes next")
  func changes() {
    let hours = Self.plain
    #expect(hours.closesIn(at: time(2026, 10, 12, 9)) == .hours(3))
    #expect(hours.closesIn(at: time(2026, 10, 12, 12)) == nil)
    #expect(hours.nextChange(after: time(2026, 10, 12, 12)) == time(2026, 10, 12, 13))
    #expect(hours.nextChange(after: time(2026, 10, 16, 18)) == time(2026, 10, 19, 9))
    let almost = WallTime(microseconds: time(2026, 10, 12, 12).microseconds - 1)
    #expect(hours.closesIn(at: almost) == .microseconds(1))
    #expect(hours.nextChange(after: almost) == time(2026, 10, 12, 12))
  }

  @Test("spans that touch or overlap are one: nothing changes between them")
  func merged() {
    let hours = OpeningHours(
      offsetMinutes: 0, week: [[span("09:00", "12:00"), span("12:00", "15:00"), span("14:00", "16:00")]])
    #expect(hours.closesIn(at: time(2026, 10, 12, 9)) == .hours(7))
  }

  @Test("a span past midnight belongs to the evening's day")
  func midnight() {
    // Fridays.
    let hours = OpeningHours(offsetMinutes: 0, week: [[], [], [], [], [span("22:00", "02:00")]])
    #expect(hours.isOpen(at: time(2026, 10, 17, 1, 59)))
    #expect(!hours.isOpen(at: time(2026, 10, 17, 2)))
    #expect(!hours.isOpen(at: time(2026, 10, 16, 1)))
    #expect(hours.closesIn(at: time(2026, 10, 16, 23)) == .hours(3))
    #expect(hours.nextChange(after: time(2026, 10, 17, 2)) == time(2026, 10, 23, 22))
  }

  @Test("a holiday takes the place of its weekday, with hours of its own or none; last night runs to its end")
  func holidays() throws {
    let nights = Array(repeating: [span("20:00", "04:00")], count: 7)
    let feast = try #require(Holiday(day(2026, 10, 1)...day(2026, 10, 7)))
    let short = try #require(Holiday(day(2026, 10, 8)...day(2026, 10, 8), [span("10:00", "11:00")]))
    // The first of two for one day counts.
    let ignored = try #require(Holiday(day(2026, 10, 7)...day(2026, 10, 9), [.wholeDay]))
    let hours = OpeningHours(offsetMinutes: 0, week: nights, holidays: [feast, short, ignored])
    #expect(hours.closesIn(at: time(2026, 9, 30, 23)) == .hours(5))
    #expect(hours.nextChange(after: time(2026, 10, 1, 4)) == time(2026, 10, 8, 10))
    #expect(hours.nextChange(after: time(2026, 10, 8, 11)) == time(2026, 10, 9, 0))
    #expect(!hours.isOpen(at: time(2026, 10, 7, 21)))
  }

  @Test("leap days are days")
  func leapDays() throws {
    let leap = try #require(Holiday(day(2028, 2, 29)...day(2028, 2, 29), [span("10:00", "11:00")]))
    let hours = OpeningHours(offsetMinutes: 0, week: [], holidays: [leap])
    #expect(hours.nextChange(after: time(2028, 2, 28, 23)) == time(2028, 2, 29, 10))
    #expect(hours.isOpen(at: time(2028, 2, 29, 10, 30)))
    #expect(!hours.isOpen(at: time(2028, 3, 1, 10, 30)))
    // A Tuesday, and the Tuesday after it a leap year's week away.
    let tuesdays = OpeningHours(offsetMinutes: 0, week: [[], [span("09:00", "10:00")]])
    #expect(tuesdays.nextChange(after: time(2028, 2, 29, 10)) == time(2028, 3, 7, 9))
  }

  @Test("the zone moves the day, to either side")
  func zones() {
    let sundays = [[], [], [], [], [], [], [span("00:00", "24:00")]] as [[DaySpan]]
    let east = OpeningHours(offsetMinutes: 8 * 60, week: sundays)
    #expect(east.nextChange(after: time(2026, 10, 14, 0)) == time(2026, 10, 17, 16))
    #expect(east.closesIn(at: time(2026, 10, 17, 16)) == .hours(24))
    let west = OpeningHours(offsetMinutes: -(3 * 60 + 30), week: sundays)
    #expect(west.nextChange(after: time(2026, 10, 14, 0)) == time(2026, 10, 18, 3, 30))
  }

  @Test("hours that never change say so; a far holiday is found")
  func never() throws {
    #expect(OpeningHours(offsetMinutes: 0, week: []).nextChange(after: time(2026, 1, 1, 0)) == nil)
    let always = Array(repeating: [DaySpan.wholeDay], count: 7)
    let open = OpeningHours(offsetMinutes: 0, week: always)
    #expect(open.isOpen(at: time(2026, 1, 1, 0)) && open.closesIn(at: time(2026, 1, 1, 0)) == nil)
    let last = try #require(Holiday(day(2199, 12, 31)...day(2199, 12, 31)))
    let far = OpeningHours(offsetMinutes: 0, week: always, holidays: [last])
    #expect(far.nextChange(after: time(1970, 1, 1, 0)) == time(2199, 12, 31, 0))
    #expect(far.nextChange(after: time(2199, 12, 31, 5)) == time(2199, 12, 31, 5) + .hours(19))
  }

  @Test("no time is out of range, and no table too large")
  func bounds() throws {
    let one = try #require(Holiday(day(2026, 1, 1)...day(2026, 1, 1)))
    let hours = OpeningHours(
      offsetMinutes: 99_999, week: Array(repeating: Array(repeating: span("09:00", "17:00"), count: 99), count: 9),
      holidays: Array(repeating: one, count: 999))
    #expect(hours.week.count == 7 && hours.week[0].count == CalendarLimits.spansPerDay)
    #expect(hours.holidays.count == CalendarLimits.holidays)
    #expect(hours.offsetMinutes == CalendarLimits.offsetMinutesMax)
    for extreme in [Int64.min, -1, 0, .max] {
      _ = hours.isOpen(at: WallTime(microseconds: extreme))
      _ = hours.closesIn(at: WallTime(microseconds: extreme))
    }
    #expect(hours.nextChange(after: WallTime(microseconds: .max)) == nil)
    #expect(Holiday(-1...3) == nil && Holiday(0...84_006) == nil)
    #expect(DaySpan(from: 1_440, to: 1_500) == nil && DaySpan(from: 5, to: 5) == nil)
    #expect(DaySpan(from: 5, to: 1_446) == nil && DaySpan(from: -1, to: 5) == nil)
  }

  @Test("agrees with a list of all open minutes", arguments: 1...60 as ClosedRange<UInt64>)
  func oracle(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let first = day(2027, 12, 20) + random.below(200)
    let offset = random.below(53) * 30 - 780
    func spans() -> [DaySpan] {
      (0..<random.below(4)).compactMap { _ in
        let start = random.below(48) * 30
        return DaySpan(from: start, to: start + (1 + random.below(random.chance(percent: 20) ? 48 : 12)) * 30)
      }
    }
    let week = (0..<7).map { _ in random.chance(percent: 30) ? [] : spans() }
    let holidays = (0..<random.below(5)).compactMap { _ -> Holiday? in
      let start = first + random.below(40)
      return Holiday(start...start + random.below(14), random.chance(percent: 50) ? [] : spans())
    }
    let hours = OpeningHours(offsetMinutes: offset, week: week, holidays: holidays)

    // Local half hours from the day before the first on.
    let days = 60
    var open = [Bool](repeating: false, count: (days + 3) * 48)
    for index in 0...days {
      let date = first - 1 + index
      // 2027-12-20 is a Monday.
      let weekday = ((date - day(2027, 12, 20)) % 7 + 7) % 7
      for span in holidays.first(where: { $0.days.contains(date) })?.spans ?? week[weekday] {
        for half in (index * 48 + span.start / 30)..<(index * 48 + span.end / 30) { open[half] = true }
      }
    }
    func moment(_ half: Int) -> WallTime { WallTime(seconds: Int64((first - 1) * 86_400 + half * 1_800 - offset * 60)) }
    for half in 48..<(days * 48) {
      #expect(hours.isOpen(at: moment(half)) == open[half], "seed \(seed), half hour \(half)")
    }
    for half in stride(from: 48, to: 40 * 48, by: 5) {
      let change = open[half...].firstIndex { $0 != open[half] }
      let found = hours.nextChange(after: moment(half))
      // What lies behind the list is not known to it.
      if let change, change < days * 48 {
        #expect(found == moment(change), "seed \(seed), half hour \(half)")
      } else if let found {
        #expect(found >= moment(days * 48), "seed \(seed), half hour \(half)")
      }
    }
  }
}
