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
      LimitUse(
        "parked-calls", most: settings.parking.slots.count, used: parked.count,
        hits: Int(clamping: counters.parkingFull)),
      LimitUse("forwards-of-call", most: Limits.forwards, hits: Int(clamping: counters.forwardsCut)),
      LimitUse("recall-wishes", most: Limits.wishes, used: wishes.count, hits: Int(clamping: counters.wishesRefused)),
      LimitUse("test-calls", most: Limits.tests, used: tests.count, hits: Int(clamping: counters.testsRefused)),
    ]
  }
}
