// Queues of every strategy with skills, rings, reserves, shares, ageing, preferred agents and text beside calls, in random
// use: at every step the engine's offers are compared with the oracle's.

import Basics
import Journal

@testable import ACD

struct MatchingWalk {
  private(set) var acd = ACD()
  private(set) var now = Instant(nanoseconds: 1_000_000_000_000)
  private(set) var offersMade = 0
  /// Hears all that `acd` hears.
  var twin: Twin?
  /// The first disagreement, nil while there is none.
  private(set) var complaint: String?
  private var random: SeededRandom
  private var lastCall: UInt64 = 0
  private var lastLeg: UInt64 = 0
  private var waiting: [CallReference] = []
  private var ringing: [OfferID] = []
  private var talking: [OfferID] = []
  private var leaving: [OfferID] = []
  private var dialled: [AttemptID] = []
  private let agents: [ByteString] = (101...110).map { ByteString("\($0)") }

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    step(.configure(settings()))
    step(.seed(seed))
    step(.wall(WallTime(seconds: 1_700_000_000), trusted: true))
    step(.trunkRoom(channelsFree: 3))
    for agent in agents {
      step(.reachable(extension: agent, true))
      step(.act(.login(extension: agent), by: agent))
    }
  }

  // MARK: What the seed makes of the branch

  private mutating func settings() -> ACD.Settings {
    let isWeighted = random.chance(percent: 40)
    let queues = (0..<4).map { index in
      ACD.QueueSettings(
        name: ByteString("q\(index)"), members: members(),
        strategy: ACD.Strategy.allCases[random.below(ACD.Strategy.allCases.count)],
        priority: UInt8(random.below(4)), weight: isWeighted ? UInt8(random.below(4)) : 0, rings: rings(),
        ageEverySeconds: random.chance(percent: 40) ? 7 : 0, reserveAfterSeconds: random.chance(percent: 50) ? 9 : 0,
        preferredAgentSeconds: random.chance(percent: 50) ? 8 : 0, ringSeconds: 6, noAnswerBackoffSeconds: 3,
        unreachableAfter: random.chance(percent: 50) ? 3 : 0, wrapUpSeconds: random.below(4),
        maximumWaitSeconds: 60, stayPolicy: random.chance(percent: 30) ? .working : .always, announceEverySeconds: 0,
        rejoinSeconds: 20, callback: ACD.CallbackSettings(minimumDelaySeconds: 2))
    }
    let staff = agents.map { number in
      ACD.AgentSettings(
        extension: number, skills: skills(highest: 5),
        capacity: [.chat: UInt8(1 + random.below(3)), .mail: UInt8(random.below(2))],
        takesCallsBesideText: random.chance(percent: 30))
    }
    return ACD.Settings(queues: queues, agents: staff, numberPlan: .china(areaCode: "10"))
  }

  private mutating func members() -> [ACD.Member] {
    agents.filter { _ in random.chance(percent: 60) }.map {
      ACD.Member($0, isReserve: random.chance(percent: 25), weight: UInt8(random.below(4)))
    }
  }

  private mutating func skills(highest: Int) -> [ACD.Skill] {
    (["french", "loans", "cards"] as [ByteString]).filter { _ in random.chance(percent: 50) }
      .map { ACD.Skill($0, UInt8(1 + random.below(highest))) }
  }

  private mutating func rings() -> [ACD.SkillRing] {
    guard random.chance(percent: 60) else { return [] }
    return [.init(skills(highest: 4)), .init(afterSeconds: 5, skills(highest: 2)), .init(afterSeconds: 12, [])]
  }

  // MARK: Steps

  private mutating func pick<T>(_ items: [T]) -> T? { items.isEmpty ? nil : items[random.below(items.count)] }

  mutating func step() {
    switch random.below(100) {
    case 0..<18: pass(.milliseconds(random.below(5000)))
    case 18..<38: enter()
    case 38..<55: if let id = pick(ringing) { step(.accepted(id)) }
    case 55..<60: if let id = pick(ringing) { step(.refused(id, status: 486)) }
    case 60..<72: if let id = pick(talking) { step(.ended(id)) }
    case 72..<82: if let id = pick(leaving) { step(.ended(id)) }
    case 82..<85: if let call = pick(waiting) { step(.leave(call, lineBroke: random.chance(percent: 50))) }
    case 85..<88: if let call = pick(waiting) { step(.requestCallback(call, .init())) }
    case 88..<94: operate()
    case 94..<96: if let id = pick(dialled) { step(.attemptEnded(id)) }
    case 96: step(.trunkRoom(channelsFree: random.below(4)))
    case 97: step(.configure(settings()))
    default: supervise()
    }
  }

  private mutating func enter() {
    lastCall += 1
    let call = CallReference(lastCall)
    let media: [ACD.Medium] = [.call, .call, .call, .chat, .mail]
    waiting.append(call)
    step(
      .enter(
        ACD.Entry(
          call, medium: pick(media) ?? .call, queue: ByteString("q\(random.below(4))"),
          callerNumber: ByteString("1380000000\(random.below(10))"),
          priority: random.chance(percent: 30) ? UInt8(random.below(6)) : nil,
          rings: random.chance(percent: 20) ? rings() : [],
          preferredAgent: random.chance(percent: 30) ? pick(agents) ?? "" : "")))
  }

  private mutating func operate() {
    guard let agent = pick(agents) else { return }
    switch random.below(9) {
    case 0: step(.act(.logout(extension: agent), by: agent))
    case 1: step(.busyElsewhere(extension: agent, random.chance(percent: 40)))
    case 2: step(.reachable(extension: agent, random.chance(percent: 60)))
    case 3: step(.act(.pause(extension: agent, reason: "lunch"), by: agent))
    case 4, 5: step(.act(.ready(extension: agent), by: agent))
    default: step(.act(.login(extension: agent), by: agent))
    }
  }

  private mutating func supervise() {
    guard let call = pick(waiting), let item = acd.calls[call]?.sequence else { return }
    if random.chance(percent: 50) {
      step(.act(.prioritise(item: item, UInt8(random.below(5))), by: "console"))
    } else {
      step(.act(.move(item: item, toQueue: ByteString("q\(random.below(4))")), by: "console"))
    }
  }

  private mutating func pass(_ time: Interval) {
    let end = now + time
    while let deadline = acd.nextDeadline, deadline <= end {
      now = max(now, deadline)
      twin?.apply(at: now) { _, _ in }
      change { acd, now in while acd.fireDue(at: now) {} }
    }
    now = end
  }

  private mutating func step(_ input: ACD.Input) {
    twin?.apply(input, at: now)
    change { acd, now in
      while acd.fireDue(at: now) {}
      acd.apply(input, at: now)
    }
  }

  private mutating func change(_ body: (inout ACD, Instant) -> Void) {
    body(&acd, now)
    let expected = Oracle.offers(acd, at: now)
    let before = acd.outputs.all.count
    acd.dispatch(at: now)
    let made = acd.outputs.all[before...].compactMap { output -> Oracle.Pair? in
      guard case .offer(let offer) = output else { return nil }
      return Oracle.Pair(item: offer.item, agent: offer.agent)
    }
    offersMade += made.count
    if made != expected, complaint == nil { complaint = "offers \(made), the oracle expected \(expected)" }
    hear()
  }

  /// The disk is quick and the customers answer at once: here only the matching is tried.
  private mutating func hear() {
    var answers: [ACD.Input] = []
    while let output = acd.pollOutput() {
      twin?.heard(output)
      switch output {
      case .offer(let offer): ringing.append(offer.id)
      case .withdraw(let id):
        ringing.removeAll { $0 == id }
        leaving.append(id)
      case .connect(let call, let id):
        ringing.removeAll { $0 == id }
        talking.append(id)
        waiting.removeAll { $0 == call }
      case .releaseAgent(let id, _): leaving.append(id)
      case .overflow(let call, _), .refusedEntry(let call, _), .callbackAccepted(let call, _):
        waiting.removeAll { $0 == call }
      case .persist(_, let number, true): answers.append(.durable(upTo: number))
      case .prepare(let attempt, _, _, _, let offer):
        ringing.removeAll { $0 == offer }
        if let offer { talking.append(offer) }
        lastLeg += 1
        answers.append(.attemptLeg(attempt, .test(lastLeg)))
      case .dial(let attempt): answers.append(.attemptAnswered(attempt, remoteTag: "r"))
      case .hangUpAttempt(let attempt): answers.append(.attemptEnded(attempt))
      default: break
      }
    }
    for answer in answers { step(answer) }
    ringing.removeAll { acd.offers[$0]?.state != .ringing }
    talking.removeAll { acd.offers[$0] == nil }
    leaving.removeAll { acd.offers[$0] == nil }
    waiting.removeAll { acd.calls[$0] == nil }
  }
}
