// The latest acts of operators, for whoever asks: a copy of what goes to the audit log, oldest first.

import Journal

struct AuditTrail {
  enum Limits {
    static let acts = 256
  }

  private(set) var acts: [ActFact] = []

  /// What the previous runs left behind stands before what this one has seen.
  mutating func restore(_ earlier: [ActFact]) { acts = Array((earlier + acts).suffix(Limits.acts)) }

  mutating func add(_ act: ActFact) {
    if acts.count == Limits.acts { acts.removeFirst() }
    acts.append(act)
  }
}
