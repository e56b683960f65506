// Callers who come again: one whose line broke has the old place back within the queue's limit, as the same item; and the
// agent whom a customer spoke with last is asked first.

import Basics
import Journal

extension ACD {
  /// The caller's place is kept for a while: it counts nowhere, and is served to nobody. False where that is not done.
  mutating func keepPlace(of call: CallReference, _ waiting: WaitingCall, at now: Instant) -> Bool {
    let seconds = queues[waiting.queue].settings.rejoinSeconds
    guard seconds > 0, !waiting.customer.isEmpty, broken[waiting.customer] == nil else { return false }
    guard broken.count < Limits.broken else {
      counters.brokenLimitHit += 1
      return false
    }
    takeFromQueue(call)
    calls[call]?.hasLeft = true
    broken[waiting.customer] = call
    timers.set(.forget(call), to: now + .seconds(seconds))
    calls[call]?.leftAt = now
    return true
  }

  /// Nobody came back: abandoned, when the line broke.
  mutating func lineIsLost(_ call: CallReference, at now: Instant) {
    guard let waiting = calls[call], broken[waiting.customer] == call else { return }
    broken[waiting.customer] = nil
    calls[call] = nil
    releaseHeld(by: call, waiting, at: now)
    countAbandoned(waiting, at: now)
  }

  /// The same customer enters the same queue again, by the same medium: the old item goes on under the new call.
  mutating func comesBack(
    _ entry: Entry, _ customer: ByteString, in queue: QueueID, at now: Instant
  ) -> Bool {
    guard !customer.isEmpty, let old = broken[customer], let waiting = calls[old], waiting.queue == queue,
      waiting.entry.medium == entry.medium
    else { return false }
    broken[customer] = nil
    timers.cancel(.forget(old))
    calls[old] = nil
    calls[entry.reference] = WaitingCall(
      placement: waiting.placement, entry: entry, cameAt: waiting.cameAt, customer: customer)
    passHold(of: waiting, from: old, to: entry.reference)
    record(.rejoined, queue: queue, item: waiting.sequence, lasting: now - (waiting.leftAt ?? now), at: now)
    wait(entry.reference, at: now)
    return true
  }
}

/// Who spoke with whom last: the latest customers, up to a limit.
struct LastAgents {
  var agents: [ByteString: AgentID] = [:]
  var order = Fifo<ByteString>()

  subscript(customer: ByteString) -> AgentID? { customer.isEmpty ? nil : agents[customer] }

  mutating func remember(_ agent: AgentID, for customer: ByteString) {
    guard !customer.isEmpty else { return }
    if agents.updateValue(agent, forKey: customer) == nil { order.append(customer) }
    while agents.count > ACD.Limits.lastAgents, let oldest = order.popFirst() { agents[oldest] = nil }
  }
}
