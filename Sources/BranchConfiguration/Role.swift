// What somebody who operates the box may do.

import Basics

/// Each may what the ones before may.
public enum Role: UInt8, Hashable, Sendable, Named, Comparable {
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

  public static func < (a: Role, b: Role) -> Bool { a.rawValue < b.rawValue }
}
