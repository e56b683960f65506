// Registering with a provider (RFC 3261 §10.2): refreshed in time, tried again with growing pauses, 423 obeyed.

import Basics
import SIPDialog
import SIPMessage
import SIPTransaction

extension Trunks {
  /// A new REGISTER round.
  mutating func register(_ position: Int, _ wire: inout Wire, at now: Instant) {
    guard trunks[position].account != nil else { return }
    trunks[position].credentialsUsed = 0
    if trunks[position].registration != .registered { trunks[position].registration = .trying }
    trunks[position].localTag = wire.tag()
    sendRegister(position, nil, &wire, at: now)
  }

  private mutating func sendRegister(
    _ position: Int, _ authorization: DigestClient.Answer?, _ wire: inout Wire, at now: Instant
  ) {
    trunks[position].sequence &+= 1
    trunks[position].branch = wire.branch()
    let trunk = trunks[position]
    let account = trunk.account ?? ""
    let via = wire.via(trunk.branch, on: trunk.flow)
    var writer = MessageWriter.request(.register, trunk.uri("").text)
    writer.via(
      transport: via.transport, sentBy: via.sentBy, branch: trunk.branch,
      asksKeep: trunk.flow.transport.isReliable)
    writer.header(.maxForwards, "70")
    writer.header(.from, NameAddress(uri: trunk.uri(account), tag: trunk.localTag))
    writer.header(.to, NameAddress(uri: trunk.uri(account)))
    writer.header(.callID, trunk.callID)
    writer.cseq(trunk.sequence, .register)
    writer.header(.contact, wire.contact(account, on: trunk.flow))
    writer.header(.expires, number: trunk.wish)
    writer.header(.userAgent, wire.agentName)
    if let authorization { writer.header(authorization.header, authorization.value) }
    let use = ClientUse(.register, of: id(position)).packed
    wire.send(writer.finish(), .register, branch: trunk.branch, on: trunk.flow, for: use, at: now)
  }

  mutating func registerAnswered(
    _ position: Int, _ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant
  ) {
    switch status {
    case 200..<300:
      guard let response else { return }
      registered(position, response, &wire, at: now)
    case 401, 407:
      guard let response, let answer = answer(position, response, &wire) else {
        return registrationFailed(position, status, &wire, at: now)
      }
      sendRegister(position, answer, &wire, at: now)
    case 423:
      let minimum = response?.value(.minExpires).flatMap { Int(decimalDigits: $0) } ?? 0
      guard minimum > trunks[position].wish, minimum <= 86_400 else {
        return registrationFailed(position, status, &wire, at: now)
      }
      trunks[position].wish = minimum
      trunks[position].credentialsUsed = 0
      sendRegister(position, nil, &wire, at: now)
    default:
      registrationFailed(position, status, &wire, at: now)
    }
  }

  private mutating func answer(
    _ position: Int, _ response: SIPMessage, _ wire: inout Wire
  ) -> DigestClient.Answer? {
    guard let credentials = trunks[position].credentials else { return nil }
    let clientNonce = wire.tag()
    guard
      let answer = DigestClient.answer(
        response, method: .register, uri: trunks[position].uri("").text, credentials: credentials,
        clientNonce: clientNonce),
      trunks[position].credentialsUsed == 0
        || answer.isStale && trunks[position].credentialsUsed < UserAgent.Limits.credentialsPerRequest
    else { return nil }
    trunks[position].credentialsUsed += 1
    return answer
  }

  private mutating func registered(_ position: Int, _ response: SIPMessage, _ wire: inout Wire, at now: Instant) {
    let granted = max(Self.granted(response, to: trunks[position]), 10)
    trunks[position].registration = .registered
    trunks[position].failures = 0
    trunks[position].registeredUntil = now + .seconds(granted)
    // Refreshed at 80 % of the time, which leaves several tries before the end.
    let refresh = now + .milliseconds(granted * 800)
    wire.timers.set(TimerKey(.register, of: id(position)), to: refresh)
    wire.timers.set(TimerKey(.registrationEnd, of: id(position)), to: trunks[position].registeredUntil)
    update(position, why: "registered for " + ByteString(granted) + " s", &wire, at: now)
  }

  /// The expiry of our contact in the answer, else that of the whole answer, else what we wished.
  private static func granted(_ response: SIPMessage, to trunk: Trunk) -> Int {
    let own = response.contacts.first { $0.uri.user == trunk.account } ?? response.contacts.first
    return own?.expires ?? response.expires ?? trunk.wish
  }

  private mutating func registrationFailed(_ position: Int, _ status: Int, _ wire: inout Wire, at now: Instant) {
    let trunk = trunks[position]
    trunks[position].failures += 1
    if trunk.registration != .registered { trunks[position].registration = .waiting }
    let doubled = UserAgent.Limits.registrationRetry * (1 << min(trunk.failures, 10))
    let pause = min(doubled, UserAgent.Limits.registrationRetryMaximum)
    wire.timers.set(TimerKey(.register, of: id(position)), to: now + pause)
    wire.outbox.log(.warning, "trunk.registration-failed") {
      trunk.settings.name + ": status " + ByteString(status) + ", again in " + ByteString(pause.seconds) + " s"
    }
    // A refusal ends what there was; silence leaves it until its time is up.
    if status != 408 && status != 503 { registrationEnded(position, &wire, at: now) }
  }

  mutating func registrationEnded(_ position: Int, _ wire: inout Wire, at now: Instant) {
    trunks[position].registeredUntil = nil
    if trunks[position].registration == .registered { trunks[position].registration = .waiting }
    wire.timers.cancel(TimerKey(.registrationEnd, of: id(position)))
    update(position, why: "not registered", &wire, at: now)
  }
}
