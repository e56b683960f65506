// What happens: the events of the script, and what people and machines do after what they heard.

import ACD
import Basics
import Journal

extension World {
  mutating func happen(_ kind: Event.Kind) {
    trace.add(now, "* \(kind)")
    if kind.isFault { tally.faults += 1 }
    switch kind {
    case .call(let visit): enter(visit)
    case .act(let agent, let act): perform(act, script.branch.agents[agent])
    case .mood(let agent, let mood, let lasting):
      agents[agent].mood = mood
      agents[agent].moodToken += 1
      plan(.moodIsOver(agent: agent, token: agents[agent].moodToken), after: lasting)
    case .reboot(let agent, let lasting):
      guard agents[agent].isPhoneUp else { return }
      agents[agent].isPhoneUp = false
      tellReachable(agent)
      // Its legs time out.
      for id in legs.keys.sorted() where legs[id]?.agent == agent { plan(.legEnds(id), after: .seconds(8)) }
      plan(.phoneIsBack(agent: agent), after: lasting)
    case .elsewhere(let agent, let lasting):
      guard !agents[agent].isElsewhere else { return }
      agents[agent].isElsewhere = true
      tell(.busyElsewhere(extension: script.branch.agents[agent], true))
      plan(.agentIsBack(agent: agent), after: lasting)
    case .configure(let variant):
      self.variant = variant
      tell(.configure(settings))
      // A queue that was not there before has not heard of its hours.
      for queue in openings.keys.sorted() { tellOpening(queue) }
    case .trunk(let channels):
      self.channels = channels
      tellTrunk()
    case .clock(let jump, let isTrusted):
      wallOffset = wallOffset + jump
      self.isTrusted = isTrusted
      tell(.wall(wall, trusted: isTrusted))
    case .disk(let mood): disk.mood = mood
    case .powerCut(let writes, let outage):
      self.outage = outage
      if writes == 0 { cutPower() } else { cutAfterWrites = writes }
    case .supervisor(let act, let pick): supervise(act, pick)
    case .opening(let queue, let isOpen, let closesIn):
      openings[queue] = (isOpen, closesIn.map { now + $0 })
      tellOpening(queue)
    }
  }

  private mutating func enter(_ visit: Visit) {
    guard isPowered else { return }
    tally.calls += 1
    let reference = CallReference(visit.call)
    callers[reference] = Caller(visit: visit, random: luck(visit.call, 0))
    plan(.givesUp(reference), after: visit.patience)
    if let asks = visit.asksAfter { plan(.asks(reference, scheduled: visit.scheduledIn), after: asks) }
    var entry = ACD.Entry(
      reference, medium: visit.medium, queue: script.branch.queues[visit.queue], callerNumber: visit.number,
      callerName: "caller",
      dialledNumber: "01088880000")
    if let preferred = visit.preferredAgent { entry.preferredAgent = script.branch.agents[preferred] }
    entry.priority = visit.priority
    tell(.enter(entry))
  }

  private mutating func perform(_ act: Event.AgentAct, _ number: ByteString) {
    switch act {
    case .login: tell(.act(.login(extension: number), by: number))
    case .logout: tell(.act(.logout(extension: number), by: number))
    case .pause: tell(.act(.pause(extension: number, reason: "lunch"), by: number))
    case .ready: tell(.act(.ready(extension: number), by: number))
    case .endWrapUp: tell(.act(.endWrapUp(extension: number), by: number))
    case .disposition: tell(.act(.disposition(extension: number, code: "sale"), by: number))
    }
  }

  private mutating func supervise(_ act: Event.SupervisorAct, _ pick: Int) {
    let console: ByteString = "console:ann"
    let items = auditor.waitingItems
    let open = auditor.openCallbacks
    let item = items.isEmpty ? 0 : items[pick % items.count]
    let callback = open.isEmpty ? 0 : open[pick % open.count]
    switch act {
    case .cancelCallback: tell(.act(.cancelCallback(callback), by: console))
    case .moveCallback:
      let queue = script.branch.queues[pick % script.branch.queues.count]
      tell(.act(.moveCallback(callback, toQueue: queue), by: console))
    case .dialNow: tell(.act(.dialNow(callback), by: console))
    case .reschedule: tell(.act(.reschedule(callback, to: wall + .seconds(60 + pick)), by: console))
    case .move:
      let queue = script.branch.queues[pick % script.branch.queues.count]
      tell(.act(.move(item: item, toQueue: queue), by: console))
    case .prioritise: tell(.act(.prioritise(item: item, UInt8(pick % 3)), by: console))
    case .takeOut: tell(.act(.takeOut(item: item), by: console))
    case .brownOut, .powerIsBack:
      isBrownOut = act == .brownOut
      tell(.act(.brownOut(isBrownOut), by: "console:power"))
    }
  }

