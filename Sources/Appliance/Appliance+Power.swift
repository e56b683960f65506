// The power line: when it says that the power is failing, the distributor's brown-out begins, and it ends when the power
// is back, as if somebody had ordered it. What the shell reads of the line is a level; only its changes count here.

import ACD
import Basics

/// What is known of the line that tells of a failing power.
public enum PowerLevel: UInt8, Sendable {
  /// None is configured.
  case unwatched
  case good
  case failing
  /// The line cannot be read; what it said last stays in force.
  case unreadable

  public var name: StaticString {
    switch self {
    case .unwatched: "unwatched"
    case .good: "good"
    case .failing: "failing"
    case .unreadable: "unreadable"
    }
  }
}

struct PowerState {
  private(set) var level = PowerLevel.unwatched
  /// What the line said last.
  private var isFailing = false

  /// The change that this level makes, nil of none.
  mutating func note(_ new: PowerLevel) -> Bool? {
    level = new
    let wasFailing = isFailing
    switch new {
    case .failing: isFailing = true
    case .good, .unwatched: isFailing = false
    case .unreadable: break
    }
    return isFailing == wasFailing ? nil : isFailing
  }
}

extension Appliance {
  /// Who the audit log names.
  static var powerLine: ByteString { "power-line" }

  mutating func accept(_ level: PowerLevel) {
    guard let isFailing = power.note(level) else { return }
    letters.append(.distributor(.act(.brownOut(isFailing), by: Self.powerLine)))
  }
}
