// Several phones for one call: ring groups, follow-me. The first that answers has it, the others fall silent.

import Basics
import Dialplan
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

extension CallControl {
  mutating func hunt(_ number: CallNumber, _ hunt: Hunt, at now: Instant) {
    guard let call = calls[number] else { return }
    calls[number]?.phase = .ringing
    calls[number]?.enrich { $0.hunt = hunt }
    if let first = call.first, legs[first]?.isAnswered == true { say(.start(.ringback), to: first) }
    huntOn(number, at: now)
  }

  private func candidates(_ number: CallNumber) -> [LegID] {
    calls[number]?.others.filter { legs[$0]?.role == .candidate && legs[$0]?.isEnding == false } ?? []
  }

  /// Calls whose turn it is; the next one at once where nobody rings.
  mutating func huntOn(_ number: CallNumber, at now: Instant) {
    while let hunt = calls[number]?.extra.value?.hunt, now < hunt.endsAt, let step = hunt.steps.first,
      step.at <= now || candidates(number).isEmpty
    {
      if hunt.isInTurn { for id in candidates(number) { hangUp(id, status: 408, q850: 19) } }
      calls[number]?.enrich { $0.hunt?.steps.removeFirst() }
      call(step.target, for: number)
    }
    guard let hunt = calls[number]?.extra.value?.hunt else { return }
    guard now < hunt.endsAt, !candidates(number).isEmpty else { return huntFailed(number, at: now) }
    deadlines.set(number, to: hunt.steps.first.map { min($0.at, hunt.endsAt) } ?? hunt.endsAt)
  }

  private mutating func call(_ target: Hunt.Target, for number: CallNumber) {
    guard let call = calls[number] else { return }
    let (party, digits): (Party, ByteString)
    switch target {
    case .user(let user):
      guard mayRing(user) else { return }
      (party, digits) = (.user(user), user)
    case .trunks(let names, let number):
      guard let free = names.first(where: { freeChannels(of: $0) > 0 }) else { return }
      (party, digits) = (.trunk(free), number)
    }
    let preferred = call.first.flatMap { legs[$0]?.remote }
    guard let id = invite(party, dialling: digits, role: .candidate, for: call, preferring: preferred) else { return }
    calls[number]?.enrich { $0.others.append(id) }
  }

  /// Several phones cannot share one early sound: the caller hears that it rings.
  mutating func candidateRings(_ leg: Leg) {
    guard let call = calls[leg.call], let hunt = call.extra.value?.hunt, !hunt.rings, let first = call.first else {
      return
    }
    calls[leg.call]?.enrich { $0.hunt?.rings = true }
    if legs[first]?.isAnswered == false { outputs.append(.agent(.progress(first, status: 180, nil))) }
    transferRings(leg.call)
  }

  mutating func candidateAnswered(_ leg: Leg, at now: Instant) {
    guard calls[leg.call]?.phase == .ringing, calls[leg.call]?.second == nil else { return hangUp(leg.id, status: 200) }
    legs[leg.id]?.role = .callee
    calls[leg.call]?.second = leg.id
    calls[leg.call]?.destination = Self.name(of: leg.party)
    calls[leg.call]?.enrich { extra in
      extra.hunt = nil
      extra.others.removeAll { $0 == leg.id }
    }
    for id in candidates(leg.call) { hangUp(id, status: 200) }
    calleeAnswered(leg.call, leg.id, at: now)
  }

  mutating func candidateEnded(_ leg: Leg, _ ending: UserAgent.Ending, at now: Instant) {
    guard let call = calls[leg.call], call.phase == .ringing, !leg.isEnding, call.extra.value?.hunt != nil else {
      return
    }
    let status = Self.statusForCaller(ending.status)
    calls[leg.call]?.enrich { extra in
      // That somebody is busy or declined says more than that a phone was not there.
      if status == 486 || status >= 600 || extra.hunt?.status == 480 { extra.hunt?.status = status }
    }
    guard candidates(leg.call).isEmpty else { return }
    huntOn(leg.call, at: now)
  }

  private mutating func huntFailed(_ number: CallNumber, at now: Instant) {
    guard let hunt = calls[number]?.extra.value?.hunt else { return }
    calls[number]?.enrich { $0.hunt = nil }
    for id in candidates(number) { hangUp(id, status: 408, q850: 19) }
    log(.info, "call.no-answer", number)
    deadlines.cancel(number)
    guard let next = hunt.otherwise else { return unanswered(number, status: hunt.status, at: now) }
    guard mayForward(number, at: now) else { return }
    route(number, to: next, at: now)
  }

  // MARK: Groups

  mutating func ringGroup(_ number: CallNumber, _ name: ByteString, at now: Instant) {
    guard let group = settings.groups.first(where: { $0.name == name }) else {
      return refuse(number, status: 404, at: now)
    }
    calls[number]?.destination = "group " + name
    var steps: [Hunt.Step] = []
    var endsAt = now + group.ringTime
    for (place, user) in group.extensions.enumerated() {
      let after = group.isInTurn ? group.ringTime * place : group.delay * place
      steps.append(Hunt.Step(target: .user(user), at: now + after))
      endsAt = max(endsAt, now + after + group.ringTime)
    }
    var hunt = Hunt(steps: steps, endsAt: endsAt)
    hunt.isInTurn = group.isInTurn
    hunt.otherwise = group.otherwise
    self.hunt(number, hunt, at: now)
  }
}
