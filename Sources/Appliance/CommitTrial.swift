// A commit that waits for its confirmation, on trial: no worse than before. The phones that were there and the trunks that
// could be used must be there again soon, and what the configuration asserts must hold.
//
// Trunks are asked by OPTIONS when they are configured, and phones register by themselves: it looks. What it has done is a
// call of the box to itself, over the new listeners and ports.

import Basics
import BranchConfiguration
import CallControl
import Revisions
import SIPUserAgent

struct CommitTrial {
  enum Limits {
    /// How often it looks.
    static let every = Interval.seconds(2)
    /// How long a phone or a trunk may be away: a trunk that does not answer twice is down after ten seconds, a phone on a
    /// stream has to connect anew.
    static let grace = Interval.seconds(30)
    /// How long after the commit, or after a call that failed, the box calls itself.
    static let beforeCall = Interval.seconds(2)
  }

  /// The call to itself.
  private enum Loop {
    case due(Instant)
    case underWay
    case passed
  }

  /// What it looks at.
  struct View {
    /// Extensions with a phone, and those that are configured.
    var registered: Set<ByteString>
    /// Of these, those whose phone gives a wrong password now.
    var refused: Set<ByteString>
    var extensions: Set<ByteString>
    /// Trunks that can be used, and those that are configured.
    var up: Set<ByteString>
    var trunks: Set<ByteString>
    var assertions: [BranchSettings.Assertion]
  }

  /// A thing that is missing, in the words of the reason, and since when.
  private struct Lack {
    var what: ByteString
    var since: Instant
  }

  private let phones: [ByteString]
  private let trunks: [ByteString]
  private var lacks: [Lack] = []
  private var loop: Loop
  /// Why the latest call to itself failed.
  private var loopFailure: ByteString?
  private(set) var nextDeadline: Instant

  /// - Parameter before: as it was with the configuration that runs no more.
  init(before: View, at now: Instant) {
    phones = before.registered.sorted()
    trunks = before.up.sorted()
    loop = .due(now + Limits.beforeCall)
    nextDeadline = now + Limits.every
  }

  /// Whether the box is to call itself now: once, and again after a failure.
  mutating func wantsCall(at now: Instant) -> Bool {
    guard case .due(let time) = loop, time <= now else { return false }
    loop = .underWay
    return true
  }

  /// - Parameter failure: nil: all was well.
  mutating func probed(_ failure: ByteString?, at now: Instant) {
    loopFailure = failure
    loop = failure == nil ? .passed : .due(now + Limits.beforeCall)
  }

  /// - Returns: why it is worse than before; nil: it is not, or not for long enough.
  mutating func look(_ view: View, at now: Instant) -> ByteString? {
    nextDeadline = now + Limits.every
    let missing = missing(view)
    lacks.removeAll { !missing.contains($0.what) }
    for what in missing where !lacks.contains(where: { $0.what == what }) { lacks.append(Lack(what: what, since: now)) }
    guard let lack = lacks.first(where: { now - $0.since >= Limits.grace }) else { return nil }
    return lack.what
  }

  /// What is missing now, for a person who is about to confirm.
  func missing(_ view: View) -> [ByteString] {
    var missing: [ByteString] = []
    for phone in phones where view.refused.contains(phone) {
      missing.append("phone " + phone + " is refused, its password is another")
    }
    // Who is not configured any more is not missed.
    for phone in phones where view.extensions.contains(phone) && !view.registered.contains(phone) {
      missing.append("phone " + phone + " is not registered any more")
    }
    for trunk in trunks where view.trunks.contains(trunk) && !view.up.contains(trunk) {
      missing.append("trunk " + trunk + " does not answer any more")
    }
    if let loopFailure { missing.append("a call of the box to itself fails: " + loopFailure) }
    for assertion in view.assertions where !Self.holds(assertion, view) {
      missing.append("assert " + assertion.text + " does not hold")
    }
    return missing
  }

  private static func holds(_ assertion: BranchSettings.Assertion, _ view: View) -> Bool {
    switch assertion {
    // Judged when it was verified.
    case .route: true
    case .registered(let number): view.registered.contains(number)
    case .up(let trunk): view.up.contains(trunk)
    }
  }
}

extension Appliance {
  /// As it stands now.
  func trialView(at now: Instant) -> CommitTrial.View {
    let phones = agent.registrations(at: now)
    return CommitTrial.View(
      registered: Set(phones.map { $0.user }), refused: Set(phones.filter { $0.isRefused }.map { $0.user }),
      extensions: Set(settings.userAgent.users.map { $0.name }),
      up: Set(agent.trunkViews.filter { $0.isUp }.map { $0.name }), trunks: Set(settings.trunks.map { $0.name }),
      assertions: settings.assertions)
  }

  /// Begins with a commit that waits for its confirmation, and ends with it. To be called before anything changes.
  mutating func beginTrial(of revision: UInt64, at now: Instant) {
    guard let state = configurations.revisions?.state, state.confirmation != nil, UInt64(state.running) == revision
    else {
      trial = nil
      return
    }
    // After a start nobody knows what was there before it.
    if trial == nil { trial = CommitTrial(before: trialView(at: now), at: now) }
  }

  mutating func advanceTrial(to now: Instant) {
    guard let due = trial?.nextDeadline, due <= now else { return }
    guard configurations.revisions?.state.confirmation != nil else {
      trial = nil
      return
    }
    // Where no listener is of IPv4 there is no such call.
    if agent.canCallItself, trial?.wantsCall(at: now) == true { begin(TestCall(.itself), for: .trial) }
    let view = trialView(at: now)
    guard let reason = trial?.look(view, at: now) else { return }
    trial = nil
    configurations.handle(.worse(reason), at: now)
  }

  /// What comes for the configurations; a commit on trial is not confirmed while something is missing.
  mutating func accept(_ input: ConfigurationKeeper.Input, at now: Instant) {
    if case .order(let client, .confirm, _) = input, let lack = trial?.missing(trialView(at: now)).first {
      return configurations.refuse(client, .confirm, "worse", detail: lack)
    }
    configurations.handle(input, at: now)
  }
}
