// What callers were promised, set against what the customers' side saw: none is lost, none is kept twice, and no number
// is dialled while it is being dialled.

import Foundation
import Harness

struct Promises {
  /// What the configuration says: after so much talk a promise is kept.
  static let doneAfter = 1.0
  /// For the box to notice, and to write it down.
  static let margin = 0.5

  private(set) var numbers: Set<String> = []
  private(set) var kills: [Date] = []
  private let exchange: Exchange

  init(_ exchange: Exchange) { self.exchange = exchange }

  mutating func boxIsKilled() { kills.append(Date()) }
  mutating func add(_ number: String) { numbers.insert(number) }

  /// The box said that it promised.
  mutating func note(_ number: String, _ box: Box) {
    let isPromised = box.process.output.contains { $0.contains("callback.promised") && $0.hasSuffix(number.suffix(4)) }
    if isPromised { add(number) }
  }

  /// A promise counts from when the customer was told, too, where no agent may have ended that call.
  mutating func note(_ number: String, _ customer: Sipp, _ box: Box) {
    note(number, box)
    if customer.trace().contains("BYE sip:") { add(number) }
  }

  /// - Parameter open: the box's callbacks.
  func check(_ when: String, open: [[String: Any]], _ log: @autoclosure () -> String) throws {
    let open = Set(open.compactMap { ($0["number"] as? String)?.suffix(4) })
    let calls = Dictionary(grouping: exchange.calls, by: \.number)
    for number in numbers.sorted() {
      try check(number, calls[number] ?? [], isOpen: open.contains(number.suffix(4)), when, log)
    }
  }

  private func check(
    _ number: String, _ calls: [Exchange.Call], isOpen: Bool, _ when: String, _ log: () -> String
  ) throws {
    let kept = calls.filter { talked($0) >= Self.doneAfter + Self.margin }
    try expect(
      isOpen || calls.contains { talked($0) >= Self.doneAfter },
      "\(when): the promise to \(number) is lost, it was talked for \(calls.map(talked)) s\n\(log())")
    try expect(kept.count <= 1, "\(when): \(number) was called back twice, talked for \(calls.map(talked)) s\n\(log())")
    for (earlier, later) in zip(calls, calls.dropFirst()) {
      try expect(
        talked(earlier) < Self.doneAfter + Self.margin,
        "\(when): \(number) is dialled again after \(talked(earlier)) s of talk\n\(log())")
      try expect(
        earlier.endedAt.map { $0 <= later.invitedAt } ?? false, "\(when): two dials at once to \(number)\n\(log())")
    }
  }

  /// How long the box lived to see it.
  func talked(_ call: Exchange.Call) -> Double {
    guard let start = call.talkedAt else { return 0 }
    let end = min(call.endedAt ?? Date(), kills.first { $0 > start } ?? .distantFuture)
    return end.timeIntervalSince(start)
  }

  /// For people: how much there was to be lost.
  var summary: String {
    let calls = exchange.calls
    let cut = calls.count { call in
      kills.contains { call.invitedAt < $0 && $0 < call.endedAt ?? .distantFuture }
    }
    let most = Dictionary(grouping: calls, by: \.number).values.map(\.count).max() ?? 0
    return "\(kills.count) kills, \(numbers.count) promises, \(calls.count) dials, \(cut) of them cut by a kill, "
      + "\(calls.count { talked($0) >= Self.doneAfter }) conversations, at most \(most) dials of one number"
  }
}
