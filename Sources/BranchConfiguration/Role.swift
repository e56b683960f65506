// What somebody who operates the box may do.

import Basics

/// Each may what the ones before may.
public enum Role: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  case readOnly
  case supervisor
  case technician

  public var name: StaticString {
    switch self {
    case .readOnly: "read-only"
    case .supervisor: "supervisor"
    case .technician: "technician"
    }
  }

  public init?(name: ByteString) {
    for role in Self.allCases where ByteString(role.name) == name {
      self = role
      return
    }
    return nil
  }

  public static func < (a: Role, b: Role) -> Bool { a.rawValue < b.rawValue }
}
