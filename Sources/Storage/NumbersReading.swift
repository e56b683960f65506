// The numbers of some time out of the stored quarters and what happened since, read in turns so that no promise waits
// long for the disk. Until the last turn no quarter may be written.

import ACD
import Basics

/// What is asked for.
public struct NumbersQuestion: Hashable, Sendable {
  public enum Subject: UInt8, Sendable, CaseIterable {
    case queues, agents
  }
  public var subject: Subject
  /// Quarters of an hour counted from 1970.
  public var quarters: Range<Int64>
  /// A row for each quarter; else one for all of them.
  public var isByQuarter: Bool

  public init(_ subject: Subject, quarters: Range<Int64>, isByQuarter: Bool) {
    self.subject = subject
    self.quarters = quarters
    self.isByQuarter = isByQuarter
  }
}

/// Oldest first, then by name.
public enum NumbersAnswer: Hashable, Sendable {
  case queues([Reports.NamedRow<QueueNumbers>])
  case agents([Reports.NamedRow<AgentNumbers>])
  /// The database cannot be read, or too many ask.
  case failed
}

final class NumbersReading {
  private enum Rows {
    case queues(PartialRows<QueueNumbers>)
    case agents(PartialRows<AgentNumbers>)
  }

  private let select: Statement
  private let question: NumbersQuestion
  private var rows: Rows

  init(_ question: NumbersQuestion, _ connection: Connection, tail: Reports) throws(StorageError) {
    self.question = question
    select = try Statement(
      connection,
      """
      SELECT quarter, name, numbers FROM quarters
      WHERE kind = ?1 AND quarter >= ?2 AND (quarter, name) < (?3, ?4) ORDER BY quarter DESC, name DESC LIMIT ?5
      """)
    switch question.subject {
    case .queues: rows = .queues(PartialRows(question, tail.queueRows))
    case .agents: rows = .agents(PartialRows(question, tail.agentRows))
    }
  }

  /// nil: another turn is needed.
  func turn() throws(StorageError) -> NumbersAnswer? {
    switch rows {
    case .queues(var partial):
      let isWhole = try turn(&partial, .queue)
      rows = .queues(partial)
      return isWhole ? .queues(partial.whole) : nil
    case .agents(var partial):
      let isWhole = try turn(&partial, .agent)
      rows = .agents(partial)
      return isWhole ? .agents(partial.whole) : nil
    }
  }

  private func turn<Numbers>(_ rows: inout PartialRows<Numbers>, _ kind: QuarterRows.Kind) throws(StorageError) -> Bool
  {
    select.bind(1, kind.rawValue)
    select.bind(2, question.quarters.lowerBound)
    select.bind(3, rows.before.quarter)
    select.bind(4, rows.before.name)
    select.bind(5, Int64(StorageLimits.quarterRowsPerTurn))
    defer { select.reset() }
    var count = 0
    while try select.step() {
      count += 1
      let place = (quarter: select.integer(0), name: select.text(1))
      if rows.isFull(before: place.quarter) {
        rows.isCut = true
        return true
      }
      rows.before = place
      // One that makes no sense counts as nothing.
      if let numbers = Numbers(stored: select.blob(2)) { rows.add(numbers, at: place.quarter, place.name) }
    }
    return count < StorageLimits.quarterRowsPerTurn
  }
}

/// Rows from the newest backwards.
private struct PartialRows<Numbers: StoredNumbers> {
  private struct Place: Hashable {
    let quarter: Int64
    let name: ByteString
  }

  /// Of the row that was read last.
  var before: (quarter: Int64, name: ByteString)
  /// Older quarters were not read.
  var isCut = false
  private let question: NumbersQuestion
  private var rows: [Place: Numbers] = [:]

  init(_ question: NumbersQuestion, _ tail: [Reports.NamedRow<Numbers>]) {
    self.question = question
    before = (question.quarters.upperBound, "")
    for row in tail where question.quarters.contains(row.quarter) { add(row.numbers, at: row.quarter, row.name) }
  }

  mutating func add(_ numbers: Numbers, at quarter: Int64, _ name: ByteString) {
    let place = Place(quarter: question.isByQuarter ? quarter : question.quarters.lowerBound, name: name)
    rows[place, default: Numbers()].add(numbers)
  }

  /// Whether rows of an older quarter than those that were read have no room in the answer.
  func isFull(before quarter: Int64) -> Bool {
    guard question.isByQuarter, quarter < before.quarter, rows.count >= StorageLimits.quarterRowsPerAnswer else {
      return false
    }
    return rows.count { $0.key.quarter >= before.quarter } >= StorageLimits.quarterRowsPerAnswer
  }

  var whole: [Reports.NamedRow<Numbers>] {
    // Of a quarter that was not read there may be what happened since.
    let kept = isCut ? rows.filter { $0.key.quarter >= before.quarter } : rows
    let all = kept.map { Reports.NamedRow(quarter: $0.key.quarter, name: $0.key.name, numbers: $0.value) }
      .sorted { ($0.quarter, $0.name) < ($1.quarter, $1.name) }
    return question.isByQuarter ? Reports.latest(all, StorageLimits.quarterRowsPerAnswer) : all
  }
}
