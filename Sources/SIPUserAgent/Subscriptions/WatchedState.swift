// What there is to see of what a phone watches, as call control says it.

import Basics

public enum WatchedState: Hashable, Sendable {
  case lamp(Lamp)
  case mailbox(MailboxSummary)
  case presence(Presence)

  public var package: EventPackage {
    switch self {
    case .lamp: .dialog
    case .mailbox: .messageSummary
    case .presence: .presence
    }
  }

  /// Of something of which nothing is known yet.
  static func initial(_ package: EventPackage) -> WatchedState {
    switch package {
    case .dialog: .lamp(.off)
    case .messageSummary: .mailbox(MailboxSummary())
    case .presence: .presence(Presence(isReachable: false))
    }
  }
}

/// How many messages a mailbox holds.
public struct MailboxSummary: Hashable, Sendable {
  /// Not heard yet.
  public var new: Int
  /// Heard, and kept.
  public var old: Int

  public init(new: Int = 0, old: Int = 0) {
    self.new = new
    self.old = old
  }
}

/// Whether a person can be reached, and what stands in the way.
public struct Presence: Hashable, Sendable {
  /// In the words of RFC 4480 §3.2.
  public enum Activity: UInt8, Hashable, Sendable, CaseIterable {
    /// In a call.
    case onThePhone
    /// An agent on a break.
    case away
    /// Wants no calls.
    case busy
  }
  /// A phone is registered.
  public var isReachable: Bool
  public var activity: Activity?

  public init(isReachable: Bool, activity: Activity? = nil) {
    self.isReachable = isReachable
    self.activity = activity
  }
}
