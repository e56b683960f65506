// A distributor and its clock, for scenarios about who gets what: agents accept when told, nothing else moves.

import Basics
import Journal

@testable import ACD

final class Desk {
  private(set) var acd = ACD()
  private(set) var now = Instant(nanoseconds: 1_000_000_000_000)
  private(set) var seen: [ACD.Output] = []
  private var lastCall: UInt64 = 0

  init(_ queues: [ACD.QueueSettings], _ agents: [ACD.AgentSettings] = []) {
    step(.configure(ACD.Settings(queues: queues, agents: agents, numberPlan: .china(areaCode: "10"))))
    step(.seed(7))
    step(.wall(WallTime(seconds: 1_700_000_000), trusted: true))
  }

  func step(_ input: ACD.Input) {
    acd.handle(input, at: now)
    while let output = acd.pollOutput() { seen.append(output) }
  }

  func pass(seconds: Int) {
    let end = now + .seconds(seconds)
    while let deadline = acd.nextDeadline, deadline <= end {
      now = max(now, deadline)
      acd.advance(to: now)
      while let output = acd.pollOutput() { seen.append(output) }
    }
    now = end
  }

  /// They log in one after the other, a second apart.
  func logIn(_ agents: ByteString...) {
    for agent in agents {
      step(.reachable(extension: agent, true))
      step(.act(.login(extension: agent), by: agent))
      pass(seconds: 1)
    }
  }

  @discardableResult
  func enter(
    _ queue: ByteString = "q", _ medium: ACD.Medium = .call, from number: ByteString = "", preferring: ByteString = "",
    priority: UInt8? = nil
  ) -> CallReference {
    lastCall += 1
    step(
      .enter(
        ACD.Entry(
          CallReference(lastCall), medium: medium, queue: queue, callerNumber: number, priority: priority,
          preferredAgent: preferring)))
    return CallReference(lastCall)
  }

  /// The offers since the last look.
  func offers() -> [ACD.Offer] {
    defer { seen = [] }
    return seen.compactMap { if case .offer(let offer) = $0 { offer } else { nil } }
  }
  func offered() -> [ByteString] { offers().map(\.extension) }

  /// One item comes, is offered and served for `seconds`; who had it.
  @discardableResult
  func serve(_ queue: ByteString = "q", seconds: Int = 1) -> ByteString? {
    seen = []
    enter(queue)
    guard let offer = offers().first else { return nil }
    step(.accepted(offer.id))
    pass(seconds: seconds)
    step(.ended(offer.id))
    return offer.extension
  }

  func state(_ agent: ByteString) -> ACD.AgentState? {
    acd.agentViews(at: now).first { $0.extension == agent }?.state
  }
  func position(_ call: CallReference) -> Int? { acd.callViews(at: now).first { $0.call == call }?.position }
}
