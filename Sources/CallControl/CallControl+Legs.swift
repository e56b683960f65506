// Ringing, answering and ending: what one leg does, and what follows for the other.

import ACD
import Basics
import Journal
import MediaEngine
import SDP
import SIPUserAgent

// MARK: - Outgoing legs

extension CallControl {
  mutating func nextLegID() -> LegID {
    lastLegNumber &+= 2
    return LegID(number: lastLegNumber)
  }

  /// Makes the second leg of a call and rings it.
  mutating func ring(_ number: CallNumber, _ party: Party, dialling digits: ByteString, at now: Instant) {
    guard let call = calls[number] else { return }
    let preferred = call.first.flatMap { legs[$0]?.remote }
    guard let id = invite(party, dialling: digits, role: .callee, for: call, preferring: preferred) else {
      return refuse(number, status: 503, at: now)
    }
    calls[number]?.second = id
    calls[number]?.phase = .ringing
    deadlines.set(number, to: now + Limits.ringTime)
    if let first = call.first, legs[first]?.isAnswered == true { say(.ringback, to: first) }
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
        target: .user(user), callerNumber: call.from, callerName: shownName(of: call, role), offer: offer)
    case .trunk(let name):
      let ownNumber = settings.trunks.first { $0.name == name }?.callerNumber ?? ""
      var shown = ownNumber.isEmpty ? call.from : ownNumber
      if let callback = call.callback, !callback.presenting.isEmpty { shown = callback.presenting }
      return UserAgent.Invitation(
        target: .trunk(name, number: digits), callerNumber: shown, callerName: "", offer: offer, identity: identity)
    }
  }

  /// An agent sees for which queue the phone rings, then who calls.
  private func shownName(of call: Call, _ role: Role) -> ByteString {
    guard case .offered = role, case .queued(let name) = call.phase else { return call.fromName }
    let queue = settings.queues.first { $0.name == name }?.displayName ?? name
    return Self.shownName(queue: queue, caller: call.fromName)
  }

  static func shownName(queue: ByteString, caller: ByteString) -> ByteString {
    caller.isEmpty ? queue : queue + ": " + caller
  }

  /// The leg of an offer does not make its agent busy elsewhere: the distributor knows of it.
  static func countsAsOwn(_ role: Role) -> Bool {
    switch role {
    case .offered, .agent: false
    case .caller, .callee, .customer: true
    }
  }
}

// MARK: - What legs report

extension CallControl {
  mutating func progress(_ id: LegID, _ status: Int, _ description: SessionDescription?) {
    guard let leg = legs[id], !leg.isEnding, !leg.isAnswered, status > 100 else { return }
    if let description { legs[id]?.remote = description }
    switch leg.role {
    case .offered(let offer): outputs.append(.distributor(.ringing(offer)))
    case .callee:
      guard let first = calls[leg.call]?.first, legs[first]?.isAnswered == false else { return }
      guard description != nil, answer(first) else {
        return outputs.append(.agent(.progress(first, status: status, nil)))
      }
      // Early media: the caller hears what the callee's side plays.
      retarget(id)
      bridge(first, id)
      outputs.append(.agent(.progress(first, status: status, legs[first]?.local)))
    case .customer(let attempt): outputs.append(.distributor(.attemptRinging(attempt)))
    case .caller, .agent: break
    }
  }

  mutating func accepted(_ id: LegID, _ description: SessionDescription?, remoteTag: ByteString, at now: Instant) {
    guard let leg = legs[id], !leg.isEnding else { return }
    legs[id]?.isAnswered = true
    if let description { legs[id]?.remote = description }
    guard legs[id]?.remote != nil else { return hangUp(id, status: 488) }
    retarget(id)
    switch leg.role {
    case .callee: calleeAnswered(leg.call, id, at: now)
    case .offered(let offer): agentAnswered(offer, id)
    case .customer(let attempt): customerAnswered(attempt, id, remoteTag: remoteTag)
    case .caller, .agent: break
    }
  }

  private mutating func calleeAnswered(_ number: CallNumber, _ id: LegID, at now: Instant) {
    guard let first = calls[number]?.first else { return hangUp(id, status: 487) }
    deadlines.cancel(number)
    calls[number]?.phase = .talking
    markAnswered(number)
    if legs[first]?.isAnswered == true {
      say(.stop, to: first)
    } else {
      guard answer(first), let local = legs[first]?.local else { return end(number, status: 488, at: now) }
      legs[first]?.isAnswered = true
      outputs.append(.agent(.accept(first, local)))
    }
    bridge(first, id)
    log(.info, "call.answered", number)
  }

  mutating func markAnswered(_ number: CallNumber) {
    guard calls[number]?.answeredAt == nil else { return }
    calls[number]?.answeredAt = wall
    calls[number]?.status = 200
    counters.answered += 1
  }

  mutating func ended(_ id: LegID, _ ending: UserAgent.Ending, at now: Instant) {
    guard let leg = legs.removeValue(forKey: id) else { return }
    close(leg)
    if Self.countsAsOwn(leg.role) { finished(leg.party) }
    if calls[leg.call]?.first == id { calls[leg.call]?.first = nil }
    if calls[leg.call]?.second == id { calls[leg.call]?.second = nil }
    switch leg.role {
    case .caller: callerEnded(leg, ending, at: now)
    case .callee: calleeEnded(leg, ending, at: now)
    case .offered(let offer): offeredLegEnded(offer, leg, ending, at: now)
    case .agent(let offer): agentLegEnded(offer, leg, at: now)
    case .customer(let attempt): customerEnded(attempt, leg, ending, at: now)
    }
    finishIfEmpty(leg.call, at: now)
  }

