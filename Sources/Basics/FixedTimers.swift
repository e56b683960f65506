// Timers that all run equally long need no heap: they expire in the order in which they were started.

/// Timers of one length, first in first out. Cancelling is lazy: the owner ignores a key that no longer waits.
public struct FixedTimers<Key> {
  public let length: Interval
  private var entries = Fifo<(deadline: Instant, key: Key)>()

  public init(length: Interval) { self.length = length }

  public var nextDeadline: Instant? { entries.first?.deadline }
  public var count: Int { entries.count }
  /// The key whose timer expires next.
  public var first: Key? { entries.first?.key }

  public mutating func start(_ key: Key, at now: Instant) {
    entries.append((deadline: now + length, key: key))
  }

  /// Takes out what was started last, if it is that.
  public mutating func withdrawLast(where isMeant: (Key) -> Bool) {
    guard let last = entries.last, isMeant(last.key) else { return }
    _ = entries.popLast()
  }

  public mutating func popDue(at now: Instant) -> Key? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    return entries.popFirst()?.key
  }
}
