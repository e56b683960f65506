import Basics
import BranchConfiguration
import Calendar
import Testing

@testable import Appliance

@Suite("Hours keeper")
struct HoursKeeperTests {
  /// 2026-10-12, a Monday, in UTC.
  private static func wall(_ hour: Int, _ minute: Int = 0, _ second: Int = 0) -> WallTime {
    WallTime(seconds: 1_791_763_200 + Int64(hour * 3_600 + minute * 60 + second))
  }
  private static let boot = Instant(nanoseconds: 5_000_000_000)

  private static func hours(_ name: ByteString, from: Int, to: Int) throws -> BranchSettings.Hours {
    let span = try #require(DaySpan(from: from * 60, to: to * 60))
    return .init(name: name, opening: OpeningHours(offsetMinutes: 0, week: Array(repeating: [span], count: 7)))
  }

  /// `office` 9 to 18 for two queues, `night` 20 to 22 for one, and one that is always open.
  private static func configured() throws -> HoursKeeper {
    var keeper = HoursKeeper()
    keeper.handle(
      .configure(
        queues: [
          .init(name: "a", hours: "office"), .init(name: "b", hours: "office"), .init(name: "c", hours: "night"),
          .init(name: "d"),
        ],
        hours: [try hours("office", from: 9, to: 18), try hours("night", from: 20, to: 22)]), at: boot)
    return keeper
  }

  private static func news(_ keeper: inout HoursKeeper) -> [String] {
    var news: [String] = []
    while let one = keeper.pollOutput() {
      let rest = one.closesIn.map { " for \($0.seconds)" } ?? ""
      news.append("\(one.queue) \(one.isOpen ? "open" : "closed")\(rest)")
    }
    return news
  }

  @Test("with each word goes when it is open from then on; of a queue without hours nothing")
  func openings() throws {
    var keeper = try Self.configured()
    keeper.handle(.wall(Self.wall(10), trusted: true), at: Self.boot)
    var openings: [ByteString: [Range<WallTime>]] = [:]
    while let one = keeper.pollOutput() { openings[one.queue] = one.openings }
    #expect(openings["d"] == [])
    #expect(openings["a"]?.first == Self.wall(10)..<Self.wall(18) && openings["a"] == openings["b"])
    #expect(openings["c"]?.first == Self.wall(20)..<Self.wall(22))
    #expect(openings["a"]?.count == 15)
  }

  @Test("without a trusted clock nothing is said of a queue with hours, and nothing is waited for")
  func noClock() throws {
    var keeper = try Self.configured()
    #expect(Self.news(&keeper) == ["d open"])
    keeper.handle(.wall(Self.wall(3), trusted: false), at: Self.boot)
    // Vouched for, and wrong all the same.
    keeper.handle(.wall(WallTime(microseconds: .max), trusted: true), at: Self.boot)
    keeper.handle(.wall(WallTime(microseconds: -1), trusted: true), at: Self.boot)
    #expect(Self.news(&keeper) == [] && keeper.nextDeadline == nil)
  }

  @Test("the first trusted clock says what is open, and until when")
  func firstClock() throws {
    var keeper = try Self.configured()
    _ = Self.news(&keeper)
    keeper.handle(.wall(Self.wall(17), trusted: true), at: Self.boot)
    #expect(Self.news(&keeper) == ["a open for 3600", "b open for 3600", "c closed"])
    #expect(keeper.nextDeadline == Self.boot + .hours(1))
  }

