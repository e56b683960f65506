// Counts and sums of one queue over some time, and every metric that can be computed from them. Integers only, so that
// two ways of adding them up give the same to the unit.

import Basics

public struct QueueNumbers: Hashable, Sendable {
  // Contacts, by the interval in which they came.
  public var entered: Int64 = 0
  public var answered: Int64 = 0
  public var answeredInTime: Int64 = 0
  /// Not the short ones.
  public var abandoned: Int64 = 0
  public var abandonedInTime: Int64 = 0
  public var abandonedShort: Int64 = 0
  public var callbacksTaken: Int64 = 0
  public var overflowed: Int64 = 0
  /// To another queue.
  public var movedOut: Int64 = 0
  /// Their end was never heard of: the box had stopped.
  public var lost: Int64 = 0
  public var answeredWaitMs: Int64 = 0

  // What happened in the interval.
  public var refused: Int64 = 0
  public var rejoined: Int64 = 0
  public var offers: Int64 = 0
  public var offersUnanswered: Int64 = 0
  public var offersRefused: Int64 = 0
  public var offersWithdrawn: Int64 = 0
  public var overtakes: Int64 = 0
  public var handled: Int64 = 0
  /// Hold included.
  public var talkMs: Int64 = 0
  public var holdMs: Int64 = 0
  public var wrapUpMs: Int64 = 0
  public var transferred: Int64 = 0
  public var surveyed: Int64 = 0
  public var surveyScores: Int64 = 0

  public var callbacksOffered: Int64 = 0
  public var callbacksMerged: Int64 = 0
  public var callbacksRequested: Int64 = 0
  public var callbacksDialled: Int64 = 0
  public var callbacksConnected: Int64 = 0
  public var callbackWaitFromEntryMs: Int64 = 0
  /// Those whose request is known: it may lie before the log's beginning.
  public var callbacksTraced: Int64 = 0
  public var callbackWaitFromRequestMs: Int64 = 0
  public var callbacksDone: Int64 = 0
  public var callbacksDoneTraced: Int64 = 0
  public var callbacksDoneAtOnce: Int64 = 0
  public var callbacksFailed: Int64 = 0
  public var callbacksExpired: Int64 = 0
  public var callbacksCancelled: Int64 = 0
  public var attemptsBusy: Int64 = 0
  public var attemptsUnanswered: Int64 = 0
  public var attemptsFinal: Int64 = 0
  public var attemptsTechnical: Int64 = 0
  public var attemptsOther: Int64 = 0
  public var apologies: Int64 = 0

  public var announced: Int64 = 0
  public var estimatesKept: Int64 = 0
  public var estimateErrors = Spread()

  public init() {}

  public var offered: Int64 { entered - abandonedShort }
  public var flowOut: Int64 { callbacksTaken + overflowed + movedOut + lost }
  public var waiting: Int64 { offered - answered - abandoned - flowOut }

  /// nil where it does not exist, and for the longest waits, which are of an instant (`Reports.longestWaiting`).
  public func value(_ metric: Metric) -> Int64? {
    switch metric {
    case .offered: offered
    case .answered: answered
    case .abandoned: abandoned
    case .flowOut: flowOut
    case .waiting: waiting
    case .serviceLevelAnswered: Metric.share(answeredInTime, of: answered)
    case .serviceLevelOffered: Metric.share(answeredInTime, of: offered)
    case .serviceLevelIgnoreAbandoned: Metric.share(answeredInTime, of: offered - abandonedInTime)
    case .serviceLevelAbandonAsMet: Metric.share(answeredInTime + abandonedInTime, of: offered)
    case .abandonShort: abandonedShort
    case .abandonRate: Metric.share(abandoned, of: offered)
    case .averageSpeedOfAnswer: Metric.mean(answeredWaitMs, of: answered)
    case .longestWaiting, .longestWaitingCallback: nil
    case .overtakes: overtakes
    case .occupancy, .utilisation: nil
    default: workValue(metric) ?? callbackOrEstimateValue(metric)
    }
  }

  private func callbackOrEstimateValue(_ metric: Metric) -> Int64? {
    switch metric {
    case .callbackOffered: callbacksOffered
    case .callbackAccepted: callbacksRequested + callbacksMerged
    case .callbackWaitFromRequest: Metric.mean(callbackWaitFromRequestMs, of: callbacksTraced)
    case .callbackWaitFromEntry: Metric.mean(callbackWaitFromEntryMs, of: callbacksConnected)
    case .callbackSuccess: Metric.share(callbacksDone, of: callbacksDone + callbacksFailed + callbacksExpired)
    case .callbackFirstAttempt: Metric.share(callbacksDoneAtOnce, of: callbacksDoneTraced)
    case .callbackFailed: callbacksFailed
    case .callbackExpired: callbacksExpired
    case .callbackCancelled: callbacksCancelled
    case .callbackFailedBusy: attemptsBusy
    case .callbackFailedNoAnswer: attemptsUnanswered
    case .callbackFailedFinal: attemptsFinal
    case .callbackFailedTechnical: attemptsTechnical
    case .callbackFailedOther: attemptsOther
    case .estimateTold: estimateErrors.count
    case .estimateErrorMedian: estimateErrors.percentile(50)
    case .estimateErrorP90: estimateErrors.percentile(90)
    case .estimateKept: Metric.share(estimatesKept, of: estimateErrors.count)
    default: nil
    }
  }

  /// In the order in which they are shown.
  public static var metrics: [Metric] {
    Metric.allCases.filter { $0 != .occupancy && $0 != .utilisation }
  }
}
