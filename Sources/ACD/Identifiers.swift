// The names by which queue, agent, offer and attempt are spoken of between machines. A stale one finds nothing.

import Basics

/// A queue's place in the table of this run; its name stays in the settings.
public struct QueueID: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let index: UInt16
  @inlinable public init(index: UInt16) { self.index = index }
  @inlinable public static func < (a: QueueID, b: QueueID) -> Bool { a.index < b.index }
}

/// An agent's place in the table of this run.
public struct AgentID: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let index: UInt16
  @inlinable public init(index: UInt16) { self.index = index }
  @inlinable public static func < (a: AgentID, b: AgentID) -> Bool { a.index < b.index }
}

/// One item offered to one agent. Never used twice in a run.
public struct OfferID: OwnNumber, Comparable, Sendable, BitwiseCopyable {
  public let number: UInt64
  @inlinable public init(_ number: UInt64) { self.number = number }
  @inlinable public var ownNumber: UInt64 { number }
  @inlinable public static func < (a: OfferID, b: OfferID) -> Bool { a.number < b.number }
}

/// One try to reach the customer of a callback. Never used twice in a run.
public struct AttemptID: OwnNumber, Comparable, Sendable, BitwiseCopyable {
  public let number: UInt64
  @inlinable public init(_ number: UInt64) { self.number = number }
  @inlinable public var ownNumber: UInt64 { number }
  @inlinable public static func < (a: AttemptID, b: AttemptID) -> Bool { a.number < b.number }
}

/// CallControl's number of a call. The queue only hands it back.
public struct CallReference: OwnNumber, Comparable, Sendable, BitwiseCopyable {
  public let number: UInt64
  @inlinable public init(_ number: UInt64) { self.number = number }
  @inlinable public var ownNumber: UInt64 { number }
  @inlinable public static func < (a: CallReference, b: CallReference) -> Bool { a.number < b.number }
}
