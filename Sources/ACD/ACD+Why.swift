// Why an item or an agent waits, computed from the state when asked, with the latest decisions about it. Bounded; it
// changes nothing.

import Basics
import Journal

extension ACD {
  /// The item with this sequence number, live or callback. Empty: there is none, and none was offered lately.
  public func why(item number: UInt64, at now: Instant) -> [WhyLine] {
    var lines: [WhyLine] = []
    let item = item(numbered: number)
    if isBrownOut, item != nil { lines.append(WhyLine(.powerFails)) }
    if let item, let placement = placement(of: item) {
      explainPlace(of: placement, &lines, at: now)
      switch item {
      case .call(let call):
        if calls[call]?.request != nil { lines.append(WhyLine(.beingWritten)) }
        explainOffers(of: item, placement, &lines, at: now)
      case .callback(let id): if let callback = callbacks[id] { explain(callback, &lines, at: now) }
      }
    }
    return withPast(lines, at: now) { $0.item == number }
  }

  /// Empty: there is no such agent.
  public func why(agent number: ByteString, at now: Instant) -> [WhyLine] {
    guard let id = agentByExtension[number] else { return [] }
    var lines = [WhyLine(reason(agent: id, at: now))]
    if isBrownOut { lines.append(WhyLine(.powerFails)) }
    if case .offer(let offer) = agents[id].duty { explain(offer, &lines, at: now) }
    if agents[id].queues.isEmpty { lines.append(WhyLine(.noQueue)) }
    for queue in agents[id].queues { explain(id, in: queue, &lines) }
    return withPast(lines, at: now) { $0.agent == number }
  }

  private func withPast(
    _ lines: [WhyLine], at now: Instant, _ fits: (Decisions.Decision) -> Bool
  ) -> [WhyLine] {
    let past = decisions.latest(Limits.whyDecisions, where: fits).map { decision in
      WhyLine(
        .offered(
          item: decision.item, agent: decision.agent, strategy: decision.strategy, ready: decision.ready,
          secondsAgo: (now - decision.at).seconds))
    }
    let room = Limits.whyLines - past.count
    guard lines.count > room else { return lines + past }
    return lines.prefix(room - 1) + [WhyLine(.more(lines.count - room + 1))] + past
  }

  private func until(_ end: Instant?, at now: Instant) -> Until {
    let rest = max(.zero, (end ?? now) - now)
    return clock.isTrusted ? .time(clock.time(at: now) + rest) : .seconds(rest.seconds)
  }

  // MARK: Items

  private func explainPlace(of placement: Placement, _ lines: inout [WhyLine], at now: Instant) {
    guard let key = placement.key else { return }
    let position = position(of: key, in: placement.queue)
    let name = queues[placement.queue].settings.name
    lines.append(WhyLine(.waits(queue: name, position: position, seconds: (now - placement.since).seconds)))
    if key.priority != queues[placement.queue].settings.priority { lines.append(WhyLine(.priority(key.priority))) }
    if position > 1 { lines.append(WhyLine(.olderItems(position - 1))) }
  }

  private func explain(_ callback: Callback, _ lines: inout [WhyLine], at now: Instant) {
    switch callback.stage {
    case .creating, .merging: lines.append(WhyLine(.beingWritten))
    case .untimed: lines.append(WhyLine(.clockUntrusted))
    case .leased: lines.append(WhyLine(.leased(until(timers.deadline(of: .lease(callback.fact.id)), at: now))))
    case .resting where callback.hold != nil: lines.append(WhyLine(.heldByCaller))
    case .resting: lines.append(WhyLine(.notBefore(until(callback.dueAt, at: now))))
    case .attempting(let attempt):
      switch attempts[attempt]?.state {
      case .talking: lines.append(WhyLine(.inConversation))
      case .confirming: lines.append(WhyLine(.confirming))
      case .waiting:
        lines.append(WhyLine(.customerWaits))
        explainOffers(of: .callback(callback.fact.id), callback.placement, &lines, at: now)
      default: lines.append(WhyLine(.dialling))
      }
    case .due, .offered:
      if callback.stage == .due { explainObstacles(of: callback.queue, callback.placement.requirement, &lines) }
      explainOffers(of: .callback(callback.fact.id), callback.placement, &lines, at: now)
    }
  }

  /// Why no callback of this queue may go at this instant.
  private func explainObstacles(of queue: QueueID, _ requirement: ClassID?, _ lines: inout [WhyLine]) {
    if queues[queue].settings.callback == nil { lines.append(WhyLine(.notOffered)) }
    if !clock.isTrusted { lines.append(WhyLine(.clockUntrusted)) }
    if !queues[queue].hours.allowsCallbacks { lines.append(WhyLine(.closed)) }
    if channelsFree <= channelsHeld { lines.append(WhyLine(.noChannel)) }
    if let id = requirement, !hasAgentForCustomer(of: id) { lines.append(WhyLine(.enoughDialled)) }
  }

