// Callbacks. Agent first: an agent takes the offer and hears what is coming, then the customer is dialled. Customer
// first: the customer is dialled, presses 1, and waits with music for the agent who takes the offer. Each attempt has
// its identity on the disk before its INVITE leaves, so that a restart can end what it does not remember.

import ACD
import Basics
import Dialplan
import Journal
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

extension CallControl {
  private func call(of offer: OfferID) -> CallNumber? {
    offerLegs[offer].flatMap { legs[$0]?.call }
  }

  /// A call that is none, and not recorded, before the customer is dialled.
  mutating func newCallback(_ id: UInt64, _ digits: ByteString, offer: OfferID?) -> Call {
    var new = newCall(from: digits, name: "", to: digits)
    new.phase = .callingBack
    new.isToBeRecorded = false
    new.destination = "callback"
    new.callback = Call.CallbackAttempt(id: id, offer: offer, number: digits, presenting: "")
    return new
  }

  /// Chooses the trunk and asks for an identity to make durable.
  mutating func prepare(
    _ attempt: AttemptID, of callback: UInt64, _ digits: ByteString, presenting: ByteString, for offer: OfferID?,
    at now: Instant
  ) {
    var reserved: CallNumber?
    if let offer {
      guard let number = call(of: offer), let id = offerLegs[offer] else {
        return outputs.append(.distributor(.attemptImpossible(attempt)))
      }
      say(.start(.whisper([.callbackWhisper], nameFile: calls[number]?.callback?.nameFile ?? "")), to: id)
      reserved = number
    }
    guard case .trunk(let names, let dialled) = settings.dialplan.outboundDestination(of: digits),
      let trunk = names.first(where: { mayCallBack(by: $0) })
    else {
      log(.warning, "callback.no-trunk", reserved ?? 0, "no trunk with room for " + digits.masked)
      return outputs.append(.distributor(.attemptImpossible(attempt)))
    }
    let number = reserved ?? newCustomerCall(callback, digits)
    attempts[attempt] = number
    calls[number]?.callback?.attempt = attempt
    calls[number]?.callback?.number = dialled
    calls[number]?.callback?.presenting = presenting
    calls[number]?.callback?.trunk = trunk
    outputs.append(.agent(.prepare(token: attempt.number, target: .trunk(trunk, number: dialled))))
  }

  private mutating func newCustomerCall(_ id: UInt64, _ digits: ByteString) -> CallNumber {
    let new = newCallback(id, digits, offer: nil)
    calls[new.number] = new
    customerCalls[id] = new.number
    return new.number
  }

  mutating func prepared(_ attempt: AttemptID, _ identity: CallbackFact.Leg) {
    guard let number = attempts[attempt] else { return }
    calls[number]?.callback?.identity = identity
    outputs.append(.distributor(.attemptLeg(attempt, identity)))
  }

  /// The trunk is up and has more free channels than callbacks must leave.
  private func mayCallBack(by trunk: ByteString) -> Bool { freeChannels(of: trunk) > Limits.channelsKept }

  /// The attempt is durable: the INVITE may leave.
  mutating func dial(_ attempt: AttemptID, at now: Instant) {
    guard let number = attempts[attempt], let call = calls[number], let callback = call.callback,
      let identity = callback.identity, mayCallBack(by: callback.trunk),
      let id = invite(
        .trunk(callback.trunk), dialling: callback.number, role: .customer(attempt), for: call,
        preferring: call.second.flatMap { legs[$0]?.remote }, identity: identity)
    else {
      forget(attempt)
      outputs.append(.distributor(.attemptFailed(attempt, status: 503, q850: nil)))
      // The distributor has counted a channel as taken that was not.
      announcedRoom = nil
      return announceTrunkRoom()
    }
    calls[number]?.first = id
    calls[number]?.isToBeRecorded = true
    log(.info, "callback.dial", number, "to " + callback.number.masked + " by " + callback.trunk)
  }

  mutating func customerAnswered(_ attempt: AttemptID, _ id: LegID, remoteTag: ByteString) {
    guard let number = attempts[attempt], let call = calls[number] else { return hangUp(id, status: 487) }
    if let callback = call.callback, callback.offer == nil {
      markAnswered(number)
      outputs.append(.distributor(.attemptAnswered(attempt, remoteTag: remoteTag)))
      return log(.info, "callback.answered", number)
    }
    guard let agent = call.second, legs[agent]?.isEnding == false else { return hangUp(id, status: 487) }
    calls[number]?.phase = .talking
    markAnswered(number)
    say(.stop, to: agent)
    join(id, agent)
    outputs.append(.distributor(.attemptAnswered(attempt, remoteTag: remoteTag)))
    log(.info, "callback.answered", number)
  }

