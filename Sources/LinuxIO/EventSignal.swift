// Wakes a thread that waits in a poller, from another thread (eventfd(2)). Many signals before the wake count as one.

import Basics
import CLinux

public final class EventSignal: @unchecked Sendable {
  public let descriptor: Int32

  public init() throws(SystemError) {
    descriptor = linux_eventfd()
    guard descriptor >= 0 else { throw SystemError("eventfd") }
  }
  deinit { close(descriptor) }

  public func signal() {
    var one: UInt64 = 1
    // Fails only at 2^64 - 2 unread signals, when the other side is awake anyway.
    _ = write(descriptor, &one, 8)
  }

  /// To be called by the woken thread before it looks for what it was woken for.
  public func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}