  @Test("each change has its deadline, and is told once, though the clock is told again and again")
  func changes() throws {
    var keeper = try Self.configured()
    _ = Self.news(&keeper)
    keeper.handle(.wall(Self.wall(17), trusted: true), at: Self.boot)
    _ = Self.news(&keeper)
    var told: [String] = []
    for second in 0..<(24 * 3_600) {
      let now = Self.boot + .seconds(second)
      let deadline = keeper.nextDeadline
      keeper.advance(to: now)
      for one in Self.news(&keeper) {
        told.append("\(second / 3_600) \(one)")
        #expect(deadline == now, "\(one)")
      }
      // Not later than a microsecond, nor earlier: clocks are never quite even.
      let wall = Self.wall(17, 0, second)
      keeper.handle(.wall(WallTime(microseconds: wall.microseconds - Int64(second % 2)), trusted: true), at: now)
      told += Self.news(&keeper).map { "\(second / 3_600) \($0)" }
    }
    #expect(
      told == [
        "1 a closed", "1 b closed", "3 c open for 7200", "5 c closed", "16 a open for 32400", "16 b open for 32400",
      ])
  }

  @Test("time goes on without being told, and while nobody vouches for the clock")
  func carriedOn() throws {
    var keeper = try Self.configured()
    keeper.handle(.wall(Self.wall(17), trusted: true), at: Self.boot)
    keeper.handle(.wall(Self.wall(3), trusted: false), at: Self.boot + .minutes(30))
    _ = Self.news(&keeper)
    keeper.advance(to: Self.boot + .minutes(59))
    #expect(Self.news(&keeper) == [])
    keeper.advance(to: Self.boot + .hours(1))
    #expect(Self.news(&keeper) == ["a closed", "b closed"])
    // Late by hours: what holds then is told, not what was missed.
    keeper.advance(to: Self.boot + .hours(20))
    #expect(Self.news(&keeper) == ["a open for 18000", "b open for 18000"])
  }

  @Test("a clock that is set moves the closing, or opens again; a second is not worth a word")
  func clockJumps() throws {
    var keeper = try Self.configured()
    keeper.handle(.wall(Self.wall(17), trusted: true), at: Self.boot)
    _ = Self.news(&keeper)
    keeper.handle(.wall(Self.wall(17, 0, 0) + .milliseconds(900), trusted: true), at: Self.boot)
    #expect(Self.news(&keeper) == [])
    #expect(keeper.nextDeadline == Self.boot + .hours(1) - .milliseconds(900))
    keeper.handle(.wall(Self.wall(17, 30), trusted: true), at: Self.boot)
    #expect(Self.news(&keeper) == ["a open for 1800", "b open for 1800"])
    keeper.handle(.wall(Self.wall(18, 0, 1), trusted: true), at: Self.boot)
    #expect(Self.news(&keeper) == ["a closed", "b closed"])
    keeper.handle(.wall(Self.wall(18), trusted: true), at: Self.boot)
    keeper.handle(.wall(Self.wall(17, 59, 59) + .milliseconds(500), trusted: true), at: Self.boot)
    #expect(Self.news(&keeper) == [])
    keeper.handle(.wall(Self.wall(17, 59, 58), trusted: true), at: Self.boot)
    #expect(Self.news(&keeper) == ["a open for 2", "b open for 2"])
    keeper.handle(.wall(Self.wall(12), trusted: true), at: Self.boot)
    #expect(Self.news(&keeper) == ["a open for 21600", "b open for 21600"])
  }

  @Test("a configuration tells every queue anew, at once with the clock that is known")
  func configuration() throws {
    var keeper = try Self.configured()
    keeper.handle(.wall(Self.wall(17), trusted: true), at: Self.boot)
    _ = Self.news(&keeper)
    let later = Self.boot + .hours(2)
    keeper.handle(
      .configure(
        queues: [.init(name: "a"), .init(name: "b", hours: "late"), .init(name: "e", hours: "office")],
        hours: [try Self.hours("late", from: 9, to: 20), try Self.hours("office", from: 9, to: 18)]), at: later)
    #expect(Self.news(&keeper) == ["a open", "b open for 3600", "e closed"])
    #expect(keeper.nextDeadline == later + .hours(1))
  }

  @Test("the box wakes by itself for an opening")
  func wakes() throws {
    let text: ByteString = """
      listen udp 127.0.0.1:5060
      zone +00:00
      extension 101 { secret "a secret for tests" }
      hours office { daily 09:00-18:00 }
      queue service { agents 101; hours office }
      """
    var box = Appliance()
    box.handle(.entropy(Array(0..<64)), at: Self.boot)
    box.handle(.configure(revision: 1, try #require(BranchSettings.parse(text.bytes).settings)), at: Self.boot)
    #expect(box.hours.nextDeadline == nil)
    box.handle(.wall(Self.wall(8), trusted: true), at: Self.boot)
    #expect(box.hours.nextDeadline == Self.boot + .hours(1))
    #expect(try #require(box.nextDeadline) <= Self.boot + .hours(1))
    box.handle(.wake, at: Self.boot + .hours(1))
    #expect(box.hours.nextDeadline == Self.boot + .hours(10))
  }
}
