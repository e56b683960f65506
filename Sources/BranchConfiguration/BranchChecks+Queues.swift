// Checks of queues and their agents: who serves them, whether somebody has the skills that callers need, and whether
// what is to happen while they wait happens before their wait is over.

import ACD
import Basics
import Configuration
import Dialplan

extension BranchChecks {
  mutating func checkQueues() {
    for section in root.sections("queue") {
      let path = "queue " + section.key
      checkAgents(of: section, path)
      checkSkills(of: section, path)
      checkPatience(of: section, path)
      guard let queue = settings.queues.first(where: { $0.name == section.key }) else { continue }
      switch queue.otherwise {
      case .queue(let name):
        if let loop = loop(from: queue.name, through: name) {
          report(
            at: section.valuePosition(of: "else"), in: path,
            found: Phrase("a way back to the same queue: ", "回到同一队列的路径：") + loop,
            expected: Phrase("a chain that ends elsewhere", "最终去往别处的路径"))
        }
      case .number(let number):
        guard case .unavailable = settings.dialplan.internalDestination(of: number) else { continue }
        report(
          .danglingReference, at: section.valuePosition(of: "else"), in: path,
          found: Phrase("the number ", "号码 ") + number,
          expected: Phrase("a number that an outbound route or the branch has", "有出局路由或内部存在的号码"))
      case .extension, .branch, .hangUp: break
      }
    }
  }

  /// `a → b → a` when the else destinations of queues lead in a circle that holds `start`.
  private func loop(from start: ByteString, through next: ByteString) -> ByteString? {
    var text = start
    var current = next
    for _ in 0...settings.queues.count {
      text += " → " + current
      if current == start { return text }
      guard let queue = settings.queues.first(where: { $0.name == current }), case .queue(let further) = queue.otherwise
      else { return nil }
      current = further
    }
    return nil
  }

  // MARK: Agents

  private mutating func checkAgents(of section: Section, _ path: ByteString) {
    let agents = BranchReader.agents(section)
    let reserve = BranchReader.texts(section.values("reserve"))
    var seen: Set<ByteString> = []
    for (index, agent) in (agents + reserve).enumerated() where !seen.insert(agent).inserted {
      report(
        .duplicate, at: section.position(of: index < agents.count ? "agents" : "reserve"), in: path,
        found: Phrase("the agent ", "坐席 ") + agent + Phrase(" twice", " 出现两次"),
        expected: Phrase("each agent once", "每个坐席只出现一次"), severity: .warning)
    }
    if agents.isEmpty && !section.has("agents") {
      report(
        .missing, at: section.has("reserve") ? section.position(of: "reserve") : section.position, in: path,
        found: reserve.isEmpty ? Phrase("no agents", "没有坐席") : Phrase("a reserve without agents", "只有后备坐席"),
        expected: reserve.isEmpty
          ? Phrase("agents, or nobody ever answers", "至少一个坐席，否则无人接听")
          : Phrase("agents, or every caller waits for the reserve", "至少一个坐席，否则来电都须等到后备坐席"),
        severity: .warning)
    }
    checkWeights(of: section, path, members: seen)
  }

  private mutating func checkWeights(of section: Section, _ path: ByteString, members: Set<ByteString>) {
    var weighed: Set<ByteString> = []
    for (values, position) in section.allValues("weight") {
      guard case .text(let agent)? = values.first else { continue }
      if !members.contains(agent) {
        report(
          .danglingReference, at: position, in: path,
          found: Phrase("a weight for ", "权重所属分机 ") + agent
            + Phrase(", who is no agent of this queue", "，不是此队列的坐席"),
          expected: Phrase("one of its agents", "此队列的坐席之一"))
      } else if !weighed.insert(agent).inserted {
        report(
          .duplicate, at: position, in: path, found: Phrase("a second weight for ", "重复的权重，分机 ") + agent,
          expected: Phrase("one weight for each agent", "每个坐席只有一个权重"))
      }
    }
    guard section.has("weight"), section.choice("strategy") != Int(ACD.Strategy.weightedRandom.rawValue) else { return }
    report(
      at: section.position(of: "weight"), in: path,
      found: Phrase("weights that do not count", "不起作用的权重"),
      expected: Phrase("strategy weighted-random", "strategy weighted-random"), severity: .warning)
  }

