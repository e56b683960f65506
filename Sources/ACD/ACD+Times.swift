// Times that customers and supervisors choose (callback rules 31 and 32): inside the hours of the queue, not too near to
// their end, in a slot that is not full; and the nearest time that would do in place of one that does not.

import Basics
import Journal

extension ACD {
  /// nil for times that are over, or too far ahead.
  func scheduleDelay(_ time: WallTime, at now: Instant) -> Interval? {
    let present = clock.time(at: now)
    guard time > present, time <= present + .seconds(Limits.scheduleAheadSeconds) else { return nil }
    return time - present
  }

  /// Where only the next closing is known, what lies behind it cannot be promised.
  func isInsideHours(_ time: WallTime, after delay: Interval, _ queue: QueueID, at now: Instant) -> Bool {
    let spans = queues[queue].hours.spans
    guard !spans.isEmpty else { return !closesTooSoon(queue, after: delay, at: now) }
    let margin = Interval.seconds(callbackRules(queue).closingMarginSeconds)
    return spans.contains { $0.from <= time && time + margin <= $0.until }
  }

  func slot(_ time: WallTime, _ rules: CallbackSettings) -> Int64 {
    time.seconds / (Int64(max(1, rules.slotMinutes)) * 60)
  }

  /// - Parameter own: whoever holds a slot may move within it.
  func slotsTaken(_ queue: QueueID, besides own: UInt64?) -> [Int64: Int] {
    let rules = callbackRules(queue)
    var taken: [Int64: Int] = [:]
    for callback in callbacks.values where callback.queue == queue && callback.fact.id != own {
      let wanted = callback.merged ?? callback.fact
      if wanted.isScheduled { taken[slot(wanted.notBefore, rules), default: 0] += 1 }
    }
    return taken
  }

  /// Callers choose among whole hours from now: the one nearest to `time` that would be granted, the later of two.
  func nearestHour(to time: WallTime, in queue: QueueID, at now: Instant) -> Int? {
    let rules = callbackRules(queue)
    let taken = slotsTaken(queue, besides: nil)
    let present = clock.time(at: now)
    let last = Limits.scheduleAheadSeconds / 3_600
    func mayBeHad(_ hours: Int) -> Bool {
      guard (1...last).contains(hours) else { return false }
      let time = present + .hours(hours)
      return isInsideHours(time, after: .hours(hours), queue, at: now) && taken[slot(time, rules)] ?? 0 < rules.perSlot
    }
    let bounded = min(max(time, present), present + .hours(last))
    let wanted = max(1, ((bounded - present).seconds + 1_800) / 3_600)
    for distance in 0...last {
      if mayBeHad(wanted + distance) { return wanted + distance }
      if mayBeHad(wanted - distance) { return wanted - distance }
    }
    return nil
  }

  /// For a supervisor whose time lies outside hours: the nearest time inside, to the second.
  public func nearestTime(to time: WallTime, forCallback id: UInt64, at now: Instant) -> WallTime? {
    guard let queue = callbacks[id]?.queue else { return nil }
    let margin = Interval.seconds(callbackRules(queue).closingMarginSeconds)
    let present = clock.time(at: now) + .seconds(1)
    let time = min(max(time, present), present + .seconds(Limits.scheduleAheadSeconds))
    var nearest: WallTime?
    for span in queues[queue].hours.spans {
      let (first, last) = (max(span.from, present), span.until + (.zero - margin))
      guard first <= last else { continue }
      let candidate = min(max(time, first), last)
      if nearest.map({ Self.distance(candidate, time) < Self.distance($0, time) }) ?? true { nearest = candidate }
    }
    return nearest
  }

  private static func distance(_ a: WallTime, _ b: WallTime) -> Interval { max(a - b, b - a) }
}
