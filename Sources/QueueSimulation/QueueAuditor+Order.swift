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

  /// How many turns two queues had since they were level, while callers waited in both all the time. They are level
  /// when one after the other was preferred to the other. Only turns at agents for whom both had something are judged;
  /// the others count.
  struct ShareBook {
    struct Pair: Hashable {
      /// The first by name.
      let first: ByteString
      let second: ByteString

      init(_ a: ByteString, _ b: ByteString) { (first, second) = a < b ? (a, b) : (b, a) }
      func other(than queue: ByteString) -> ByteString? {
        if queue == first { return second }
        return queue == second ? first : nil
      }
    }
    struct Series {
      let latest: ByteString
      var isLevel = false
      /// Turns of either since then.
      var turns: [ByteString: Int] = [:]
    }
    private var open: [Pair: Series] = [:]

    /// The queue is preferred to those with which it is in contest.
    /// - Returns: with whom it was level once, and the turns of both before this one.
    mutating func turn(of queue: ByteString, _ contested: Set<ByteString>) -> [(other: ByteString, own: Int, its: Int)]
    {
      var known: [(other: ByteString, own: Int, its: Int)] = []
      for (pair, series) in open {
        guard let other = pair.other(than: queue) else { continue }
        if series.isLevel {
          if contested.contains(other) {
            known.append((other, series.turns[queue, default: 0], series.turns[other, default: 0]))
          }
          open[pair]?.turns[queue, default: 0] += 1
        } else if contested.contains(other) {
          open[pair]?.isLevel = series.latest == other
        } else {
          open[pair] = nil
        }
      }
      for other in contested where open[Pair(queue, other)] == nil { open[Pair(queue, other)] = Series(latest: queue) }
      return known.sorted { $0.other < $1.other }
    }

    mutating func forget(_ queue: ByteString) {
      guard !open.isEmpty else { return }
      open = open.filter { $0.key.other(than: queue) == nil }
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
    guard let rank else { return judgeShares(of: offer.queueName, []) }
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

  /// Whoever is preferred has had no more than its share, and the one turn by which they may not have been quite level.
  private mutating func judgeShares(of queue: ByteString, _ contested: Set<ByteString>) {
    guard sharesAreSet else { return }
    guard hasCallers(queue) else { return shares.forget(queue) }
    let weight = Int(max(1, rules(queue).weight))
    for (other, own, its) in shares.turn(of: queue, contested.filter { hasCallers($0) }) {
      let share = Int(max(1, rules(other).weight))
      guard own * share - its * weight > max(weight, share) else { continue }
      blame(
        .fairShare,
        "\(queue) with weight \(weight) has its turn after \(own), \(other) with weight \(share) had \(its)")
    }
  }

  private func hasCallers(_ queue: ByteString) -> Bool { calls.values.contains { $0.isWaiting && $0.queue == queue } }

  /// A queue in which nobody waits any more makes no claims.
  mutating func leavesQueue(_ queue: ByteString) { if !hasCallers(queue) { shares.forget(queue) } }
}
