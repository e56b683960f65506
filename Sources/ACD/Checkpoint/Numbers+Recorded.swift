// Counts and sums, for a checkpoint: a mask of those that are not zero, and these. Most rows of a quarter of an hour have
// few.

import Basics

/// Counts of one kind, in one order: at most 64.
protocol Counts {
  init()
  /// Each count once, always in the same order. Whoever adds one adds it here.
  mutating func eachCount<Failure>(_ body: (inout Int64) throws(Failure) -> Void) throws(Failure)
}

extension Counts {
  func writeCounts(to sink: inout some Sink) {
    var counts = self
    var mask: UInt64 = 0
    var bit: UInt64 = 1
    counts.eachCount { count in
      if count != 0 { mask |= bit }
      bit <<= 1
    }
    sink.put(word: mask)
    counts.eachCount { if $0 != 0 { sink.put(signed: $0) } }
  }

  init(countsFrom source: inout Source) throws(RecordError) {
    self.init()
    var mask = try source.word()
    try eachCount { count throws(RecordError) in
      if mask & 1 == 1 {
        count = try source.signed()
        guard count != 0 else { throw .badValue }
      }
      mask >>= 1
    }
    guard mask == 0 else { throw .badValue }
  }

  /// The same for counts that are `Int`.
  static func pass<Failure>(
    _ count: inout Int, _ body: (inout Int64) throws(Failure) -> Void
  ) throws(Failure) {
    var wide = Int64(count)
    try body(&wide)
    count = Int(clamping: wide)
  }
}

extension ACD.Counters: Counts, Recorded {
  public func write(to sink: inout some Sink) { writeCounts(to: &sink) }
  public init(from source: inout Source) throws(RecordError) { try self.init(countsFrom: &source) }

  mutating func eachCount<Failure>(_ body: (inout Int64) throws(Failure) -> Void) throws(Failure) {
    try Self.pass(&offers, body)
    try Self.pass(&offersUnanswered, body)
    try Self.pass(&offersRefused, body)
    try Self.pass(&offersWithdrawn, body)
    try Self.pass(&acceptedTooLate, body)
    try Self.pass(&attempts, body)
    try Self.pass(&attemptsFailed, body)
    try Self.pass(&callbacksRequested, body)
    try Self.pass(&callbacksRefused, body)
    try Self.pass(&persistFailures, body)
    try Self.pass(&durableTooLate, body)
    try Self.pass(&queueLimitHit, body)
    try Self.pass(&agentLimitHit, body)
    try Self.pass(&callLimitHit, body)
    try Self.pass(&classLimitHit, body)
    try Self.pass(&brokenLimitHit, body)
    try Self.pass(&callbackLimitHit, body)
    try Self.pass(&phoneLimitHit, body)
    try Self.pass(&unwrittenLimitHit, body)
    try Self.pass(&callbackNumberLimitHit, body)
    try Self.pass(&callbackCallerLimitHit, body)
    try Self.pass(&staleInputs, body)
    try Self.pass(&actsRefused, body)
    try Self.pass(&overtakes, body)
  }
}

extension ACD.QueueCounts: Counts, Recorded {
  public func write(to sink: inout some Sink) { writeCounts(to: &sink) }
  public init(from source: inout Source) throws(RecordError) { try self.init(countsFrom: &source) }

  mutating func eachCount<Failure>(_ body: (inout Int64) throws(Failure) -> Void) throws(Failure) {
    try Self.pass(&entered, body)
    try Self.pass(&answered, body)
    try Self.pass(&abandoned, body)
    try Self.pass(&overflowed, body)
    try Self.pass(&callbacksTaken, body)
    try Self.pass(&callbacksDone, body)
    try Self.pass(&callbacksFailed, body)
    try Self.pass(&refused, body)
    try Self.pass(&movedIn, body)
    try Self.pass(&movedOut, body)
  }
}

extension Reports.Counters: Counts, Recorded {
  public func write(to sink: inout some Sink) { writeCounts(to: &sink) }
  public init(from source: inout Source) throws(RecordError) { try self.init(countsFrom: &source) }

  mutating func eachCount<Failure>(_ body: (inout Int64) throws(Failure) -> Void) throws(Failure) {
    try Self.pass(&events, body)
    try Self.pass(&tooOld, body)
    try Self.pass(&intervalsDropped, body)
    try Self.pass(&nameLimitHit, body)
    try Self.pass(&openLimitHit, body)
    try Self.pass(&unknownContacts, body)
  }
}

extension AgentNumbers: Recorded {
  public func write(to sink: inout some Sink) { writeCounts(to: &sink) }
  public init(from source: inout Source) throws(RecordError) { try self.init(countsFrom: &source) }
}

extension QueueNumbers: Recorded {
  public func write(to sink: inout some Sink) {
    writeCounts(to: &sink)
    sink.put(estimateErrors)
  }
  public init(from source: inout Source) throws(RecordError) {
    try self.init(countsFrom: &source)
    estimateErrors = try source.take()
  }
}
