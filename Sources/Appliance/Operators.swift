// People who operate the box: who asks, what they may do, whose password is looked at, and who else changes the
// configuration.
//
// A request begins with `as NAME@PLACE` where a program that the system trusts speaks for a person: the console, after a
// log-in. Without that it is the user of the system himself. It checks no password: that takes too long for the core.

import Basics
import BranchConfiguration
import Configuration

/// Who is at the other end of the control socket, by the system's word.
public enum Peer: Hashable, Sendable {
  /// The superuser, or the user the box itself runs as; by number, nil where the system does not say.
  case trusted(Int?)
  /// Another user of the box's group; by name, empty where it has none.
  case user(ByteString)
  /// The supervisor's page, by a channel of this number; a later one has a higher number.
  case page(UInt64)
}

struct Operators {
  enum Limits {
    /// Log-ins whose password is being checked at once.
    static let checks = 4
    /// How long somebody counts as editing without a word.
    static let editing = Interval.seconds(30)
    static let editors = 16
  }

  /// Somebody, and what is asked.
  struct Caller: Equatable {
    var name: ByteString
    /// For the audit log: `lee@ttyS0`, `console:0`.
    var who: ByteString
    /// nil: nobody whom the box knows.
    var role: Role?
  }

  struct Check {
    var client: UInt64
    var caller: Caller
    var place: ByteString
    /// The page's channel, if it was by that.
    var page: UInt64?

    fileprivate var attempt: LockOuts.Attempt {
      LockOuts.Attempt(name: caller.name, place: place, isRemote: page != nil)
    }
  }

  var lockOuts = LockOuts()
  private(set) var checks: [UInt64: Check] = [:]
  private var lastTicket: UInt64 = 0
  private var editors: [(who: ByteString, until: Instant)] = []
  /// Log-ins that were refused since the start.
  private(set) var refusedLogins = 0
  var page = PageGuests()

  var limitUses: [LimitUse] {
    lockOuts.limitUses + [
      LimitUse("password-checks", most: Limits.checks, used: checks.count),
      LimitUse("people-editing", most: Limits.editors, used: editors.count),
      page.limitUse,
    ]
  }

  // MARK: Who

  /// - Returns: who asks, and the words that are asked.
  static func identify(
    _ words: ArraySlice<ByteString>, _ peer: Peer, _ users: [BranchSettings.User]
  ) -> (caller: Caller, rest: ArraySlice<ByteString>) {
    let claimed = words.first == "as" ? words.dropFirst().first : nil
    let rest = claimed == nil ? words : words.dropFirst(2)
    let parts = claimed.map { split($0) }
    switch peer {
    case .trusted(let number):
      guard let parts else {
        let who: ByteString = number.map { "console:" + ByteString($0) } ?? "console"
        return (Caller(name: "root", who: who, role: .technician), rest)
      }
      let known = users.first { $0.name == parts.name }?.role
      let isRoot = parts.name == "root" || parts.name.isEmpty
      return (
        Caller(name: parts.name, who: parts.whole, role: known ?? (isRoot || users.isEmpty ? .technician : nil)), rest
      )
    case .user(let name):
      // Nobody can speak for others.
      let place = parts.map { "@" + $0.place } ?? ""
      let known = users.first { $0.name == name }?.role
      return (Caller(name: name, who: name + place, role: users.isEmpty ? .technician : known ?? .readOnly), rest)
    case .page:
      // Whether the person has logged in is looked at by `PageGuests`.
      guard let parts else { return (Caller(name: "", who: "page", role: nil), rest) }
      return (
        Caller(name: parts.name, who: parts.whole, role: users.first { $0.name == parts.name }?.role), rest
      )
    }
  }

  private static func split(_ claimed: ByteString) -> (name: ByteString, place: ByteString, whole: ByteString) {
    guard let at = claimed.bytes.firstIndex(of: UInt8(ascii: "@")) else { return ("", claimed, claimed) }
    return (ByteString(claimed.bytes[..<at]), ByteString(claimed.bytes[(at + 1)...]), claimed)
  }

  // MARK: Log-ins

  /// How long somebody has to wait; nil: not at all.
  func lockedOut(_ caller: Caller, page: UInt64?, at now: Instant) -> Interval? {
    let place = Self.split(caller.who).place
    return lockOuts.wait(LockOuts.Attempt(name: caller.name, place: place, isRemote: page != nil), at: now)
  }

  /// nil: too many are being checked.
  mutating func beginCheck(_ caller: Caller, for client: UInt64, page: UInt64?) -> UInt64? {
    guard checks.count < Limits.checks else { return nil }
    lastTicket += 1
    checks[lastTicket] = Check(client: client, caller: caller, place: Self.split(caller.who).place, page: page)
    return lastTicket
  }

  /// - Returns: what was checked, and what has to wait from now on.
  mutating func endCheck(_ ticket: UInt64, isRight: Bool, at now: Instant) -> (Check, lockedOut: [ByteString])? {
    guard let check = checks.removeValue(forKey: ticket) else { return nil }
    guard isRight else {
      refusedLogins += 1
      return (check, lockOuts.failed(check.attempt, at: now))
    }
    lockOuts.succeeded(check.attempt)
    return (check, [])
  }

  // MARK: Editing

  /// Who else changes the configuration.
  mutating func edits(_ who: ByteString, at now: Instant) -> [ByteString] {
    editors.removeAll { $0.who == who || $0.until <= now }
    if editors.count < Limits.editors { editors.append((who, now + Limits.editing)) }
    return editors.filter { $0.who != who }.map { $0.who }
  }

  mutating func stopsEditing(_ who: ByteString) { editors.removeAll { $0.who == who } }
}
