// The distributor alone, kept busy by its public inputs: agents who talk without a pause and items that wait. Time is
// virtual; whatever it says is read to the last output, as the program does.

import ACD
import Basics
import Harness

/// How big the floor is, and what is asked of the agents.
struct DistributorShape {
  var agents = 1_000
  var queues = 20
  /// Each agent serves so many of them.
  var queuesPerAgent = 2
  /// Kinds of items in each queue: each asks for a skill of its own, and for less of it as it waits. 0: for none.
  var skills = 5
  var waiting = 10_000
  var announceEverySeconds = 30

  /// All items in one class. Nobody is told the place again: of 100,000 that would be all there is to do.
  static func oneClass(waiting: Int) -> DistributorShape {
    DistributorShape(queues: 1, queuesPerAgent: 1, skills: 0, waiting: waiting, announceEverySeconds: 7_200)
  }
}

final class DistributorLoad {
  private static let strategies: [ACD.Strategy] = [
    .longestIdle, .mostSkilled, .roundRobin, .fewestCalls, .leastTalkTime, .linear,
  ]
  /// Of virtual time, from one decision to the next.
  private static let step = Interval.milliseconds(10)
  private static let boot = WallTime(seconds: 1_700_000_000)

  private let shape: DistributorShape
  private var acd = ACD()
  private var now = Instant(nanoseconds: 1_000_000_000_000)
  private var random = SeededRandom(seed: 1)
  private let queueNames: [ByteString]
  /// What the items of a kind ask for, shared as a configuration's are.
  private let ringsOfKind: [[ACD.SkillRing]]
  private var lastCall: UInt64 = 0
  private var ringing: [OfferID] = []
  private var talking = Fifo<OfferID>()
  private(set) var entered = 0
  private(set) var connected = 0

  var waiting: Int { entered - connected }

  init(_ shape: DistributorShape) {
    self.shape = shape
    queueNames = (0..<shape.queues).map { ByteString("queue-\($0)") }
    ringsOfKind = (0..<shape.skills).map { kind in
      let name = ByteString("skill-\(kind)")
      return [
        ACD.SkillRing([ACD.Skill(name, 6)]), ACD.SkillRing(afterSeconds: 30, [ACD.Skill(name, 1)]),
        ACD.SkillRing(afterSeconds: 600, []),
      ]
    }
    tell(.configure(settings()))
    tell(.wall(Self.boot, trusted: true))
    for agent in 0..<shape.agents {
      tell(.reachable(extension: number(agent), true))
      tell(.act(.login(extension: number(agent)), by: number(agent)))
    }
  }

  private func number(_ agent: Int) -> ByteString { ByteString(String(1_000 + agent)) }

  private func settings() -> ACD.Settings {
    let queues = queueNames.enumerated().map { index, name in
      let agents = (0..<shape.agents).filter { agent in
        (0..<shape.queuesPerAgent).contains { (agent + $0 * 7) % shape.queues == index }
      }
      return ACD.QueueSettings(
        name: name, agents: agents.map(number), strategy: Self.strategies[index % Self.strategies.count],
        wrapUpSeconds: 0, maximumWaitSeconds: 7_200, maximumLength: shape.waiting + shape.agents + 1,
        announceEverySeconds: shape.announceEverySeconds)
    }
    let agents = (0..<shape.agents).map { agent in
      let skills = (0..<min(2, shape.skills)).map { skill in
        ACD.Skill(ByteString("skill-\((agent / shape.queues + skill * 2) % shape.skills)"), UInt8(1 + agent % 10))
      }
      return ACD.AgentSettings(extension: number(agent), skills: skills)
    }
    return ACD.Settings(queues: queues, agents: agents, maximumCalls: shape.waiting + shape.agents + 1)
  }

  // MARK: What happens

  /// Every agent talks, and nobody waits yet who could be served.
  func occupyAgents() throws {
    for _ in 0..<shape.agents * 20 where connected < shape.agents { enter() }
    guard connected == shape.agents else { throw Failure("only \(connected) of \(shape.agents) agents have a call") }
  }

  func fill() {
    while waiting < shape.waiting { enter() }
  }

  /// One more item; an agent who is idle has it at once.
  func enter() {
    now = now + Self.step
    pass()
    lastCall += 1
    let kind = shape.skills > 0 ? random.below(shape.skills) : nil
    entered += 1
    tell(
      .enter(
        ACD.Entry(
          CallReference(lastCall), queue: queueNames[random.below(shape.queues)],
          callerNumber: ByteString(String(13_800_000_000 + lastCall)), callerName: "", dialledNumber: "02155550000",
          rings: kind.map { ringsOfKind[$0] } ?? [])))
    acceptAll()
  }

  /// The longest conversation ends and its agent gets the next item; as many enter as were taken.
  /// - Parameter clock: read before and after the distributor has decided and said so.
  /// - Returns: what the clock says that took; nil when nobody was offered anything.
  func decide(_ clock: () -> Nanoseconds) -> Nanoseconds? {
    now = now + Self.step
    pass()
    guard let offer = talking.popFirst() else { return nil }
    let before = clock()
    acd.handle(.ended(offer), at: now)
    drain()
    let took = clock() - before
    let wasOffered = !ringing.isEmpty
    acceptAll()
    while waiting < shape.waiting { enter() }
    return wasOffered ? took : nil
  }

  /// So much virtual time that what is counted belongs to the next quarter of an hour.
  func rest() {
    now = now + .minutes(15)
    pass()
    acceptAll()
  }

  /// The whole state as bytes, and what writing them takes; then what a second distributor takes to be made of them.
  func checkpoint(_ clock: () -> Nanoseconds) throws -> (bytes: Int, writing: Nanoseconds, reading: Nanoseconds) {
    let before = clock()
    guard let bytes = acd.checkpoint() else { throw Failure("outputs wait") }
    let written = clock()
    let second = try ACD(checkpoint: bytes[...])
    let read = clock()
    guard second.checkpoint() == bytes else { throw Failure("the second distributor is another one") }
    return (bytes.count, written - before, read - written)
  }

  private func acceptAll() {
    while let offer = ringing.popLast() { tell(.accepted(offer)) }
  }

  // MARK: The distributor

  private func tell(_ input: ACD.Input) {
    acd.handle(input, at: now)
    drain()
  }

  private func pass() {
    guard let deadline = acd.nextDeadline, deadline <= now else { return }
    acd.advance(to: now)
    drain()
  }

  private func drain() {
    while let output = acd.pollOutput() {
      switch output {
      case .offer(let offer): ringing.append(offer.id)
      case .connect(_, let offer):
        connected += 1
        talking.append(offer)
      default: break
      }
    }
  }

  /// Nothing was lost on the way: the distributor counts as this does.
  func check() throws {
    let counted = acd.queueViews(at: now).reduce(0) { $0 + $1.callsWaiting }
    guard counted == waiting, talking.count == shape.agents else {
      throw Failure("\(counted) of \(waiting) items wait and \(talking.count) of \(shape.agents) agents talk")
    }
  }
}
