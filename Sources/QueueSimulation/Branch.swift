// A branch drawn from a seed: its queues, agents and skills, and how the configuration looks after changes in mid-day.

import ACD
import Basics
import NumberPlan

public struct Branch: Sendable {
  public enum Limits {
    public static let queues = 4
    public static let agents = 10
    public static let numbers = 160
    public static let variants = 3
  }

  /// The configuration at first, and what it becomes by `configure` events.
  public let variants: [ACD.Settings]
  public let agents: [ByteString]
  public let queues: [ByteString]
  public let numbers: [ByteString]
  /// Seconds of talk of an average call.
  public let talkSeconds: Int
  /// Everything happens within seconds, so that races meet.
  public let isTight: Bool
  /// Of a hundred customers so many write.
  public let textsPercent: Int

  init(random: inout SeededRandom) {
    isTight = random.chance(percent: 40)
    let agentCount = 2 + random.below(Limits.agents - 1)
    let queueCount = 1 + random.below(Limits.queues)
    agents = (0..<agentCount).map { ByteString(101 + $0) }
    queues = (0..<queueCount).map { "queue" + ByteString($0 + 1) }
    talkSeconds = isTight ? 5 + random.below(30) : 40 + random.below(160)
    textsPercent = random.chance(percent: 40) ? 10 + random.below(50) : 0
    numbers = Self.numbers(random: &random)
    var drawing = Drawing(isTight: isTight, agents: agents, queues: queues)
    var base = drawing.settings(random: &random)
    // From a source of its own, so that nothing else is drawn otherwise for it.
    var apart = random
    var sharing = SeededRandom(seed: apart.next() &+ 1)
    if sharing.chance(percent: 30) { drawing.share(&base, random: &sharing) }
    var branching = SeededRandom(seed: apart.next() &+ 1)
    if branching.chance(percent: 30) { drawing.tryOtherBranches(&base, random: &branching) }
    var all = [base]
    for _ in 1..<Limits.variants { all.append(drawing.changed(base, random: &random)) }
    variants = all
  }

  private static func numbers(random: inout SeededRandom) -> [ByteString] {
    (0..<Limits.numbers).map { index in
      switch random.below(20) {
      case 0: ""
      case 1: "16800000"
      case 2: "0061255550000"
      case 3: "+86138000" + ByteString(10_000 + index)
      case 4: "0258888" + ByteString(1_000 + index)
      default: "138000" + ByteString(10_000 + index)
      }
    }
  }
}

/// Draws settings; every choice is the seed's.
private struct Drawing {
  let isTight: Bool
  let agents: [ByteString]
  let queues: [ByteString]
  private let skills: [ByteString] = ["french", "billing"]

  init(isTight: Bool, agents: [ByteString], queues: [ByteString]) {
    self.isTight = isTight
    self.agents = agents
    self.queues = queues
  }

  mutating func settings(random: inout SeededRandom) -> ACD.Settings {
    var result = ACD.Settings(numberPlan: .china(areaCode: "10"))
    if random.chance(percent: 20) { result.maximumCalls = 10 + random.below(30) }
    for number in agents {
      var levels: [ACD.Skill] = []
      for skill in skills where random.chance(percent: 60) { levels.append(.init(skill, UInt8(1 + random.below(10)))) }
      result.agents.append(agent(number, levels, random: &random))
    }
    for name in queues { result.queues.append(queue(name, random: &random)) }
    return result
  }

  private func agent(_ number: ByteString, _ skills: [ACD.Skill], random: inout SeededRandom) -> ACD.AgentSettings {
    var capacity: [ACD.Medium: UInt8] = [:]
    for medium in ACD.Medium.allCases where random.chance(percent: 40) { capacity[medium] = UInt8(1 + random.below(3)) }
    return .init(
      extension: number, skills: skills, capacity: capacity, takesCallsBesideText: random.chance(percent: 30))
  }

  private func queue(_ name: ByteString, random: inout SeededRandom) -> ACD.QueueSettings {
    var members: [ACD.Member] = []
    for number in agents where random.chance(percent: 65) {
      members.append(
        .init(number, isReserve: !members.isEmpty && random.chance(percent: 15), weight: UInt8(1 + random.below(4))))
    }
    if members.isEmpty { members = [.init(agents[random.below(agents.count)])] }
    var rules = ACD.QueueSettings(name: name, members: members)
    let strategies = ACD.Strategy.allCases
    rules.strategy = random.chance(percent: 40) ? .longestIdle : strategies[random.below(strategies.count)]
    rules.priority = random.chance(percent: 60) ? 1 : UInt8(random.below(3))
    rules.weight = random.chance(percent: 25) ? UInt8(1 + random.below(3)) : 0
    if random.chance(percent: 25) { rules.rings = rings(random: &random) }
    if random.chance(percent: 15) { rules.ageEverySeconds = 20 + random.below(200) }
    if members.contains(where: \.isReserve) { rules.reserveAfterSeconds = 10 + random.below(60) }
    rules.preferredAgentSeconds = random.chance(percent: 40) ? 10 + random.below(30) : 0
    rules.ringSeconds = 6 + random.below(20)
    rules.noAnswerBackoffSeconds = 2 + random.below(30)
    rules.unreachableAfter = random.chance(percent: 30) ? 2 + random.below(3) : 0
    rules.wrapUpSeconds = [0, 5, 10, 30][random.below(4)]
    rules.maximumWaitSeconds = [0, 60, 300, 1800][random.below(4)]
    rules.maximumLength = 3 + random.below(40)
    let policies = ACD.EmptyPolicy.allCases
    rules.joinPolicy = policies[random.below(policies.count)]
    rules.stayPolicy = random.chance(percent: 70) ? .always : policies[random.below(policies.count)]
    rules.announceEverySeconds = [0, 15, 30][random.below(3)]
    rules.rejoinSeconds = random.chance(percent: 30) ? 60 : 0
    if random.chance(percent: 85) { rules.callback = callback(random: &random) }
    return rules
  }