  private mutating func callerEnded(_ leg: Leg, _ ending: UserAgent.Ending, at now: Instant) {
    guard let call = calls[leg.call] else { return }
    if call.phase != .ending { calls[leg.call]?.hungUpByCaller = ending.byRemote }
    if call.answeredAt == nil, call.status == 0 { calls[leg.call]?.status = ending.status }
    if case .queued = call.phase { outputs.append(.distributor(.leave(CallReference(leg.call)))) }
    calls[leg.call]?.phase = .ending
    deadlines.set(leg.call, to: now + Limits.endingTime)
    if let second = call.second { hangUp(second, status: 487) }
  }

  private mutating func calleeEnded(_ leg: Leg, _ ending: UserAgent.Ending, at now: Instant) {
    guard let call = calls[leg.call], call.phase != .ending else { return }
    guard leg.isAnswered else { return calleeFailed(leg, ending, at: now) }
    end(leg.call, status: 200, at: now)
  }

  private mutating func calleeFailed(_ leg: Leg, _ ending: UserAgent.Ending, at now: Instant) {
    deadlines.cancel(leg.call)
    if case .trunk = leg.party, ending.status == 408 || ending.status >= 500 && ending.status < 600 {
      return ringNextTrunk(leg.call, lastStatus: ending.status, at: now)
    }
    refuse(leg.call, status: Self.statusForCaller(ending.status), at: now)
  }

  /// What the caller is told of the callee's failure: redirects are not followed, and credentials are our own affair.
  static func statusForCaller(_ status: Int) -> Int {
    switch status {
    case 401, 407: 403
    case 487: 480
    case 400...: status
    default: 480
    }
  }

  mutating func noAnswer(_ number: CallNumber, at now: Instant) {
    guard let second = calls[number]?.second else { return }
    log(.info, "call.no-answer", number)
    legs[second]?.isEnding = true
    outputs.append(.agent(.hangUp(second, status: 408, q850: 19)))
    refuse(number, status: 480, at: now)
  }
}

// MARK: - Ending

extension CallControl {
  /// The call leads nowhere: an unanswered caller gets the status, an answered one hears why.
  mutating func refuse(_ number: CallNumber, status: Int, at now: Instant) {
    guard let call = calls[number] else { return }
    deadlines.cancel(number)
    guard let first = call.first, legs[first]?.isAnswered == true else { return end(number, status: status, at: now) }
    calls[number]?.status = status
    announce(number, [status == 404 ? .numberNotInService : .allBusy], at: now)
  }

  /// Answers if need be, speaks, and hangs up.
  mutating func announce(_ number: CallNumber, _ prompts: [Prompt], at now: Instant) {
    guard let first = calls[number]?.first else { return end(number, status: 480, at: now) }
    guard acceptCaller(first) else { return end(number, status: 488, at: now) }
    calls[number]?.phase = .announcing
    say(.announcement(prompts), to: first)
  }

  /// Ends every leg of a call; an unanswered caller gets `status`.
  mutating func end(_ number: CallNumber, status: Int, at now: Instant) {
    guard let call = calls[number] else { return }
    if case .queued = call.phase { outputs.append(.distributor(.leave(CallReference(number)))) }
    if call.answeredAt == nil, call.status == 0 { calls[number]?.status = status }
    calls[number]?.phase = .ending
    deadlines.set(number, to: now + Limits.endingTime)
    for leg in [call.first, call.second] {
      if let leg { hangUp(leg, status: status) }
    }
    finishIfEmpty(number, at: now)
  }

  mutating func hangUp(_ id: LegID, status: Int, q850: Int? = nil) {
    guard legs[id]?.isEnding == false else { return }
    legs[id]?.isEnding = true
    outputs.append(.agent(.hangUp(id, status: status, q850: q850)))
  }

  /// A leg that never ended although it was told to: a fault of ours or of the peer, not to be kept for ever.
  mutating func forget(_ number: CallNumber, at now: Instant) {
    let left = legs.keys.filter { legs[$0]?.call == number }.sorted()
    for id in left {
      log(.warning, "call.leg-lost", number, "a leg did not end in time")
      ended(id, UserAgent.Ending(status: 408, byRemote: false), at: now)
    }
    finishIfEmpty(number, at: now)
  }

  /// The last leg is gone: the record is written.
  private mutating func finishIfEmpty(_ number: CallNumber, at now: Instant) {
    guard let call = calls[number], call.first == nil, call.second == nil, call.callback == nil else { return }
    calls[number] = nil
    deadlines.cancel(number)
    let record = CallFact(
      id: number, from: call.from, to: call.to, destination: call.destination, startedAt: call.startedAt,
      answeredAt: call.answeredAt, endedAt: wall, status: UInt16(clamping: call.answeredAt == nil ? call.status : 200),
      hungUpByCaller: call.hungUpByCaller)
    outputs.append(.persist(.call(record)))
    log(.info, "call.ended", number, "status " + ByteString(Int(record.status)))
  }
}
