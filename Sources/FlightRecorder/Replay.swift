// Says again what a distributor said, from a recording alone, and tells where it says something else. It runs on any
// machine, and looks at no clock.

import ACD
import Basics

public struct Replay {
  public enum Verdict: Hashable, Sendable {
    /// Every output is the same, bit for bit, up to the end of the file.
    case identical
    /// The same; the file ends within a record, as after a power cut. From this byte on it is not used.
    case identicalUntilCut(atByte: Int)
    case differs
    /// What stands before this byte is the same.
    case unreadable(atByte: Int, RecordError)
  }

  /// The first record of which something else came.
  public struct Difference: Hashable, Sendable {
    /// Counted from 1.
    public var record: Int
    public var atByte: Int
    public var at: Instant
    public var heard: ByteString
    /// Kinds only: the recording keeps no more of what was said than those and a digest.
    public var saidThen: [ByteString]
    public var saysNow: [ByteString]
    /// Of the kinds, where they are the same, the fields differ.
    public var isInFields: Bool
  }

  /// One record, in words.
  public struct Step {
    /// Counted from 1.
    public var record: Int
    /// Since the first record.
    public var after: Interval
    public var heard: ByteString
    public var says: [ByteString]
  }

  public private(set) var verdict = Verdict.identical
  public private(set) var difference: Difference?
  /// It goes on where the segment before ended, with the same state, bit for bit.
  public private(set) var isContinuation = false
  public private(set) var start: SegmentStart?
  public private(set) var records = 0
  public private(set) var inputs = 0
  public private(set) var outputs = 0
  public private(set) var first: Instant?
  public private(set) var last = Instant.zero
  private var digest = DigestSink()
  /// As it is after the last record.
  public private(set) var acd = ACD()
  /// Of a segment that is not its run's first nothing is known before its checkpoint.
  private var hasState = false

  /// All that could be read was said again.
  public var isAlike: Bool {
    switch verdict {
    case .identical, .identicalUntilCut: true
    case .differs, .unreadable: false
    }
  }

  /// From the first record to the last.
  public var span: Interval { first.map { last - $0 } ?? .zero }
  /// Of all outputs.
  public var outputDigest: UInt64 { digest.value }

  /// Reads and says it all, up to the first difference.
  /// - Parameters:
  ///   - previous: of the segment before: what it ended with must be what this one begins with.
  ///   - watch: sees every record; texts are made only for it.
  public init(_ bytes: [UInt8], after previous: Replay? = nil, watch: ((Step) -> Void)? = nil) {
    run(bytes, previous, watch)
  }

  private mutating func run(_ bytes: [UInt8], _ previous: Replay?, _ watch: ((Step) -> Void)?) {
    var offset = 0
    do throws(RecordError) {
      var reader = try RecordReader(bytes)
      do throws(RecordError) {
        while let record = try reader.next() {
          guard try take(record, previous, watch) else { return verdict = .differs }
        }
        // Nothing was said of itself, so that nothing is known of it.
        if start == nil { throw .truncated }
      } catch {
        offset = reader.offset
        throw error
      }
    } catch {
      let isCut = error == .truncated && start != nil
      verdict = isCut ? .identicalUntilCut(atByte: offset) : .unreadable(atByte: offset, error)
    }
  }

  /// False: something else came of it.
  private mutating func take(
    _ record: Record, _ previous: Replay?, _ watch: ((Step) -> Void)?
  ) throws(RecordError) -> Bool {
    switch record.content {
    case .start(let start):
      guard self.start == nil else { throw .badValue }
      self.start = start
      hasState = start.segment == 1
      return true
    case .checkpoint(let state): return try begin(with: state, record, after: previous)
    case .input(let input):
      try meet(record)
      inputs += 1
      acd.handle(input, at: record.at)
    case .advance:
      try meet(record)
      acd.advance(to: record.at)
    }
    return compare(record, watch)
  }

  private mutating func begin(
    with state: [UInt8], _ record: Record, after previous: Replay?
  ) throws(RecordError) -> Bool {
    guard let start, !hasState else { throw .badValue }
    acd = try ACD(checkpoint: state[...])
    hasState = true
    guard let previous, previous.isWhole, let before = previous.start, before.run == start.run,
      before.startedAt == start.startedAt, before.segment + 1 == start.segment
    else { return true }
    isContinuation = previous.acd.checkpoint() == state
    if isContinuation { return true }
    difference = Difference(
      record: records, atByte: record.offset, at: record.at, heard: Self.text(record.content), saidThen: [],
      saysNow: [], isInFields: false)
    return false
  }

  /// Up to its last record it is as it was.
  private var isWhole: Bool { verdict == .identical }

  private mutating func meet(_ record: Record) throws(RecordError) {
    guard hasState else { throw .badValue }
    records += 1
    if first == nil { first = record.at }
    last = record.at
  }

  private mutating func compare(_ record: Record, _ watch: ((Step) -> Void)?) -> Bool {
    var kinds: [UInt8] = []
    var said: [ACD.Output] = []
    while let output = acd.pollOutput() {
      digest.put(output)
      kinds.append(output.tag.rawValue)
      said.append(output)
    }
    outputs += kinds.count
    if let watch {
      let step = Step(
        record: records, after: span, heard: Self.text(record.content), says: said.map { Self.text($0) })
      watch(step)
    }
    let isSameKinds = kinds[...] == record.kinds
    if isSameKinds, record.digest.map({ $0 == UInt32(truncatingIfNeeded: digest.value) }) ?? true { return true }
    difference = Difference(
      record: records, atByte: record.offset, at: record.at, heard: Self.text(record.content),
      saidThen: record.kinds.prefix(RecorderLimits.outputsTold).map {
        ByteString(OutputTag(rawValue: $0)?.name ?? "unknown")
      }, saysNow: said.prefix(RecorderLimits.outputsTold).map { Self.text($0) }, isInFields: isSameKinds)
    return false
  }

  private static func text(_ value: some Written) -> ByteString {
    var sink = TextSink()
    sink.put(value)
    return ByteString(sink.text.bytes)
  }

  private static func text(_ content: Record.Content) -> ByteString {
    switch content {
    case .input(let input): text(input)
    case .start, .advance: "time"
    case .checkpoint: "checkpoint"
    }
  }
}
