// The bounds of all machines of the core, for whoever asks.

import ACD
import Basics
import CallControl
import Revisions
import SIPUserAgent
import VoiceService

extension Appliance {
  /// What callers feel first comes first.
  public func limitUses(at now: Instant) -> [LimitUse] {
    calls.limitUses + distributor.limitUses + agent.limitUses + voice.limitUses(at: now) + operators.limitUses
      + [
        configurations.limitUse,
        LimitUse("revisions-kept", most: RevisionLimits.kept, used: configurations.revisions?.state.revisions.count),
        LimitUse("acts-in-memory", most: AuditTrail.Limits.acts, used: audit.acts.count),
      ] + trace.limitUses
  }
}
