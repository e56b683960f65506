// In which order items are served: within a queue by priority and age; between the queues of an agent by priority, then
// by their shares, or by age where there are none.

import ACD
import Basics

extension QueueAuditor {
  /// By what an item is judged; less is served first.
  struct Rank {
    let queue: ByteString
    let priority: UInt8
    let sequence: UInt64

    init(_ queue: ByteString, _ priority: UInt8, _ sequence: UInt64) {
      (self.queue, self.priority, self.sequence) = (queue, priority, sequence)
    }
  }

  /// How two queues shared the agents for whom both had something, one decision after the other. It begins anew when one
  /// of them has nothing for such an agent, or too little is known.
  struct ShareBook {
    struct Pair: Hashable {
      /// The first by name.
      let first: ByteString
      let second: ByteString

      init(_ a: ByteString, _ b: ByteString) { (first, second) = a < b ? (a, b) : (b, a) }
      func holds(_ queue: ByteString) -> Bool { first == queue || second == queue }
    }
    struct Series {
      let latest: ByteString
      /// Each has been preferred to the other: from here on it counts.
      var counts = false
      var first = 0
      var second = 0
    }
    private var open: [Pair: Series] = [:]

    /// - Returns: how often each was preferred; nil where it does not count yet.
    mutating func prefers(_ queue: ByteString, to other: ByteString) -> (pair: Pair, series: Series)? {
      let pair = Pair(queue, other)
      guard var series = open[pair] else {
        open[pair] = Series(latest: queue)
        return nil
      }
      guard series.counts else {
        series.counts = series.latest != queue
        open[pair] = series
        return nil
      }
      if pair.first == queue { series.first += 1 } else { series.second += 1 }
      open[pair] = series
      return (pair, series)
    }

    mutating func forget(_ queue: ByteString, but known: Set<ByteString> = []) {
      guard !open.isEmpty else { return }
      open = open.filter { series in
        !series.key.holds(queue) || known.contains { $0 != queue && series.key.holds($0) }
      }
    }
  }

  private var sharesAreSet: Bool { settings.queues.contains { $0.weight > 0 } }

  /// Whoever waits longer moves up, where the queue says so.
  func aged(_ priority: UInt8, _ queue: ByteString, waited: Interval) -> UInt8 {
    let every = rules(queue).ageEverySeconds
    guard every > 0 else { return priority }
    return UInt8(clamping: max(0, Int(priority) - waited.seconds / every))
  }

  func priority(of book: CallBook) -> UInt8 { aged(book.priority, book.queue, waited: now - book.enteredAt) }

  // MARK: One decision

  /// Whoever must have been eligible for this agent at this instant, and comes first, has been passed over.
  /// - Parameter rank: nil where too little is known of the item that is offered.
  mutating func judgeOrder(_ offer: ACD.Offer, _ rank: Rank?) {
    guard let rank else { return shares.forget(offer.queueName) }
    let number = offer.extension
    var contested: Set<ByteString> = []
    for (call, book) in calls where book.isWaiting && book.offers.isEmpty && mustServe(number, book, at: now) {
      let other = Rank(book.queue, priority(of: book), book.sequence)
      if other.queue != rank.queue, other.priority == rank.priority { contested.insert(other.queue) }
      if precedes(other, rank) { blameOrder(other, rank, "\(call)", at: number) }
    }
    for (id, book) in callbacks where mustBeCalled(book, since: now) && mustServe(number, book, at: now) {
      let fact = book.fact
      let other = Rank(fact.queue, aged(book.priority, fact.queue, waited: now - book.knownSince), fact.sequence)
      if other.queue != rank.queue, other.priority == rank.priority, !book.isUrgent { contested.insert(other.queue) }
      if book.isUrgent || precedes(other, rank) { blameOrder(other, rank, "callback \(id)", at: number) }
    }
    judgeShares(of: rank.queue, contested)
  }

  private func precedes(_ a: Rank, _ b: Rank) -> Bool {
    if a.priority != b.priority { return a.priority < b.priority }
    return a.sequence < b.sequence && (a.queue == b.queue || !sharesAreSet)
  }

  private mutating func blameOrder(_ passed: Rank, _ rank: Rank, _ what: String, at number: ByteString) {
    blame(
      passed.queue == rank.queue ? .noOvertaking : .queueOrder,
      "\(what) (item \(passed.sequence), priority \(passed.priority)) is overtaken by item \(rank.sequence), priority "
        + "\(rank.priority), at \(number)")
  }

  // MARK: Shares

  /// Their shares never differ by more than one turn of the one that has the longer turns, and as much at the beginning.
  private mutating func judgeShares(of queue: ByteString, _ contested: Set<ByteString>) {
    guard sharesAreSet else { return }
    shares.forget(queue, but: contested)
    guard hasCallers(queue) else { return }
    for other in contested.sorted() where hasCallers(other) {
      guard let (pair, series) = shares.prefers(queue, to: other) else { continue }
      let (first, second) = (Int(max(1, rules(pair.first).weight)), Int(max(1, rules(pair.second).weight)))
      guard abs(series.first * second - series.second * first) > 2 * max(first, second) else { continue }
      blame(
        .fairShare,
        "\(pair.first) with weight \(first) had \(series.first) turns, \(pair.second) with weight \(second) had "
          + "\(series.second)")
    }
  }

  private func hasCallers(_ queue: ByteString) -> Bool { calls.values.contains { $0.isWaiting && $0.queue == queue } }

  /// A queue in which nobody waits any more makes no claims.
  mutating func leavesQueue(_ queue: ByteString) { if !hasCallers(queue) { shares.forget(queue) } }
}
