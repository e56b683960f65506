// Estimates of all queues, fed by what the distributor records, and what each caller has been told.

import Basics
import Journal

struct Estimates {
  /// Callers about whom something is remembered; beyond, nothing is told.
  static let callersMax = ACD.Limits.calls

  struct Caller {
    let queue: QueueID
    /// The first estimate, spoken or not: against it the actual wait is held.
    let estimate: WaitEstimate.Estimate?
    let load: WaitEstimate.Load
    let waitedMs: Int64
    var told = TellState()
  }

  struct OfQueue {
    var name: ByteString
    var waits = WaitEstimate()
  }

  /// By the queue's place in its table.
  var queues: [OfQueue] = []
  /// By sequence.
  var callers: [UInt64: Caller] = [:]

  subscript(queue: QueueID) -> WaitEstimate {
    Int(queue.index) < queues.count ? queues[Int(queue.index)].waits : WaitEstimate()
  }

  /// The queue's place in its own table. A slot that another queue has taken over begins anew.
  private mutating func place(_ queue: QueueID, _ name: ByteString) -> Int {
    let index = Int(queue.index)
    while queues.count <= index { queues.append(OfQueue(name: "")) }
    if queues[index].name != name { queues[index] = OfQueue(name: name) }
    return index
  }

  mutating func note(_ event: QueueEventFact, in queue: QueueID, named name: ByteString) {
    switch event.kind {
    case .completed: queues[place(queue, name)].waits.handled(event.lasting)
    case .wrapUpEnded: queues[place(queue, name)].waits.wrappedUp(event.lasting)
    case .callbackConnected: queues[place(queue, name)].waits.began(atMs: event.atMs)
    case .answered:
      let place = place(queue, name)
      queues[place].waits.began(atMs: event.atMs)
      guard let caller = callers.removeValue(forKey: event.item), caller.queue == queue else { return }
      queues[place].waits.served(
        waited: .milliseconds(Int(event.boundedMs - caller.waitedMs)), load: caller.load,
        estimate: caller.estimate)
    case .abandoned, .overflowed, .callbackRequested, .callbackMerged, .moved: callers[event.item] = nil
    case .rejoined:
      callers[event.item] = nil
      if let came = event.detail.decimalValue { callers[UInt64(came)] = nil }
    default: break
    }
  }

  /// What to say to the caller now: nil for nothing. `isNews`: it was not said before.
  mutating func tell(
    _ item: UInt64, in queue: QueueID, _ competition: Competition, waited: Interval
  ) -> (minutes: Int, cause: TellState.Cause, isNews: Bool)? {
    let estimate = self[queue].estimate(competition.load)
    if callers[item] == nil {
      guard callers.count < Self.callersMax else { return nil }
      callers[item] = Caller(
        queue: queue, estimate: estimate, load: competition.load, waitedMs: Int64(waited.milliseconds))
    }
    guard let estimate, estimate.minutes > 0, !self[queue].isMuted else { return nil }
    let before = callers[item]?.told.minutes
    guard
      let told = callers[item]?.told.tell(
        estimate.minutes, ahead: competition.ahead, agents: competition.load.agents + competition.load.working)
    else { return nil }
    return (told.minutes, told.cause, told.minutes != before)
  }
}

extension QueueEventFact {
  fileprivate var lasting: Interval { .milliseconds(Int(boundedMs)) }
}

extension ACD {
  /// The wait that four of five in this place do not exceed; nil with nobody at work and before anything has been learnt.
  /// It may be asked for while announcements are muted.
  public func estimatedWait(of call: CallReference, at now: Instant) -> Interval? {
    guard let waiting = calls[call] else { return nil }
    return estimates[waiting.queue].estimate(competition(of: .call(call), at: now).load)?.told
  }

  /// Where a caller stands now, as it is to be told. A wait that was not told before is recorded.
  mutating func standing(of waiting: WaitingCall, at now: Instant) -> Standing {
    let queue = waiting.queue
    let position = position(of: waiting)
    let told = estimates.tell(
      waiting.sequence, in: queue, competition(of: .call(waiting.entry.reference), at: now),
      waited: now - waiting.enteredAt)
    if let told, told.isNews {
      record(
        .announced, queue: queue, item: waiting.sequence, lasting: .minutes(told.minutes),
        detail: ByteString(told.cause.name), at: now)
    }
    return Standing(position: position, waitMinutes: told?.minutes)
  }
}
