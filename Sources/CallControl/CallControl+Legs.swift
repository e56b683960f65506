// Ringing and answering: what one leg does, and what follows for the other.

import ACD
import Basics
import Journal
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

// MARK: - Outgoing legs

extension CallControl {
  mutating func nextLegID() -> LegID {
    lastLegNumber &+= 2
    return LegID(number: lastLegNumber)
  }

  /// Makes the second leg of a call and rings it.
  mutating func ring(
    _ number: CallNumber, _ party: Party, dialling digits: ByteString, for time: Interval? = nil, at now: Instant
  ) {
    guard let call = calls[number] else { return }
    let preferred = call.first.flatMap { legs[$0]?.remote }
    guard let id = invite(party, dialling: digits, role: .callee, for: call, preferring: preferred) else {
      return refuse(number, status: 503, at: now)
    }
    calls[number]?.second = id
    calls[number]?.phase = .ringing
    deadlines.set(number, to: now + (time ?? Self.ringTime(party, call)))
    if let first = call.first, legs[first]?.isAnswered == true { say(.start(.ringback), to: first) }
  }

  private static func ringTime(_ party: Party, _ call: Call) -> Interval {
    if let transfer = call.transfer, !transfer.isReturning { return Limits.transferRingTime }
    switch party {
    case .user, .itself: return Limits.ringTime
    case .trunk: return Limits.outsideRingTime
    }
  }

  /// Opens a stream and sends an INVITE; nil when there is no port for the sound.
  mutating func invite(
    _ party: Party, dialling digits: ByteString, role: Role, for call: Call, preferring: SessionDescription?,
    identity: CallbackFact.Leg? = nil
  ) -> LegID? {
    let id = nextLegID()
    var leg = Leg(id: id, call: call.number, role: role, party: party)
    guard let stream = openStream(for: id) else {
      counters.withoutPort += 1
      log(.warning, "media.ports", call.number, "no free port for another stream")
      return nil
    }
    leg.stream = stream
    lastSessionID += 1
    let offer = SessionDescription.offer(
      codecs: Self.codecOrder(preferring: preferring), address: .anyV4, port: port(of: stream),
      sessionID: lastSessionID, sessionVersion: 1, direction: .sendrecv)
    leg.local = offer
    legs[id] = leg
    if Self.countsAsOwn(role) { started(party) }
    outputs.append(
      .agent(.invite(id, invitation(for: call, party, digits, role: role, offer: offer, identity: identity))))
    return id
  }

  private func invitation(
    for call: Call, _ party: Party, _ digits: ByteString, role: Role, offer: SessionDescription,
    identity: CallbackFact.Leg?
  ) -> UserAgent.Invitation {
    switch party {
    case .user(let user):
      return UserAgent.Invitation(
        target: .user(user), callerNumber: call.shownCaller.number, callerName: shownName(of: call, role), offer: offer,
        autoAnswer: call.extra.value?.autoAnswers ?? false, referrer: call.transfer?.user ?? "")
    case .itself: return UserAgent.Invitation(target: .itself, callerNumber: call.from, offer: offer)
    case .trunk(let name):
      if let origin = origin(of: call, role, on: name, digits) {
        return UserAgent.Invitation(
          target: .trunk(name, number: digits), callerNumber: call.shownCaller.number,
          callerName: call.shownCaller.name, offer: offer, origin: origin)
      }
      let ownNumber = settings.trunks.first { $0.name == name }?.callerNumber ?? ""
      var shown = ownNumber.isEmpty ? call.shownCaller.number : ownNumber
      if let callback = call.callback, !callback.presenting.isEmpty { shown = callback.presenting }
      return UserAgent.Invitation(
        target: .trunk(name, number: digits), callerNumber: shown, callerName: "", offer: offer, identity: identity)
    }
  }

  /// An agent sees for which queue the phone rings, then who calls.
  private func shownName(of call: Call, _ role: Role) -> ByteString {
    guard case .offered = role, case .queued(let name) = call.phase else { return call.shownCaller.name }
    let queue = settings.queues.first { $0.name == name }?.displayName ?? name
    return Self.shownName(queue: queue, caller: call.shownCaller.name)
  }

