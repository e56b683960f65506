// The statements about opening hours.

import Basics
import Calendar
import Configuration

extension BranchSchema {
  /// Names of days in a block of hours. The further down, the more it says of one day: `monday` replaces `weekdays`.
  static let dayNames: [(name: ByteString, weekdays: ClosedRange<Int>, help: Help)] = [
    ("daily", 0...6, Help("Every day", "每天")),
    ("weekdays", 0...4, Help("Monday to Friday", "周一至周五")),
    ("weekend", 5...6, Help("Saturday and Sunday", "周六和周日")),
    ("monday", 0...0, Help("Mondays", "周一")),
    ("tuesday", 1...1, Help("Tuesdays", "周二")),
    ("wednesday", 2...2, Help("Wednesdays", "周三")),
    ("thursday", 3...3, Help("Thursdays", "周四")),
    ("friday", 4...4, Help("Fridays", "周五")),
    ("saturday", 5...5, Help("Saturdays", "周六")),
    ("sunday", 6...6, Help("Sundays", "周日")),
  ]

  static var zone: SchemaNode {
    SchemaNode(
      "zone", .init("offset", .utcOffset), default: "+08:00", effect: .waiting,
      help: Help("The branch's distance from UTC, the same all year", "本地时间与 UTC 的时差，全年不变"))
  }

  static var hoursBlock: SchemaNode {
    SchemaNode(
      block: "hours", [.init("name", .word(maximum: 32))], isKeyed: true, occurrence: .repeated(BranchLimits.hours),
      effect: .waiting,
      help: Help("When queues are open; a day that is not named is closed", "队列的营业时间；未列出的日子为休息"),
      dayNames.map { day in
        SchemaNode(
          day.name, .init("from-to", .timeSpan, count: 1...CalendarLimits.spansPerDay), help: day.help)
      } + [
        SchemaNode(
          "holiday", .init("date", .dates), .init("from-to", .timeSpan, count: 0...CalendarLimits.spansPerDay),
          occurrence: .repeated(CalendarLimits.holidays),
          help: Help(
            "Days that are closed, or have the hours behind them instead of their weekday's", "休息日；若后附时间段，则以其代替平日时间"))
      ])
  }
}
