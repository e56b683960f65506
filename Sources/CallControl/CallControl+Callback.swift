// Callbacks, agent first: an agent takes the offer and hears what is coming, then the customer is dialled. Each attempt
// has its identity on the disk before its INVITE leaves, so that a restart can end what it does not remember.

import ACD
import Basics
import Dialplan
import Journal
import MediaEngine
import SDP
import SIPUserAgent

extension CallControl {
  private func call(of offer: OfferID) -> CallNumber? {
    offerLegs[offer].flatMap { legs[$0]?.call }
  }

  /// Chooses the trunk and asks for an identity to make durable.
  mutating func prepare(
    _ attempt: AttemptID, _ digits: ByteString, presenting: ByteString, for offer: OfferID, at now: Instant
  ) {
    guard let number = call(of: offer), let id = offerLegs[offer] else {
      return outputs.append(.distributor(.attemptImpossible(attempt)))
    }
    say(.whisper([.callbackWhisper]), to: id)
    guard case .trunk(let names, let dialled) = settings.dialplan.outboundDestination(of: digits),
      let trunk = names.first(where: { mayCallBack(by: $0) })
    else {
      log(.warning, "callback.no-trunk", number, "no trunk with room for " + digits.masked)
      return outputs.append(.distributor(.attemptImpossible(attempt)))
    }
    attempts[attempt] = number
    calls[number]?.callback?.attempt = attempt
    calls[number]?.callback?.number = dialled
    calls[number]?.callback?.presenting = presenting
    calls[number]?.callback?.trunk = trunk
    outputs.append(.agent(.prepare(token: attempt.number, target: .trunk(trunk, number: dialled))))
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
      attempts[attempt] = nil
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
    guard let number = attempts[attempt], let agent = calls[number]?.second, legs[agent]?.isEnding == false else {
      return hangUp(id, status: 487)
    }
    calls[number]?.phase = .talking
    markAnswered(number)
    say(.stop, to: agent)
    join(id, agent)
    outputs.append(.distributor(.attemptAnswered(attempt, remoteTag: remoteTag)))
    log(.info, "callback.answered", number)
  }

  mutating func customerEnded(_ attempt: AttemptID, _ leg: Leg, _ ending: UserAgent.Ending) {
    attempts[attempt] = nil
    let status = leg.failure ?? (leg.isAnswered ? 487 : ending.status)
    if let call = calls[leg.call], call.status == 0 { calls[leg.call]?.status = status }
    guard leg.isAnswered else {
      let cause = leg.failure == nil ? ending.q850 : nil
      return outputs.append(.distributor(.attemptFailed(attempt, status: status, q850: cause)))
    }
    outputs.append(.distributor(.attemptEnded(attempt)))
    if let agent = calls[leg.call]?.second { hangUp(agent, status: 200) }
  }

  mutating func hangUp(_ attempt: AttemptID) {
    guard let number = attempts[attempt], let customer = calls[number]?.first else {
      // The INVITE has not left: nothing is to be hung up.
      attempts[attempt] = nil
      return outputs.append(.distributor(.attemptFailed(attempt, status: 487, q850: nil)))
    }
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
    guard let number = attempts.removeValue(forKey: attempt) else { return }
    calls[number]?.callback?.attempt = nil
    calls[number]?.callback?.identity = nil
  }

  /// The agent has nobody to talk to: hears so, if the customer of a callback could not be reached, and is hung up.
  mutating func release(_ offer: OfferID, _ reason: ACD.ReleaseReason, at now: Instant) {
    guard let id = offerLegs[offer], let leg = legs[id] else { return outputs.append(.distributor(.ended(offer))) }
    switch reason {
    case .tooLate, .customerLeft: hangUp(id, status: 487)
    default:
      guard leg.isAnswered, calls[leg.call]?.phase == .callingBack else { return hangUp(id, status: 487) }
      say(.announcement([.callbackUnreachable]), to: id)
    }
  }

  mutating func endCallback(_ number: CallNumber, of offer: OfferID) {
    guard calls[number]?.callback?.offer == offer else { return }
    calls[number]?.callback = nil
  }
}