  static func shownName(queue: ByteString, caller: ByteString) -> ByteString {
    caller.isEmpty ? queue : queue + ": " + caller
  }

  /// The leg of an offer does not make its agent busy elsewhere: the distributor knows of it.
  static func countsAsOwn(_ role: Role) -> Bool {
    switch role {
    case .offered, .agent, .echo: false
    case .caller, .callee, .candidate, .transferor, .customer, .elsewhere, .tested: true
    }
  }
}

// MARK: - What legs report

extension CallControl {
  mutating func progress(_ id: LegID, _ status: Int, _ description: SessionDescription?, at now: Instant) {
    guard let leg = legs[id], !leg.isEnding, !leg.isAnswered, status > 100 else { return }
    legs[id]?.hasProgressed = true
    touched(leg.party)
    switch leg.role {
    case .offered(let offer): outputs.append(.distributor(.ringing(offer)))
    case .callee: calleeProgressed(leg, status, Self.usable(description))
    case .customer(let attempt): outputs.append(.distributor(.attemptRinging(attempt)))
    case .tested: testRings(leg, status, at: now)
    case .candidate: candidateRings(leg)
    case .transferor, .caller, .agent, .elsewhere, .echo: break
    }
  }

  /// With early media the caller hears what the callee's side plays.
  private mutating func calleeProgressed(_ leg: Leg, _ status: Int, _ description: SessionDescription?) {
    guard let first = calls[leg.call]?.first, let caller = legs[first], !caller.isEnding else { return }
    if let description { legs[leg.id]?.remote = description }
    transferRings(leg.call)
    guard description != nil, answer(first) else {
      if !caller.isAnswered { outputs.append(.agent(.progress(first, status: status, nil))) }
      return
    }
    retarget(leg.id)
    // An answered caller was given a ringing tone.
    if caller.isAnswered { say(.stop, to: first) }
    join(first, leg.id)
    if !caller.isAnswered { outputs.append(.agent(.progress(first, status: status, legs[first]?.local))) }
  }

  mutating func accepted(_ id: LegID, _ description: SessionDescription?, remoteTag: ByteString, at now: Instant) {
    guard let leg = legs[id], !leg.isEnding else { return }
    guard let description = Self.usable(description ?? leg.remote) else { return unusable(leg, at: now) }
    legs[id]?.isAnswered = true
    touched(leg.party)
    legs[id]?.remote = description
    retarget(id)
    switch leg.role {
    case .callee: calleeAnswered(leg.call, id, at: now)
    case .offered(let offer): agentAnswered(offer, id)
    case .customer(let attempt): customerAnswered(attempt, id, remoteTag: remoteTag)
    case .elsewhere: elsewhereAnswered(leg)
    case .tested: testAnswered(leg, at: now)
    case .candidate: candidateAnswered(leg, at: now)
    case .caller: recallAnswered(leg.call, at: now)
    case .transferor, .agent, .echo: break
    }
  }

  /// It answered, but there is no sound that both sides know.
  private mutating func unusable(_ leg: Leg, at now: Instant) {
    log(.warning, "media.no-codec", leg.call, "an answer without a common codec")
    legs[leg.id]?.failure = 488
    hangUp(leg.id, status: 488)
    if leg.role == .callee { refuse(leg.call, status: 488, at: now) }
    if leg.role == .candidate { huntOn(leg.call, at: now) }
  }

  mutating func calleeAnswered(_ number: CallNumber, _ id: LegID, at now: Instant) {
    guard let first = calls[number]?.first, let caller = legs[first], !caller.isEnding else {
      return hangUp(id, status: 487)
    }
    deadlines.cancel(number)
    guard acceptCaller(first) else { return end(number, status: 488, at: now) }
    if caller.isAnswered { say(.stop, to: first) }
    calls[number]?.phase = .talking
    markAnswered(number)
    join(first, id)
    transferWorked(number)
    log(.info, "call.answered", number)
  }

  mutating func markAnswered(_ number: CallNumber) {
    guard calls[number]?.answeredAt == nil else { return }
    calls[number]?.answeredAt = wall
    calls[number]?.status = 200
    counters.answered += 1
  }
}
