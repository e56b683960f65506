// Waits for any of many descriptors (epoll(7), level-triggered). Each is registered with a token, a small value of the
// user's own type, that comes back with its events.

import Basics
import CLinux

public protocol PollToken {
  init(packed: UInt64)
  var packed: UInt64 { get }
}

extension UInt64: PollToken {
  public init(packed: UInt64) { self = packed }
  public var packed: UInt64 { self }
}

///     let count = poller.wait(until: deadline, at: MonotonicClock.now)
///     for index in 0..<count { handle(poller.event(index)) }
public final class Poller<Token: PollToken> {
  public struct Event {
    public let token: Token
    public let isReadable: Bool
    public let isWritable: Bool
    /// The other side is gone, or the descriptor has an error: reading or writing will say which.
    public let isClosed: Bool
  }
  /// Events of one wait; more come with the next.
  public static var eventsPerWait: Int { 64 }

  private let descriptor: Int32
  private let events: UnsafeMutablePointer<epoll_event>

  public init() throws(SystemError) {
    descriptor = linux_epoll()
    guard descriptor >= 0 else { throw SystemError("epoll_create") }
    events = .allocate(capacity: Self.eventsPerWait)
  }
  deinit {
    close(descriptor)
    events.deallocate()
  }

  /// Readable when one of this poller's descriptors is ready: a poller can wait for another.
  public var pollDescriptor: Int32 { descriptor }

  public func add(_ target: Int32, _ token: Token, reads: Bool = true, writes: Bool = false) throws(SystemError) {
    try control(EPOLL_CTL_ADD, target, token, reads, writes)
  }
  /// Changes what a registered descriptor is watched for.
  public func change(_ target: Int32, _ token: Token, reads: Bool, writes: Bool) throws(SystemError) {
    try control(EPOLL_CTL_MOD, target, token, reads, writes)
  }
  /// To be called before the descriptor is closed if a copy of it stays open elsewhere; closing removes it too.
  public func remove(_ target: Int32) {
    epoll_ctl(descriptor, EPOLL_CTL_DEL, target, nil)
  }

  /// The number of events that are ready, 0 at the deadline or when a signal interrupts. Without a deadline waits until
  /// something happens.
  public func wait(until deadline: Instant?, at now: Instant) -> Int {
    let nanoseconds = deadline.map { max(0, ($0 - now).nanoseconds) } ?? -1
    return max(0, Int(linux_epoll_wait(descriptor, events, Int32(Self.eventsPerWait), nanoseconds)))
  }

  /// One of the events that the latest wait found.
  public func event(_ index: Int) -> Event {
    let event = events[index]
    return Event(
      token: Token(packed: event.data.u64),
      isReadable: event.events & EPOLLIN.rawValue != 0,
      isWritable: event.events & EPOLLOUT.rawValue != 0,
      isClosed: event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0)
  }

  private func control(
    _ operation: Int32, _ target: Int32, _ token: Token, _ reads: Bool, _ writes: Bool
  ) throws(SystemError) {
    var event = epoll_event()
    event.events = (reads ? EPOLLIN.rawValue : 0) | (writes ? EPOLLOUT.rawValue : 0)
    event.data.u64 = token.packed
    guard epoll_ctl(descriptor, operation, target, &event) == 0 else { throw SystemError("epoll_ctl") }
  }
}
