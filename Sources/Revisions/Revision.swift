// One commit of a configuration: who, when, why. Its text is in a file of its own.

import Basics
import Configuration

public struct Revision: Hashable, Sendable {
  /// Counts up, never used twice.
  public var number: Int
  public var at: WallTime
  /// `lee@ttyS0`, `file`, `hub`.
  public var by: ByteString
  public var comment: ByteString
  /// Why it was taken back; nil: it was not.
  public var undone: ByteString?
  /// For whom it was made.
  public var owner: Owner

  public init(
    number: Int, at: WallTime, by: ByteString, comment: ByteString = "", undone: ByteString? = nil,
    owner: Owner = .branch
  ) {
    self.number = number
    self.at = at
    self.by = ByteString(by.bytes.prefix(RevisionLimits.byBytes))
    self.comment = ByteString(comment.bytes.prefix(RevisionLimits.commentBytes))
    self.undone = undone
    self.owner = owner
  }
}

/// A commit that is taken back unless somebody confirms it in time.
public struct Confirmation: Hashable, Sendable {
  public var within: Interval
  /// By the clock of the moment when it was committed.
  public var until: WallTime
  /// The revision that ran before.
  public var backTo: Int
  /// How often the program has started since.
  public var starts: Int

  public init(within: Interval, until: WallTime, backTo: Int, starts: Int = 0) {
    self.within = within
    self.until = until
    self.backTo = backTo
    self.starts = starts
  }

  /// What is left of it after a start. A clock that stands wrong gives the whole time, never more.
  func left(at wall: WallTime, trusted: Bool) -> Interval {
    guard trusted else { return within }
    return min(within, max(.zero, until - wall))
  }
}

/// Files beside each other in one directory, but for the configuration's own.
public enum RevisionFile: Hashable, Sendable {
  /// The configuration where everybody looks for it.
  case configuration
  /// Which revision runs, and what is known of all.
  case state
  case text(Int)
  /// What stood in the configuration's file and could not be used.
  case rejected
  /// What the hub has pushed, the sections that are overridden now included.
  case hub
}
