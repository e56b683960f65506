// Questions for numbers on their way to the storage thread, and answers on their way back. No lock in here.

import Basics

struct WaitingQuestions {
  struct Entry {
    let question: NumbersQuestion
    let client: UInt64
    /// Makes bytes of the answer.
    let form: @Sendable (NumbersAnswer) -> [UInt8]
  }

  private var entries = Fifo<Entry>()
  private var answers = Fifo<(client: UInt64, bytes: [UInt8])>()
  /// Asked, and not taken as an answer yet.
  private var open = 0

  var isWaiting: Bool { !entries.isEmpty }

  /// False: there is no room.
  mutating func append(_ entry: Entry) -> Bool {
    guard open < StorageLimits.waitingQuestions else { return false }
    open += 1
    entries.append(entry)
    return true
  }

  mutating func next() -> Entry? { entries.popFirst() }

  mutating func answer(_ client: UInt64, _ bytes: [UInt8]) { answers.append((client, bytes)) }

  mutating func popAnswer() -> (client: UInt64, bytes: [UInt8])? {
    guard let answer = answers.popFirst() else { return nil }
    open -= 1
    return answer
  }
}

/// The question that is being read, on the storage thread.
struct AskedNumbers {
  let database: Database
  private var entry: WaitingQuestions.Entry?
  private var reading: NumbersReading?

  init(_ database: Database) { self.database = database }

  var isReading: Bool { entry != nil }

  mutating func begin(_ next: WaitingQuestions.Entry) {
    entry = next
    reading = try? database.reading(next.question)
  }

  /// nil: another turn is needed.
  mutating func turn() -> (client: UInt64, bytes: [UInt8])? {
    guard let entry else { return nil }
    var answer = NumbersAnswer.failed
    do throws(StorageError) {
      if let reading {
        guard let whole = try reading.turn() else { return nil }
        answer = whole
      }
    } catch {
      answer = .failed
    }
    self.entry = nil
    reading = nil
    return (entry.client, entry.form(answer))
  }
}
