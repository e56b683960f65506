// The bounds of calls, for whoever asks: how much there may be, how much there is, what was hit.

import Basics
import VoiceService

extension CallControl {
  public var limitUses: [LimitUse] {
    [
      LimitUse("calls", most: settings.callLimit, used: calls.count, hits: Int(clamping: counters.refusedAtLimit)),
      LimitUse(
        "media-streams", most: ports.streamLimit, used: streams.count, hits: Int(clamping: counters.withoutPort)),
      LimitUse(
        "trunk-channels", most: settings.trunks.reduce(0) { $0 + $1.channels },
        used: channelsInUse.values.reduce(0, +), hits: Int(clamping: counters.trunkFull)),
      LimitUse("test-calls", most: Limits.tests, used: tests.count, hits: Int(clamping: counters.testsRefused)),
    ]
  }
}
