// The storage thread. The signalling thread hands it batches without ever waiting for the disk, and is woken through an
// eventfd when there are results.

import Basics
import CSQLite
import Journal

/// Made, used and stopped by one thread.
///
///     let writer = try JournalWriter(database)
///     // epoll watches writer.wakeDescriptor for reading
///     writer.submit(batch)
///     // when it is readable:
///     while let result = writer.poll() { … }
public final class JournalWriter: @unchecked Sendable {
  public struct Counters: Sendable, Equatable {
    public var database = Database.Counters()
    /// Promises that a failed commit refused.
    public var refusedPromises = 0
    /// Refusals told although the disk might still hold the commit.
    public var unsettledRefusals = 0
    /// Batches refused because too much was waiting, and their facts.
    public var overflowedBatches = 0
    public var overflowedFacts = 0
    /// Facts for which nobody waited, lost because commits kept failing.
    public var droppedFacts = 0
    /// Works on files that were not done: the disk refused, or too many were waiting. And the latest errno(3).
    public var failedTasks = 0
    public var latestTaskError: Int32 = 0
    /// The longest time, in microseconds, from taking a group to its result.
    public var longestCommitMicroseconds = 0
    /// When a group was last on the disk; nil: none was yet.
    public var latestCommitAt: Instant?
    /// Batches that wait now.
    public var waitingBatches = 0
  }

  /// Readable when `poll()` has something to give.
  public let wakeDescriptor: Int32

  // Guarded by the monitor.
  private let monitor = Monitor()
  private var waiting: WaitingBatches
  private var isStopping = false
  private var records = WaitingRecords()
  private var tasks = WaitingTasks()
  private var questions = WaitingQuestions()
  private var finished = Fifo<(ticket: UInt64, code: Int32)>()
  /// Where the copy goes that is to be made, and what became of the latest.
  private var copyPath: ByteString?
  private var copied: CopyResult?
  private var shared = Counters()

  // Of the submitting thread.
  private var overflows = Fifo<JournalResult>()
  private var refusalsHeard: UInt32 = 0
  private var thread: pthread_t?

  // Between the two.
  private let results = SPSCRing<JournalResult.Plain>(capacity: StorageLimits.results)
  /// Handed to the thread at its start.
  private var database: Database?
  /// Of the storage thread; nil once a part was lost.
  private var flight: FlightFiles?

  /// Starts the thread, which owns the database and the recording from here on.
  public convenience init(_ database: Database, flight: FlightFiles? = nil) throws(StorageError) {
    try self.init(database, flight: flight, grouping: StorageLimits.grouping)
  }

