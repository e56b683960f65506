// Calls that wait in the queue for one of a few agents: what they cost, how long the last of them waits, and how much
// later a free agent has the caller than a plain call's callee would.

import Foundation
import Harness

extension Bench {
  static let queueCalls = 200
  /// What the agents can do: each talks for a second.
  static let queueRate = Double(BenchedBranch.agentCount)
  static let talk = Nanoseconds.seconds(1)
  static let answerPairs = 40

  /// 200 calls at ten a second for ten agents, a second of talk each: with no time lost between them the last one ends
  /// 20.9 s after the first began.
  mutating func measureQueue() throws {
    try logInAgents()
    let load = try CallLoad(caller: caller, phone: phones, hold: Self.talk)
    var drains: [Double] = []
    results.queueCallMicroseconds = try costPerPiece("call by the queue, \(Self.queueRate) a second") {
      let outcome = load.run(count: Self.queueCalls, rate: Self.queueRate, to: .queue, patience: .seconds(20))
      drains.append(outcome.drained.inSeconds)
      return (outcome.complete, outcome.failed, "\(outcome.refusals)")
    }
    results.queueDrainSeconds = median(drains)
    note("queue: drained in \(drains.map { Results.text($0, 2) }.joined(separator: ", ")) s")
    results.queueAnswerDelayMilliseconds = try measureAnswerDelay(load)
  }

  func logInAgents() throws {
    let login = try AgentLogin(phones)
    for phone in 0..<BenchedBranch.agentCount { try login.logIn(phone) }
  }

  /// From the caller's INVITE to the ACK at the phone that answers at once: by the queue, and plainly, in turn.
  private func measureAnswerDelay(_ load: CallLoad) throws -> Double {
    load.hold = Self.hold
    var delays: [CallLoad.Destination: [Double]] = [:]
    for _ in 0..<Self.answerPairs {
      for destination in [CallLoad.Destination.queue, .phones] {
        let outcome = load.run(count: 1, rate: 1, to: destination)
        guard outcome.failed == 0, let call = load.calls.last, let confirmed = call.confirmedAt else {
          throw Failure("a call for the delay of its answer failed \(outcome.refusals)")
        }
        delays[destination, default: []].append((confirmed - call.startedAt).inMilliseconds)
      }
    }
    let queued = median(delays[.queue] ?? [])
    let plain = median(delays[.phones] ?? [])
    note("queue: a free agent is connected after \(milliseconds(queued)), a plain callee after \(milliseconds(plain))")
    return queued - plain
  }
}
