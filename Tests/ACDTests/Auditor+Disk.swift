// What the auditor knows of the disk: what it holds, what is on its way, and what must come back after a restart.

import Basics
import Journal

@testable import ACD

extension Auditor {
  func gaveToDisk(_ fact: Fact) {
    guard case .callback(let fact) = fact else { return }
    isBeingWritten[fact.id, default: 0] += 1
    queueOf[fact.id] = fact.queue
  }
  func lost(_ fact: Fact, _ number: UInt64) {
    guard case .callback(let fact) = fact else { return }
    isBeingWritten[fact.id, default: 1] -= 1
    isBehind[fact.id] = number
  }

  /// Callbacks that must not be passed over at this instant, as far as the disk tells.
  func isWaiting(_ fact: CallbackFact) -> Bool {
    guard !fact.isScheduled, mayCallBack(fact.queue), !isOnTheLine(fact.number),
      rules(fact.queue).callback?.mode == .agentFirst
    else { return false }
    guard isBehind[fact.id] == nil, fact.state == .pending, isBeingWritten[fact.id] ?? 0 == 0, isTrusted else {
      return false
    }
    let start = Instant(nanoseconds: 1_000_000_000_000)
    let offset = fact.notBefore - WallTime(seconds: Floor.bootWall)
    guard start + offset <= now, dueFrom[fact.id] ?? .zero <= now, mayDialFrom[fact.id] ?? .zero <= now else {
      return false
    }
    guard start + (fact.expiresAt - WallTime(seconds: Floor.bootWall)) > now else { return false }
    let isOffered = offers.values.contains { $0.item == .callback(fact.id) && $0.isLive }
    return !isOffered && !attempts.values.contains { $0.callback == fact.id }
  }

  // MARK: Disk, restart, and the end of a step

  func durable(_ fact: Fact, _ number: UInt64) {
    guard case .callback(let fact) = fact else { return }
    disk[fact.id] = fact
    isBeingWritten[fact.id, default: 1] -= 1
    if let lost = isBehind[fact.id], number > lost { isBehind[fact.id] = nil }
  }

  func restarted(at now: Instant, trusted: Bool) {
    self.now = now
    // Where the disk knows that it is done, the conversation ended with the box, as live calls do.
    for attempt in attempts.values where attempt.isDialled && disk[attempt.callback]?.state.isFinal == false {
      if let leg = attempt.leg { orphansExpected.append(leg) }
      mayDialFrom[attempt.callback] = now + .seconds(ACD.Limits.leaseSeconds)
    }
    // Whoever waited live is gone with the box; that is no fate the queue chose.
    entered = ended
    agents = [:]
    offers = [:]
    calls = [:]
    attempts = [:]
    withdrawalsOwed = []
    promised = [:]
    dueFrom = [:]
    isBeingWritten = [:]
    queueOf = disk.mapValues(\.queue)
    isBehind = [:]
    isTrusted = trusted
    isBrownOut = false
    hours = [:]
    urgent = Set(disk.values.filter { $0.isUrgent && $0.state == .pending }.map(\.id))
    asked = [:]
    channels = 0
    // What the disk never heard of may happen again; nothing in the world can prevent that.
    for fact in disk.values where !fact.state.isFinal {
      callbackEnds[fact.sequence] = nil
      conversations[fact.id] = nil
    }
  }

  func stepEnded(_ acd: ACD, at now: Instant) {
    if !withdrawalsOwed.isEmpty { complain("an abandoned call still rings: \(withdrawalsOwed)") }
    withdrawalsOwed = []
    // Those who left with a promise that is being written are among them.
    let waiting = acd.calls.count
    if entered != ended + waiting { complain("\(entered) entered, \(ended) ended, \(waiting) wait") }
    if calls.count != waiting { calls = calls.filter { !$0.value.isGone } }
  }

  /// After restored facts were taken in: every promise on the disk is known, every orphan was ended.
  func checkNothingForgotten(_ acd: ACD) {
    let open = Set(acd.callbackViews(at: now).map(\.fact.id))
    for (id, fact) in disk where !fact.state.isFinal && !open.contains(id) && isBeingWritten[id] ?? 0 == 0 {
      complain("callback \(id) is forgotten")
    }
    if !orphansExpected.isEmpty { complain("orphans not ended: \(orphansExpected.count)") }
  }
}
