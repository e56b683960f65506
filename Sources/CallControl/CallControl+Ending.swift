// How legs and calls end: what the end of one leg means for the other, refusals, and the record. Every leg ends once by
// the user agent's word; one that never does is forgotten after a while.

import ACD
import Basics
import Journal
import MediaEngine
import SIPUserAgent
import VoiceService

// MARK: - A leg is gone

extension CallControl {
  mutating func ended(_ id: LegID, _ ending: UserAgent.Ending, at now: Instant) {
    guard let leg = legs.removeValue(forKey: id) else { return }
    touched(leg.party)
    close(leg)
    if Self.countsAsOwn(leg.role) { finished(leg.party) }
    if calls[leg.call]?.first == id { calls[leg.call]?.first = nil }
    if calls[leg.call]?.second == id { calls[leg.call]?.second = nil }
    let isAside = calls[leg.call]?.others.contains(id) == true
    if isAside { calls[leg.call]?.enrich { $0.others.removeAll { $0 == id } } }
    switch leg.role {
    case .caller: callerEnded(leg, ending, at: now)
    case .callee: calleeEnded(leg, ending, at: now)
    case .offered(let offer): offeredLegEnded(offer, leg, ending)
    case .agent(let offer): agentLegEnded(offer, leg, isAside: isAside, at: now)
    case .candidate: candidateEnded(leg, ending, at: now)
    case .transferor: break
    case .customer(let attempt): customerEnded(attempt, leg, ending)
    case .elsewhere: elsewhereEnded(leg, ending)
    case .tested, .echo: testLegEnded(leg, ending, at: now)
    }
    if isAside, calls[leg.call]?.transfer?.by == id { calls[leg.call]?.enrich { $0.transfer?.by = nil } }
    finishIfEmpty(leg.call)
  }

  private mutating func callerEnded(_ leg: Leg, _ ending: UserAgent.Ending, at now: Instant) {
    guard let call = calls[leg.call] else { return }
    if call.phase != .ending, call.extra.value?.lostCaller != true {
      calls[leg.call]?.hungUpByCaller = ending.byRemote
    }
    if call.answeredAt == nil, call.status == 0 { calls[leg.call]?.status = ending.status }
    if case .queued = call.phase {
      outputs.append(.distributor(.leave(CallReference(leg.call), lineBroke: Self.lineBroke(leg, ending))))
    }
    calls[leg.call]?.phase = .ending
    deadlines.set(leg.call, to: now + Limits.endingTime)
    if let second = call.second { hangUp(second, status: 487) }
    for other in call.others { hangUp(other, status: 487) }
    unpark(leg.call)
    dropElsewhere(leg.call)
  }

  /// No hang-up of the caller's: no answer to what we asked, a BYE that gives another cause than a normal end (16), or
  /// one after the sound had stopped.
  private static func lineBroke(_ leg: Leg, _ ending: UserAgent.Ending) -> Bool {
    guard !leg.isEnding else { return false }
    return ending.status >= 400 && ending.status != 487 || ending.q850.map { $0 != 16 } ?? false
      || leg.sound == .stopped
  }

  /// What we ended ourselves has had its consequences.
  private mutating func calleeEnded(_ leg: Leg, _ ending: UserAgent.Ending, at now: Instant) {
    guard let call = calls[leg.call], call.phase != .ending, !leg.isEnding else { return }
    guard leg.isAnswered else { return calleeFailed(leg, ending, at: now) }
    end(leg.call, status: 200, at: now)
  }

  /// Another trunk is tried where this one failed before anything rang.
  private mutating func calleeFailed(_ leg: Leg, _ ending: UserAgent.Ending, at now: Instant) {
    deadlines.cancel(leg.call)
    if case .trunk = leg.party, !leg.hasProgressed, ending.status == 408 || (500..<600).contains(ending.status) {
      return ringNextTrunk(leg.call, lastStatus: ending.status, at: now)
    }
    if ending.status == 486, case .user(let user) = leg.party { noteBusy(leg.call, user) }
    unanswered(leg.call, status: Self.statusForCaller(ending.status), at: now)
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
}

// MARK: - Ending a call

extension CallControl {
  mutating func noAnswer(_ number: CallNumber, at now: Instant) {
    guard calls[number]?.extra.value?.hunt == nil else { return huntOn(number, at: now) }
    guard let second = calls[number]?.second else { return }
    log(.info, "call.no-answer", number)
    hangUp(second, status: 408, q850: 19)
    setAside(number)
    unanswered(number, status: 480, at: now)
  }

