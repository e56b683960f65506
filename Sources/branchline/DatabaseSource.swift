// Where a backup gets its database from: a copy that the running daemon makes, or, where none runs, one of the file itself.
// A hand-over comes before it: first nobody is called back any more, then those who are being called are waited for.

import Basics
import BranchConfiguration
import Configuration
import Console
import Journal
import LinuxIO
import Storage

struct DatabaseSource {
  private enum Limits {
    static let answerMilliseconds = 10_000
    static let pauseMilliseconds = 100
    /// For customers who are being called to have answered, or not.
    static let underWay = Interval.seconds(180)
    /// For the copy, on slow flash.
    static let copying = Interval.minutes(10)
  }

  private let options: Invocation.Options
  private let language: Language
  private let socket: ByteString
  private let path: ByteString

  init(_ options: Invocation.Options, _ settings: BranchSettings, _ language: Language) {
    self.options = options
    self.language = language
    socket = options.socketPath ?? settings.controlSocketPath
    path = settings.storagePath
  }

  /// nil: there is no database yet. The copy is the caller's to remove.
  func copy() throws(CommandFault) -> ByteString? {
    if options.handsOver { try handOver() }
    guard let begun = try ask("copy-database") else { return try copyAtRest() }
    try expectDone(begun)
    let deadline = MonotonicClock.now + Limits.copying
    while MonotonicClock.now < deadline {
      guard let state = try ask("database-copy") else { break }
      if let fault = state.text("error") {
        throw CommandFault(Phrase(path) + Phrase(": ", "：") + Sentence.phrase(fault))
      }
      if state.text("copy") == "done", let copy = state.text("path") { return copy }
      MonotonicClock.pause(milliseconds: Limits.pauseMilliseconds)
    }
    throw CommandFault(Phrase("the daemon did not finish the copy of its database", "守护进程未能完成数据库副本"))
  }

  private func handOver() throws(CommandFault) {
    guard let answer = try ask("hand-over") else { return try handOverAtRest() }
    try expectDone(answer)
    let deadline = MonotonicClock.now + Limits.underWay
    var isTold = false
    while let status = try ask("status"), let count = status.number("callbacksUnderWay"), count > 0 {
      if !isTold {
        StandardStream.error.writeLine(
          Phrase("Waiting for customers who are being called back …", "正在等待进行中的回呼结束……").text(language))
        isTold = true
      }
      guard MonotonicClock.now < deadline else {
        throw CommandFault(
          Phrase(
            "customers are being called back for too long: try again; branchline take-over undoes the hand-over",
            "进行中的回呼时间过长：请重试；branchline take-over 可撤销移交"))
      }
      MonotonicClock.pause(milliseconds: Limits.pauseMilliseconds)
    }
  }

  // MARK: A daemon

  /// nil: no daemon answers.
  private func ask(_ line: ByteString) throws(CommandFault) -> JSONValue? {
    let answer: [UInt8]
    do throws(ControlError) {
      answer = try ControlClient.ask(line, at: socket, milliseconds: Limits.answerMilliseconds)
    } catch {
      if case .unreachable = error { return nil }
      throw CommandFault(AskCommand.text(error, socket))
    }
    guard let value = JSONValue(parsing: answer) else {
      throw CommandFault(Phrase("the daemon's answer is not understood", "无法理解守护进程的应答"))
    }
    return value
  }

  private func expectDone(_ answer: JSONValue) throws(CommandFault) {
    guard Answer.isRefusal(answer) else { return }
    if let fault = answer.text("error") { throw CommandFault(Sentence.phrase(fault)) }
    let sentence = Answer.toAct(answer, language) ?? "branchline: refused"
    throw CommandFault(Phrase(sentence.dropFirst(ByteString("branchline: ").count)))
  }

  // MARK: No daemon

  private func handOverAtRest() throws(CommandFault) {
    guard FileTree.kind(of: path) != nil else { return }
    do throws(StorageError) {
      try Database.settle(path) { summary in
        summary.epoch.custody == .own
          ? EpochFact(number: summary.epoch.number, identity: summary.epoch.identity, custody: .handedOver) : nil
      }
    } catch {
      throw fault(error)
    }
  }

  private func copyAtRest() throws(CommandFault) -> ByteString? {
    guard FileTree.kind(of: path) != nil else { return nil }
    let copy = path + ".copy"
    do throws(StorageError) {
      try DatabaseHold(path).copy(to: copy)
      return copy
    } catch {
      throw fault(error)
    }
  }

  private func fault(_ error: StorageError) -> CommandFault {
    guard error == .busy else { return CommandFault(path, error) }
    return CommandFault(
      Phrase(path)
        + Phrase(
          ": a daemon has it open that does not answer at ", "：守护进程正在使用该数据库，但没有在此应答：") + socket)
  }
}
