// Callers who wait too long go to another branch, over the trunk to it, with their own number and name, and with the
// queue that they come from (Diversion, RFC 5806; X-Queue for the time they have waited). They hear the queue's music and
// keep their place here until the other branch has answered; one that refuses, or says nothing, leaves all as it was.

import ACD
import Basics
import MediaEngine
import SIPUserAgent
import VoiceService

extension CallControl {
  mutating func tryElsewhere(_ number: CallNumber, at now: Instant) {
    guard let call = calls[number], case .queued(let queue) = call.phase, call.elsewhere == nil, let first = call.first,
      let target = settings.queues.first(where: { $0.name == queue })?.elsewhere
    else { return }
    guard freeChannels(of: target.trunk) > 0 else {
      return log(.info, "queue.elsewhere-full", number, "trunk " + target.trunk)
    }
    guard
      let id = invite(
        .trunk(target.trunk), dialling: target.number, role: .elsewhere, for: call, preferring: legs[first]?.remote)
    else { return }
    calls[number]?.elsewhere = id
    deadlines.set(number, to: now + Limits.elsewhereRingTime)
    log(.info, "queue.elsewhere", number, "trunk " + target.trunk)
  }

  /// The other branch has answered. Whether the caller is still to be had, the distributor says.
  mutating func elsewhereAnswered(_ leg: Leg) {
    deadlines.cancel(leg.call)
    outputs.append(.distributor(.wentElsewhere(CallReference(leg.call))))
  }

  /// The queue has let go of the caller. True: because the other branch has answered, and they talk now.
  mutating func joinElsewhere(_ number: CallNumber) -> Bool {
    guard let call = calls[number], case .queued(let queue) = call.phase, let first = call.first,
      let id = call.elsewhere, let leg = legs[id], leg.isAnswered, !leg.isEnding, case .trunk(let trunk) = leg.party
    else { return false }
    legs[id]?.role = .callee
    calls[number]?.elsewhere = nil
    calls[number]?.second = id
    calls[number]?.phase = .talking
    calls[number]?.queuesTried.append(queue)
    calls[number]?.destination = "trunk " + trunk
    say(.stop, to: first)
    join(first, id)
    log(.info, "queue.left", number, "to trunk " + trunk)
    return true
  }

  /// Nobody said anything for so long: the caller goes on waiting here.
  mutating func elsewhereSilent(_ number: CallNumber) {
    guard let call = calls[number], let id = call.elsewhere, legs[id]?.isAnswered == false else { return }
    log(.info, "queue.elsewhere-silent", number)
    hangUp(id, status: 487)
  }

  /// The caller is served here, or gone.
  mutating func dropElsewhere(_ number: CallNumber) {
    guard let id = calls[number]?.elsewhere else { return }
    if case .queued? = calls[number]?.phase { deadlines.cancel(number) }
    hangUp(id, status: 487)
  }

  mutating func elsewhereEnded(_ leg: Leg, _ ending: UserAgent.Ending) {
    if calls[leg.call]?.elsewhere == leg.id { calls[leg.call]?.elsewhere = nil }
    guard let call = calls[leg.call], case .queued = call.phase, !leg.isEnding else { return }
    deadlines.cancel(leg.call)
    log(.info, "queue.elsewhere-refused", leg.call, "status " + ByteString(ending.status))
  }

  /// What the other branch is told of a caller whom a queue sends there; nil of any other call.
  func origin(of call: Call, _ role: Role, on trunk: ByteString, _ digits: ByteString) -> UserAgent.Invitation.Origin? {
    guard let name = role == .elsewhere ? call.queue : call.queuesTried.last,
      let queue = settings.queues.first(where: { $0.name == name }),
      queue.elsewhere == Elsewhere(trunk: trunk, number: digits)
    else { return nil }
    return UserAgent.Invitation.Origin(
      number: call.to, queue: queue.name, displayName: queue.displayName,
      waitedSeconds: call.queuedAt.map { max(0, Int(clamping: (wall - $0).seconds)) } ?? 0,
      reason: role == .elsewhere ? "no-answer" : "unavailable")
  }
}
