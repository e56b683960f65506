import Basics
import CLinux
import Testing

@testable import LinuxIO

@Suite struct PollerTests {
  @Test("nothing ready: the wait ends at its deadline, not before")
  func deadline() throws {
    let poller = try Poller<UInt64>()
    let start = MonotonicClock.now
    #expect(poller.wait(until: start + .milliseconds(3), at: start) == 0)
    #expect(MonotonicClock.now - start >= .milliseconds(3))
  }

  @Test("a deadline that has passed does not wait")
  func pastDeadline() throws {
    let poller = try Poller<UInt64>()
    let start = MonotonicClock.now
    #expect(poller.wait(until: start - .seconds(1), at: start) == 0)
    #expect(MonotonicClock.now - start < .seconds(1))
  }

  @Test("a signal from another thread wakes the waiting one, and many count as one")
  func wake() throws {
    let poller = try Poller<UInt64>()
    let signal = try EventSignal()
    try poller.add(signal.descriptor, 42)
    let thread = try NativeThread(name: "waker", stackBytes: 65_536) {
      for _ in 0..<3 { signal.signal() }
    }
    thread.join()
    let event = try #require(firstEvent(poller))
    #expect(event.token == 42)
    #expect(event.isReadable && !event.isWritable && !event.isClosed)
    signal.clear()
    let now = MonotonicClock.now
    #expect(poller.wait(until: now, at: now) == 0)
  }

  @Test("a removed descriptor gives no more events; one that is changed gives those asked for")
  func changeAndRemove() throws {
    let poller = try Poller<UInt64>()
    let signal = try EventSignal()
    try poller.add(signal.descriptor, 1)
    signal.signal()
    #expect(firstEvent(poller)?.isReadable == true)
    try poller.change(signal.descriptor, 2, reads: false, writes: true)
    let event = try #require(firstEvent(poller))
    #expect(event.token == 2 && event.isWritable && !event.isReadable)
    poller.remove(signal.descriptor)
    let now = MonotonicClock.now
    #expect(poller.wait(until: now, at: now) == 0)
  }

  @Test("a poller can wait for another")
  func nested() throws {
    let outer = try Poller<UInt64>()
    let inner = try Poller<UInt64>()
    let signal = try EventSignal()
    try inner.add(signal.descriptor, 5)
    try outer.add(inner.pollDescriptor, 6)
    signal.signal()
    #expect(firstEvent(outer)?.token == 6)
    #expect(firstEvent(inner)?.token == 5)
  }

  @Test("registering what is no descriptor fails with its errno")
  func badDescriptor() throws {
    let poller = try Poller<UInt64>()
    #expect(throws: SystemError("epoll_ctl", code: EBADF)) { try poller.add(-1, 0) }
  }
}
