// How many NOTIFYs about changes leave at once. A thousand phones may watch one extension: what they are told of its call
// must not delay anybody's.

import Basics

struct NotifyPace {
  private var since = Instant.zero
  private var count = 0

  /// nil: now. Otherwise when to ask again.
  mutating func turn(at now: Instant) -> Instant? {
    if now >= since + UserAgent.Limits.notifyInterval { (since, count) = (now, 0) }
    guard count < UserAgent.Limits.notifiesPerInterval else { return since + UserAgent.Limits.notifyInterval }
    count += 1
    return nil
  }
}
