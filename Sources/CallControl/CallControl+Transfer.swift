// A party of a call hands the other one on: to a number (RFC 5589 §6), or to whom it talks with in a second call (§7).
// The box joins the streams itself; the dialog of whoever is handed on stays as it is. What does not work goes back to
// whoever wanted it.

import ACD
import Basics
import Dialplan
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

extension CallControl {
  mutating func referred(_ id: LegID, _ referral: UserAgent.Referral, at now: Instant) {
    guard let leg = legs[id], let user = transferor(leg) else { return refuseReferral(id, 603) }
    guard let replaced = referral.replaced else {
      let destination = settings.dialplan.destination(of: referral.number, from: .extension(user))
      if let status = Self.refusal(ofTransferTo: destination) { return refuseReferral(id, status) }
      outputs.append(.agent(.acceptReferral(id)))
      return transfer(id, user, to: destination, at: now)
    }
    outputs.append(.agent(.acceptReferral(id)))
    guard case .leg(let consulted) = replaced, legs[consulted]?.party == leg.party, legs[consulted]?.call != leg.call
    else { return tell(id, 481) }
    transfer(id, user, toPartyOf: consulted, at: now)
  }

  private mutating func refuseReferral(_ id: LegID, _ status: Int) {
    outputs.append(.agent(.refuseReferral(id, status: status)))
  }

  mutating func tell(_ id: LegID, _ status: Int) { outputs.append(.agent(.tellReferral(id, status: status))) }

  /// The extension, if this leg may hand on the other party of its call now.
  func transferor(_ leg: Leg) -> ByteString? {
    guard case .user(let user) = leg.party, !leg.isEnding, leg.isAnswered, let call = calls[leg.call],
      call.phase == .talking, call.transfer == nil, let other = otherLeg(of: leg.id).flatMap({ legs[$0] }),
      other.isAnswered, !other.isEnding
    else { return nil }
    switch leg.role {
    case .caller, .callee, .agent: break
    default: return nil
    }
    // An agent is handed a caller, not handed on.
    if case .agent = other.role { return nil }
    return user
  }

  /// Codes are no party; a place to park is.
  static func refusal(ofTransferTo destination: Destination) -> Int? {
    switch destination {
    case .extension, .queue, .group, .slot, .trunk, .feature(.park, _): nil
    case .feature: 403
    case .unavailable(let reason): reason.status
    }
  }

  // MARK: To a number

  mutating func transfer(_ id: LegID, _ user: ByteString, to destination: Destination, at now: Instant) {
    guard let number = legs[id]?.call, stepAside(id, user) != nil else { return }
    log(.info, "call.transfer", number, "by " + user)
    switch destination {
    case .slot(let slot): park(number, in: slot, at: now)
    case .feature(.park, let slot): park(number, in: slot.isEmpty ? nil : slot, at: now)
    default: route(number, to: destination, at: now)
    }
  }

  /// The other party becomes the one that the call is about, and hears that something happens.
  private mutating func stepAside(_ id: LegID, _ user: ByteString) -> LegID? {
    guard let leg = legs[id], let other = otherLeg(of: id), let call = calls[leg.call] else { return nil }
    let wasCaller = call.first == id
    calls[leg.call]?.first = other
    calls[leg.call]?.second = nil
    calls[leg.call]?.phase = .ringing
    let presented = wasCaller ? caller(shownFor: other, of: call) : nil
    calls[leg.call]?.enrich { extra in
      extra.others.append(id)
      extra.transfer = Call.Transfer(by: id, user: user)
      extra.wasTransferred = true
      extra.fallback = nil
      if wasCaller {
        extra.lostCaller = true
        extra.presented = presented
      }
    }
    if legs[id]?.role == .caller || legs[id]?.role == .callee { legs[id]?.role = .transferor }
    if legs[other]?.role == .callee { legs[other]?.role = .caller }
    return other
  }

  /// Of somebody who was called.
  private func caller(shownFor id: LegID, of call: Call) -> Call.Caller {
    guard case .user(let user)? = legs[id]?.party else { return Call.Caller(number: call.to, name: "") }
    return Call.Caller(number: user, name: displayName(of: user))
  }

  /// It rings where the call was handed on to.
  mutating func transferRings(_ number: CallNumber) {
    if let by = calls[number]?.transfer?.by { tell(by, 180) }
  }

  /// Somebody has answered: whoever handed the call on is no longer needed.
  mutating func transferWorked(_ number: CallNumber) {
    guard let transfer = calls[number]?.transfer else { return }
    calls[number]?.enrich { $0.transfer = nil }
    if let by = transfer.by {
      tell(by, 200)
      hangUp(by, status: 200)
    }
    log(.info, transfer.isReturning ? "call.transfer-returned" : "call.transferred", number)
  }

