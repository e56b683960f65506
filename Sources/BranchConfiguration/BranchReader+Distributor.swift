// Sections to the settings of the distributor: queues, their agents, what callers need, callbacks.

import ACD
import Basics
import Configuration
import NumberPlan
import SIPUserAgent

extension BranchReader {
  func distributor(_ settings: BranchSettings, callbackLimit: Int) -> ACD.Settings {
    let queues = root.sections("queue").map(distributorQueue)
    let sections = root.sections("agent")
    var seen: Set<ByteString> = []
    var agents: [ACD.AgentSettings] = []
    for number in queues.flatMap({ $0.agents }) + sections.map({ $0.key }) where seen.insert(number).inserted {
      let name = settings.userAgent.users.first { $0.name == number }?.displayName ?? ""
      agents.append(agent(number, name, sections.first { $0.key == number }))
    }
    return ACD.Settings(
      queues: queues, agents: agents, numberPlan: settings.numberPlan, maximumCallbacks: callbackLimit,
      maximumCalls: settings.callLimit)
  }

  // MARK: Agents

  private func agent(_ number: ByteString, _ name: ByteString, _ section: Section?) -> ACD.AgentSettings {
    guard let section else { return ACD.AgentSettings(extension: number, displayName: name) }
    var capacity: [ACD.Medium: UInt8] = [:]
    for (values, _) in section.allValues("capacity") {
      guard case .choice(let medium)? = values.first, case .integer(let count)? = values.last else { continue }
      capacity[BranchSchema.textMedia[medium]] = UInt8(clamping: count)
    }
    return ACD.AgentSettings(
      extension: number, displayName: section.text("name") ?? name, skills: Self.skills(section.values("skills")),
      capacity: capacity, takesCallsBesideText: section.boolean("calls-beside-text"))
  }

  /// Those of the queue's list, then its reserve, each once: the first place counts.
  static func members(_ section: Section) -> [ACD.Member] {
    var weights: [ByteString: UInt8] = [:]
    for (values, _) in section.allValues("weight") {
      guard case .text(let number)? = values.first, case .integer(let weight)? = values.last else { continue }
      weights[number] = UInt8(clamping: weight)
    }
    let reserve = texts(section.values("reserve"))
    var seen: Set<ByteString> = []
    return (agents(section).map { ($0, false) } + reserve.map { ($0, true) }).compactMap { number, isReserve in
      guard seen.insert(number).inserted else { return nil }
      return ACD.Member(number, isReserve: isReserve, weight: weights[number] ?? 1)
    }
  }

  /// Those who are no reserve, as often as they are named.
  static func agents(_ section: Section) -> [ByteString] {
    section.allValues("agents").flatMap { texts($0.values) }
  }

  static func texts(_ values: [Value]) -> [ByteString] {
    values.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  // MARK: Skills

  static func skills(_ values: [Value]) -> [ACD.Skill] {
    values.compactMap { value in
      guard case .level(let name, let level) = value else { return nil }
      return ACD.Skill(name, UInt8(clamping: level))
    }
  }

  /// What callers need, and from when on less; with the place of each statement. In the order of the file, `anyone` last.
  static func rings(_ section: Section) -> [(ring: ACD.SkillRing, position: Position)] {
    var rings: [(ring: ACD.SkillRing, position: Position)] = []
    for name in ["skills", "widen", "anyone"] as [ByteString] {
      for (values, position) in section.allValues(name) {
        rings.append((ACD.SkillRing(afterSeconds: seconds(in: values), skills(values)), position))
      }
    }
    return rings
  }

  /// The duration among the values of a statement, 0 without one.
  static func seconds(in values: [Value]) -> Int {
    for case .milliseconds(let duration) in values { return duration / 1_000 }
    return 0
  }

  // MARK: Queues

  private func distributorQueue(_ section: Section) -> ACD.QueueSettings {
    ACD.QueueSettings(
      name: section.key, displayName: section.text("title") ?? "", members: Self.members(section),
      strategy: section.choice("strategy").flatMap { .init(rawValue: UInt8(clamping: $0)) } ?? .longestIdle,
      priority: UInt8(clamping: section.integer("priority")), weight: UInt8(clamping: section.integer("share")),
      rings: Self.rings(section).map { $0.ring }, ageEverySeconds: Self.seconds(in: section.values("age")),
      reserveAfterSeconds: Self.seconds(in: section.values("reserve")),
      preferredAgentSeconds: section.seconds("preferred-agent"), ringSeconds: section.seconds("ring"),
      noAnswerBackoffSeconds: section.seconds("back-off"), unreachableAfter: section.integer("unreachable-after"),
      wrapUpSeconds: section.seconds("wrap-up"), maximumWaitSeconds: section.seconds("maximum-wait"),
      maximumLength: section.integer("maximum-length"), joinPolicy: Self.emptyPolicy(section, "join") ?? .loggedIn,
      stayPolicy: Self.emptyPolicy(section, "stay") ?? .always, announceEverySeconds: section.seconds("announce"),
      serviceLevelSeconds: section.seconds("service-level"), shortAbandonSeconds: section.seconds("short-abandon"),
      rejoinSeconds: section.seconds("rejoin"), callback: section.section("callback").map(callback),
      survey: section.boolean("survey"), triesElsewhere: leadsToBranch(section))
  }

  private static func emptyPolicy(_ section: Section, _ name: ByteString) -> ACD.EmptyPolicy? {
    section.choice(name).flatMap { ACD.EmptyPolicy(rawValue: UInt8(clamping: $0)) }
  }

  // MARK: Callbacks

  private func callback(_ section: Section) -> ACD.CallbackSettings {
    ACD.CallbackSettings(
      mode: section.choice("mode").flatMap { .init(rawValue: UInt8(clamping: $0)) } ?? .agentFirst,
      allowedClasses: Self.classes(section, "may-call", forCallbacks: true),
      offerFromSeconds: section.seconds("offer-from"), allowsOtherNumber: section.boolean("other-number"),
      recordsName: section.boolean("record-name"), minimumDelaySeconds: section.seconds("delay"),
      ringSeconds: section.seconds("ring"), attempts: section.integer("attempts"),
      busyRetrySeconds: section.seconds("busy-retry"), noAnswerRetrySeconds: section.seconds("no-answer-retry"),
      expirySeconds: section.seconds("expiry"), maximumPending: section.integer("maximum-pending"),
      doneAfterSeconds: section.seconds("done-after"), confirmSeconds: section.seconds("confirm"),
      closing: section.choice("closing").flatMap { .init(rawValue: UInt8(clamping: $0)) } ?? .carryOver,
      drainMinutes: Self.seconds(in: section.values("closing")) / 60,
      closingMarginSeconds: section.seconds("closing-margin"), perSlot: section.integer("slots"),
      slotMinutes: Self.seconds(in: section.values("slots")) / 60)
  }
}
