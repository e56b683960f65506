// One capture, on a thread of its own: it may wait for the disk, and nobody waits for it.

import Appliance
import Basics
import Capture
import LinuxIO

final class CaptureThread {
  enum Limits {
    static let stackBytes = 262_144
    /// How long what was written stays in memory.
    static let flushing = Interval.seconds(1)
    /// How long packets may still be on their way from the kernel when it is told to end: it hands them over in blocks.
    static let lingering = Interval.milliseconds(250)
    /// How long the last messages of a call may take after its end.
    static let farewell = Interval.seconds(3)
  }

  struct Status: Sendable {
    var frames = 0
    var bytes = 0
    var files = 0
    var leftOut = 0
    var dropped = 0
    /// nil while it runs.
    var end: LiveCapture.End?
    /// It could not begin.
    var failure: CaptureFailure?
    var hasBegun = false
  }

  /// What the daemon has for it.
  private struct Mail {
    var wanted: (callIDs: [ByteString], ports: [UInt16])?
    var stops = false
  }

  let start: CaptureOrder.Start
  /// The clock's time at which it ends at the latest.
  let endsAt: Instant
  private let mail = Shared(Mail())
  private let state = Shared(Status())
  private let wake: EventSignal
  private var thread: NativeThread?
  private var lastWanted: (callIDs: [ByteString], ports: [UInt16]) = ([], [])
  private var overSince: Instant?

  /// - Parameters:
  ///   - room: is looked for on the thread.
  ///   - news: signalled when it has begun and when it has ended.
  init(
    _ start: CaptureOrder.Start, _ order: LiveCapture.Order, in room: CaptureRoom, at now: Instant, news: EventSignal
  ) throws(SystemError) {
    self.start = start
    endsAt = now + .minutes(start.minutes)
    wake = try EventSignal()
    let loop = Loop(start: start, order: order, room: room, mail: mail, state: state, wake: wake, news: news)
    thread = try NativeThread(name: "capture", stackBytes: Limits.stackBytes) { loop.run() }
  }

  var status: Status { state.with { $0 } }

  func stop() {
    mail.with { $0.stops = true }
    wake.signal()
  }

  /// Waits for the thread's end.
  func join() { thread?.join() }

  /// What belongs to it now. Nothing is said where nothing is new.
  func follow(_ calls: [CallTraffic], at now: Instant) {
    let callIDs = calls.flatMap { $0.callIDs }
    let ports = calls.flatMap { $0.ports }
    if callIDs != lastWanted.callIDs || ports != lastWanted.ports {
      lastWanted = (callIDs, ports)
      mail.with { $0.wanted = (($0.wanted?.callIDs ?? []) + callIDs, ports) }
      wake.signal()
    }
    guard case .call = start.scope else { return }
    overSince = calls.isEmpty ? overSince ?? now : nil
    if let overSince, now - overSince >= Limits.farewell { stop() }
  }

  /// When `follow` is due though nothing happens.
  var nextDeadline: Instant? { overSince.map { $0 + Limits.farewell } }

  /// What the thread has.
  private final class Loop: @unchecked Sendable {
    let start: CaptureOrder.Start
    let order: LiveCapture.Order
    let room: CaptureRoom
    let mail: Shared<Mail>
    let state: Shared<Status>
    let wake: EventSignal
    let news: EventSignal

    init(
      start: CaptureOrder.Start, order: LiveCapture.Order, room: CaptureRoom, mail: Shared<Mail>,
      state: Shared<Status>, wake: EventSignal, news: EventSignal
    ) {
      self.start = start
      self.order = order
      self.room = room
      self.mail = mail
      self.state = state
      self.wake = wake
      self.news = news
    }

    func run() {
      do throws(CaptureFailure) {
        try room.take(start.name, bytes: start.megabytes << 20)
        if let failure = capture() {
          // Nothing was written.
          try? room.folder.delete(start.name)
          throw failure
        }
      } catch {
        state.with { $0.failure = error }
      }
      news.signal()
    }

    /// Until its end. nil: it has begun.
    private func capture() -> CaptureFailure? {
      do throws(CaptureError) {
        let capture = try LiveCapture(order, at: MonotonicClock.now)
        let poller: Poller<UInt64>
        do throws(SystemError) {
          poller = try Poller<UInt64>()
          try poller.add(capture.descriptor, 0)
          try poller.add(wake.descriptor, 1)
        } catch {
          return CaptureFailure(.cannotCapture, error.text)
        }
        publish(capture, nil)
        news.signal()
        publish(capture, follow(capture, poller))
        return nil
      } catch {
        return CaptureFailure(error)
      }
    }

    private func follow(_ capture: LiveCapture, _ poller: Poller<UInt64>) -> LiveCapture.End {
      var flushAt = MonotonicClock.now + Limits.flushing
      var isBehind = false
      var stopsAt: Instant?
      while true {
        let now = MonotonicClock.now
        let due = isBehind ? now : min(flushAt, capture.deadline ?? flushAt, stopsAt ?? flushAt)
        _ = poller.wait(until: due, at: now)
        wake.clear()
        let letter = mail.with { mail in
          let letter = mail
          mail.wanted = nil
          return letter
        }
        if let wanted = letter.wanted { capture.want(wanted.callIDs, ports: wanted.ports) }
        let time = MonotonicClock.now
        if letter.stops, stopsAt == nil { stopsAt = time + Limits.lingering }
        let isOver = stopsAt.map { $0 <= time } ?? false
        switch isOver ? capture.stop(at: time) : capture.drain(at: time) {
        case .ended(let end): return end
        case .running(let more): isBehind = more
        }
        if time >= flushAt {
          flushAt = time + Limits.flushing
          // What the disk refuses is told by the next write.
          try? capture.flush()
          publish(capture, nil)
        }
      }
    }

    private func publish(_ capture: LiveCapture, _ end: LiveCapture.End?) {
      let counters = capture.counters
      state.with { status in
        status = Status(
          frames: capture.framesWritten, bytes: capture.bytesWritten, files: capture.paths.count,
          leftOut: counters.leftOut, dropped: counters.dropped, end: end, failure: nil, hasBegun: true)
      }
    }
  }
}