  /// True: the call is back, or rings, at whoever wanted to hand it on.
  mutating func returnTransfer(_ number: CallNumber, status: Int, at now: Instant) -> Bool {
    guard let call = calls[number], let transfer = call.transfer, let first = call.first else { return false }
    guard let by = transfer.by, legs[by]?.isEnding == false else {
      guard !transfer.isReturning else {
        calls[number]?.enrich { $0.transfer = nil }
        return false
      }
      calls[number]?.enrich { $0.transfer?.isReturning = true }
      calls[number]?.destination = "extension " + transfer.user
      log(.info, "call.transfer-returns", number, "status " + ByteString(status))
      ring(number, .user(transfer.user), dialling: transfer.user, at: now)
      return true
    }
    log(.info, "call.transfer-failed", number, "status " + ByteString(status))
    if legs[by]?.role == .transferor { legs[by]?.role = .callee }
    calls[number]?.enrich { extra in
      extra.transfer = nil
      extra.others.removeAll { $0 == by }
    }
    calls[number]?.second = by
    calls[number]?.phase = .talking
    deadlines.cancel(number)
    say(.stop, to: first)
    join(first, by)
    tell(by, status)
    return true
  }

  // MARK: To the party of another call

  private mutating func transfer(_ id: LegID, _ user: ByteString, toPartyOf consulted: LegID, at now: Instant) {
    guard let number = legs[id]?.call, let other = legs[consulted].flatMap({ calls[$0.call] }) else { return }
    switch other.phase {
    case .talking:
      guard let party = otherLeg(of: consulted).flatMap({ legs[$0] }), party.isAnswered, !party.isEnding,
        other.transfer == nil
      else { return tell(id, 481) }
      // Whoever came to the branch stays in the call that is theirs.
      if party.isCustomer {
        join(party.id, inPlaceOf: consulted, partyOf: id, at: now)
        tell(id, 200)
      } else {
        join(otherLeg(of: id) ?? id, inPlaceOf: id, partyOf: consulted, at: now)
      }
      log(.info, "call.transferred", number, "by " + user + ", with consultation")
    case .ringing where other.first == consulted && other.transfer == nil:
      takeOverRinging(id, user, from: other, at: now)
    case .queued(let queue) where other.first == consulted:
      guard stepAside(id, user) != nil else { return tell(id, 481) }
      hangUp(consulted, status: 200)
      calls[number]?.destination = "queue " + queue
      enterQueue(number, queue, at: now)
    default: tell(id, 481)
    }
  }

  /// Joins the two that one party has talked with, in the call of the first one; the other call ends.
  private mutating func join(_ kept: LegID, inPlaceOf leaving: LegID, partyOf end: LegID, at now: Instant) {
    guard let number = legs[leaving]?.call, let moved = otherLeg(of: end), let emptied = legs[end]?.call,
      let call = calls[number]
    else { return }
    let wasCaller = call.first == leaving
    move(moved, to: number)
    calls[number]?.first = kept
    calls[number]?.second = moved
    calls[number]?.enrich { extra in
      extra.others.append(leaving)
      extra.wasTransferred = true
      if wasCaller { extra.lostCaller = true }
    }
    if legs[leaving]?.role == .caller || legs[leaving]?.role == .callee { legs[leaving]?.role = .transferor }
    if legs[kept]?.role == .callee { legs[kept]?.role = .caller }
    if legs[moved]?.role == .caller { legs[moved]?.role = .callee }
    if let party = legs[moved]?.party { calls[number]?.destination = Self.name(of: party) }
    for leg in [kept, moved] { say(.stop, to: leg) }
    join(kept, moved)
    tell(leaving, 200)
    hangUp(leaving, status: 200)
    leave(emptied, at: now)
  }

  /// Rings on for the party of another call.
  private mutating func takeOverRinging(_ id: LegID, _ user: ByteString, from other: Call, at now: Instant) {
    guard let number = legs[id]?.call, stepAside(id, user) != nil else { return tell(id, 481) }
    var extra = other.extra.value ?? Call.Extra()
    for leg in extra.others + [other.second].compactMap({ $0 }) { move(leg, to: number) }
    if let second = other.second { calls[number]?.second = second }
    calls[number]?.destination = other.destination
    calls[number]?.furtherTrunks = other.furtherTrunks
    calls[number]?.trunkNumber = other.trunkNumber
    calls[number]?.enrich { own in
      own.others += extra.others
      own.hunt = extra.hunt
      own.fallback = extra.fallback
      own.forwards = extra.forwards
    }
    extra.others = []
    calls[other.number]?.extra.value = extra
    deadlines.set(number, to: now + Limits.transferRingTime)
    if let first = calls[number]?.first { say(.start(.ringback), to: first) }
    tell(id, 180)
    leave(other.number, at: now)
  }

  private mutating func move(_ id: LegID, to number: CallNumber) {
    guard let from = legs[id]?.call else { return }
    if calls[from]?.first == id { calls[from]?.first = nil }
    if calls[from]?.second == id { calls[from]?.second = nil }
    legs[id]?.call = number
  }

  /// What is left of a call whose other party is in another one now.
  private mutating func leave(_ number: CallNumber, at now: Instant) {
    calls[number]?.enrich { $0.hunt = nil }
    end(number, status: 200, at: now)
  }

  static func name(of party: Party) -> ByteString {
    switch party {
    case .user(let user): "extension " + user
    case .trunk(let trunk): "trunk " + trunk
    case .itself: "itself"
    }
  }
}
