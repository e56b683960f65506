// Keeps what the distributor hears, with the time of it, so that another machine can say the same again: all that it says
// follows from that. It stands at the distributor's boundary, alters nothing and writes to no disk itself.
//
// A recording begins with the run of the program and ends with it, or when it is full.

import ACD
import Basics

///     recorder.hears(input, at: now)
///     distributor.handle(input, at: now)
///     while let output = distributor.pollOutput() { recorder.says(output); … }
///     if let bytes = recorder.pollBytes(at: now) { … }   // to be appended to the file
public struct FlightRecorder: Sendable {
  public struct Counters: Hashable, Sendable {
    public var records = 0
    public var bytes = 0
    /// What was heard after the recording had ended.
    public var missed = 0
    public init() {}
  }

  private let limit: Int
  private let checksum = Checksum()
  /// Whole records that wait to be handed over.
  private var waiting: [UInt8] = []
  private var dueAt = Instant.never
  /// The record to which outputs are still added; empty: none.
  private var open = ByteSink()
  private var kinds: [UInt8] = []
  private var digest = DigestSink()
  private var openedAt = Instant.zero
  private var openIsIdle = false
  private var clock: HeardClock?
  /// Nothing is recorded any more: the limit is reached, or a part was lost.
  public private(set) var hasEnded = false
  public private(set) var counters = Counters()

  /// - Parameter limit: bytes; a record that would not fit ends the recording.
  public init(_ start: SegmentStart, limit: Int) {
    self.limit = limit
    waiting = RecordForm.mark
    open.bytes.append(RecordKind.start.rawValue)
    open.put(start)
    frame()
    counters.bytes = waiting.count
    dueAt = .zero
  }

  // MARK: What happens

  public mutating func hears(_ input: ACD.Input, at now: Instant) {
    guard begin(at: now) else { return }
    guard case .wall(let time, let isTrusted) = input else {
      add(.input, at: now)
      return open.put(input)
    }
    openIsIdle = true
    if let clock, clock.isTrusted == isTrusted {
      add(.tick, at: now)
      open.put(signed: clock.drift(of: time, at: now))
    } else {
      add(.input, at: now)
      open.put(input)
    }
    clock = HeardClock(time, at: now, isTrusted: isTrusted)
  }

  /// To be told only when a deadline of the distributor has come: else nothing happens in it.
  public mutating func hearsTime(_ now: Instant) {
    guard begin(at: now) else { return }
    add(.advance, at: now)
  }

  /// Of what was heard last.
  public mutating func says(_ output: ACD.Output) {
    guard !open.bytes.isEmpty else { return }
    digest.put(output)
    kinds.append(output.tag.rawValue)
    openIsIdle = false
  }

  /// What was handed over could not be kept: what follows is worth nothing without it.
  public mutating func lost() {
    hasEnded = true
    waiting = []
    open.bytes = []
    dueAt = .never
  }

  // MARK: What is kept

  /// Records that have waited long enough for others. On a quiet box the clock alone is no reason to wake the flash.
  /// - Parameter everything: nothing will follow.
  public mutating func pollBytes(at now: Instant, everything: Bool = false) -> [UInt8]? {
    close()
    guard everything || dueAt <= now || waiting.count >= RecorderLimits.waitingBytes, !waiting.isEmpty else {
      return nil
    }
    dueAt = .never
    defer {
      waiting = []
      if !hasEnded { waiting.reserveCapacity(RecorderLimits.waitingBytes / 4) }
    }
    return waiting
  }

  private mutating func begin(at now: Instant) -> Bool {
    close()
    if hasEnded { counters.missed += 1 }
    return !hasEnded
  }

  private mutating func add(_ kind: RecordKind, at now: Instant) {
    open.bytes.append(kind.rawValue)
    open.put(signed: (now - openedAt).nanoseconds)
    openedAt = now
  }

  private mutating func close() {
    guard !open.bytes.isEmpty else { return }
    open.put(count: kinds.count)
    if !kinds.isEmpty {
      open.bytes.append(contentsOf: kinds)
      RecordForm.append(UInt32(truncatingIfNeeded: digest.value), to: &open.bytes)
      kinds.removeAll(keepingCapacity: true)
    }
    let patience = openIsIdle ? RecorderLimits.idleGrouping : RecorderLimits.grouping
    openIsIdle = false
    let before = waiting.count
    frame()
    counters.bytes += waiting.count - before
    counters.records += 1
    dueAt = min(dueAt, openedAt + patience)
    guard counters.bytes > limit else { return }
    counters.bytes -= waiting.count - before
    counters.records -= 1
    counters.missed += 1
    waiting.removeLast(waiting.count - before)
    hasEnded = true
  }

  private mutating func frame() {
    var length = ByteSink([])
    swap(&length.bytes, &waiting)
    length.put(count: open.bytes.count)
    swap(&length.bytes, &waiting)
    waiting.append(contentsOf: open.bytes)
    RecordForm.append(checksum.of(open.bytes), to: &waiting)
    open.bytes.removeAll(keepingCapacity: true)
  }
}
