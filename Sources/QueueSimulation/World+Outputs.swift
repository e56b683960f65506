// What the distributor asks for is done here, and has its consequences later: phones ring, customers hear, the disk
// writes.

import ACD
import Basics
import Journal

extension World {
  mutating func carryOut(_ output: ACD.Output) {
    switch output {
    case .refusedEntry(let call, _), .overflow(let call, _): callers[call] = nil
    case .tryElsewhere(let call): isTriedElsewhere(call)
    case .pendingCallback(let call, _): asksWhatIsWanted(call)
    case .offerCallback(let call, let isUrgent): callbackIsOffered(to: call, isUrgent)
    case .offer(let offer): rings(offer)
    case .withdraw(let id): withdrawn(id)
    case .connect(let call, let id): connected(call, id)
    case .releaseAgent(let id, _): plan(.legEnds(id), after: .milliseconds(50 + (legs[id]?.random.below(2500) ?? 0)))
    case .persist(let fact, let number, let isPromise):
      disk.submit(fact, number: number, isPromise: isPromise, at: now)
    case .record(let event):
      disk.submit(.queueEvent(event), number: 0, isPromise: false, at: now)
      count(event)
    case .callbackAccepted(let call, _):
      tally.promises += 1
      plan(.hangsUp(call), after: .milliseconds(500 + (callers[call]?.random.below(5000) ?? 0)))
    case .callbackRefused(let call, _):
      if callers[call]?.random.chance(percent: 30) == true { plan(.hangsUp(call), after: .seconds(2)) }
    case .prepare(let id, let callback, let number, _, let offer):
      isPrepared(id, callback, number, offer)
    case .dial(let id): dialled(id)
    case .confirmAttempt(let id):
      guard var random = dials[id]?.random else { return }
      // The others are machines.
      if isQuiet || random.chance(percent: 75) {
        plan(.customerConfirms(id), after: .milliseconds(800 + random.below(6000)))
      }
    case .connectAttempt(let id, let offer):
      dials[id]?.offer = offer
      legs[offer]?.attempt = id
      talk(id)
    case .apologise: break
    case .hangUpAttempt(let id): hungUp(id)
    case .dropAttempt(let id): dials[id] = nil
    case .endOrphan(let leg, _, _):
      if orphans[leg.callID] != nil { plan(.orphanIsOver(leg.callID), after: .milliseconds(400)) }
    default: break
    }
  }

  private mutating func count(_ event: QueueEventFact) {
    switch event.kind {
    case .answered: tally.answered += 1
    case .abandoned: tally.abandoned += 1
    case .callbackDialled: tally.dials += 1
    case .callbackDone: tally.conversations += 1
    default: break
    }
  }

  // MARK: Phones of agents

  private mutating func rings(_ offer: ACD.Offer) {
    guard let agent = script.branch.agents.firstIndex(of: offer.extension) else { return }
    var call: CallReference?
    if case .call(let reference) = offer.item { call = reference }
    let item = if case .callback(let id) = offer.item { id | 1 << 40 } else { call?.number ?? 0 }
    var random = luck(item, UInt64(agent))
    var leg = Leg(agent: agent, call: call, random: random)
    let mood = isQuiet ? .prompt : agents[agent].mood
    plan(.rings(offer.id), after: .milliseconds(50 + random.below(200)))
    switch mood {
    case .prompt, .answersTwice:
      leg.answersTwice = mood == .answersTwice
      plan(.accepts(offer.id), after: .milliseconds(200 + random.below(5000)))
    case .slow:
      // Around the moment when it stops ringing.
      let time = (offer.deadline - now).milliseconds - 1500 + random.below(3000)
      plan(.accepts(offer.id), after: random.chance(percent: 20) ? offer.deadline - now : .milliseconds(time))
    case .dead: break
    case .answersLate: leg.answersLate = true
    case .rejects:
      plan(.refuses(offer.id, status: 486), after: .milliseconds(10 + random.below(3000)))
    case .breaks: plan(.legEnds(offer.id), after: .milliseconds(10 + random.below(4000)))
    }
    legs[offer.id] = leg
  }

  private mutating func withdrawn(_ id: OfferID) {
    guard var leg = legs[id] else { return }
    legs[id]?.isWithdrawn = true
    if leg.answersLate, !isQuiet {
      plan(.accepts(id), after: .milliseconds(leg.random.below(300)))
      // Whether it is released then or not, the CANCEL takes its time.
      plan(.legEnds(id), after: .seconds(4))
    } else {
      let isLost = leg.random.chance(percent: 5)
      plan(.legEnds(id), after: .milliseconds(10 + leg.random.below(isLost ? 32_000 : 400)))
    }
  }