  mutating func woken(_ wake: Wake) {
    switch wake {
    case .rings(let id): if legs[id]?.isWithdrawn == false { tell(.ringing(id)) }
    case .accepts(let id): accept(id)
    case .refuses(let id, let status): if legs.removeValue(forKey: id) != nil { tell(.refused(id, status: status)) }
    case .legEnds(let id): legEnds(id)
    case .holds(let id, let isHeld): tell(.held(id, isHeld))
    case .passesOn(let id): tell(.transferred(id))
    case .judges(let id, let score): tell(.surveyed(id, score: score))
    case .givesUp(let call):
      guard let caller = callers[call], !caller.isConnected, !isQuiet else { return }
      leave(call, lineBroke: caller.visit.lineBreaks)
    case .asks(let call, let scheduled): ask(call, scheduled)
    case .hangsUp(let call): if callers[call]?.isConnected == false { leave(call, lineBroke: false) }
    // The caller may have been served here meanwhile, or be gone.
    case .elsewhereAnswers(let call): tell(.wentElsewhere(call))
    case .comesBack(let visit): if !isQuiet { enter(visit) }
    case .resolves(let call, let choice):
      guard callers[call]?.isConnected == false else { return }
      tell(.pendingResolved(call, choice))
      if choice == .keep { plan(.hangsUp(call), after: .milliseconds(300)) }
    case .namesLeg(let id): nameLeg(id)
    case .customerRings(let id):
      if dials[id]?.isAnswered == false { tell(.attemptRinging(id)) }
    case .customerAnswers(let id): customerAnswers(id)
    case .customerConfirms(let id): if dials[id]?.isHungUp == false { tell(.attemptConfirmed(id)) }
    case .customerFails(let id, let status, let cause):
      guard let dial = dials[id], !dial.isAnswered, !dial.isHungUp else { return }
      endDial(id, .attemptFailed(id, status: status, q850: cause))
    case .customerLegEnds(let id):
      guard let dial = dials[id] else { return }
      endDial(id, dial.isAnswered ? .attemptEnded(id) : .attemptFailed(id, status: 487, q850: nil))
    case .orphanIsOver(let callID):
      if orphans.removeValue(forKey: callID) != nil { auditor.orphanIsGone(callID) }
    case .moodIsOver(let agent, let token):
      if agents[agent].moodToken == token { agents[agent].mood = .prompt }
    case .phoneIsBack(let agent):
      agents[agent].isPhoneUp = true
      tellReachable(agent)
    case .agentIsBack(let agent):
      agents[agent].isElsewhere = false
      tell(.busyElsewhere(extension: script.branch.agents[agent], false))
    case .powersUp: powerUp()
    case .clockIsTrusted: if isTrusted { tell(.wall(wall, trusted: true)) }
    case .tick:
      if isPowered { auditor.look(at: acd, now) }
      plan(.tick, after: Self.tick)
    }
  }

  // MARK: Agents' legs

  private mutating func accept(_ id: OfferID) {
    guard let leg = legs[id], !leg.isAccepted else { return }
    legs[id]?.isAccepted = true
    tell(.accepted(id))
    if leg.answersTwice { tell(.accepted(id)) }
  }

  private mutating func legEnds(_ id: OfferID) {
    guard let leg = legs.removeValue(forKey: id) else { return }
    if let call = leg.call, callers[call]?.isConnected == true { callers[call] = nil }
    tell(.ended(id))
  }

  // MARK: Callers

  private mutating func leave(_ call: CallReference, lineBroke: Bool) {
    guard let caller = callers.removeValue(forKey: call) else { return }
    tell(.leave(call, lineBroke: lineBroke))
    guard lineBroke else { return }
    // Of a call that was made again nobody comes back.
    let old = caller.visit
    var random = caller.random
    let delay = Interval.seconds(2 + random.below(90))
    // Some give up calling, and write.
    let medium = random.chance(percent: 15) ? ACD.Medium.chat : old.medium
    let again = Visit(
      call: old.call &+ 1 << 32, medium: medium, queue: old.queue, number: old.number, patience: old.patience,
      asksAfter: nil,
      accepts: old.accepts, otherNumber: "", scheduledIn: nil, talk: old.talk, lineBreaks: false,
      preferredAgent: nil, priority: nil, choice: old.choice)
    plan(.comesBack(again), after: delay)
  }

  private mutating func ask(_ call: CallReference, _ scheduled: Interval?) {
    guard var caller = callers[call], !caller.isConnected, !caller.hasAsked else { return }
    callers[call]?.hasAsked = true
    tell(
      .requestCallback(call, .init(number: caller.visit.otherNumber, at: scheduled.map { wall + $0 })))
    // Whoever has confirmed may hang up before "goodbye".
    if caller.random.chance(percent: 15) { plan(.hangsUp(call), after: .milliseconds(caller.random.below(20))) }
  }

  // MARK: Customers' legs

  private mutating func nameLeg(_ id: AttemptID) {
    guard dials[id] != nil else { return }
    if !isQuiet, dials[id]?.random.chance(percent: 4) == true {
      dials[id] = nil
      return tell(.attemptImpossible(id))
    }
    lastLeg += 1
    let name = ByteString(Int(lastLeg))
    dials[id]?.callID = name
    tell(
      .attemptLeg(
        id,
        .init(callID: name, localTag: "local", remoteTag: "", branch: "z9hG4bK", cseq: 1, trunk: "carrier")))
  }

  private mutating func customerAnswers(_ id: AttemptID) {
    guard let dial = dials[id], !dial.isAnswered else { return }
    dials[id]?.isAnswered = true
    tell(.attemptAnswered(id, remoteTag: "remote"))
    guard !dial.isHungUp else { return }
    // Agent first: they speak at once. Customer first: whoever hears nobody does not wait for ever.
    if dial.offer != nil { talk(id) } else if !isQuiet { plan(.customerLegEnds(id), after: .seconds(90)) }
  }

  private mutating func endDial(_ id: AttemptID, _ input: ACD.Input) {
    guard dials.removeValue(forKey: id) != nil else { return }
    tell(input)
    tellTrunk()
  }
}
