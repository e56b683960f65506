// A quarter of an hour of wall time, and the rows of those that had something to count in it.

import Basics

/// From `start` for fifteen minutes: on the hour, a quarter past, half past, a quarter to.
public struct Quarter: Hashable, Sendable {
  static var lengthMs: Int64 { 900_000 }

  public struct Row<Numbers: Hashable & Sendable>: Hashable, Sendable {
    /// Its place in `Reports.queues` or `Reports.agents`.
    public let index: Int
    public internal(set) var numbers: Numbers
  }

  /// Counted from 1970.
  let number: Int64
  /// By index; those without a row have nothing to report.
  public internal(set) var queues: [Row<QueueNumbers>] = []
  public internal(set) var agents: [Row<AgentNumbers>] = []

  public var start: WallTime { WallTime(seconds: number &* (Self.lengthMs / 1_000)) }
  var rowCount: Int { queues.count + agents.count }

  init(number: Int64) { self.number = number }

  /// Rounded down, before 1970 too.
  static func number(of milliseconds: Int64) -> Int64 {
    milliseconds >= 0 ? milliseconds / lengthMs : (milliseconds + 1) / lengthMs - 1
  }
}

extension Reports {
  /// Counts in the total of the queue and in its row of the interval.
  mutating func inQueue(_ queue: Int, _ interval: Int64, _ count: (inout QueueNumbers) -> Void) {
    count(&queues[queue].total)
    guard let place = place(of: interval) else { return }
    let row = intervals[place].queues.place(of: queue)
    if row == intervals[place].queues.count || intervals[place].queues[row].index != queue {
      intervals[place].queues.insert(.init(index: queue, numbers: QueueNumbers()), at: row)
      rowCount += 1
    }
    count(&intervals[place].queues[row].numbers)
    keepRowsBounded()
  }

  mutating func ofAgent(_ agent: Int, _ interval: Int64, _ count: (inout AgentNumbers) -> Void) {
    count(&agents[agent].total)
    inRow(ofAgent: agent, interval, count)
  }

  /// Counts in the row of the interval alone.
  mutating func inRow(ofAgent agent: Int, _ interval: Int64, _ count: (inout AgentNumbers) -> Void) {
    guard let place = place(of: interval) else { return }
    let row = intervals[place].agents.place(of: agent)
    if row == intervals[place].agents.count || intervals[place].agents[row].index != agent {
      intervals[place].agents.insert(.init(index: agent, numbers: AgentNumbers()), at: row)
      rowCount += 1
    }
    count(&intervals[place].agents[row].numbers)
    keepRowsBounded()
  }

  /// Where the interval stands; nil when it is older than what is kept.
  private mutating func place(of number: Int64) -> Int? {
    var place = intervals.count
    while place > 0, intervals[place - 1].number >= number { place -= 1 }
    if place < intervals.count, intervals[place].number == number { return place }
    if intervals.count >= intervalLimit {
      guard place > 0 else {
        counters.tooOld += 1
        return nil
      }
      dropOldest()
      place -= 1
    }
    intervals.insert(Quarter(number: number), at: place)
    return place
  }

  private mutating func keepRowsBounded() {
    while rowCount > Limits.rows, intervals.count > 1 { dropOldest() }
  }

  private mutating func dropOldest() {
    rowCount -= intervals[0].rowCount
    intervals.removeFirst()
    counters.intervalsDropped += 1
  }
}

extension Array {
  /// Where the row of this index stands, or would.
  fileprivate func place<Numbers>(of index: Int) -> Int where Element == Quarter.Row<Numbers> {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
