// What agents did, and what became of promises to call back: counted in the interval in which it happened.

import Basics
import Journal

extension Reports {
  mutating func addToCallbacks(_ event: QueueEventFact) {
    guard let queue = queueIndex(event.queue) else { return }
    let interval = Quarter.number(of: event.atMs)
    switch event.kind {
    case .callbackOffered: inQueue(queue, interval) { $0.callbacksOffered += 1 }
    case .callbackDialled:
      promises[event.item]?.dials += 1
      inQueue(queue, interval) { $0.callbacksDialled += 1 }
    case .callbackConnected: connect(event, queue, interval)
    case .callbackAttemptFailed: inQueue(queue, interval) { $0.countAttempt(endedBy: event.detail) }
    case .callbackDone:
      let dials = promises.removeValue(forKey: event.item)?.dials
      inQueue(queue, interval) {
        $0.callbacksDone += 1
        if let dials {
          $0.callbacksDoneTraced += 1
          if dials <= 1 { $0.callbacksDoneAtOnce += 1 }
        }
      }
    case .callbackFailed:
      promises[event.item] = nil
      inQueue(queue, interval) { $0.callbacksFailed += 1 }
    case .callbackExpired:
      promises[event.item] = nil
      inQueue(queue, interval) { $0.callbacksExpired += 1 }
    case .callbackCancelled:
      promises[event.item] = nil
      inQueue(queue, interval) { $0.callbacksCancelled += 1 }
    case .apologised: inQueue(queue, interval) { $0.apologies += 1 }
    default: break
    }
  }

  private mutating func connect(_ event: QueueEventFact, _ queue: Int, _ interval: Int64) {
    let fromEntry = event.boundedMs
    let fromRequest = promises[event.item].map { max(0, event.atMs &- $0.requestedMs) }
    inQueue(queue, interval) {
      $0.callbacksConnected += 1
      $0.callbackWaitFromEntryMs += fromEntry
      if let fromRequest {
        $0.callbacksTraced += 1
        $0.callbackWaitFromRequestMs += min(fromRequest, Limits.millisecondsMax)
      }
    }
    if let agent = agentIndex(event.agent) { ofAgent(agent, interval) { $0.answered += 1 } }
  }

  mutating func addToWork(_ event: QueueEventFact) {
    if event.kind == .agentStateLeft { return addState(event) }
    let interval = Quarter.number(of: event.atMs)
    if let queue = queueIndex(event.queue) { inQueue(queue, interval) { $0.count(event) } }
    if let agent = agentIndex(event.agent) { ofAgent(agent, interval) { $0.countWork(event) } }
  }

  /// The time in a state, cut at the borders of the intervals. Of intervals too old to be kept only the total has it.
  private mutating func addState(_ event: QueueEventFact) {
    guard let agent = agentIndex(event.agent) else { return }
    let lasted = event.boundedMs
    agents[agent].total.time.add(lasted, in: event.detail)
    guard !event.detail.hasPrefix("logged-out") else { return }
    let begin = event.atMs &- lasted
    var end = event.atMs
    var cuts = 0
    while end > begin, cuts < min(intervalLimit, Limits.quartersOfState) {
      let number = Quarter.number(of: end &- 1)
      let start = max(begin, number &* Quarter.lengthMs)
      let part = end &- start
      inRow(ofAgent: agent, number) { $0.time.add(part, in: event.detail) }
      end = start
      cuts += 1
    }
  }
}
