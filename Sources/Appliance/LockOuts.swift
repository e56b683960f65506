// Wrong passwords, and who has to wait for them. Three bounds: of a name at a place, so that a stranger who types it wrongly
// locks out nobody but the stranger; of a place, whatever the names; and, slower, of a name from anywhere over the network,
// which neither a serial line nor the Unix socket obeys, nor a place where that name has logged in rightly before.

import Basics

struct LockOuts {
  enum Limits {
    /// Wrong passwords in a row until a name at a place has to wait, and a place whatever the name.
    static let failuresOfPair = 5
    static let failuresOfPlace = 20
    /// How long then; twice as long with each further one, up to the other.
    static let wait = Interval.seconds(30)
    static let waitMax = Interval.minutes(60)
    /// Wrong passwords that a name has in store against the whole network, and how fast they come back.
    static let failuresOfName = 30
    static let failureComesBackAfter = Interval.minutes(1)
    /// Names at places, places, names: of each so many are remembered. The ones with the fewest failures are forgotten
    /// first, so that many that are made up do not push out the one that is guessed at.
    static let remembered = 64
    /// Where somebody has logged in rightly.
    static let known = 32
  }

  struct Attempt: Equatable {
    var name: ByteString
    var place: ByteString
    /// Somebody who is not in the house, for all that is known.
    var isRemote: Bool

    fileprivate var pair: ByteString { name + "@" + place }
  }

  private var pairs = FailureTable(most: Limits.failuresOfPair)
  private var places = FailureTable(most: Limits.failuresOfPlace)
  /// When all that a name has in store is there again; the one with the most in store is forgotten first.
  private var names: [(name: ByteString, fullAt: Instant)] = []
  /// Oldest first.
  private var known: [Attempt] = []
  /// Since the start.
  private(set) var begun = 0

  var limitUses: [LimitUse] {
    [
      LimitUse(
        "names-with-wrong-passwords", most: Limits.remembered, used: max(pairs.count, places.count, names.count),
        hits: pairs.forgotten + places.forgotten),
      LimitUse("wrong-passwords-in-a-row", most: Limits.failuresOfPair, hits: begun),
    ]
  }

  // MARK: Waiting

  /// nil: not at all.
  func wait(_ attempt: Attempt, at now: Instant) -> Interval? {
    var until = max(pairs.until(attempt.pair), places.until(attempt.place))
    if attempt.isRemote, !known.contains(attempt) { until = max(until, hasAgain(attempt.name)) }
    return until > now ? until - now : nil
  }

  /// When a name has one failure in store again.
  private func hasAgain(_ name: ByteString) -> Instant {
    guard let fullAt = names.first(where: { $0.name == name })?.fullAt else { return .zero }
    return fullAt - Limits.failureComesBackAfter * (Limits.failuresOfName - 1)
  }

  // MARK: What came out

  mutating func succeeded(_ attempt: Attempt) {
    pairs.forgive { $0.key == attempt.pair }
    places.forgive { $0.key == attempt.place }
    known.removeAll { $0 == attempt }
    if known.count == Limits.known { known.removeFirst() }
    known.append(attempt)
  }

  /// - Returns: what has to wait from now on, for the log.
  mutating func failed(_ attempt: Attempt, at now: Instant) -> [ByteString] {
    var waiting: [ByteString] = []
    if pairs.blame(attempt.pair, of: attempt.name, at: now) { waiting.append(attempt.pair) }
    if places.blame(attempt.place, of: attempt.place, at: now) { waiting.append("all at " + attempt.place) }
    if attempt.isRemote, spend(attempt.name, at: now) { waiting.append(attempt.name + " from the network") }
    begun += waiting.count
    return waiting
  }

  /// Whether it was the last one.
  private mutating func spend(_ name: ByteString, at now: Instant) -> Bool {
    let before = names.first { $0.name == name }?.fullAt ?? now
    names.removeAll { $0.name == name || $0.fullAt <= now }
    if names.count == Limits.remembered {
      let first = names.indices.min { names[$0].fullAt < names[$1].fullAt }
      if let first { names.remove(at: first) }
    }
    names.append((name, max(now, before) + Limits.failureComesBackAfter))
    return hasAgain(name) > now
  }

  // MARK: A person's word

  /// Whether wrong passwords of this name, or of somebody at this place, are remembered.
  func isBlamed(_ name: ByteString) -> Bool {
    pairs.has(name) || places.has(name) || names.contains { $0.name == name }
  }

  /// Names and places whose wrong passwords are remembered, as `clear lockout` takes them.
  var blamed: [ByteString] {
    (pairs.names + places.names + names.map { $0.name }).reduce(into: []) { known, name in
      if !known.contains(name) { known.append(name) }
    }
  }

  /// All of a name, wherever it was said; or of a place.
  mutating func forgiveAll(_ name: ByteString) {
    pairs.forgive { $0.name == name || $0.key == name }
    places.forgive { $0.key == name }
    names.removeAll { $0.name == name }
  }
}

/// Failures in a row, by what has failed.
private struct FailureTable {
  struct Entry {
    var key: ByteString
    var name: ByteString
    var count: Int
    var until: Instant
  }

  /// From so many on it has to wait.
  let most: Int
  private var entries: [Entry] = []
  private(set) var forgotten = 0

  init(most: Int) { self.most = most }

  var count: Int { entries.count }
  var names: [ByteString] { entries.map { $0.name } }
  func has(_ name: ByteString) -> Bool { entries.contains { $0.name == name || $0.key == name } }

  func until(_ key: ByteString) -> Instant {
    entries.first { $0.key == key && $0.count >= most }?.until ?? .zero
  }

  /// Whether it has to wait from now on.
  mutating func blame(_ key: ByteString, of name: ByteString, at now: Instant) -> Bool {
    var entry = entries.first { $0.key == key } ?? Entry(key: key, name: name, count: 0, until: now)
    entries.removeAll { $0.key == key }
    entry.count += 1
    let doublings = max(0, min(16, entry.count - most))
    entry.until = now + min(LockOuts.Limits.waitMax, LockOuts.Limits.wait * (1 << doublings))
    if entries.count == LockOuts.Limits.remembered, let least = entries.indices.min(by: { isBefore($0, $1) }) {
      entries.remove(at: least)
      forgotten += 1
    }
    entries.append(entry)
    return entry.count >= most
  }

  /// Of the same number the older one.
  private func isBefore(_ a: Int, _ b: Int) -> Bool { (entries[a].count, a) < (entries[b].count, b) }

  mutating func forgive(_ isMeant: (Entry) -> Bool) { entries.removeAll(where: isMeant) }
}
