// What the page uses of its bounds.

import Basics

extension Supervision {
  /// - Parameter page: nil: it runs elsewhere, or not at all; the bounds are the same.
  public static func limitUses(of page: Supervision?) -> [LimitUse] {
    [
      LimitUse(
        "page-sessions", most: SupervisionLimits.sessions, used: page?.sessions.all.count,
        hits: page?.counters.sessionLimitHit),
      LimitUse(
        "page-streams", most: SupervisionLimits.streams, used: page?.streams.count,
        hits: page?.counters.streamLimitHit),
      LimitUse(
        "page-questions", most: SupervisionLimits.waitingQuestions, used: page?.waitingQuestions,
        hits: page?.counters.questionLimitHit),
      LimitUse(
        "page-scrapes", most: SupervisionLimits.scrapes, used: page?.scrapes, hits: page?.counters.scrapeLimitHit),
      LimitUse("page-scrapers", most: SupervisionLimits.remembered, used: page?.remembered.count),
    ]
  }
}
