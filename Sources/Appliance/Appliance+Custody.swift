// Two boxes with the same promises: one is made from a backup of the other, and only one may call the customers back
// (callback rule 22). While the callbacks are not this box's to make, the distributor hears of no trusted clock: it then
// keeps all promises, makes none, and dials nobody.

import ACD
import Basics
import Journal

extension Appliance {
  mutating func restoreEpoch(_ restored: Restored, at now: Instant) {
    if let new = custody.restore(restored) { journal.add(epoch: new) }
    guard custody.custody != .own else { return }
    noteCallbacksRest()
    // Before it hears of them.
    letters.append(tellDistributorTime(at: now))
  }

  /// What the distributor is told of the clock.
  func tellDistributorTime(at now: Instant) -> Letter {
    .distributor(.wall(wall + (now - wallAt), trusted: clockIsTrusted && custody.custody == .own))
  }

  mutating func accept(_ order: CustodyOrder, from client: UInt64, by who: ByteString, at now: Instant) {
    let refusal = refusal(of: order)
    note(order, refusal, by: who)
    let isSo = order == .handOver ? custody.custody == .handedOver : custody.custody == .own
    guard refusal == nil, order != .copy, !isSo else {
      if order == .copy, refusal == nil { return outputs.append(.copyDatabase(client)) }
      return answer(order, refusal, client, at: now)
    }
    journal.add(epoch: custody.begin(order == .handOver ? .handOver : .takeOver, for: client))
    letters.append(tellDistributorTime(at: now))
  }

  private func refusal(of order: CustodyOrder) -> StaticString? {
    if order != .copy, custody.isWriting { return "being written" }
    switch (order, custody.custody) {
    case (.handOver, .unconfirmed), (.handOver, .superseded): return "not its own"
    default: return nil
    }
  }

  private mutating func note(_ order: CustodyOrder, _ refusal: StaticString?, by who: ByteString) {
    let fact = ActFact(at: wall, by: who, act: order.word, subject: order.subject, isDone: refusal == nil)
    audit.add(fact)
    journal.add(.act(fact))
  }

  mutating func epochWritten(_ isKept: Bool, at now: Instant) {
    let done = custody.written(isKept)
    if isKept { outputs.append(.keepEpoch(custody.epoch)) }
    guard let (change, client) = done else { return }
    letters.append(tellDistributorTime(at: now))
    let order = change == .handOver ? CustodyOrder.handOver : .takeOver
    answer(order, isKept ? nil : "cannot write", client, at: now)
    guard isKept else { return }
    guard custody.custody == .own else { return noteCallbacksRest() }
    outputs.append(
      .log(LogEntry(.notice, "callbacks.taken-over", "epoch " + ByteString(Int(clamping: custody.epoch.number)))))
  }

  private mutating func noteCallbacksRest() {
    outputs.append(.log(LogEntry(.alarm, "callbacks.rest", ACD.WhyLine(.restsAs(custody.custody)).plainEnglish)))
  }

  /// Customers who are being called or talk with an agent at this moment.
  func callbacksUnderWay(at now: Instant) -> Int {
    distributor.callbackViews(at: now).count { $0.stage == .dialling || $0.stage == .talking }
  }

  private mutating func answer(_ order: CustodyOrder, _ refusal: StaticString?, _ client: UInt64, at now: Instant) {
    var json = JSONWriter()
    json.object { json in
      json.outcome(of: order.word, order.subject, refusal: refusal.map { ByteString($0) })
      json.field("epoch", Int(clamping: custody.epoch.number))
      json.field("underWay", callbacksUnderWay(at: now))
    }
    outputs.append(.answer(client, json.bytes))
  }

  /// What keeps a callback, before what its queue says of it.
  func explainCustody(_ lines: [ACD.WhyLine], item: UInt64, at now: Instant) -> [ACD.WhyLine] {
    guard custody.custody != .own,
      distributor.callbackViews(at: now).contains(where: { $0.fact.sequence == item || $0.fact.id == item })
    else { return lines }
    // The distributor only knows that it was told so.
    return [ACD.WhyLine(.restsAs(custody.custody))]
      + lines.filter { $0.reason != .clockUntrusted || !clockIsTrusted }
  }
}

/// About whose the callbacks are, and the copy of the database that a backup is made of.
public enum CustodyOrder: Equatable, Sendable {
  case handOver
  case takeOver
  case copy

  var word: ByteString {
    switch self {
    case .handOver: "hand-over"
    case .takeOver: "take-over"
    case .copy: "backup"
    }
  }

  var subject: ByteString { self == .copy ? "database" : "callbacks" }
}
