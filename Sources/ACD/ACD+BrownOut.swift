// The power is failing: callers who wait are offered a callback while the disk still writes, nobody enters, and nothing
// new is begun. Places are kept; what was promised is dialled after the restart, or as soon as the power is back.

import Basics

extension ACD {
  mutating func beginBrownOut(at now: Instant) {
    guard !isBrownOut else { return }
    isBrownOut = true
    log(.alarm, "power.failing", "callers are offered callbacks")
    for call in callersWaiting() {
      if let waiting = calls[call], mayBeAdvised(waiting, at: now) { offerCallback(call, isUrgent: true, at: now) }
    }
  }

  mutating func endBrownOut(at now: Instant) {
    guard isBrownOut else { return }
    isBrownOut = false
    log(.notice, "power.back", "")
    for index in classes.indices { markDirty(ClassID(index: index)) }
  }
}
