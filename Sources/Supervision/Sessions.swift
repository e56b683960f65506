// Who is logged in at the page: a session has a token that only the browser's cookie holds, and another one that only the
// page's script knows, so that no other site can give an order in its name.

import Basics
import Digests

struct Session {
  let number: UInt64
  let token: [UInt8]
  let csrf: [UInt8]
  let name: ByteString
  /// Where the person was seen to be at the log-in.
  let place: ByteString
  /// By the daemon's word then. It is the daemon that says yes or no to each request.
  let role: ByteString
  let language: ByteString
  var touchedAt: Instant

  /// In whose name the daemon is asked.
  var prefix: ByteString { ByteString("as ") + name + "@" + place + " " }
  /// A display on the wall: it stays as long as it is open, since it can do nothing.
  var onlySees: Bool { role == "read-only" }
}

struct Sessions {
  static let cookie: ByteString = "__Host-session"

  private(set) var all: [Session] = []
  private var lastNumber: UInt64 = 0

  subscript(_ number: UInt64) -> Session? { all.first { $0.number == number } }

  /// Looks at every session, in a time that tells nothing of their tokens.
  func of(_ request: WebRequest) -> Session? {
    guard let token = request.cookie(Self.cookie) else { return nil }
    var found: Session?
    for session in all where Digests.equal(session.token, token) { found = session }
    return found
  }

  /// Who is to leave for the next log-in: whoever was idle longest, if possible one with no browser that watches.
  func leaving(watched: [UInt64]) -> UInt64? {
    guard all.count >= SupervisionLimits.sessions else { return nil }
    let idle = all.filter { !watched.contains($0.number) }
    return (idle.isEmpty ? all : idle).min { $0.touchedAt < $1.touchedAt }?.number
  }

  mutating func begin(
    _ name: ByteString, at place: ByteString, role: ByteString, language: ByteString, tokens: inout TokenSource,
    at now: Instant
  ) -> Session {
    lastNumber += 1
    let session = Session(
      number: lastNumber, token: tokens.token(bytes: SupervisionLimits.tokenBytes).bytes,
      csrf: tokens.token(bytes: SupervisionLimits.tokenBytes).bytes, name: name, place: place, role: role,
      language: language, touchedAt: now)
    all.append(session)
    return session
  }

  mutating func touch(_ number: UInt64, at now: Instant) {
    for index in all.indices where all[index].number == number { all[index].touchedAt = now }
  }

  mutating func end(_ number: UInt64) { all.removeAll { $0.number == number } }

  // MARK: Time

  /// Those that nobody has touched for too long.
  func idle(watched: [UInt64], at now: Instant) -> [UInt64] {
    all.filter { Self.deadline($0, watched) <= now }.map { $0.number }
  }
  func nextDeadline(watched: [UInt64]) -> Instant? {
    all.map { Self.deadline($0, watched) }.min().flatMap { $0 == .never ? nil : $0 }
  }

  private static func deadline(_ session: Session, _ watched: [UInt64]) -> Instant {
    session.onlySees && watched.contains(session.number) ? .never : session.touchedAt + SupervisionLimits.idle
  }
}
