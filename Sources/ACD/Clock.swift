// The wall clock as last told, carried forward by the monotonic one.

import Basics

struct Clock {
  var wall = WallTime(seconds: 0)
  var at = Instant.zero
  var isTrusted = false

  mutating func set(_ wall: WallTime, trusted: Bool, at now: Instant) {
    self.wall = wall
    at = now
    isTrusted = trusted
  }

  func time(at now: Instant) -> WallTime { wall + (now - at) }
}
