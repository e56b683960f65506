// Which queues are open: told when the configuration comes, at each opening and closing, and when the clock is set.
//
// Time of day is the last trusted wall clock carried on by the monotonic one. What a clock says that nobody vouches for
// is not heard: until a trusted one was, nothing is said of queues with hours, and they count as open: a box that has just
// been given power must answer, and what it does not know has neither opened nor closed.
// It never polls: between two changes nothing is computed but the distance to the next.

import ACD
import Basics
import BranchConfiguration
import Calendar

struct HoursKeeper {
  enum Limits {
    /// A clock that is set back by less than this opens no queue again that has just closed; and a closing that moves by
    /// less is not worth a word.
    static let tolerance = Interval.seconds(1)
    /// Clocks beyond the calendar are wrong, whoever vouches for them.
    static let wall = WallTime(seconds: 0)..<WallTime(seconds: Int64(CalendarLimits.days.upperBound) * 86_400)
  }

  enum Input {
    case configure(queues: [BranchSettings.Queue], hours: [BranchSettings.Hours])
    case wall(WallTime, trusted: Bool)
  }

  struct Output: Equatable {
    var queue: ByteString
    var isOpen: Bool
    /// nil while it is closed, or when it never closes.
    var closesIn: Interval?
    /// From now on; empty without hours.
    var openings: [Range<WallTime>] = []
  }

  /// The queues of one table of hours, and what was last told about them.
  private struct Table {
    let hours: OpeningHours
    let queues: [ByteString]
    var stretch: Stretch?
    /// nil: closed, or open for ever.
    var closesAt: Instant?
  }

  /// The time from one change to the next.
  private struct Stretch {
    let isOpen: Bool
    let since: WallTime
    /// nil: for ever.
    let until: WallTime?

    init(of hours: OpeningHours, at wall: WallTime) {
      isOpen = hours.isOpen(at: wall)
      since = wall
      until = hours.nextChange(after: wall)
    }

    func holds(at wall: WallTime) -> Bool {
      wall + Limits.tolerance > since && (until.map { wall < $0 } ?? true)
    }
  }

  private(set) var nextDeadline: Instant?
  private var tables: [Table] = []
  private var clock: (wall: WallTime, at: Instant)?
  private var outputs = Fifo<Output>()

  mutating func pollOutput() -> Output? { outputs.popFirst() }

  mutating func handle(_ input: Input, at now: Instant) {
    switch input {
    case .configure(let queues, let hours): configure(queues, hours)
    case .wall(let time, let isTrusted):
      guard isTrusted, Limits.wall.contains(time) else { return }
      clock = (time, now)
    }
    tell(at: now)
  }

  mutating func advance(to now: Instant) {
    guard let deadline = nextDeadline, deadline <= now else { return }
    tell(at: now)
  }

  private mutating func configure(_ queues: [BranchSettings.Queue], _ hours: [BranchSettings.Hours]) {
    tables = hours.map { hours in
      Table(hours: hours.opening, queues: queues.filter { $0.hours == hours.name }.map { $0.name })
    }
    for queue in queues where !hours.contains(where: { $0.name == queue.hours }) {
      outputs.append(Output(queue: queue.name, isOpen: true, closesIn: nil))
    }
  }

  // MARK: Changes

  private mutating func tell(at now: Instant) {
    nextDeadline = nil
    guard let clock else { return }
    let wall = clock.wall + (now - clock.at)
    for index in tables.indices where !tables[index].queues.isEmpty {
      let until = tell(index, wall, at: now)
      // Later than now: a stretch that had ended was replaced.
      guard let change = until.map({ now + ($0 - wall) }) else { continue }
      if nextDeadline.map({ change < $0 }) ?? true { nextDeadline = change }
    }
  }

  /// What holds now is told unless it was. Until when it holds.
  private mutating func tell(_ index: Int, _ wall: WallTime, at now: Instant) -> WallTime? {
    let table = tables[index]
    let held = table.stretch.flatMap { $0.holds(at: wall) ? $0 : nil }
    let stretch = held ?? Stretch(of: table.hours, at: wall)
    let closesIn = stretch.isOpen ? stretch.until.map { $0 - wall } : nil
    let closesAt = closesIn.map { now + $0 }
    tables[index].stretch = stretch
    if table.stretch?.isOpen == stretch.isOpen, Self.isSame(table.closesAt, closesAt) { return stretch.until }
    tables[index].closesAt = closesAt
    let openings = table.hours.openings(
      from: wall, until: wall + .seconds(ACD.Limits.scheduleAheadSeconds), atMost: ACD.Limits.openSpans)
    for queue in table.queues {
      outputs.append(Output(queue: queue, isOpen: stretch.isOpen, closesIn: closesIn, openings: openings))
    }
    return stretch.until
  }

  private static func isSame(_ a: Instant?, _ b: Instant?) -> Bool {
    guard let a, let b else { return a == b }
    return max(a - b, b - a) < Limits.tolerance
  }
}
