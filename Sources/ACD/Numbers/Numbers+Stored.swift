// Counts as bytes, for storage: pairs of a field's number and its count, those that are zero left out. A number once
// given to a field means that field for ever; numbers that this release does not know are passed over.

import Basics

/// What may be added up and kept.
public protocol StoredNumbers: Hashable, Sendable {
  init()
  mutating func add(_ other: Self)
  var stored: [UInt8] { get }
  /// nil of bytes that make no sense.
  init?(stored: [UInt8])
  func value(_ metric: Metric) -> Int64?
  static var metrics: [Metric] { get }
}

/// Counts that have numbers.
protocol NumberedCounts: Counts {
  /// Every count under its number.
  mutating func eachNumber<Failure>(
    _ body: (_ number: UInt64, _ count: inout Int64) throws(Failure) -> Void
  ) throws(Failure)
}

extension NumberedCounts {
  mutating func eachCount<Failure>(_ body: (inout Int64) throws(Failure) -> Void) throws(Failure) {
    try eachNumber { _, count throws(Failure) in try body(&count) }
  }

  mutating func addCounts(_ other: Self) {
    var other = other
    var counts: [Int64] = []
    other.eachCount { counts.append($0) }
    var index = 0
    eachCount {
      $0 &+= counts[index]
      index += 1
    }
  }

  func storeCounts(in sink: inout CountSink) {
    var copy = self
    copy.eachNumber { sink.put($0, $1) }
  }
}

extension QueueNumbers: StoredNumbers, NumberedCounts {
  mutating func eachNumber<Failure>(
    _ body: (_ number: UInt64, _ count: inout Int64) throws(Failure) -> Void
  ) throws(Failure) {
    try body(1, &entered)
    try body(2, &answered)
    try body(3, &answeredInTime)
    try body(4, &abandoned)
    try body(5, &abandonedInTime)
    try body(6, &abandonedShort)
    try body(7, &callbacksTaken)
    try body(8, &overflowed)
    try body(9, &movedOut)
    try body(10, &lost)
    try body(11, &answeredWaitMs)
    try body(12, &refused)
    try body(13, &rejoined)
    try body(14, &offers)
    try body(15, &offersUnanswered)
    try body(16, &offersRefused)
    try body(17, &offersWithdrawn)
    try body(18, &overtakes)
    try body(19, &handled)
    try body(20, &talkMs)
    try body(21, &holdMs)
    try body(22, &wrapUpMs)
    try body(23, &transferred)
    try body(24, &surveyed)
    try body(25, &surveyScores)
    try eachNumberOfCallbacks(body)
  }

  private mutating func eachNumberOfCallbacks<Failure>(
    _ body: (_ number: UInt64, _ count: inout Int64) throws(Failure) -> Void
  ) throws(Failure) {
    try body(26, &callbacksOffered)
    try body(27, &callbacksMerged)
    try body(28, &callbacksRequested)
    try body(29, &callbacksDialled)
    try body(30, &callbacksConnected)
    try body(31, &callbackWaitFromEntryMs)
    try body(32, &callbacksTraced)
    try body(33, &callbackWaitFromRequestMs)
    try body(34, &callbacksDone)
    try body(35, &callbacksDoneTraced)
    try body(36, &callbacksDoneAtOnce)
    try body(37, &callbacksFailed)
    try body(38, &callbacksExpired)
    try body(39, &callbacksCancelled)
    try body(40, &attemptsBusy)
    try body(41, &attemptsUnanswered)
    try body(42, &attemptsFinal)
    try body(43, &attemptsTechnical)
    try body(44, &attemptsOther)
    try body(45, &apologies)
    try body(46, &announced)
    try body(47, &estimatesKept)
  }

  /// Steps of the spread stand behind the counts, under their numbers from here on.
  private static var firstStep: UInt64 { 1_000 }

  public mutating func add(_ other: QueueNumbers) {
    addCounts(other)
    estimateErrors.add(other.estimateErrors)
  }

  public var stored: [UInt8] {
    var sink = CountSink()
    storeCounts(in: &sink)
    for step in estimateErrors.steps { sink.put(Self.firstStep + UInt64(step.number + Spread.farthest), step.count) }
    return sink.bytes
  }

  public init?(stored: [UInt8]) {
    self.init()
    guard var pairs = CountPairs(stored) else { return nil }
    eachNumber { $1 = pairs.take($0) }
    while let (number, count) = pairs.takeNext(from: Self.firstStep) {
      let step = Int64(clamping: number - Self.firstStep) - Spread.farthest
      guard step <= Spread.farthest, count > 0 else { return nil }
      estimateErrors.add(step: step, count: count)
    }
  }
}

extension AgentNumbers: StoredNumbers, NumberedCounts {
  mutating func eachNumber<Failure>(
    _ body: (_ number: UInt64, _ count: inout Int64) throws(Failure) -> Void
  ) throws(Failure) {
    try body(1, &offers)
    try body(2, &answered)
    try body(3, &offersUnanswered)
    try body(4, &offersRefused)
    try body(5, &offersWithdrawn)
    try body(6, &handled)
    try body(7, &talkMs)
    try body(8, &holdMs)
    try body(9, &wrapUpMs)
    try body(10, &transferred)
    try body(11, &surveyed)
    try body(12, &surveyScores)
    try body(13, &time.ringingMs)
    try body(14, &time.talkingMs)
    try body(15, &time.wrapUpMs)
    try body(16, &time.readyMs)
    try body(17, &time.notReadyMs)
    try body(18, &time.busyElsewhereMs)
    try body(19, &time.unreachableMs)
    try body(20, &time.otherMs)
  }

  public mutating func add(_ other: AgentNumbers) { addCounts(other) }

  public var stored: [UInt8] {
    var sink = CountSink()
    storeCounts(in: &sink)
    return sink.bytes
  }

  public init?(stored: [UInt8]) {
    self.init()
    guard var pairs = CountPairs(stored) else { return nil }
    eachNumber { $1 = pairs.take($0) }
  }
}