  mutating func customerEnded(_ attempt: AttemptID, _ leg: Leg, _ ending: UserAgent.Ending) {
    attempts[attempt] = nil
    forgetCustomer(leg.call)
    let status = leg.failure ?? (leg.isAnswered ? 487 : ending.status)
    if let call = calls[leg.call], call.status == 0 { calls[leg.call]?.status = status }
    guard leg.isAnswered else {
      let cause = leg.failure == nil ? ending.q850 : nil
      return outputs.append(.distributor(.attemptFailed(attempt, status: status, q850: cause)))
    }
    outputs.append(.distributor(.attemptEnded(attempt)))
    if let agent = calls[leg.call]?.second { hangUp(agent, status: 200) }
    for other in calls[leg.call]?.others ?? [] { hangUp(other, status: 200) }
  }

  mutating func hangUp(_ attempt: AttemptID) {
    guard let number = attempts[attempt], let customer = calls[number]?.first else {
      // The INVITE has not left: nothing is to be hung up.
      forget(attempt)
      return outputs.append(.distributor(.attemptFailed(attempt, status: 487, q850: nil)))
    }
    // Asked how it was: the goodbye after the answer ends it.
    if case .rating = calls[number]?.phase { return }
    // The agent has handed the customer on.
    if calls[number]?.extra.value?.wasTransferred == true { return }
    hangUp(customer, status: 487)
  }

  /// The number as the trunk gets it comes from the dialplan once more.
  mutating func endOrphan(_ leg: CallbackFact.Leg, _ digits: ByteString, presenting: ByteString) {
    var dialled = digits
    if case .trunk(_, let number) = settings.dialplan.outboundDestination(of: digits) { dialled = number }
    outputs.append(.agent(.endOrphan(leg, number: dialled, presenting: presenting)))
  }

  /// It was prepared but will not be dialled.
  mutating func drop(_ attempt: AttemptID) {
    guard let number = forget(attempt) else { return }
    calls[number]?.callback?.attempt = nil
    calls[number]?.callback?.identity = nil
  }

  /// It is over; the call of a customer who was to be dialled first ends with it.
  @discardableResult
  private mutating func forget(_ attempt: AttemptID) -> CallNumber? {
    guard let number = attempts.removeValue(forKey: attempt) else { return nil }
    forgetCustomer(number)
    finishIfEmpty(number)
    return number
  }

  mutating func forgetCustomer(_ number: CallNumber) {
    guard let callback = calls[number]?.callback, callback.offer == nil else { return }
    if customerCalls[callback.id] == number { customerCalls[callback.id] = nil }
    calls[number]?.callback = nil
  }

  // MARK: Customer first

  mutating func sayToCustomer(of attempt: AttemptID, _ request: VoiceService.Request) {
    guard let number = attempts[attempt], let customer = calls[number]?.first, legs[customer]?.isEnding == false
    else { return }
    say(request, to: customer)
  }

  /// An agent has accepted: joined with the customer who waits. Whoever is left alone is hung up; the distributor hears
  /// of it by the end of the leg.
  mutating func connect(_ attempt: AttemptID, _ offer: OfferID, at now: Instant) {
    let agent = offerLegs[offer].flatMap { legs[$0]?.isEnding == false ? $0 : nil }
    guard let number = attempts[attempt], let call = calls[number], let customer = call.first,
      legs[customer]?.isEnding == false
    else {
      if let agent { hangUp(agent, status: 487) }
      return
    }
    guard let agent else { return hangUp(customer, status: 480) }
    if let id = call.callback?.id { customerCalls[id] = nil }
    calls[number]?.callback?.offer = offer
    calls[number]?.phase = .talking
    calls[number]?.second = agent
    say(.stop, to: customer)
    join(customer, agent)
    log(.info, "callback.connected", number)
  }

  /// The agent has nobody to talk to: hears so, if the customer of a callback could not be reached, and is hung up.
  mutating func release(_ offer: OfferID, _ reason: ACD.ReleaseReason, at now: Instant) {
    guard let id = offerLegs[offer], let leg = legs[id] else { return outputs.append(.distributor(.ended(offer))) }
    switch reason {
    case .tooLate, .customerLeft: hangUp(id, status: 487)
    default:
      guard leg.isAnswered, calls[leg.call]?.phase == .callingBack else { return hangUp(id, status: 487) }
      say(.start(.announcement([.callbackUnreachable])), to: id)
    }
  }

  mutating func endCallback(_ number: CallNumber, of offer: OfferID) {
    guard calls[number]?.callback?.offer == offer else { return }
    calls[number]?.callback = nil
  }
}
