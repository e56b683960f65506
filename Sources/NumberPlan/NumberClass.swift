// What kind of number somebody dials: permissions, callback allow lists and routes are written in these words.

import Basics

/// The class of a number, decided by the ordered rules of a `NumberPlan`.
public enum NumberClass: UInt8, Hashable, Sendable, Named, BitwiseCopyable {
  /// An extension or a feature code of the branch.
  case `internal` = 0
  case local
  case national
  case mobile
  case international
  case tollFree
  case premium
  case shortCode
  case emergency
  /// No rule knows it. Deny it.
  case unknown

  /// The word of configuration and reports: `toll-free`.
  public var name: StaticString {
    switch self {
    case .internal: "internal"
    case .local: "local"
    case .national: "national"
    case .mobile: "mobile"
    case .international: "international"
    case .tollFree: "toll-free"
    case .premium: "premium"
    case .shortCode: "short-code"
    case .emergency: "emergency"
    case .unknown: "unknown"
    }
  }
}

/// A set of classes in one word.
public struct NumberClasses: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  public init(_ only: NumberClass) { self.init(rawValue: 1 << UInt16(only.rawValue)) }

  public static let none = NumberClasses([])
  /// What a callback may dial unless the queue says otherwise.
  public static let callbackDefault: NumberClasses = [.init(.local), .init(.national), .init(.mobile)]

  public func contains(_ one: NumberClass) -> Bool { rawValue & 1 << UInt16(one.rawValue) != 0 }
  public mutating func insert(_ one: NumberClass) { self = union(NumberClasses(one)) }
}