  init(_ database: Database, flight: FlightFiles? = nil, grouping: Interval) throws(StorageError) {
    self.flight = flight
    waiting = WaitingBatches(grouping: grouping)
    wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
    self.database = database
    guard wakeDescriptor >= 0 else { throw .cannotStart(errno: csqlite_errno()) }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, StorageLimits.threadStackBytes)
    var started = pthread_t()
    let code = pthread_create(
      &started, &attributes,
      { context in
        // The owner stops and joins the thread before it lets go.
        guard let context else { return nil }
        Unmanaged<JournalWriter>.fromOpaque(context).takeUnretainedValue().run()
        return nil
      }, Unmanaged.passUnretained(self).toOpaque())
    pthread_attr_destroy(&attributes)
    guard code == 0 else { throw .cannotStart(errno: code) }
    thread = started
  }

  deinit {
    stop()
    if wakeDescriptor >= 0 { close(wakeDescriptor) }
  }

  /// Hands over a batch. Tickets ascend. Whatever becomes of it is told by `poll()`.
  public func submit(_ batch: Batch) {
    let now = Monitor.now()
    monitor.lock()
    let wasDueAt = waiting.dueAt
    // A refusal covers the promises submitted before it is heard.
    let isBehindRefusal = batch.urgency == .promise && !overflows.isEmpty
    let hasRoom = !isStopping && !isBehindRefusal && waiting.append(batch, refusalsHeard: refusalsHeard, at: now)
    if waiting.dueAt < wasDueAt { monitor.signal() }
    if !hasRoom {
      shared.overflowedBatches += 1
      shared.overflowedFacts += batch.facts.count
    }
    monitor.unlock()
    guard !hasRoom else { return }
    overflows.append(.failed(from: batch.ticket, .tooMuchWaiting))
    wake()
  }

  /// Hands over a part of the flight recorder's recording. Nothing is heard of it unless it is lost.
  /// - Parameter beginsFile: it goes to a file of its own, and so does what follows.
  public func append(_ bytes: [UInt8], beginsFile: Bool = false) {
    let now = Monitor.now()
    monitor.lock()
    let wasDueAt = records.dueAt
    records.append(WaitingRecords.Part(bytes: bytes, beginsFile: beginsFile), at: now)
    if records.dueAt < wasDueAt { monitor.signal() }
    monitor.unlock()
  }

  /// Hands over a small work on files: returns errno(3), 0 when done. It is done before the batches that are submitted
  /// after it, and after all that was given before. One that fails is counted.
  /// - Parameter ticket: nil: nobody waits for it; otherwise `pollFinished` tells of it.
  public func perform(ticket: UInt64? = nil, _ task: @escaping @Sendable () -> Int32) {
    monitor.lock()
    let fits = tasks.append(task, ticket: ticket)
    if !fits, let ticket { finished.append((ticket, EAGAIN)) }
    shared.failedTasks += tasks.takeRefused()
    monitor.signal()
    monitor.unlock()
    if !fits, ticket != nil { wake() }
  }

  /// The next work that somebody waits for and that is over, with its errno(3); nil when there is none. To be asked as
  /// `pollAnswer` is.
  public func pollFinished() -> (ticket: UInt64, code: Int32)? {
    monitor.lock()
    defer { monitor.unlock() }
    return finished.popFirst()
  }

  /// The next result, nil when there is none; then `wakeDescriptor` is not readable until there is one again.
  public func poll() -> JournalResult? {
    if let result = take() { return result }
    var count: UInt64 = 0
    _ = read(wakeDescriptor, &count, 8)
    // One may have come between the look and the read.
    return take()
  }

  private func take() -> JournalResult? {
    if let overflow = overflows.popFirst() { return overflow }
    guard let plain = results.pop() else { return nil }
    let result = JournalResult(plain)
    if case .failed = result { refusalsHeard &+= 1 }
    return result
  }

  /// Asks for numbers. The answer follows by `pollAnswer()`, made of all that was submitted until now, by `form` on the
  /// storage thread. False: too many ask.
  public func ask(
    _ question: NumbersQuestion, for client: UInt64, form: @escaping @Sendable (NumbersAnswer) -> [UInt8]
  ) -> Bool {
    monitor.lock()
    defer { monitor.unlock() }
    guard !isStopping, questions.append(.init(question: question, client: client, form: form)) else { return false }
    monitor.signal()
    return true
  }

  /// The next answer, nil when there is none. To be asked when `wakeDescriptor` was readable, before `poll()`.
  public func pollAnswer() -> (client: UInt64, bytes: [UInt8])? {
    monitor.lock()
    defer { monitor.unlock() }
    return questions.popAnswer()
  }

  /// Asks for a copy of the database as it is at the end of the copying; `pollCopied()` tells when that is. One at a time.
  public func copy(to path: ByteString) {
    monitor.lock()
    copyPath = path
    monitor.signal()
    monitor.unlock()
  }

  /// Once, when the copy is over. To be asked as `pollAnswer` is.
  public func pollCopied() -> CopyResult? {
    monitor.lock()
    defer { monitor.unlock() }
    defer { copied = nil }
    return copied
  }

  /// Numbers up to the latest commit.
  public var counters: Counters {
    monitor.lock()
    defer { monitor.unlock() }
    var counters = shared
    counters.waitingBatches = waiting.count
    return counters
  }

  /// Writes what is waiting, closes the database and ends the thread. Results can still be polled.
  public func stop() {
    guard let running = thread else { return }
    thread = nil
    monitor.lock()
    isStopping = true
    monitor.signal()
    monitor.unlock()
    pthread_join(running, nil)
  }

  private func wake() {
    var one: UInt64 = 1
    _ = write(wakeDescriptor, &one, 8)
  }
}

