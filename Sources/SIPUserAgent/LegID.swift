// The number of one leg: a SIP dialog, or the attempt at one, between this box and a phone or a trunk.

import Basics

/// Even numbers came in (numbered by the user agent), odd ones go out (numbered by whoever commands `invite`).
public struct LegID: OwnNumber, Comparable, Sendable, BitwiseCopyable {
  public let number: UInt32

  @inlinable public init(_ number: UInt32) { self.number = number }
  @inlinable public init(number: UInt32) { self.number = number }

  @inlinable public var ownNumber: UInt64 { UInt64(number) }
  @inlinable public var isIncoming: Bool { number & 1 == 0 }
  @inlinable public static func < (a: LegID, b: LegID) -> Bool { a.number < b.number }
}
