// When a queue is open, as far as it was told.

import Basics

struct Hours {
  enum State: UInt8 {
    /// Nothing was said: open, and without hours.
    case unknown
    case open
    /// Closed for callers; promised callbacks are still made for a while.
    case draining
    case closed
  }

  var state = State.unknown
  /// Said by somebody with a trusted clock: a closing that follows is one of this moment.
  var isSure = false
  /// Set while it is open and will close.
  var closesAt: Instant?

  /// Empty: only the next closing is known.
  var spans: [ACD.OpenSpan] = []

  var isClosed: Bool { state == .closed || state == .draining }
  var allowsCallbacks: Bool { state != .closed }
}
