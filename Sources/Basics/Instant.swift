// Monotonic time and its differences. The core never reads a clock: an `Instant` always comes in with an input.

/// A difference of two instants, in nanoseconds.
public struct Interval: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  @inlinable public static func microseconds(_ n: Int) -> Interval { Interval(nanoseconds: Int64(n) * 1_000) }
  @inlinable public static func milliseconds(_ n: Int) -> Interval { Interval(nanoseconds: Int64(n) * 1_000_000) }
  @inlinable public static func seconds(_ n: Int) -> Interval { Interval(nanoseconds: Int64(n) * 1_000_000_000) }
  @inlinable public static func minutes(_ n: Int) -> Interval { .seconds(n * 60) }
  @inlinable public static func hours(_ n: Int) -> Interval { .seconds(n * 3600) }
  public static let zero = Interval(nanoseconds: 0)

  /// Whole milliseconds, rounded down.
  @inlinable public var milliseconds: Int { Int(nanoseconds / 1_000_000) }
  /// Whole seconds, rounded down.
  @inlinable public var seconds: Int { Int(nanoseconds / 1_000_000_000) }

  @inlinable public static func < (a: Interval, b: Interval) -> Bool { a.nanoseconds < b.nanoseconds }
  @inlinable public static func + (a: Interval, b: Interval) -> Interval {
    Interval(nanoseconds: a.nanoseconds &+ b.nanoseconds)
  }
  @inlinable public static func - (a: Interval, b: Interval) -> Interval {
    Interval(nanoseconds: a.nanoseconds &- b.nanoseconds)
  }
  @inlinable public static func * (a: Interval, n: Int) -> Interval {
    Interval(nanoseconds: a.nanoseconds &* Int64(n))
  }
}

/// A point on the monotonic clock, in nanoseconds since an arbitrary start (boot, on a real machine).
public struct Instant: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  public static let zero = Instant(nanoseconds: 0)
  /// Later than every instant that occurs.
  public static let never = Instant(nanoseconds: .max)

  @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
  @inlinable public static func + (a: Instant, b: Interval) -> Instant {
    Instant(nanoseconds: a.nanoseconds &+ b.nanoseconds)
  }
  @inlinable public static func - (a: Instant, b: Interval) -> Instant {
    Instant(nanoseconds: a.nanoseconds &- b.nanoseconds)
  }
  @inlinable public static func - (a: Instant, b: Instant) -> Interval {
    Interval(nanoseconds: a.nanoseconds &- b.nanoseconds)
  }
}

extension Optional where Wrapped == Instant {
  /// The earlier of two deadlines; nil is none.
  @inlinable public func earlier(_ other: Instant?) -> Instant? {
    guard let self else { return other }
    guard let other else { return self }
    return min(self, other)
  }
}
