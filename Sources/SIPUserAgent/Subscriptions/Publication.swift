// What one subscription has to tell, and what it has told: documents of its event package, with versions and parts where
// the package has them.

import Basics

struct Publication {
  private(set) var state: WatchedState
  /// Of the dialog that a lamp stands for.
  private var dialogNumber: UInt32 = 0
  /// What the latest document said.
  private var told: (dialog: UInt32, state: WatchedState)?
  private var nextVersion: UInt32 = 0

  init(_ package: EventPackage) { state = .initial(package) }

  /// - Returns: false where it is the same as before, or of another package.
  mutating func set(_ new: WatchedState) -> Bool {
    guard new != state, new.package == state.package else { return false }
    if case .lamp(let old) = state, case .lamp(let lamp) = new {
      state = .lamp(follow(old, with: lamp))
    } else {
      state = new
    }
    return true
  }

  /// A dialog ends once, never goes back to ringing, and was begun by one side: otherwise it is another one.
  private mutating func follow(_ old: Lamp, with new: Lamp) -> Lamp {
    let isContinued =
      new.state == .terminated
      || old.state != .terminated && new.state.rawValue >= old.state.rawValue && new.direction == old.direction
    if !isContinued { dialogNumber &+= 1 }
    return Lamp(new.state, new.state == .terminated ? old.direction : new.direction)
  }

  /// Whether the phone shows something else. That a lamp was lit for a moment and is out again is no news.
  var isNews: Bool {
    guard let told else { return true }
    guard case .lamp(let lamp) = state, case .lamp(let shown) = told.state else { return state != told.state }
    return lamp.state == .terminated ? shown.state != .terminated : told.dialog != dialogNumber || shown != lamp
  }

  /// The next document.
  /// - Parameters:
  ///   - isFull: all there is, and not only what has changed since the document before.
  ///   - entity: the URI of what is watched.
  mutating func document(isFull: Bool, of entity: ByteString) -> [UInt8] {
    defer {
      nextVersion &+= 1
      told = (dialogNumber, state)
    }
    switch state {
    case .lamp(let lamp):
      return DialogInfo(
        version: nextVersion, isFull: isFull || hasMissedEnd, entity: entity, dialog: dialogNumber, lamp: lamp
      ).serialised()
    case .mailbox(let summary): return summary.document(of: entity)
    case .presence(let presence): return presence.document(of: entity)
    }
  }

  /// Of a dialog whose end was never told, only the whole picture says that it is no more.
  private var hasMissedEnd: Bool {
    guard let told, case .lamp(let shown) = told.state else { return true }
    return told.dialog != dialogNumber && shown.state != .terminated
  }
}
