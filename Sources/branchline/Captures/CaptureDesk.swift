// Orders about captures, for the signalling thread: it never waits. What runs has a thread each; what reads or writes the
// disk besides is done by one more thread at a time.

import Appliance
import Basics
import BranchConfiguration
import Capture
import Configuration
import LinuxIO
import Packets
import SIPUserAgent

final class CaptureDesk {
  enum Limits {
    static let running = 4
    static let stackBytes = 262_144
  }

  /// What is to be told of an order.
  struct Outcome: Sendable {
    var client: UInt64
    var bytes: [UInt8]
    var order: CaptureOrder
    var who: ByteString
    /// nil: it was done.
    var refusal: CaptureFailure.Reason?
    var isDone: Bool { refusal == nil }
  }
  private struct Waiting {
    var client: UInt64
    var order: CaptureOrder
    var who: ByteString
  }
  private struct Running {
    var thread: CaptureThread
    /// Who waits for its beginning, and who for its end.
    var starter: Waiting?
    var stoppers: [Waiting] = []
  }

  private let folder: CaptureFolder
  private let news: EventSignal
  private var running: [Running] = []
  /// The work that goes on, and what has come of it.
  private var work: NativeThread?
  private let done = Shared<Outcome?>(nil)
  private var outcomes = Fifo<Outcome>()
  private var log = Fifo<LogEntry>()
  /// Orders that were refused since the start because so many run, or for want of room.
  private var (refusedAtMost, refusedRoom) = (0, 0)

  init(beside database: ByteString) throws(SystemError) {
    folder = CaptureFolder(beside: database)
    news = try EventSignal()
  }

  /// Readable when `attend` is due.
  var descriptor: Int32 { news.descriptor }
  func pollOutcome() -> Outcome? { outcomes.popFirst() }
  func pollLog() -> LogEntry? { log.popFirst() }

  var limitUses: [LimitUse] {
    [
      LimitUse("captures-at-once", most: Limits.running, used: running.count, hits: refusedAtMost),
      LimitUse("bytes-of-captures", most: CaptureRoom.Limits.totalBytes, used: room.taken, hits: refusedRoom),
      LimitUse(
        "files-of-capture", most: CaptureOrder.Limits.files.upperBound,
        used: running.map { $0.thread.status.files }.max() ?? 0),
    ]
  }

  // MARK: Orders

  func accept(
    _ order: CaptureOrder, from client: UInt64, by who: ByteString, _ settings: BranchSettings, at now: Instant
  ) {
    let waiting = Waiting(client: client, order: order, who: who)
    switch order {
    case .start(let start): begin(start, waiting, settings, at: now)
    case .stop(let name):
      guard let place = place(of: name) else { return refuse(waiting, CaptureFailure(.unknown)) }
      running[place].stoppers.append(waiting)
      running[place].thread.stop()
    case .list:
      let (folder, running) = (folder, running.map { CaptureList.Running($0.thread, at: now) })
      perform(waiting) { _ throws(CaptureFailure) in CaptureList.json(folder.kept, running) }
    case .export(let name, let file):
      guard place(of: name) == nil else { return refuse(waiting, CaptureFailure(.running)) }
      let room = room
      perform(waiting) { order throws(CaptureFailure) in try CaptureDesk.export(name, file, order, room) }
    case .delete(let name):
      guard place(of: name) == nil else { return refuse(waiting, CaptureFailure(.running)) }
      let folder = folder
      perform(waiting) { order throws(CaptureFailure) in
        guard folder.exists(name) else { throw CaptureFailure(.unknown) }
        do throws(SystemError) { try folder.delete(name) } catch { throw CaptureFailure(error) }
        return CaptureDesk.answer(order)
      }
    }
  }

  private func place(of name: ByteString) -> Int? { running.firstIndex { $0.thread.start.name == name } }

  private var room: CaptureRoom {
    CaptureRoom(
      folder: folder, running: running.map { .init(name: $0.thread.start.name, bytes: $0.thread.start.megabytes << 20) }
    )
  }

  private func begin(_ start: CaptureOrder.Start, _ waiting: Waiting, _ settings: BranchSettings, at now: Instant) {
    guard place(of: start.name) == nil else { return refuse(waiting, CaptureFailure(.nameTaken)) }
    guard running.count < Limits.running else { return refuse(waiting, CaptureFailure(.tooMany)) }
    do throws(SystemError) {
      let thread = try CaptureThread(
        start, LiveCapture.Order(start, folder, settings), in: room, at: now, news: news)
      running.append(Running(thread: thread, starter: waiting))
    } catch {
      refuse(waiting, CaptureFailure(.cannotCapture, error.text))
    }
  }

  // MARK: Outcomes

