// A call comes in: where it leads, and what the caller gets when it leads nowhere.

import ACD
import Basics
import Dialplan
import MediaEngine
import SDP
import SIPUserAgent

extension CallControl {
  mutating func receive(_ id: LegID, _ incoming: UserAgent.IncomingCall, at now: Instant) {
    guard calls.count < settings.callLimit, mediaRoom >= Limits.mediaRoomForNewCall else {
      counters.refusedAtLimit += 1
      log(.warning, "call.limit", 0, "call refused: " + (mediaRoom < Limits.mediaRoomForNewCall ? "media" : "calls"))
      outputs.append(.agent(.refuse(id, status: 503, reason: nil, retryAfter: 5)))
      return
    }
    let party: Party
    let origin: DialplanOrigin
    switch incoming.source {
    case .user(let name):
      party = .user(name)
      origin = .extension(name)
    case .trunk(let name):
      party = .trunk(name)
      origin = .trunk(name)
    case .itself(let caller): return receiveEcho(id, incoming, of: caller, at: now)
    }
    var call = newCall(from: incoming.callerNumber, name: incoming.callerName, to: incoming.number)
    if case .user(let user) = party {
      // An extension is who it logged in as, whatever its From says.
      call.from = user
      call.fromName = displayName(of: user)
    }
    call.first = id
    legs[id] = Leg(id: id, call: call.number, role: .caller, party: party)
    touched(party)
    if let offer = incoming.offer {
      guard
        offer.answer(
          choosing: Self.codecNames, address: .anyV4, port: 1, sessionID: 0, sessionVersion: 0,
          direction: .sendrecv) != nil
      else {
        calls[call.number] = call
        started(party)
        return refuse(call.number, status: 488, at: now)
      }
      legs[id]?.remote = offer
    }
    calls[call.number] = call
    started(party)
    if let replaced = incoming.replaced, case .user(let user) = party {
      return replace(call.number, replaced, by: user, at: now)
    }
    if case .trunk = party, let status = settings.callers.refusal(of: call.from) {
      counters.blocked += 1
      log(.info, "call.blocked", call.number, "from " + call.from.masked)
      return refuse(call.number, status: status, at: now)
    }
    log(.info, "call.incoming", call.number, "from " + call.from.masked + " to " + call.to.masked)
    route(call.number, to: settings.dialplan.destination(of: incoming.number, from: origin), at: now)
  }

  mutating func newCall(from: ByteString, name: ByteString, to: ByteString) -> Call {
    lastCallNumber += 1
    counters.calls += 1
    return Call(
      number: lastCallNumber, phase: .ringing, from: from, fromName: name, to: to, destination: "", startedAt: wall)
  }

  mutating func route(_ number: CallNumber, to destination: Destination, at now: Instant) {
    switch destination {
    case .extension(let user): callExtension(number, user, at: now)
    case .group(let name): ringGroup(number, name, at: now)
    case .slot(let slot):
      guard let first = calls[number]?.first, case .user(let user)? = legs[first]?.party,
        calls[number]?.phase == .ringing, legs[first]?.isIncoming == true
      else { return refuse(number, status: 404, at: now) }
      retrieve(number, slot, by: user, at: now)
    case .queue(let queue):
      calls[number]?.destination = "queue " + queue
      enterQueue(number, queue, at: now)
    case .trunk(let names, let digits):
      calls[number]?.furtherTrunks = names
      calls[number]?.trunkNumber = digits
      ringNextTrunk(number, lastStatus: 503, at: now)
    case .feature(let feature, let argument): serve(number, feature, argument, at: now)
    case .unavailable(let reason):
      calls[number]?.destination = "nowhere"
      log(.info, "call.unroutable", number, reason.text)
      refuse(number, status: reason.status, at: now)
    }
  }

  // MARK: To a trunk

  /// Tries the next trunk that is up and has a free channel; refuses the caller when none is left.
  mutating func ringNextTrunk(_ number: CallNumber, lastStatus: Int, at now: Instant) {
    while let call = calls[number], let name = call.furtherTrunks.first {
      calls[number]?.furtherTrunks.removeFirst()
      guard freeChannels(of: name) > 0 else {
        if trunkIsUp[name] != false { counters.trunkFull += 1 }
        continue
      }
      calls[number]?.destination = "trunk " + name
      return ring(number, .trunk(name), dialling: call.trunkNumber, at: now)
    }
    refuse(number, status: lastStatus, at: now)
  }

  func freeChannels(of trunk: ByteString) -> Int {
    guard trunkIsUp[trunk] != false, let known = settings.trunks.first(where: { $0.name == trunk }) else { return 0 }
    return known.channels - (channelsInUse[trunk] ?? 0)
  }

  mutating func announceTrunkRoom() {
    let free = settings.trunks.reduce(0) { $0 + max(0, freeChannels(of: $1.name) - Limits.channelsKept) }
    let room = isDraining ? 0 : free
    guard room != announcedRoom else { return }
    announcedRoom = room
    outputs.append(.distributor(.trunkRoom(channelsFree: room)))
  }

  // MARK: Who is busy

  mutating func started(_ party: Party) {
    switch party {
    case .trunk(let name):
      channelsInUse[name, default: 0] += 1
      announceTrunkRoom()
    case .user(let name):
      ownLegs[name, default: 0] += 1
      if ownLegs[name] == 1 { outputs.append(.distributor(.busyElsewhere(extension: name, true))) }
    case .itself: break
    }
  }

  mutating func finished(_ party: Party) {
    switch party {
    case .trunk(let name):
      channelsInUse[name, default: 1] -= 1
      announceTrunkRoom()
    case .user(let name):
      ownLegs[name, default: 1] -= 1
      if ownLegs[name] == 0 {
        ownLegs[name] = nil
        outputs.append(.distributor(.busyElsewhere(extension: name, false)))
      }
    case .itself: break
    }
  }
}
