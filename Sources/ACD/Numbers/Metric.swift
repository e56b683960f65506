// The definitions of the numbers that are reported, each with its id. A number never goes out without one.
//
// Offered O, answered A, abandoned B, flow-outs F, threshold T, short-abandon limit S of the queue. Every contact ends in
// exactly one bucket: O = A + B + F + waiting. Ratios are ten-thousandths, rounded to the nearest, halves upwards; means
// are milliseconds rounded down. Nothing is divided by zero: such a number does not exist (nil).

import Basics

public enum Metric: UInt8, Hashable, Sendable, CaseIterable {
  // Of a queue. Contacts belong to the interval in which they came, whenever they end.
  /// O: came to the queue, short abandons left out.
  case offered
  case answered
  case abandoned
  case flowOut
  case waiting
  /// A within T ÷ A.
  case serviceLevelAnswered
  /// A within T ÷ O: an abandon counts against.
  case serviceLevelOffered
  /// A within T ÷ (O − B within T).
  case serviceLevelIgnoreAbandoned
  /// (A within T + B within T) ÷ O.
  case serviceLevelAbandonAsMet
  /// Abandoned before S: out of O and B.
  case abandonShort
  /// B ÷ O.
  case abandonRate
  /// Sum of the waits of the answered ÷ A, from entering to the agent's answer, ringing included.
  case averageSpeedOfAnswer
  case longestWaiting
  case longestWaitingCallback
  /// Older ones passed over although that agent could have had them. 0 is the invariant.
  case overtakes
  case callbackOffered
  /// Promises, merged ones included.
  case callbackAccepted
  /// Mean wait of the connected since they asked.
  case callbackWaitFromRequest
  /// Mean wait of the connected since they came to the queue.
  case callbackWaitFromEntry
  /// Done ÷ (done + failed + expired). Cancelled ones are neither.
  case callbackSuccess
  /// Done by the first dialling ÷ done.
  case callbackFirstAttempt
  case callbackFailed
  case callbackExpired
  case callbackCancelled
  case callbackFailedBusy
  case callbackFailedNoAnswer
  case callbackFailedFinal
  case callbackFailedTechnical
  case callbackFailedOther
  /// Callers to whom a wait was told and who were answered.
  case estimateTold
  /// Actual − told, the first told to each: below zero, they waited less.
  case estimateErrorMedian
  case estimateErrorP90
  /// Waited no longer than told ÷ told.
  case estimateKept

  // Of a queue and of an agent, by the interval in which it happened.
  case handled
  /// (Talk + hold + wrap-up) ÷ handled.
  case averageHandlingTime
  /// Unanswered offers ÷ offers.
  case noAnswerRate
  case transferRate

  // Of an agent. Times in a state are split at the borders of the intervals.
  /// (Ringing + talk + hold + wrap-up) ÷ (the same + ready).
  case occupancy
  /// (Talk + hold + wrap-up) ÷ logged in.
  case utilisation

  public enum Unit: UInt8, Hashable, Sendable {
    case count, milliseconds, tenThousandths
  }

  public var id: StaticString {
    switch self {
    case .offered: "offered"
    case .answered: "answered"
    case .abandoned: "abandoned"
    case .flowOut: "flow-out"
    case .waiting: "waiting"
    case .serviceLevelAnswered: "sl.answered"
    case .serviceLevelOffered: "sl.offered"
    case .serviceLevelIgnoreAbandoned: "sl.ignore-abandoned"
    case .serviceLevelAbandonAsMet: "sl.abandon-as-met"
    case .abandonShort: "abandon.short"
    case .abandonRate: "abandon.rate"
    case .averageSpeedOfAnswer: "asa"
    case .longestWaiting: "waiting.longest"
    case .longestWaitingCallback: "waiting.longest.callback"
    case .overtakes: "overtakes"
    case .callbackOffered: "callback.offered"
    case .callbackAccepted: "callback.accepted"
    case .callbackWaitFromRequest: "callback.wait.request"
    case .callbackWaitFromEntry: "callback.wait.entry"
    case .callbackSuccess: "callback.success"
    case .callbackFirstAttempt: "callback.first-attempt"
    case .callbackFailed: "callback.failed"
    case .callbackExpired: "callback.expired"
    case .callbackCancelled: "callback.cancelled"
    case .callbackFailedBusy: "callback.failed.busy"
    case .callbackFailedNoAnswer: "callback.failed.no-answer"
    case .callbackFailedFinal: "callback.failed.final"
    case .callbackFailedTechnical: "callback.failed.technical"
    case .callbackFailedOther: "callback.failed.other"
    case .estimateTold: "estimate.told"
    case .estimateErrorMedian: "estimate.error.median"
    case .estimateErrorP90: "estimate.error.p90"
    case .estimateKept: "estimate.kept"
    case .handled: "handled"
    case .averageHandlingTime: "aht"
    case .noAnswerRate: "no-answer.rate"
    case .transferRate: "transfer.rate"
    case .occupancy: "occupancy"
    case .utilisation: "utilisation"
    }
  }

  public var unit: Unit {
    switch self {
    case .averageSpeedOfAnswer, .longestWaiting, .longestWaitingCallback, .callbackWaitFromRequest,
      .callbackWaitFromEntry, .estimateErrorMedian, .estimateErrorP90, .averageHandlingTime:
      .milliseconds
    case .serviceLevelAnswered, .serviceLevelOffered, .serviceLevelIgnoreAbandoned, .serviceLevelAbandonAsMet,
      .abandonRate, .callbackSuccess, .callbackFirstAttempt, .estimateKept, .noAnswerRate, .transferRate, .occupancy,
      .utilisation:
      .tenThousandths
    default: .count
    }
  }

  public init?(id: ByteString) {
    for metric in Self.allCases where ByteString(metric.id) == id {
      self = metric
      return
    }
    return nil
  }

  /// `part` of `whole` in ten-thousandths, rounded to the nearest, halves upwards.
  static func share(_ part: Int64, of whole: Int64) -> Int64? {
    whole > 0 ? (part &* 10_000 &+ whole / 2) / whole : nil
  }

  static func mean(_ sum: Int64, of count: Int64) -> Int64? { count > 0 ? sum / count : nil }
}