  /// Threads have something to tell.
  func attend() {
    news.clear()
    if let outcome = done.with({ $0 }) {
      work?.join()
      work = nil
      done.with { $0 = nil }
      tell(outcome)
    }
    var rest: [Running] = []
    for var one in running {
      let status = one.thread.status
      if status.hasBegun, let starter = one.starter {
        one.starter = nil
        note("capture.started", one.thread.start.name, one.thread.start.scope.text)
        tell(starter, Self.answer(starter.order))
      }
      guard status.end != nil || status.failure != nil else {
        rest.append(one)
        continue
      }
      one.thread.join()
      over(one, status)
    }
    running = rest
  }

  private func over(_ one: Running, _ status: CaptureThread.Status) {
    if let failure = status.failure {
      for waiting in one.stoppers + (one.starter.map { [$0] } ?? []) { refuse(waiting, failure) }
      return
    }
    note("capture.ended", one.thread.start.name, status.end.map { $0.text } ?? "")
    for waiting in one.stoppers { tell(waiting, Self.answer(waiting.order, frames: status.frames)) }
  }

  /// The thread has nobody else to tell.
  private func perform(
    _ waiting: Waiting, _ body: @escaping @Sendable (CaptureOrder) throws(CaptureFailure) -> [UInt8]
  ) {
    guard work == nil else { return refuse(waiting, CaptureFailure(.busy)) }
    let (done, news) = (done, news)
    do throws(SystemError) {
      work = try NativeThread(name: "captures", stackBytes: Limits.stackBytes) {
        var outcome = Outcome(client: waiting.client, bytes: [], order: waiting.order, who: waiting.who)
        do throws(CaptureFailure) {
          outcome.bytes = try body(waiting.order)
        } catch {
          outcome.bytes = CaptureDesk.answer(waiting.order, failure: error)
          outcome.refusal = error.reason
        }
        done.with { $0 = outcome }
        news.signal()
      }
    } catch {
      refuse(waiting, CaptureFailure(error))
    }
  }

  private func tell(_ waiting: Waiting, _ bytes: [UInt8], refusal: CaptureFailure.Reason? = nil) {
    tell(Outcome(client: waiting.client, bytes: bytes, order: waiting.order, who: waiting.who, refusal: refusal))
  }

  private func tell(_ outcome: Outcome) {
    outcomes.append(outcome)
    switch outcome.refusal {
    case .tooMany: refusedAtMost += 1
    case .noRoom: refusedRoom += 1
    default: return
    }
    log.append(
      LogEntry(
        .warning, "capture.refused",
        outcome.order.subject + ": " + (outcome.refusal.map { ByteString($0.name) } ?? "")))
  }

  private func refuse(_ waiting: Waiting, _ failure: CaptureFailure) {
    tell(waiting, Self.answer(waiting.order, failure: failure), refusal: failure.reason)
  }

  private func note(_ event: StaticString, _ name: ByteString, _ text: ByteString) {
    log.append(LogEntry(.notice, event, text.isEmpty ? name : name + ", " + text))
  }

  private static func answer(
    _ order: CaptureOrder, failure: CaptureFailure? = nil, frames: Int? = nil, path: ByteString? = nil
  ) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.outcome(of: order.act, order.subject, refusal: failure.map { ByteString($0.reason.name) })
      if let detail = failure?.detail { json.field("detail", detail) }
      if let frames { json.field("frames", frames) }
      if let path { json.field("path", path) }
    }
    return json.bytes
  }

  private static func export(
    _ name: ByteString, _ file: ByteString, _ order: CaptureOrder, _ room: CaptureRoom
  ) throws(CaptureFailure) -> [UInt8] {
    let folder = room.folder
    guard let kept = folder.kept.first(where: { $0.name == name && !$0.isExport }) else {
      throw CaptureFailure(.unknown)
    }
    guard !folder.exists(file) else { throw CaptureFailure(.nameTaken, file) }
    try room.look(for: kept.bytes)
    // What has its name is whole; what a power cut has left of another try is nothing.
    let path = folder.directory(of: file)
    FileRemover.remove(path + ".part")
    let frames: Int
    do throws(CaptureError) {
      frames = try PacketFileJoin.join(folder.files(of: name), into: path + ".part")
    } catch {
      throw CaptureFailure(error)
    }
    do throws(SystemError) {
      try FileTree.rename(path + ".part", to: path)
    } catch {
      FileRemover.remove(path + ".part")
      throw CaptureFailure(error)
    }
    return answer(order, frames: frames, path: path)
  }

  // MARK: What belongs to a call

  /// Whether `follow` has something to tell.
  var isFollowing: Bool { running.contains { $0.thread.start.scope != .all } }

  /// - Parameter calls: those that are up within a scope.
  func follow(at now: Instant, _ calls: (TrafficScope) -> [CallTraffic]) {
    for one in running where one.thread.start.scope != .all {
      one.thread.follow(calls(one.thread.start.scope), at: now)
    }
  }

  var nextDeadline: Instant? {
    var earliest: Instant?
    for one in running { if let due = one.thread.nextDeadline { earliest = min(earliest ?? due, due) } }
    return earliest
  }

  /// Ends all, and waits for them: the program ends.
  func stop() {
    for one in running { one.thread.stop() }
    for one in running { one.thread.join() }
    work?.join()
    running = []
  }
}
