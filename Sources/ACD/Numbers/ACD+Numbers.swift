// The distributor's own numbers: everything that it records goes through here, so that the live reports, the estimates
// and the stored events can never differ.

import Basics
import Journal

extension ACD {
  /// Counts the event and lets it out.
  mutating func keep(_ event: QueueEventFact, queue: QueueID?, at now: Instant) {
    var event = event
    if let queue, event.kind == .answered || event.kind == .abandoned {
      event.detail = Thresholds.detail(
        serviceLevelSeconds: queues[queue].settings.serviceLevelSeconds,
        shortAbandonSeconds: queues[queue].settings.shortAbandonSeconds)
    }
    reports.add(event)
    if let queue { estimates.note(event, in: queue, named: queues[queue].settings.name) }
    outputs.append(.record(event))
  }
}
