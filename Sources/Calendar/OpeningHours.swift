// When a queue is open: spans for each weekday, and holidays that count in their place. Pure: a time comes in, an answer
// goes out. It reads no clock, and it knows no daylight saving time: its zone is one fixed distance from UTC all year.

import Basics

///     let hours = OpeningHours(
///       offsetMinutes: 8 * 60, week: [[], [], [], [], [], [], [DaySpan.wholeDay]], holidays: [])
///     hours.isOpen(at: now)        // on Sundays
///     hours.nextChange(after: now) // the midnight before or after it
public struct OpeningHours: Hashable, Sendable {
  /// East of UTC is positive: +08:00 is 480.
  public let offsetMinutes: Int
  /// Seven lists, Monday's first.
  public let week: [[DaySpan]]
  /// Where several have the same day, the first counts.
  public let holidays: [Holiday]
  /// Days with which a stretch of weeks, or a holiday, begins; ascending.
  private let turns: [Int]

  /// Whatever exceeds `CalendarLimits` is left out; weekdays that are missing are closed.
  public init(offsetMinutes: Int, week: [[DaySpan]], holidays: [Holiday] = []) {
    let furthest = CalendarLimits.offsetMinutesMax
    self.offsetMinutes = max(-furthest, min(furthest, offsetMinutes))
    self.week = (0..<7).map { $0 < week.count ? Array(week[$0].prefix(CalendarLimits.spansPerDay)) : [] }
    self.holidays = Array(holidays.prefix(CalendarLimits.holidays))
    turns = Set(self.holidays.flatMap { [$0.days.lowerBound, $0.days.upperBound + 1] }).sorted()
  }

  // MARK: Answers

  public func isOpen(at time: WallTime) -> Bool { isOpen(atLocalSecond: localSecond(of: time)) }

  /// The time until it closes; nil while it is closed, or when it never closes.
  public func closesIn(at time: WallTime) -> Interval? {
    guard isOpen(at: time) else { return nil }
    return nextChange(after: time).map { $0 - time }
  }

  /// The first moment later than this at which it opens or closes; nil when it never does, and for times that
  /// `CalendarLimits.days` does not hold.
  public func nextChange(after time: WallTime) -> WallTime? {
    let second = localSecond(of: time)
    let today = Self.day(of: second)
    guard CalendarLimits.days.contains(today) else { return nil }
    let isOpenNow = isOpen(atLocalSecond: second)
    var day = today
    var quietDays = 0
    while true {
      if turns.contains(day) { quietDays = 0 }
      if let change = change(on: day, after: second, from: isOpenNow) {
        return WallTime(seconds: Int64(change - offsetMinutes * 60))
      }
      quietDays += 1
      day += 1
      // A week without a change repeats itself; the day before it may have run over into it.
      guard quietDays > 8 else { continue }
      guard let turn = turns.first(where: { $0 >= day }) else { return nil }
      day = turn
    }
  }

  /// The stretches in which it is open, the first one from `time` on where it is open then; each has an end.
  public func openings(from time: WallTime, until end: WallTime, atMost limit: Int) -> [Range<WallTime>] {
    var spans: [Range<WallTime>] = []
    var from = time
    while spans.count < limit, from < end, let change = nextChange(after: from) {
      if isOpen(at: from) { spans.append(from..<change) }
      from = change
    }
    return spans
  }

  // MARK: Local time

  private static let secondsPerDay = 86_400

  /// Rounded down, from the local midnight with which 1970 began.
  private func localSecond(of time: WallTime) -> Int {
    let (second, rest) = time.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return Int(second) - (rest < 0 ? 1 : 0) + offsetMinutes * 60
  }

  private static func day(of second: Int) -> Int {
    (second >= 0 ? second : second - (secondsPerDay - 1)) / secondsPerDay
  }

  /// The spans that begin on this day.
  private func spans(on day: Int) -> [DaySpan] {
    if let holiday = holidays.first(where: { $0.days.contains(day) }) { return holiday.spans }
    // 1970 began on a Thursday.
    let weekday = (day + 3) % 7
    return week[weekday < 0 ? weekday + 7 : weekday]
  }

  private func isOpen(atLocalSecond second: Int) -> Bool {
    let day = Self.day(of: second)
    let secondOfDay = second - day * Self.secondsPerDay
    return spans(on: day).contains { $0.contains(second: secondOfDay) }
      || spans(on: day - 1).contains { $0.contains(second: secondOfDay + Self.secondsPerDay) }
  }

  /// The first local second of that day, later than `second`, at which the state is another.
  private func change(on day: Int, after second: Int, from isOpenNow: Bool) -> Int? {
    let yesterday = spans(on: day - 1).map { $0.end - DaySpan.minutesPerDay }
    let today = spans(on: day).flatMap { [$0.start, $0.end] }
    let edges = (yesterday + today).filter { $0 >= 0 && $0 < DaySpan.minutesPerDay }.sorted()
    return edges.lazy.map { day * Self.secondsPerDay + $0 * 60 }
      .first { $0 > second && self.isOpen(atLocalSecond: $0) != isOpenNow }
  }
}
