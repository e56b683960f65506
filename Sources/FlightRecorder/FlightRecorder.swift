// Keeps what the distributor hears, with the time of it, so that another machine can say the same again: all that it says
// follows from that. It stands at the distributor's boundary, alters nothing and writes to no disk itself.
//
// A recording is a row of segments, each a file. The first begins with the run of the program, each other one with a
// checkpoint of the distributor, so that the oldest may go while the latest can still be decided again.

import ACD
import Basics

///     recorder.hears(input, at: now)
///     distributor.handle(input, at: now)
///     while let output = distributor.pollOutput() { recorder.says(output); … }
///     if recorder.wantsCheckpoint, let state = distributor.checkpoint() { recorder.beginSegment(state, at: now) }
///     while let part = recorder.pollPart(at: now) { … }   // to be appended to the file
public struct FlightRecorder: Sendable {
  public struct Counters: Hashable, Sendable {
    public var records = 0
    public var bytes = 0
    /// What was heard after the recording had ended.
    public var missed = 0
    /// Begun so far.
    public var segments = 1
    /// Of the latest one.
    public var checkpointBytes = 0
    public init() {}
  }

  /// What is to be appended to the file of the segment, or with which the next file begins.
  public struct Part: Sendable {
    public var bytes: [UInt8]
    public var beginsSegment: Bool

    public init(bytes: [UInt8], beginsSegment: Bool) {
      self.bytes = bytes
      self.beginsSegment = beginsSegment
    }
  }

  private let segmentBytes: Int
  private var start: SegmentStart
  /// What is left of the segment before.
  private var finished = Fifo<Part>()
  /// The segment's bytes so far, and how many call for the next one.
  private var taken = 0
  private var room: Int
  private var waitingBeginsSegment = true
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
  /// Nothing is recorded any more: a part was lost, or no checkpoint came.
  public private(set) var hasEnded = false
  public private(set) var counters = Counters()

  /// - Parameter segmentBytes: a segment that has grown beyond this is followed by the next one; a recorder that is
  ///   given no checkpoint for it ends at twice as many.
  public init(_ start: SegmentStart, segmentBytes: Int) {
    self.segmentBytes = segmentBytes
    self.start = start
    room = segmentBytes
    putStart()
    counters.bytes = taken
  }

  private mutating func putStart() {
    waiting = RecordForm.mark
    waitingBeginsSegment = true
    open.bytes.append(RecordKind.start.rawValue)
    open.put(start)
    frame()
    taken = waiting.count
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
    finished.removeAll()
    waiting = []
    open.bytes = []
    dueAt = .never
  }

  // MARK: Segments

  /// The segment is full: what follows needs a checkpoint to stand on.
  public var wantsCheckpoint: Bool { !hasEnded && taken > room }

  /// - Parameter checkpoint: of the distributor as it is after all that was heard and said.
  public mutating func beginSegment(_ checkpoint: [UInt8], at now: Instant) {
    close()
    guard !hasEnded else { return }
    guard checkpoint.count <= RecorderLimits.checkpointBytes else { return hasEnded = true }
    if !waiting.isEmpty { finished.append(Part(bytes: waiting, beginsSegment: waitingBeginsSegment)) }
    start.segment += 1
    digest = DigestSink()
    clock = nil
    openedAt = .zero
    putStart()
    add(.checkpoint, at: now)
    open.put(bytes: checkpoint)
    frame()
    taken = waiting.count
    // Beside its checkpoint a segment holds at least as much of what happened.
    room = max(segmentBytes, 2 * taken)
    counters.bytes += taken
    counters.segments += 1
    counters.checkpointBytes = checkpoint.count
  }

  // MARK: What is kept

  /// Records that have waited long enough for others. On a quiet box the clock alone is no reason to wake the flash.
  /// - Parameter everything: nothing will follow.
  public mutating func pollPart(at now: Instant, everything: Bool = false) -> Part? {
    close()
    if let part = finished.popFirst() { return part }
    guard everything || dueAt <= now || waiting.count >= RecorderLimits.waitingBytes, !waiting.isEmpty else {
      return nil
    }
    dueAt = .never
    defer {
      waiting = []
      waitingBeginsSegment = false
      if !hasEnded { waiting.reserveCapacity(RecorderLimits.waitingBytes / 4) }
    }
    return Part(bytes: waiting, beginsSegment: waitingBeginsSegment)
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
    let bytes = waiting.count - before
    guard taken + bytes <= 2 * room else {
      counters.missed += 1
      waiting.removeLast(bytes)
      return hasEnded = true
    }
    taken += bytes
    counters.bytes += bytes
    counters.records += 1
    dueAt = min(dueAt, openedAt + patience)
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
