// All running timers of the layer. Doubling intervals take few values, so even A, E and G are first-in-first-out
// queues of fixed length: starting is an append, and nothing is ever cancelled; who no longer waits is skipped.

import Basics

/// A transaction and the timer that runs for it. The letter tells which side's table the id belongs to.
struct TimerKey: Hashable, Sendable {
  var id: SlotID
  var name: TimerName
}

struct TransactionTimers {
  /// The number of retransmissions from which intervals grow no more: T1 × 2^6 is the time-out itself.
  static let longestStep: UInt8 = 6

  private let values: TimerValues
  /// T1 × 2^0 … T1 × 2^5, then T2, T4, D, 64 T1, and others of 64 T1 for J, L and M alone: the first of each is the
  /// transaction that has been finished for longest.
  private var queues: [FixedTimers<TimerKey>]
  private static let t2Queue = 6, t4Queue = 7, dQueue = 8, timeoutQueue = 9, jQueue = 10, lQueue = 11, mQueue = 12

  init(_ values: TimerValues) {
    self.values = values
    queues = (0..<Int(Self.longestStep)).map { FixedTimers(length: values.t1 * (1 << $0)) }
    let timeouts = [Interval](repeating: values.timeout, count: 4)
    for length in [values.t2, values.t4, values.d] + timeouts {
      queues.append(FixedTimers(length: length))
    }
  }

  /// Kept, since it is asked for far more often than it changes.
  private(set) var nextDeadline: Instant?

  private func deadline(ofQueue index: Int) -> Instant? {
    guard let deadline = queues[index].nextDeadline else { return nil }
    return Self.onlyEnds(index) ? deadline + values.slack : deadline
  }

  private mutating func findNextDeadline() {
    nextDeadline = nil
    for index in queues.indices { nextDeadline = nextDeadline.earlier(deadline(ofQueue: index)) }
  }

  private mutating func pop(from queue: Int, at now: Instant) -> TimerKey? {
    guard let key = queues[queue].popDue(at: now) else { return nil }
    findNextDeadline()
    return key
  }

  /// Whether no message leaves when a timer of this queue fires, and nobody is told.
  private static func onlyEnds(_ queue: Int) -> Bool {
    switch queue {
    case t4Queue, dQueue, jQueue, lQueue, mQueue: true
    default: false
    }
  }

  /// - Parameter step: how often the message was retransmitted already; counts for A, E and G.
  mutating func start(_ name: TimerName, for id: SlotID, step: UInt8, at now: Instant) {
    let queue: Int
    switch name {
    case .a:
      // The interval after the sixth retransmission would outlast B.
      guard step < Self.longestStep else { return }
      queue = Int(step)
    case .e, .g:
      queue = step < Self.longestStep && queues[Int(step)].length < values.t2 ? Int(step) : Self.t2Queue
    case .i, .k: queue = Self.t4Queue
    case .d: queue = Self.dQueue
    case .j: queue = Self.jQueue
    case .l: queue = Self.lQueue
    case .m: queue = Self.mQueue
    case .b, .f, .h, .abandonment, .lateness: queue = Self.timeoutQueue
    }
    queues[queue].start(TimerKey(id: id, name: name), at: now)
    nextDeadline = nextDeadline.earlier(deadline(ofQueue: queue))
  }

  /// Of those that run as long as the transaction may take.
  mutating func withdrawLast(_ key: TimerKey) {
    queues[Self.timeoutQueue].withdrawLast { $0 == key }
    if queues[Self.timeoutQueue].count == 0 { findNextDeadline() }
  }

  /// The earliest timer that is due; among equal deadlines the shorter timer first.
  mutating func popDue(at now: Instant) -> TimerKey? {
    var earliest: (queue: Int, deadline: Instant)?
    for index in queues.indices {
      guard let deadline = queues[index].nextDeadline, deadline <= now else { continue }
      if let found = earliest, found.deadline <= deadline { continue }
      earliest = (index, deadline)
    }
    guard let earliest else { return nil }
    return pop(from: earliest.queue, at: now)
  }

  /// A server transaction that can be given up for another: the non-INVITE one finished first, if its client has had
  /// 4 T1 to ask again, else the INVITE accepted first, if its ACK has had 8 T1. Its timer is taken out.
  mutating func popFinishedServer(at now: Instant) -> TimerKey? {
    pop(from: Self.jQueue, at: now + (values.timeout - values.t1 * 4))
      ?? pop(from: Self.lQueue, at: now + (values.timeout - values.t1 * 8))
  }

  /// The same of a client's INVITE that was accepted 8 T1 ago: a later 2xx is a stray one.
  mutating func popFinishedClient(at now: Instant) -> TimerKey? {
    pop(from: Self.mQueue, at: now + (values.timeout - values.t1 * 8))
  }

  /// Drops what stands first in its queue and is no longer waited for, so that nobody is woken for it.
  mutating func dropIdle(_ isAwaited: (TimerKey) -> Bool) {
    for index in queues.indices {
      while let first = queues[index].first, !isAwaited(first) { _ = queues[index].popDue(at: .never) }
    }
    findNextDeadline()
  }
}