  private mutating func connected(_ call: CallReference, _ id: OfferID) {
    callers[call]?.isConnected = true
    let length = callers[call]?.visit.talk ?? .seconds(5)
    if let random = callers[call]?.random { converse(id, length, random) }
    plan(.legEnds(id), after: length)
  }

  // MARK: Customers who wait

  /// The other branch takes the caller after a while, or it does not, of which nothing is heard.
  private mutating func isTriedElsewhere(_ call: CallReference) {
    guard var random = callers[call]?.random else { return }
    if isQuiet || random.chance(percent: 50) {
      plan(.elsewhereAnswers(call), after: .milliseconds(300 + random.below(20_000)))
    }
    callers[call]?.random = random
  }

  private mutating func asksWhatIsWanted(_ call: CallReference) {
    guard var caller = callers[call], caller.random.chance(percent: 80) else { return }
    let choice = ACD.PendingChoice.allCases[Int(caller.visit.choice) % ACD.PendingChoice.allCases.count]
    plan(.resolves(call, choice), after: .milliseconds(500 + caller.random.below(6000)))
  }

  private mutating func callbackIsOffered(to call: CallReference, _ isUrgent: Bool) {
    guard var caller = callers[call], caller.visit.accepts else { return }
    plan(.asks(call, scheduled: nil), after: .milliseconds(500 + caller.random.below(5000)))
  }

  // MARK: Customers who are called back

  private mutating func isPrepared(_ id: AttemptID, _ callback: UInt64, _ number: ByteString, _ offer: OfferID?) {
    dialsTo[number, default: 0] += 1
    let who = number.bytes.reduce(0) { $0 &* 31 &+ UInt64($1) }
    dials[id] = Dial(callback: callback, number: number, random: luck(who, dialsTo[number, default: 0]), offer: offer)
    if let offer { legs[offer]?.attempt = id }
    plan(.namesLeg(id), after: .milliseconds(dials[id]?.random.below(20) ?? 0))
  }

  private mutating func dialled(_ id: AttemptID) {
    guard var random = dials[id]?.random else { return }
    dials[id]?.isDialled = true
    trunkHasChanged = true
    let time = Interval.milliseconds(200 + random.below(9000))
    if random.chance(percent: 80) { plan(.customerRings(id), after: .milliseconds(150)) }
    switch isQuiet ? 0 : random.below(100) {
    case 0..<60: plan(.customerAnswers(id), after: time)
    case 60..<72: break
    case 72..<80: plan(.customerFails(id, status: 486, q850: nil), after: time)
    case 80..<84: plan(.customerFails(id, status: 480, q850: 18), after: time)
    case 84..<87: plan(.customerFails(id, status: 603, q850: nil), after: time)
    case 87..<90: plan(.customerFails(id, status: 404, q850: 1), after: time)
    case 90..<95: plan(.customerFails(id, status: 503, q850: nil), after: time)
    default: plan(.customerFails(id, status: 480, q850: 17), after: time)
    }
  }

  /// Agent and customer speak; one of them ends it.
  mutating func talk(_ id: AttemptID) {
    guard var dial = dials[id], let offer = dial.offer else { return }
    let short = !isQuiet && dial.random.chance(percent: 15)
    let length = Interval.milliseconds(short ? dial.random.below(5200) : 5200 + dial.random.below(60_000))
    converse(offer, length, dial.random)
    if dial.random.chance(percent: 50) {
      plan(.customerLegEnds(id), after: length)
    } else {
      plan(.legEnds(offer), after: length)
    }
  }

  /// What agents and customers do in a conversation besides talk, and what the customer says of it afterwards. Some of
  /// it comes twice, or when it is over.
  private mutating func converse(_ id: OfferID, _ length: Interval, _ random: SeededRandom) {
    var random = random
    let milliseconds = max(1, length.milliseconds)
    func moment() -> Interval { .milliseconds(random.below(milliseconds + milliseconds / 8 + 1)) }
    if random.chance(percent: 25) {
      for isHeld in [true, false, true] where random.chance(percent: 80) { plan(.holds(id, isHeld), after: moment()) }
    }
    if random.chance(percent: 8) { plan(.passesOn(id), after: moment()) }
    if random.chance(percent: 20) {
      let isTwice = random.chance(percent: 20)
      for _ in 0..<(isTwice ? 2 : 1) {
        plan(.judges(id, score: UInt8(random.below(7))), after: length + .milliseconds(random.below(20_000)))
      }
    }
  }

  private mutating func hungUp(_ id: AttemptID) {
    guard var dial = dials[id] else { return }
    dials[id]?.isHungUp = true
    if !dial.isAnswered, !isQuiet, dial.random.chance(percent: 8) {
      // The answer crosses the CANCEL: it is heard first, then the BYE works.
      plan(.customerAnswers(id), after: .milliseconds(5))
    }
    plan(.customerLegEnds(id), after: .milliseconds(20 + dial.random.below(1200)))
  }
}
