// The timers of RFC 3261 §17 (table 4 of its appendix A), with RFC 6026's L and M. Values are given in, never global.

import Basics

/// The lengths from which all transaction timers follow.
public struct TimerValues: Sendable {
  /// Estimate of the round trip time; the first retransmission interval.
  public var t1: Interval
  /// The longest retransmission interval for non-INVITE requests and INVITE responses.
  public var t2: Interval
  /// How long a message may stay in the network.
  public var t4: Interval
  /// How long a response to a non-2xx response may still be asked for again over an unreliable transport.
  public var d: Interval
  /// Timers that only end something (D, I, J, K, L, M) may fire this much later, so that one waking serves many.
  public var slack: Interval

  public init(
    t1: Interval = .milliseconds(500), t2: Interval = .seconds(4), t4: Interval = .seconds(5),
    d: Interval = .seconds(32), slack: Interval = .zero
  ) {
    self.t1 = t1
    self.t2 = t2
    self.t4 = t4
    self.d = d
    self.slack = slack
  }

  /// 64 × T1: timers B, F, H, J, L and M.
  public var timeout: Interval { t1 * 64 }
  /// How long a non-INVITE server stays silent over an unreliable transport before it may send 100 (RFC 4320 §4.1):
  /// until the client's timer E has grown to T2.
  public var provisionalSilence: Interval {
    var sum = Interval.zero
    var interval = t1
    while interval < t2 {
      sum = sum + interval
      interval = interval * 2
    }
    return sum
  }
}

/// The timers by their letters.
public enum TimerName: UInt8, Sendable, CaseIterable {
  case a, b, d, e, f, g, h, i, j, k, l, m
  /// 64 × T1 after nobody cares for an INVITE any more: it is given up without a final response (RFC 3261 §9.1).
  case abandonment
  /// 64 × T1 after a non-INVITE request came: its client has given up, so no response may follow (RFC 4320 §4.2).
  case lateness
}