  mutating func checkAgentBlocks() {
    let known = Set(settings.distributor.queues.flatMap { $0.agents })
    for section in root.sections("agent") {
      let path = "agent " + section.key
      if !known.contains(section.key) {
        report(
          at: section.position, in: path, found: Phrase("an agent of no queue", "不属于任何队列的坐席"),
          expected: Phrase("a queue that names this agent", "至少一个队列列出此坐席"), severity: .warning)
      }
      checkSkillNames(of: section, "skills", path)
      var media: Set<Value> = []
      for (values, position) in section.allValues("capacity") {
        guard let medium = values.first, !media.insert(medium).inserted else { continue }
        report(
          .duplicate, at: position, in: path, found: Phrase("a second capacity for a medium", "同一渠道的重复容量"),
          expected: Phrase("one for each medium", "每个渠道一个"))
      }
    }
  }

  // MARK: Skills

  private mutating func checkSkillNames(of section: Section, _ name: ByteString, _ path: ByteString) {
    for (values, position) in section.allValues(name) {
      var seen: Set<ByteString> = []
      for skill in BranchReader.skills(values) where !seen.insert(skill.name).inserted {
        report(
          .duplicate, at: position, in: path,
          found: Phrase("the skill ", "技能 ") + skill.name
            + Phrase(" twice", " 出现两次"),
          expected: Phrase("each skill once", "每个技能只出现一次"))
      }
    }
  }

  private mutating func checkSkills(of section: Section, _ path: ByteString) {
    checkSkillNames(of: section, "skills", path)
    checkSkillNames(of: section, "widen", path)
    let rings = BranchReader.rings(section)
    if let first = rings.first, first.ring.afterSeconds > 0 {
      report(
        at: first.position, in: path, found: Phrase("less than nothing to ask for", "没有可放宽的技能要求"),
        expected: Phrase("a statement: skills, in front of it", "其前应有 skills 语句"))
    }
    for (earlier, later) in zip(rings, rings.dropFirst()) where later.ring.afterSeconds <= earlier.ring.afterSeconds {
      report(
        at: later.position, in: path,
        found: Phrase("after ", "after ") + Value.durationText(later.ring.afterSeconds * 1_000),
        expected: Phrase("later than the step before it, ", "晚于前一步 ")
          + Value.durationText(earlier.ring.afterSeconds * 1_000))
    }
    let agents = settings.distributor.queues.first { $0.name == section.key }?.agents ?? []
    let skilled = settings.distributor.agents.filter { agents.contains($0.extension) }
    for (ring, position) in rings where !agents.isEmpty {
      let isServed = skilled.contains { agent in
        ring.skills.allSatisfy { need in agent.skills.contains { $0.name == need.name && $0.level >= need.level } }
      }
      guard !isServed else { continue }
      report(
        at: position, in: path, found: Phrase("skills that no agent of the queue has", "此队列没有坐席具备的技能"),
        expected: Phrase("at least one agent who has them all", "至少一名坐席具备全部技能"), severity: .warning)
    }
  }

  // MARK: Times

  /// What begins only after callers have left never begins.
  private mutating func checkPatience(of section: Section, _ path: ByteString) {
    let longest = section.seconds("maximum-wait")
    guard longest > 0 else { return }
    for name in ["reserve", "widen", "anyone"] as [ByteString] {
      for (values, position) in section.allValues(name) where BranchReader.seconds(in: values) >= longest {
        report(
          at: position, in: path,
          found: Phrase(name) + Phrase(" after callers have left", "：此时来电已离开"),
          expected: Phrase("less than maximum-wait, ", "短于 maximum-wait，即 ") + Value.durationText(longest * 1_000),
          severity: .warning)
      }
    }
  }
}
