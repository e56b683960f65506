// The session timer of a leg (RFC 4028 §7 to §10): who refreshes does so at half the time, by UPDATE where the peer
// has it, else by the same description in a re-INVITE; whoever hears of no refresh in time ends the call.

import Basics
import Digests
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

struct SessionClock {
  /// The agreed interval; 0: no timer runs.
  var seconds: Int32 = 0
  /// Min-SE that a 422 made us take.
  var minimum: Int32 = 0
  /// We refresh.
  var isOurs = false
  /// An UPDATE of ours waits for its answer.
  var isAsking = false
  /// The peer allows UPDATE.
  var peerUpdates = false
  /// Nobody refreshed: the end.
  var endsAt = Instant.zero
  var credentialsUsed: UInt8 = 0

  /// What the peer says that it can.
  mutating func note(_ message: SIPMessage) {
    if message.has(.allow) { peerUpdates = message.list(.allow, contains: "UPDATE") }
  }

  /// The side that is not to refresh hangs up a little earlier, so that both find the same end (§10).
  var grace: Interval { .seconds(min(32, Int(seconds) / 3)) }

  /// Into a request of ours that refreshes.
  func write(to writer: inout MessageWriter) {
    guard seconds > 0 else { return }
    let value = SessionExpires(seconds: Int(seconds), refresher: isOurs ? .uac : .uas)
    writer.header(.sessionExpires, value.text)
    if minimum > 0 { writer.header(.minSE, number: Int(minimum)) }
  }
}

// MARK: - Agreeing

extension Leg {
  /// False, and answered, where a re-INVITE or UPDATE wants an interval that is too short.
  mutating func keepsTime(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ wire: inout Wire, at now: Instant
  ) -> Bool {
    clock.note(message)
    guard case .tooSmall(let minimum) = wire.sessionTimers.answer(to: message) else { return true }
    var writer = wire.response(422, to: message, tag: localTag)
    writer.header(.minSE, number: minimum)
    wire.respond(server, 422, writer.finish(), at: now)
    return false
  }

  /// Into the 200 to an INVITE or an UPDATE, and into the clock: it starts with `startClock`.
  mutating func writeClock(to request: SIPMessage, in writer: inout MessageWriter, _ wire: Wire) {
    guard request.method == .invite || request.method == .update else { return }
    writer.header(.supported, ByteString(Allowed.extensions))
    guard case .runs(let agreed, let requires) = wire.sessionTimers.answer(to: request) else {
      // An early UPDATE says nothing of the session to come.
      if phase != .calling { clock.seconds = 0 }
      return
    }
    clock.seconds = Int32(clamping: agreed.seconds)
    clock.isOurs = agreed.refresher == .uas
    writer.header(.sessionExpires, agreed.text)
    if requires { writer.header(.require, "timer") }
  }

  /// From our 2xx on.
  mutating func startClock(_ wire: inout Wire, at now: Instant) {
    clock.isAsking = false
    clock.credentialsUsed = 0
    guard clock.seconds > 0 else { return wire.timers.cancel(timer(.session)) }
    let length = Interval.seconds(Int(clock.seconds))
    clock.endsAt = now + length
    if !clock.isOurs { clock.endsAt = clock.endsAt - clock.grace }
    wire.timers.set(timer(.session), to: clock.isOurs ? now + .milliseconds(Int(clock.seconds) * 500) : clock.endsAt)
  }

  /// From their 2xx on: without Session-Expires no timer runs (§7.2).
  mutating func restartClock(by response: SIPMessage, _ wire: inout Wire, at now: Instant) {
    clock.note(response)
    let agreed = response.value(.sessionExpires).flatMap { SessionExpires($0) }
    clock.seconds = Int32(clamping: agreed.map { max($0.seconds, wire.sessionTimers.minimum) } ?? 0)
    clock.isOurs = agreed?.refresher != .uas
    startClock(&wire, at: now)
  }

  /// 422 to a request of ours inside the dialog: false where nothing is gained by another try.
  mutating func lengthenClock(_ response: SIPMessage?) -> Bool {
    guard let minimum = response?.minimumSessionExpires, minimum > Int(clock.seconds),
      minimum <= UserAgent.Limits.longestSession
    else { return false }
    clock.seconds = Int32(minimum)
    clock.minimum = Int32(minimum)
    return true
  }
}

// MARK: - Refreshing

extension Leg {
  mutating func sessionTimePassed(_ wire: inout Wire, at now: Instant) {
    guard phase == .established else { return }
    guard now < clock.endsAt else {
      wire.outbox.counters.sessionsExpired += 1
      wire.outbox.log(.notice, "sip.session-expired") { "nobody refreshed the session" }
      return lose(408, &wire, at: now)
    }
    wire.timers.set(timer(.session), to: clock.endsAt)
    probe(&wire, at: now)
  }

  /// Asks the peer whether the call is still there; the answer, or that there is none, decides.
  mutating func probe(_ wire: inout Wire, at now: Instant) {
    // Another exchange is under way and says as much.
    guard phase == .established, ownOffer == nil, question == nil, unacknowledged == nil, inquiry.isEmpty,
      !clock.isAsking
    else { return }
    if clock.peerUpdates { return sendUpdate(nil, &wire, at: now) }
    guard queuedOffer == nil, let agreed = session.local else { return }
    queuedOffer = agreed
    glareCount = 0
    offerQueued(&wire, at: now)
  }

  private mutating func sendUpdate(_ authorization: DigestClient.Answer?, _ wire: inout Wire, at now: Instant) {
    let branch = wire.branch()
    guard var writer = request(.update, branch: branch, wire) else { return }
    if let authorization { writer.header(authorization.header, authorization.value) }
    clock.isAsking = true
    wire.send(writer.finish(), .update, branch: branch, on: flow, for: ClientUse(.update, of: slot).packed, at: now)
  }

  mutating func updateAnswered(_ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant) {
    guard status >= 200, clock.isAsking else { return }
    clock.isAsking = false
    switch (status, response) {
    case (200..<300, let response?):
      refreshTarget(from: response)
      restartClock(by: response, &wire, at: now)
    case (401, let response?), (407, let response?):
      var used = Int(clock.credentialsUsed)
      let target = dialog?.remoteTarget ?? ""
      guard let answer = answer(response, .update, uri: target, used: &used, &wire) else { break }
      clock.credentialsUsed = UInt8(used)
      return sendUpdate(answer, &wire, at: now)
    case (422, _):
      if lengthenClock(response) { return sendUpdate(nil, &wire, at: now) }
    case (481, _), (408, _), (503, _): return lose(status, &wire, at: now)
    // It said that it can and cannot.
    case (405, _), (501, _):
      clock.peerUpdates = false
      return probe(&wire, at: now)
    // Something else is under way there: in a while (RFC 3261 §14.1).
    case (491, _), (500, _):
      let delay = Glare.delay(ownsCallID: dialog?.isCaller ?? false, random: UInt64(wire.tokens.number31()))
      if clock.seconds > 0, now + delay < clock.endsAt { wire.timers.set(timer(.session), to: now + delay) }
    default: break
    }
    offerQueued(&wire, at: now)
  }
}