// The storage thread.
extension JournalWriter {
  private func run() {
    guard let database else { return }
    self.database = nil
    var commits = GroupCommit(database)
    var asked = AskedNumbers(database)
    var copy = CopyWork(database)
    while true {
      let hasMore = asked.isReading || copy.isCopying || database.isRollUpDue
      let work = waitForWork(hasMore ? .zero : commits.nextDeadline, asks: !asked.isReading)
      perform(work.files)
      let began = Monitor.now()
      commits.write(work.taken, at: began)
      note(commits, took: work.taken.isEmpty ? .zero : Monitor.now() - began)
      report(&commits)
      record(work.parts)
      if work.isLast { break }
      if let question = work.question { asked.begin(question) }
      answer(&asked)
      if let path = work.copyPath { copy.begin(path) }
      goOn(&copy)
      // After the report: nobody waits for it.
      if database.isCheckpointDue { database.checkpoint() }
    }
  }

  private struct Work {
    var taken: [WaitingBatches.Entry]
    var parts: WaitingRecords
    var files: [WaitingTasks.Entry]
    /// To be answered when all that was taken is written.
    var question: WaitingQuestions.Entry?
    var copyPath: ByteString?
    var isLast: Bool
  }

  private func waitForWork(_ deadline: Instant, asks: Bool) -> Work {
    monitor.lock()
    defer { monitor.unlock() }
    while !isStopping, tasks.isEmpty, copyPath == nil {
      let due = min(waiting.dueAt, records.dueAt, questions.isWaiting ? .zero : deadline)
      if due <= Monitor.now() { break }
      monitor.wait(until: due)
    }
    let parts = records
    records = WaitingRecords()
    defer { copyPath = nil }
    return Work(
      taken: waiting.takeAll(), parts: parts, files: tasks.takeAll(), question: asks ? questions.next() : nil,
      copyPath: copyPath, isLast: isStopping)
  }

  private func perform(_ files: [WaitingTasks.Entry]) {
    for file in files {
      let code = file.task()
      guard code != 0 || file.ticket != nil else { continue }
      monitor.lock()
      if code > 0 {
        shared.failedTasks += 1
        shared.latestTaskError = code
      }
      if let ticket = file.ticket { finished.append((ticket, code)) }
      monitor.unlock()
      if file.ticket != nil { wake() }
    }
  }

  /// What is asked for is answered of what is committed; between the turns of one answer nothing is counted anew.
  private func answer(_ asked: inout AskedNumbers) {
    guard asked.isReading else {
      if asked.database.isRollUpDue { asked.database.rollUpOnce() }
      return
    }
    guard let (client, bytes) = asked.turn() else { return }
    monitor.lock()
    questions.answer(client, bytes)
    monitor.unlock()
    wake()
  }

  private func goOn(_ copy: inout CopyWork) {
    guard copy.isCopying, let result = copy.turn() else { return }
    monitor.lock()
    copied = result
    monitor.unlock()
    wake()
  }

  private func record(_ parts: WaitingRecords) {
    guard let flight else { return }
    if !parts.wereTooMany, parts.parts.allSatisfy({ flight.append($0.bytes, beginsFile: $0.beginsFile) }) { return }
    self.flight = nil
    if tell(.recordLost) { wake() }
  }

  private func report(_ commits: inout GroupCommit) {
    var hasNews = false
    while let result = commits.pollResult() {
      guard tell(result.plain) else { return }
      hasNews = true
    }
    if hasNews { wake() }
  }

  /// False: the program ends, and nobody listens any more.
  private func tell(_ result: JournalResult.Plain) -> Bool {
    // The signalling thread is behind by a whole ring: nothing is gained by going on without it.
    while !results.push(result) {
      wake()
      monitor.lock()
      let isStopping = isStopping
      if !isStopping { monitor.wait(until: Monitor.now() + .milliseconds(10)) }
      monitor.unlock()
      if isStopping { return false }
    }
    return true
  }

  private func note(_ commits: borrowing GroupCommit, took: Interval) {
    monitor.lock()
    if commits.database.counters.commits > shared.database.commits { shared.latestCommitAt = Monitor.now() }
    shared.database = commits.database.counters
    shared.refusedPromises = commits.counters.refusedPromises
    shared.unsettledRefusals = commits.counters.unsettledRefusals
    shared.droppedFacts = commits.counters.droppedFacts
    shared.longestCommitMicroseconds = max(shared.longestCommitMicroseconds, Int(took.nanoseconds / 1_000))
    monitor.unlock()
  }
}