  /// Where it rings, or what keeps each agent of its queue from it.
  private func explainOffers(
    of item: Offer.Item, _ placement: Placement, _ lines: inout [WhyLine], at now: Instant
  ) {
    guard placement.offers.isEmpty else {
      for offer in placement.offers { explain(offer, &lines, at: now) }
      return
    }
    let aim = aim(of: item, placement, at: now)
    if let preferred = aim.requirement.preferred {
      let end = placement.since + .seconds(queues[placement.queue].settings.preferredAgentSeconds)
      lines.append(
        WhyLine(.waitsForPreferred(agent: agents[preferred].settings.extension, until(end, at: now))))
    }
    if queues[placement.queue].agents.isEmpty { lines.append(WhyLine(.noAgents)) }
    for (index, agent) in queues[placement.queue].agents.enumerated() {
      if let preferred = aim.requirement.preferred, preferred != agent { continue }
      lines.append(
        WhyLine(
          agents[agent].settings.extension, reason(agent: agent, member: index, aim.requirement, placement, at: now)))
    }
  }

  private func explain(_ offer: OfferID, _ lines: inout [WhyLine], at now: Instant) {
    guard let live = offers[offer], live.state == .ringing else { return }
    lines.append(
      WhyLine(
        .rings(
          item: live.sequence, agent: agents[live.agent].settings.extension,
          until(timers.deadline(of: .ring(offer)), at: now))))
  }

  // MARK: Agents

  /// What keeps an agent from an item of this class.
  private func reason(
    agent: AgentID, member index: Int, _ requirement: RequirementClass.Key, _ placement: Placement, at now: Instant
  ) -> Reason {
    let rules = queues[placement.queue].settings
    if requirement.preferred == nil {
      if queues[placement.queue].members[index].isReserve, !requirement.includesReserve {
        return .joinsAfter(seconds: rules.reserveAfterSeconds)
      }
      for skill in requirement.skills where agents[agent].settings.level(of: skill.name) < skill.level {
        let rings = placement.rings.isEmpty ? rules.rings : placement.rings
        let next = rings.first { .seconds($0.afterSeconds) > now - placement.since }
        return .lacks(skill: skill.name, level: skill.level, untilWaited: next?.afterSeconds)
      }
    }
    let reason = reason(agent: agent, at: now)
    guard reason == .ready, !agents[agent].readyFor.contains(requirement.medium) else { return reason }
    return .noRoom(requirement.medium)
  }

  /// What this queue has for the agent: what would be next, and what asks for somebody else.
  private func explain(_ agent: AgentID, in queue: QueueID, _ lines: inout [WhyLine]) {
    let name = queues[queue].settings.name
    var next: ItemKey?
    var others = 0
    var blocked: ClassID?
    for id in classByKey.values where classes[id].key.queue == queue {
      guard agents[agent].classes.contains(id) else {
        others += classes[id].waiting.count
        continue
      }
      guard let first = classes[id].waiting.first else { continue }
      if mayGo(id) { next = min(next ?? first, first) } else if id.index < blocked?.index ?? .max { blocked = id }
    }
    if let next { lines.append(WhyLine(name, .next(item: next.sequence))) }
    if others > 0 { lines.append(WhyLine(name, .others(others))) }
    if let blocked { explainObstacles(of: queue, blocked, &lines) }
    if next == nil, others == 0, blocked == nil { lines.append(WhyLine(name, .nothingWaits)) }
  }

  /// What keeps an agent from any offer.
  func reason(agent id: AgentID, at now: Instant) -> Reason {
    let agent = agents[id]
    switch agent.duty {
    case .offer(let offer):
      switch offers[offer]?.state {
      case .ringing: return .ringing
      case .reserved: return .reserved
      case .talking: return .talking
      case .withdrawn, .released, nil: return .withdrawing
      }
    case .wrapUp: return .wrapUp(until(timers.deadline(of: .wrapUp(id)), at: now))
    case .free: break
    }
    if !agent.isLoggedIn { return .loggedOut }
    if let reason = agent.pauseReason { return .paused(reason: reason) }
    if !agent.isReachable || agent.isUnresponsive { return .unreachable }
    if agent.isBusyElsewhere { return .busyElsewhere }
    if agent.backoffUntil != nil { return .backoff(until(agent.backoffUntil, at: now)) }
    return .ready
  }
}
