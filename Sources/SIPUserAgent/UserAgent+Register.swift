// Authenticating requests, and REGISTER from its challenge to its answer (RFC 3261 §10.3, §22).

import Basics
import SIPMessage
import SIPTransaction

extension UserAgent {
  /// The user who sent a request, if it claims to be `claimed`; otherwise the request is answered here. Whether a user
  /// exists shows in no answer.
  mutating func authenticate(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ flow: Flow, as claimed: ByteString?,
    at now: Instant
  ) -> ByteString? {
    let source = flow.remote.address
    if sourceGuard.isBlocked(source, at: now) {
      wire.outbox.counters.requestsOfBlocked += 1
      wire.respond(server, 403, to: message, at: now)
      return nil
    }
    switch digest.check(message, counters: &wire.outbox.counters, at: now) {
    case .accepted(let user):
      registrar.authenticated(user, in: message, true)
      if user == claimed { return user }
      wire.outbox.log(.warning, "sip.wrong-identity") {
        user + " spoke as " + (claimed ?? "").masked + " from " + flow.remote.text
      }
      wire.respond(server, 403, to: message, at: now)
      return nil
    case .missing: challenge(server, message, isStale: false, at: now)
    case .stale: challenge(server, message, isStale: true, at: now)
    case .failed(let user):
      registrar.authenticated(user, in: message, false)
      wire.outbox.counters.failedAuthentications += 1
      wire.outbox.log(.warning, "sip.authentication-failed") {
        ByteString(user.bytes.prefix(32)).masked + " from " + flow.remote.text
      }
      if sourceGuard.failed(source, at: now) {
        wire.outbox.counters.blockedSources += 1
        wire.outbox.log(.warning, "sip.source-blocked") { source.text }
      }
      challenge(server, message, isStale: false, at: now)
    }
    return nil
  }

  private mutating func challenge(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, isStale: Bool, at now: Instant
  ) {
    wire.outbox.counters.challenges += 1
    var writer = wire.response(401, to: message)
    digest.writeChallenge(to: &writer, isStale: isStale, at: now)
    wire.respond(server, 401, writer.finish(), at: now)
  }

  mutating func receiveRegister(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ flow: Flow, at now: Instant
  ) {
    // An address of record is a SIP URI (RFC 3261 §10.3 step 5, RFC 4475 §3.3.4).
    guard let claimed = message.toUser else { return wire.respond(server, 400, to: message, at: now) }
    guard let user = authenticate(server, message, flow, as: claimed, at: now) else { return }
    let answer = registrar.register(message, user: user, flow: flow, wall: wall(at: now), wire: &wire, at: now)
    switch answer {
    case .registered:
      wire.outbox.counters.registrations += 1
      subscriptions.follow(user, registrar.bindings(of: user), &wire)
      var writer = wire.response(200, to: message)
      for binding in registrar.bindings(of: user) { writer.header(.contact, binding.header(at: now)) }
      wire.respond(server, 200, writer.finish(), at: now)
    case .tooBrief(let minimum):
      wire.outbox.counters.registrationsRefused += 1
      var writer = wire.response(423, to: message)
      writer.header(.minExpires, number: minimum)
      wire.respond(server, 423, writer.finish(), at: now)
    case .refused(let status):
      wire.outbox.counters.registrationsRefused += 1
      wire.respond(server, status, to: message, at: now)
    }
  }
}

extension Registrar.Binding {
  /// Its Contact in the answer: with the whole seconds left, never 0 while it lives.
  fileprivate func header(at now: Instant) -> ByteString {
    var writer = ByteWriter(capacity: contact.count + 24)
    writer.append("<")
    writer.append(contact.bytes)
    writer.append(">;expires=")
    writer.append(decimal: max(1, (expires - now).seconds))
    return ByteString(writer.bytes)
  }
}
