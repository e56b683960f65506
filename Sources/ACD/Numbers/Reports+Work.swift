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
    if let agent = agentIndex(event.agent) { ofAgent(agent, interval) { $0.count(event) } }
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
    while end > begin, cuts < Limits.intervals {
      let number = Quarter.number(of: end &- 1)
      let start = max(begin, number &* Quarter.lengthMs)
      let part = end &- start
      inRow(ofAgent: agent, number) { $0.time.add(part, in: event.detail) }
      end = start
      cuts += 1
    }
  }
}

/// What is counted of work alike for a queue and for an agent.
private protocol WorkNumbers {
  var offers: Int64 { get set }
  var offersUnanswered: Int64 { get set }
  var offersRefused: Int64 { get set }
  var offersWithdrawn: Int64 { get set }
  var handled: Int64 { get set }
  var talkMs: Int64 { get set }
  var holdMs: Int64 { get set }
  var wrapUpMs: Int64 { get set }
  var transferred: Int64 { get set }
  var surveyed: Int64 { get set }
  var surveyScores: Int64 { get set }
}

extension WorkNumbers {
  fileprivate mutating func countWork(_ event: QueueEventFact) {
    switch event.kind {
    case .offered: offers += 1
    case .offerRefused: offersRefused += 1
    case .offerUnanswered: offersUnanswered += 1
    case .offerWithdrawn: offersWithdrawn += 1
    case .completed:
      handled += 1
      talkMs += event.boundedMs
    case .wrapUpEnded: wrapUpMs += event.boundedMs
    case .held: holdMs += event.boundedMs
    case .transferred: transferred += 1
    case .surveyed:
      surveyed += 1
      surveyScores += Int64(min(event.detail.decimalValue ?? 0, 5))
    default: break
    }
  }
}

extension QueueNumbers: WorkNumbers {
  fileprivate mutating func count(_ event: QueueEventFact) {
    switch event.kind {
    case .overtaken: overtakes += 1
    case .entryRefused: refused += 1
    default: countWork(event)
    }
  }

  /// - Parameter cause: as `callbackAttemptFailed` has it.
  fileprivate mutating func countAttempt(endedBy cause: ByteString) {
    switch cause {
    case "busy": attemptsBusy += 1
    case "no-answer": attemptsUnanswered += 1
    case "final": attemptsFinal += 1
    case "technical": attemptsTechnical += 1
    default: attemptsOther += 1
    }
  }
}

extension AgentNumbers: WorkNumbers {
  fileprivate mutating func count(_ event: QueueEventFact) { countWork(event) }
}
