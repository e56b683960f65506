// Offers: an agent's phone rings for one; an accepted one joins the agent with the caller who waits.

import ACD
import Basics
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

extension CallControl {
  mutating func ring(_ offer: ACD.Offer, at now: Instant) {
    let call: Call
    switch offer.item {
    case .call(let reference):
      guard let waiting = calls[reference.number] else { return refused(offer.id, status: 487) }
      call = waiting
    case .callback(let id): call = callOfCallback(id, for: offer)
    }
    let preferred = call.first.flatMap { legs[$0]?.remote }
    guard
      let id = invite(
        .user(offer.extension), dialling: offer.extension, role: .offered(offer.id), for: call, preferring: preferred)
    else {
      if call.callback?.offer == offer.id { calls[call.number] = nil }
      return refused(offer.id, status: 503)
    }
    offerLegs[offer.id] = id
    if call.callback?.offer == offer.id { calls[call.number]?.second = id }
    log(.info, "queue.offer", call.number, "to " + offer.extension)
  }

  /// That of a customer who waits already, or a new one, in which the agent is first.
  private mutating func callOfCallback(_ id: UInt64, for offer: ACD.Offer) -> Call {
    let name = Self.shownName(queue: offer.queueDisplayName, caller: offer.callerName)
    if let number = customerCalls[id], var waiting = calls[number] {
      waiting.fromName = name
      waiting.destination = "callback " + offer.queueName
      waiting.queue = offer.queueName
      calls[number] = waiting
      return waiting
    }
    var new = newCallback(id, offer.callerNumber, offer: offer.id)
    new.fromName = name
    new.destination += " " + offer.queueName
    new.callback?.nameFile = offer.recordedName
    new.queue = offer.queueName
    calls[new.number] = new
    return new
  }

  private mutating func refused(_ offer: OfferID, status: Int) {
    outputs.append(.distributor(.refused(offer, status: status)))
  }

  mutating func withdraw(_ offer: OfferID) {
    guard let id = offerLegs[offer] else { return outputs.append(.distributor(.ended(offer))) }
    hangUp(id, status: 487)
  }

  /// The agent's phone answered. Whether the offer still stands, the distributor says next.
  mutating func agentAnswered(_ offer: OfferID, _ id: LegID) {
    legs[id]?.role = .agent(offer)
    outputs.append(.distributor(.accepted(offer)))
  }

  mutating func connect(_ number: CallNumber, _ offer: OfferID, at now: Instant) {
    let agent = offerLegs[offer].flatMap { legs[$0]?.isEnding == false ? $0 : nil }
    guard let first = calls[number]?.first, legs[first]?.isEnding == false else {
      if let agent { hangUp(agent, status: 487) }
      return
    }
    // The agent answered and hung up in one breath: the queue has let go of the caller.
    guard let agent else { return end(number, status: 480, at: now) }
    dropElsewhere(number)
    calls[number]?.phase = .talking
    calls[number]?.second = agent
    say(.stop, to: first)
    join(first, agent)
    transferWorked(number)
    log(.info, "queue.connected", number)
  }

  mutating func offeredLegEnded(_ offer: OfferID, _ leg: Leg, _ ending: UserAgent.Ending) {
    offerLegs[offer] = nil
    outputs.append(.distributor(leg.isEnding ? .ended(offer) : .refused(offer, status: ending.status)))
    endCallback(leg.call, of: offer)
  }

  mutating func agentLegEnded(_ offer: OfferID, _ leg: Leg, isAside: Bool, at now: Instant) {
    offerLegs[offer] = nil
    outputs.append(.distributor(.ended(offer)))
    endCallback(leg.call, of: offer)
    guard let call = calls[leg.call], call.phase == .talking, !isAside else { return }
    if !rate(call, offer) { end(leg.call, status: 200, at: now) }
  }

  /// The agent hung up first: the caller, or the customer who was called back, is asked how it was, where the queue wants to know. False where not.
  private mutating func rate(_ call: Call, _ offer: OfferID) -> Bool {
    guard let first = call.first, let customer = legs[first], customer.isCustomer, !customer.isEnding,
      settings.queues.first(where: { $0.name == call.queue })?.survey == true
    else { return false }
    calls[call.number]?.phase = .rating(offer)
    say(.start(.rating), to: first)
    return true
  }

  // MARK: Notices

  /// A short text on the agent's phone.
  mutating func noticeMissedOffer(_ agent: ByteString, _ queue: ByteString) {
    let name = settings.queues.first { $0.name == queue }?.displayName ?? queue
    let text: ByteString =
      settings.language == .zh ? "您错过了队列“" + name + "”的来电。" : "You missed a call of the queue " + name + "."
    outputs.append(.agent(.message(user: agent, text: text)))
  }
}