  /// The call leads nowhere: an unanswered caller gets the status, an answered one hears why.
  mutating func refuse(_ number: CallNumber, status: Int, at now: Instant) {
    guard let call = calls[number], !returnTransfer(number, status: status, at: now) else { return }
    deadlines.cancel(number)
    guard let first = call.first, legs[first]?.isAnswered == true else { return end(number, status: status, at: now) }
    calls[number]?.status = status
    announce(number, [Self.explanation(status)], at: now)
  }

  private static func explanation(_ status: Int) -> Prompt {
    switch status {
    case 403: .notAllowed
    case 404, 410, 484: .numberNotInService
    default: .allBusyGoodbye
    }
  }

  /// Answers if need be, speaks, and hangs up.
  mutating func announce(_ number: CallNumber, _ prompts: [Prompt], at now: Instant) {
    guard let first = calls[number]?.first else { return end(number, status: 480, at: now) }
    guard acceptCaller(first) else { return end(number, status: 488, at: now) }
    calls[number]?.phase = .announcing
    say(.start(.announcement(prompts)), to: first)
  }

  /// Ends every leg of a call; an unanswered caller gets `status`.
  mutating func end(_ number: CallNumber, status: Int, at now: Instant) {
    guard let call = calls[number] else { return }
    if case .queued = call.phase { outputs.append(.distributor(.leave(CallReference(number), lineBroke: false))) }
    if call.answeredAt == nil, call.status == 0 { calls[number]?.status = status }
    calls[number]?.phase = .ending
    for leg in [call.first, call.second, call.elsewhere] {
      if let leg { hangUp(leg, status: status) }
    }
    for leg in call.others { hangUp(leg, status: status) }
    unpark(number)
    deadlines.set(number, to: now + Limits.endingTime)
    if call.first == nil { forgetCustomer(number) }
    finishIfEmpty(number)
  }

  mutating func hangUp(_ id: LegID, status: Int, q850: Int? = nil) {
    guard legs[id]?.isEnding == false else { return }
    legs[id]?.isEnding = true
    touched(id)
    outputs.append(.agent(.hangUp(id, status: status, q850: q850)))
  }

  /// Legs that never ended although they were told to: a fault of ours or of the peer, not to be kept for ever.
  mutating func forget(_ number: CallNumber, at now: Instant) {
    for id in legs.keys.filter({ legs[$0]?.call == number }).sorted() {
      counters.legsLost += 1
      log(.warning, "call.leg-lost", number, "a leg did not end in time")
      ended(id, UserAgent.Ending(status: 408, byRemote: false), at: now)
    }
    finishIfEmpty(number)
  }

  /// The last leg is gone: the record is written.
  mutating func finishIfEmpty(_ number: CallNumber) {
    guard let call = calls[number], call.first == nil, call.second == nil, call.elsewhere == nil,
      call.callback == nil, call.others.isEmpty
    else { return }
    calls[number] = nil
    // A test tells what it has found a little later.
    if tests[number] == nil { deadlines.cancel(number) }
    guard call.isToBeRecorded else { return }
    let record = CallFact(
      id: number, from: call.from, to: call.to, destination: call.destination, startedAt: call.startedAt,
      answeredAt: call.answeredAt, endedAt: wall, status: UInt16(clamping: call.answeredAt == nil ? call.status : 200),
      hungUpByCaller: call.hungUpByCaller)
    outputs.append(.persist(.call(record)))
    log(.info, "call.ended", number, "status " + ByteString(Int(record.status)))
  }
}