  /// Queues of one priority that share the same agents by weight.
  func share(_ settings: inout ACD.Settings, random: inout SeededRandom) {
    for index in settings.queues.indices {
      settings.queues[index].priority = 1
      settings.queues[index].weight = UInt8(1 + random.below(4))
      settings.queues[index].ageEverySeconds = 0
      for number in agents where !settings.queues[index].agents.contains(number) && random.chance(percent: 70) {
        settings.queues[index].members.append(.init(number))
      }
    }
  }

  /// Queues whose else destination may refuse, as another branch does.
  func tryOtherBranches(_ settings: inout ACD.Settings, random: inout SeededRandom) {
    for index in settings.queues.indices where random.chance(percent: 70) {
      settings.queues[index].maximumWaitSeconds = 30 + random.below(120)
      settings.queues[index].triesElsewhere = true
    }
  }

  /// The last ring asks for nothing: whoever waits long enough can be served by anybody.
  private func rings(random: inout SeededRandom) -> [ACD.SkillRing] {
    let skill = skills[random.below(skills.count)]
    let first = 10 + random.below(30)
    return [
      .init(afterSeconds: 0, [.init(skill, UInt8(3 + random.below(6)))]),
      .init(afterSeconds: first, [.init(skill, 2)]),
      .init(afterSeconds: first + 10 + random.below(40), []),
    ]
  }

  private func callback(random: inout SeededRandom) -> ACD.CallbackSettings {
    var rules = ACD.CallbackSettings()
    rules.mode = random.chance(percent: 75) ? .agentFirst : .customerFirst
    rules.offerFromSeconds = isTight ? 10 + random.below(60) : 60 + random.below(240)
    rules.minimumDelaySeconds = 2 + random.below(10)
    rules.ringSeconds = 10 + random.below(20)
    rules.attempts = 1 + random.below(4)
    rules.busyRetrySeconds = isTight ? 5 + random.below(40) : 60 + random.below(300)
    rules.noAnswerRetrySeconds = isTight ? 5 + random.below(60) : 120 + random.below(900)
    rules.expirySeconds = isTight ? 300 + random.below(600) : 3600 + random.below(10_800)
    rules.maximumPending = 3 + random.below(40)
    rules.doneAfterSeconds = 5
    rules.recordsName = random.chance(percent: 20)
    let policies = ACD.ClosingPolicy.allCases
    rules.closing = policies[random.below(policies.count)]
    rules.drainMinutes = rules.closing == .drain ? 5 + random.below(30) : 0
    return rules
  }

  /// Somebody works for another queue from now on.
  private func moveAnAgent(in settings: inout ACD.Settings, random: inout SeededRandom) {
    let (from, to) = (random.below(settings.queues.count), random.below(settings.queues.count))
    guard from != to, settings.queues[from].members.count > 1 else { return }
    let member = settings.queues[from].members.remove(at: random.below(settings.queues[from].members.count))
    guard !settings.queues[to].agents.contains(member.extension) else { return }
    settings.queues[to].members.append(member)
  }

  /// The same branch after somebody has edited a few things.
  func changed(_ base: ACD.Settings, random: inout SeededRandom) -> ACD.Settings {
    var result = base
    for index in result.queues.indices {
      switch random.below(7) {
      case 0: result.queues[index].wrapUpSeconds = [0, 3, 20][random.below(3)]
      case 1: result.queues[index].members = result.queues[index].members.filter { _ in random.chance(percent: 70) }
      case 2: result.queues[index].members.append(.init(agents[random.below(agents.count)]))
      case 3: result.queues[index].callback = random.chance(percent: 50) ? nil : callback(random: &random)
      case 4: result.queues[index].priority = UInt8(random.below(3))
      case 5: result.queues[index].strategy = ACD.Strategy.allCases[random.below(ACD.Strategy.allCases.count)]
      default: break
      }
    }
    for _ in 0..<random.below(3) { moveAnAgent(in: &result, random: &random) }
    if random.chance(percent: 30) {
      let index = random.below(result.agents.count)
      result.agents[index] = agent(result.agents[index].extension, result.agents[index].skills, random: &random)
    }
    // A queue is taken out of the configuration, and will come back with another variant.
    if result.queues.count > 1, random.chance(percent: 40) {
      result.queues.remove(at: random.below(result.queues.count))
    }
    return result
  }
}
