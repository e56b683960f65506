// Facts travel to storage in numbered batches; storage answers with the highest number that is on the disk.

import Basics

/// The number of a batch. Batches become durable in this order, none before its predecessors.
public struct Ticket: Hashable, Comparable, Sendable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
  public static func < (a: Ticket, b: Ticket) -> Bool { a.number < b.number }
}

public struct Batch: Sendable {
  public enum Urgency: UInt8, Sendable {
    /// May wait up to a second for others, to spare flash.
    case grouped
    /// Somebody waits for it: commit at once.
    case promise
  }
  public var ticket: Ticket
  public var facts: [Fact]
  public var urgency: Urgency

  public init(ticket: Ticket, facts: [Fact], urgency: Urgency) {
    self.ticket = ticket
    self.facts = facts
    self.urgency = urgency
  }
}

public enum PersistFailure: UInt8, Sendable {
  case diskFull
  case ioError
  case tooMuchWaiting

  public var name: StaticString {
    switch self {
    case .diskFull: "disk full"
    case .ioError: "input/output error"
    case .tooMuchWaiting: "too much waiting to be written"
    }
  }
}

/// All that storage knew when the box started.
public struct Restored: Sendable {
  public var bindings: [BindingFact] = []
  public var agents: [AgentFact] = []
  public var extensions: [ExtensionFact] = []
  /// Every callback that is not in a final state, by sequence.
  public var callbacks: [CallbackFact] = []
  /// The latest acts of operators, oldest first.
  public var acts: [ActFact] = []
  /// The highest numbers ever used, so that none is used twice.
  public var lastSequence: UInt64 = 0
  public var lastCallbackID: UInt64 = 0
  public var lastCallID: UInt64 = 0
  /// How often a box began with this storage, this time included as far as the disk could be written; 0 without one.
  public var runs: UInt64 = 0
  /// The database was damaged and set aside: the box begins anew and says so.
  public var wasDamaged = false
  /// Of the database, and of what ran here last where the database is older than that.
  public var epoch = EpochFact()
  public var supersededBy: UInt64?

  public init() {}
}
