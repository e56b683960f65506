// Which of several boxes with the same promises may keep them. Without a hub two boxes cannot ask each other, so each says
// for itself, durably, whether the callbacks are its own to make.

public enum Custody: UInt8, Sendable, CaseIterable {
  /// This box makes them.
  case own
  /// They went into a backup that another box will be made from.
  case handedOver
  /// They came out of a backup, and nobody has said that the box which made it is off.
  case unconfirmed
  /// The database is older than what ran here last, or another box's: what is open in it may be done already.
  case superseded

  /// The word for programs.
  public var name: StaticString {
    switch self {
    case .own: "own"
    case .handedOver: "handed-over"
    case .unconfirmed: "unconfirmed"
    case .superseded: "superseded"
    }
  }
}

/// Of a database; each restore begins the next epoch, under another identity.
public struct EpochFact: Hashable, Sendable {
  public var number: UInt64
  /// Random: two boxes that were made from one backup have the same number, and not this.
  public var identity: UInt64
  public var custody: Custody

  public init(number: UInt64 = 1, identity: UInt64 = 0, custody: Custody = .own) {
    self.number = number
    self.identity = identity
    self.custody = custody
  }
}
