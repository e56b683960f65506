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

extension QueueNumbers: StoredNumbers {
  /// Every count under its number.
  private mutating func visit(_ body: (_ number: UInt64, _ count: inout Int64) -> Void) {
    body(1, &entered)
    body(2, &answered)
    body(3, &answeredInTime)
    body(4, &abandoned)
    body(5, &abandonedInTime)
    body(6, &abandonedShort)
    body(7, &callbacksTaken)
    body(8, &overflowed)
    body(9, &movedOut)
    body(10, &lost)
    body(11, &answeredWaitMs)
    body(12, &refused)
    body(13, &rejoined)
    body(14, &offers)
    body(15, &offersUnanswered)
    body(16, &offersRefused)
    body(17, &offersWithdrawn)
    body(18, &overtakes)
    body(19, &handled)
    body(20, &talkMs)
    body(21, &holdMs)
    body(22, &wrapUpMs)
    body(23, &transferred)
    body(24, &surveyed)
    body(25, &surveyScores)
    visitCallbacks(body)
  }

  private mutating func visitCallbacks(_ body: (_ number: UInt64, _ count: inout Int64) -> Void) {
    body(26, &callbacksOffered)
    body(27, &callbacksMerged)
    body(28, &callbacksRequested)
    body(29, &callbacksDialled)
    body(30, &callbacksConnected)
    body(31, &callbackWaitFromEntryMs)
    body(32, &callbacksTraced)
    body(33, &callbackWaitFromRequestMs)
    body(34, &callbacksDone)
    body(35, &callbacksDoneTraced)
    body(36, &callbacksDoneAtOnce)
    body(37, &callbacksFailed)
    body(38, &callbacksExpired)
    body(39, &callbacksCancelled)
    body(40, &attemptsBusy)
    body(41, &attemptsUnanswered)
    body(42, &attemptsFinal)
    body(43, &attemptsTechnical)
    body(44, &attemptsOther)
    body(45, &apologies)
    body(46, &announced)
    body(47, &estimatesKept)
  }

  /// Steps of the spread stand behind the counts, under their numbers from here on.
  private static var firstStep: UInt64 { 1_000 }

  public mutating func add(_ other: QueueNumbers) {
    var other = other
    var counts: [Int64] = []
    other.visit { counts.append($1) }
    var index = 0
    visit {
      $1 &+= counts[index]
      index += 1
    }
    estimateErrors.add(other.estimateErrors)
  }

  public var stored: [UInt8] {
    var copy = self
    var sink = CountSink()
    copy.visit { sink.put($0, $1) }
    for step in estimateErrors.steps { sink.put(Self.firstStep + UInt64(step.number + Spread.farthest), step.count) }
    return sink.bytes
  }

  public init?(stored: [UInt8]) {
    self.init()
    guard var pairs = CountPairs(stored) else { return nil }
    visit { $1 = pairs.take($0) }
    while let (number, count) = pairs.takeNext(from: Self.firstStep) {
      let step = Int64(clamping: number - Self.firstStep) - Spread.farthest
      guard step <= Spread.farthest, count > 0 else { return nil }
      estimateErrors.add(step: step, count: count)
    }
  }
}

extension AgentNumbers: StoredNumbers {
  private mutating func visit(_ body: (_ number: UInt64, _ count: inout Int64) -> Void) {
    body(1, &offers)
    body(2, &answered)
    body(3, &offersUnanswered)
    body(4, &offersRefused)
    body(5, &offersWithdrawn)
    body(6, &handled)
    body(7, &talkMs)
    body(8, &holdMs)
    body(9, &wrapUpMs)
    body(10, &transferred)
    body(11, &surveyed)
    body(12, &surveyScores)
    body(13, &time.ringingMs)
    body(14, &time.talkingMs)
    body(15, &time.wrapUpMs)
    body(16, &time.readyMs)
    body(17, &time.notReadyMs)
    body(18, &time.busyElsewhereMs)
    body(19, &time.unreachableMs)
    body(20, &time.otherMs)
  }

  public mutating func add(_ other: AgentNumbers) {
    var other = other
    var counts: [Int64] = []
    other.visit { counts.append($1) }
    var index = 0
    visit {
      $1 &+= counts[index]
      index += 1
    }
  }

  public var stored: [UInt8] {
    var copy = self
    var sink = CountSink()
    copy.visit { sink.put($0, $1) }
    return sink.bytes
  }

  public init?(stored: [UInt8]) {
    self.init()
    guard var pairs = CountPairs(stored) else { return nil }
    visit { $1 = pairs.take($0) }
  }
}
