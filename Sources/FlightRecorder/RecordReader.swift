// A recording, record by record, from bytes of any origin.

import ACD
import Basics

struct Record {
  enum Content {
    case start(SegmentStart)
    case checkpoint([UInt8])
    case advance
    case input(ACD.Input)
  }
  var content: Content
  var at: Instant
  /// Of the outputs that came of it.
  var kinds: ArraySlice<UInt8>
  /// Of all outputs since the start; nil where nothing came of it.
  var digest: UInt32?
  /// Where it begins in the file.
  var offset: Int
}

struct RecordReader {
  private let bytes: [UInt8]
  private let checksum = Checksum()
  private var source: Source
  private var now = Instant.zero
  private var clock: HeardClock?

  init(_ bytes: [UInt8]) throws(RecordError) {
    self.bytes = bytes
    guard bytes.starts(with: RecordForm.mark) else { throw .noRecording }
    source = Source(bytes[RecordForm.mark.count...])
  }

  /// Where the next record begins, or the one that could not be read.
  private(set) var offset = RecordForm.mark.count

  /// nil: the end. `truncated`: a power cut came while the last record was written.
  mutating func next() throws(RecordError) -> Record? {
    offset = source.offset
    guard source.remaining > 0 else { return nil }
    guard bytes[offset...].contains(where: { $0 != 0 }) else { throw .truncated }
    let count = try source.word()
    guard count <= UInt64(RecorderLimits.recordBytes) else { throw .tooLong }
    let end = source.offset + Int(count)
    guard end + RecordForm.checksumBytes <= bytes.count else { throw .truncated }
    let payload = bytes[source.offset..<end]
    guard Self.word(bytes[end..<end + RecordForm.checksumBytes]) == checksum.of(payload) else { throw .checksum }
    source.skip(Int(count) + RecordForm.checksumBytes)
    do throws(RecordError) {
      return try record(payload)
    } catch {
      // It is all there: what it says is wrong.
      throw error == .truncated ? .badValue : error
    }
  }

  private mutating func record(_ payload: ArraySlice<UInt8>) throws(RecordError) -> Record {
    var source = Source(payload)
    guard let kind = RecordKind(rawValue: try source.byte()) else { throw .unknownCase }
    if kind == .start {
      let start: SegmentStart = try source.take()
      return Record(content: .start(start), at: now, kinds: [], digest: nil, offset: offset)
    }
    now = now + Interval(nanoseconds: try source.signed())
    if kind == .checkpoint {
      let state = try source.text()
      try source.expectEnd()
      return Record(content: .checkpoint(Array(state)), at: now, kinds: [], digest: nil, offset: offset)
    }
    let content = try content(kind, &source)
    let kinds = try source.text()
    var digest: UInt32?
    if !kinds.isEmpty {
      var word: UInt32 = 0
      for shift in stride(from: 0 as UInt32, to: 32, by: 8) { word |= UInt32(try source.byte()) << shift }
      digest = word
    }
    try source.expectEnd()
    return Record(content: content, at: now, kinds: kinds, digest: digest, offset: offset)
  }

  private mutating func content(_ kind: RecordKind, _ source: inout Source) throws(RecordError) -> Record.Content {
    switch kind {
    case .start, .checkpoint, .advance: return .advance
    case .input:
      let input: ACD.Input = try source.take()
      if case .wall(let time, let isTrusted) = input { clock = HeardClock(time, at: now, isTrusted: isTrusted) }
      return .input(input)
    case .tick:
      guard let known = clock else { throw .badValue }
      let time = try known.time(drift: try source.signed(), at: now)
      clock = HeardClock(time, at: now, isTrusted: known.isTrusted)
      return .input(.wall(time, trusted: known.isTrusted))
    }
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
