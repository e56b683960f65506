// Calls that somebody else takes: pickup of what rings at a colleague's phone (RFC 5359 §2.16), by code or by an INVITE
// with Replaces from a key with a lamp; another phone of one's own that takes over a call; park and retrieve (§2.15).

import ACD
import Basics
import Dialplan
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

extension CallControl {
  // MARK: Pickup

  /// - Parameter number: of an extension; empty: of any colleague in the same group, whoever has rung longest.
  mutating func pickUp(_ taker: CallNumber, _ number: ByteString, by user: ByteString, at now: Instant) {
    let group = pickupGroup(of: user)
    let ringing = calls.keys.sorted().first { call in
      call != taker && calls[call]?.phase == .ringing
        && ringingPhones(of: call).contains { ($0 == number || number.isEmpty) && pickupGroup(of: $0) == group }
    }
    guard let ringing else {
      log(.info, "call.nothing-to-pick-up", taker, number)
      return refuse(taker, status: 404, at: now)
    }
    log(.info, "call.picked-up", ringing, "by " + user)
    take(ringing, from: taker, by: user, at: now)
  }

  private func pickupGroup(of user: ByteString) -> ByteString { settings.handling[user]?.pickupGroup ?? "" }

  private func ringingPhones(of number: CallNumber) -> [ByteString] {
    guard let call = calls[number], let first = call.first, legs[first]?.isEnding == false else { return [] }
    return (call.others + [call.second].compactMap { $0 }).compactMap { id in
      guard let leg = legs[id], !leg.isAnswered, !leg.isEnding, leg.role == .callee || leg.role == .candidate,
        case .user(let user) = leg.party
      else { return nil }
      return user
    }
  }

  /// The caller of one call becomes the callee of another one, whose first party waits.
  private mutating func take(_ number: CallNumber, from taker: CallNumber, by user: ByteString, at now: Instant) {
    guard let id = calls[taker]?.first, let first = calls[number]?.first else { return }
    guard acceptCaller(id) else { return end(taker, status: 488, at: now) }
    let ringing = [calls[number]?.second].compactMap { $0 } + (calls[number]?.others ?? [])
    for leg in ringing where legs[leg]?.role == .callee || legs[leg]?.role == .candidate { hangUp(leg, status: 200) }
    setAside(number)
    legs[id]?.call = number
    legs[id]?.role = .callee
    calls[taker]?.first = nil
    calls[taker]?.isToBeRecorded = false
    finishIfEmpty(taker)
    calls[number]?.second = id
    calls[number]?.destination = "extension " + user
    calls[number]?.enrich { extra in
      extra.hunt = nil
      extra.fallback = nil
    }
    unpark(number)
    say(.stop, to: first)
    calleeAnswered(number, id, at: now)
  }

  /// A leg that was told to end, while another one takes its place.
  mutating func setAside(_ number: CallNumber) {
    guard let second = calls[number]?.second, calls[number]?.extra.isEmpty == false else { return }
    calls[number]?.second = nil
    calls[number]?.enrich { $0.others.append(second) }
  }

  // MARK: Replaces

  mutating func replace(_ taker: CallNumber, _ replaced: UserAgent.Replaced, by user: ByteString, at now: Instant) {
    switch replaced {
    case .ringing(let number): pickUp(taker, number, by: user, at: now)
    case .leg(let id): takeOver(taker, id, at: now)
    case .unknown: end(taker, status: 481, at: now)
    }
  }

  /// Another phone of the same extension goes on with a call.
  private mutating func takeOver(_ taker: CallNumber, _ old: LegID, at now: Instant) {
    guard let leg = legs[old], let call = calls[leg.call], call.phase == .talking, call.transfer == nil,
      leg.role == .caller || leg.role == .callee, let other = otherLeg(of: old), let id = calls[taker]?.first
    else { return end(taker, status: 481, at: now) }
    guard acceptCaller(id) else { return end(taker, status: 488, at: now) }
    calls[taker]?.first = nil
    calls[taker]?.isToBeRecorded = false
    finishIfEmpty(taker)
    legs[id]?.call = leg.call
    legs[id]?.role = leg.role
    if call.first == old { calls[leg.call]?.first = id } else { calls[leg.call]?.second = id }
    calls[leg.call]?.enrich { $0.others.append(old) }
    legs[old]?.role = .transferor
    hangUp(old, status: 200)
    say(.stop, to: other)
    join(other, id)
    log(.info, "call.replaced", leg.call)
  }

  // MARK: Park

  /// - Parameter slot: nil: the first free one.
  mutating func park(_ number: CallNumber, in slot: ByteString?, at now: Instant) {
    guard let call = calls[number], let first = call.first, let by = call.transfer?.user else { return }
    let free = slot ?? settings.parking.slots.first { parked[$0] == nil }
    guard let free, settings.parking.slots.contains(free), parked[free] == nil else {
      counters.parkingFull += 1
      log(.warning, "call.park-full", number, slot ?? "no free place")
      return refuse(number, status: 486, at: now)
    }
    parked[free] = number
    calls[number]?.phase = .parked
    calls[number]?.destination = "parked " + free
    calls[number]?.enrich { $0.parking = Call.Parking(slot: free, by: by) }
    transferWorked(number)
    deadlines.set(number, to: now + settings.parking.returnAfter)
    say(.start(.music()), to: first)
    lamps.touched(free)
    log(.info, "call.parked", number, free)
    let text: ByteString = settings.language == .zh ? "通话已驻留在 " + free + "。" : "The call is parked on " + free + "."
    outputs.append(.agent(.message(user: by, text: text)))
  }

  mutating func unpark(_ number: CallNumber) {
    guard let parking = calls[number]?.extra.value?.parking else { return }
    calls[number]?.enrich { $0.parking = nil }
    parked[parking.slot] = nil
    deadlines.cancel(number)
    lamps.touched(parking.slot)
  }

  mutating func retrieve(_ taker: CallNumber, _ slot: ByteString, by user: ByteString, at now: Instant) {
    calls[taker]?.destination = "parked " + slot
    guard let number = parked[slot] else { return refuse(taker, status: 404, at: now) }
    log(.info, "call.retrieved", number, "by " + user)
    take(number, from: taker, by: user, at: now)
  }

  /// Nobody came for it: it rings at whoever left it there.
  mutating func parkTimePassed(_ number: CallNumber, at now: Instant) {
    guard let parking = calls[number]?.extra.value?.parking else { return }
    unpark(number)
    log(.info, "call.park-returns", number, parking.slot)
    calls[number]?.phase = .ringing
    calls[number]?.destination = "extension " + parking.by
    calls[number]?.enrich { $0.transfer = Call.Transfer(by: nil, user: parking.by, isReturning: true) }
    ring(number, .user(parking.by), dialling: parking.by, at: now)
  }
}
