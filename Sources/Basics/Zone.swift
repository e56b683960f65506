// The zone of a branch: one fixed distance from UTC all year, and times as the clock on its wall shows them.

public struct Zone: Hashable, Sendable {
  /// East of UTC is positive: +08:00 is 480.
  public let minutes: Int

  public init(minutes: Int) { self.minutes = max(-14 * 60, min(minutes, 14 * 60)) }

  public static var utc: Zone { Zone(minutes: 0) }

  /// `2026-03-01T08:15:00+08:00` (RFC 3339, whole seconds).
  public func text(_ time: WallTime) -> ByteString {
    let offset = minutes < 0 ? -minutes : minutes
    return ByteString(ByteString(local(time).rfc3339).bytes.dropLast()) + (minutes < 0 ? "-" : "+")
      + Self.two(offset / 60) + ":" + Self.two(offset % 60)
  }

  /// `08:15:00`; on another day than that of `present` `2026-03-01 08:15:00`.
  public func clock(_ time: WallTime, asOf present: WallTime) -> ByteString {
    let text = ByteString(local(time).rfc3339)
    let (date, clock) = (text.bytes.dropLast(10), text.bytes.suffix(9).dropLast())
    let isToday = ByteString(date) == ByteString(ByteString(local(present).rfc3339).bytes.dropLast(10))
    return isToday ? ByteString(clock) : ByteString(date) + " " + ByteString(clock)
  }

  /// As in `CivilDate.daysSince1970`.
  public func day(of time: WallTime) -> Int {
    let seconds = Int(local(time).seconds)
    return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
  }

  /// Its midnight.
  public func start(ofDay day: Int) -> WallTime { WallTime(seconds: Int64(day) * 86_400) + .minutes(-minutes) }

  private func local(_ time: WallTime) -> WallTime { time + .minutes(minutes) }

  private static func two(_ number: Int) -> ByteString { (number < 10 ? "0" : "") + ByteString(number) }
}
