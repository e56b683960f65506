// The bounds of the distributor, for whoever asks: how much there may be, how much there is, what was hit.

import Basics

extension ACD {
  public var limitUses: [LimitUse] {
    [
      LimitUse(
        "callers-in-queues", most: min(settings.maximumCalls, Limits.calls), used: calls.count,
        hits: counters.callLimitHit),
      LimitUse(
        "callbacks", most: min(settings.maximumCallbacks, Limits.callbacks), used: callbacks.count,
        hits: counters.callbackLimitHit),
      LimitUse(
        "callbacks-to-number", most: Limits.callbacksPerNumber,
        used: callbacksByNumber.values.reduce(0) { max($0, $1.count) }, hits: counters.callbackNumberLimitHit),
      LimitUse(
        "callbacks-of-caller", most: Limits.callbacksPerCaller,
        used: callbacksByCaller.values.reduce(0) { max($0, $1.count) }, hits: counters.callbackCallerLimitHit),
      LimitUse("unwritten-promises", most: Limits.unwritten, used: unwritten.count, hits: counters.unwrittenLimitHit),
      LimitUse("kept-places", most: Limits.broken, used: broken.count, hits: counters.brokenLimitHit),
      LimitUse("queues", most: Limits.queues, used: queues.count, hits: counters.queueLimitHit),
      LimitUse("agents", most: Limits.agents, used: agents.count, hits: counters.agentLimitHit),
      LimitUse("phones-watched", most: Limits.phones, used: phones.count, hits: counters.phoneLimitHit),
      LimitUse("requirement-classes", most: Limits.classes, used: classByKey.count, hits: counters.classLimitHit),
      LimitUse("conversations-to-judge", most: Limits.surveys, used: judged.open.count),
      LimitUse("last-agents", most: Limits.lastAgents, used: lastAgents.agents.count),
    ]
  }
}
