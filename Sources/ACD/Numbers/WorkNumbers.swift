// Offers, conversations and what follows them: counted of a queue and of an agent in the same way, in the interval in
// which they happened.

import Basics
import Journal

/// What is counted of work alike for a queue and for an agent.
protocol WorkNumbers {
  var offers: Int64 { get set }
  var offersUnanswered: Int64 { get set }
  var offersRefused: Int64 { get set }
  var offersWithdrawn: Int64 { get set }
  var handled: Int64 { get set }
  var talkMs: Int64 { get set }
  var holdMs: Int64 { get set }
  var wrapUpMs: Int64 { get set }
  var transferred: Int64 { get set }
  var surveyed: Int64 { get set }
  var surveyScores: Int64 { get set }
}

extension WorkNumbers {
  /// nil of what is no metric of work.
  func workValue(_ metric: Metric) -> Int64? {
    switch metric {
    case .handled: handled
    case .averageHandlingTime: Metric.mean(talkMs + wrapUpMs, of: handled)
    case .noAnswerRate: Metric.share(offersUnanswered, of: offers)
    case .transferRate: Metric.share(transferred, of: handled)
    default: nil
    }
  }

  mutating func countWork(_ event: QueueEventFact) {
    switch event.kind {
    case .offered: offers += 1
    case .offerRefused: offersRefused += 1
    case .offerUnanswered: offersUnanswered += 1
    case .offerWithdrawn: offersWithdrawn += 1
    case .completed:
      handled += 1
      talkMs += event.boundedMs
    case .wrapUpEnded: wrapUpMs += event.boundedMs
    case .held: holdMs += event.boundedMs
    case .transferred: transferred += 1
    case .surveyed:
      surveyed += 1
      surveyScores += Int64(min(event.detail.decimalValue ?? 0, 5))
    default: break
    }
  }
}

extension QueueNumbers: WorkNumbers {
  mutating func count(_ event: QueueEventFact) {
    switch event.kind {
    case .overtaken: overtakes += 1
    case .entryRefused: refused += 1
    default: countWork(event)
    }
  }

  /// - Parameter cause: as `callbackAttemptFailed` has it.
  mutating func countAttempt(endedBy cause: ByteString) {
    switch cause {
    case "busy": attemptsBusy += 1
    case "no-answer": attemptsUnanswered += 1
    case "final": attemptsFinal += 1
    case "technical": attemptsTechnical += 1
    default: attemptsOther += 1
    }
  }
}

extension AgentNumbers: WorkNumbers {}
