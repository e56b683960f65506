// Whether the callbacks are this box's to make. They are given away at once, and taken back only when that is on the disk.

import Basics
import Journal

struct CustodyState {
  enum Change: Equatable {
    case handOver
    case takeOver
  }

  private struct Writing {
    let change: Change
    let new: EpochFact
    let client: UInt64
  }

  private(set) var epoch = EpochFact()
  /// The epoch of what ran here last, where the database is older than that.
  private var supersededBy: UInt64?
  private var writing: Writing?

  var custody: Custody {
    if writing?.change == .handOver { return .handedOver }
    return supersededBy == nil ? epoch.custody : .superseded
  }

  var isWriting: Bool { writing != nil }

  /// - Returns: an epoch to be written, for a new database in the place of one that is lost.
  mutating func restore(_ restored: Restored) -> EpochFact? {
    epoch = restored.epoch
    guard let number = restored.supersededBy else { return nil }
    guard restored.runs > 1 else {
      epoch.number = number + 1
      return epoch
    }
    supersededBy = number
    return nil
  }

  /// One at a time.
  /// - Returns: what is to be written; `written` follows.
  mutating func begin(_ change: Change, for client: UInt64) -> EpochFact {
    var new = epoch
    switch change {
    case .handOver: new.custody = .handedOver
    case .takeOver:
      new.custody = .own
      if let supersededBy { new.number = max(new.number, supersededBy) + 1 }
    }
    writing = Writing(change: change, new: new, client: client)
    return new
  }

  /// - Returns: what was to be changed, and who waits for it.
  mutating func written(_ isKept: Bool) -> (change: Change, client: UInt64)? {
    guard let done = writing else { return nil }
    writing = nil
    if isKept {
      epoch = done.new
      if done.change == .takeOver { supersededBy = nil }
    }
    return (done.change, done.client)
  }
}
