// Counts and sums of one agent over some time, and the metrics that can be computed from them.

import Basics

public struct AgentNumbers: Hashable, Sendable {
  public var offers: Int64 = 0
  /// Live contacts and callbacks.
  public var answered: Int64 = 0
  public var offersUnanswered: Int64 = 0
  public var offersRefused: Int64 = 0
  public var offersWithdrawn: Int64 = 0
  public var handled: Int64 = 0
  /// Hold included.
  public var talkMs: Int64 = 0
  public var holdMs: Int64 = 0
  public var wrapUpMs: Int64 = 0
  public var transferred: Int64 = 0
  public var surveyed: Int64 = 0
  public var surveyScores: Int64 = 0

  /// Time in each state, split at the borders of the intervals. A state counts once it is left.
  public var time = StateTimes()

  public init() {}

  public func value(_ metric: Metric) -> Int64? {
    switch metric {
    case .answered: answered
    case .occupancy: Metric.share(time.busyMs, of: time.busyMs + time.readyMs)
    case .utilisation: Metric.share(time.handlingMs, of: time.loggedInMs)
    default: workValue(metric)
    }
  }

  public static var metrics: [Metric] {
    [.answered, .handled, .averageHandlingTime, .noAnswerRate, .transferRate, .occupancy, .utilisation]
  }
}

/// How long an agent was in which state. Hold is a part of the conversation here, as it is on the phone.
public struct StateTimes: Hashable, Sendable {
  /// From the first ring, and while a callback's customer is being reached.
  public var ringingMs: Int64 = 0
  public var talkingMs: Int64 = 0
  public var wrapUpMs: Int64 = 0
  public var readyMs: Int64 = 0
  public var notReadyMs: Int64 = 0
  /// In calls that are none of the queue's.
  public var busyElsewhereMs: Int64 = 0
  /// The phone is gone, or was not answered: not a break.
  public var unreachableMs: Int64 = 0
  /// States that this release does not know.
  public var otherMs: Int64 = 0

  public var handlingMs: Int64 { talkingMs + wrapUpMs }
  public var busyMs: Int64 { ringingMs + handlingMs }
  public var loggedInMs: Int64 { busyMs + readyMs + notReadyMs + busyElsewhereMs + unreachableMs + otherMs }

  /// - Parameter state: as `agentStateLeft` has it; words after the first are its reason.
  mutating func add(_ milliseconds: Int64, in state: ByteString) {
    switch ByteString(state.bytes.prefix { $0 != UInt8(ascii: " ") }) {
    case "logged-out": break
    case "ready": readyMs += milliseconds
    case "offered", "withdrawing", "reserved": ringingMs += milliseconds
    case "talking", "held": talkingMs += milliseconds
    case "wrap-up": wrapUpMs += milliseconds
    case "not-ready", "paused": notReadyMs += milliseconds
    case "busy-elsewhere", "outbound": busyElsewhereMs += milliseconds
    case "unreachable", "backoff": unreachableMs += milliseconds
    default: otherMs += milliseconds
    }
  }
}
