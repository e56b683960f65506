// Who may be offered what, by the rules of the queue and the time that an item has waited; and that those who may meet
// do meet.

import ACD
import Basics

extension QueueAuditor {
  func isMember(_ number: ByteString, _ queue: ByteString, servesAfter waited: Interval) -> Bool {
    let rules = rules(queue)
    guard let member = rules.members.first(where: { $0.extension == number }) else { return false }
    return !member.isReserve || waited >= .seconds(rules.reserveAfterSeconds)
  }

  private func ring(_ own: [ACD.SkillRing], _ rules: ACD.QueueSettings, waited: Interval) -> [ACD.Skill] {
    let rings = own.isEmpty ? rules.rings : own
    return rings.last { .seconds($0.afterSeconds) <= waited }?.skills ?? []
  }

  private func hasSkills(_ number: ByteString, _ wanted: [ACD.Skill]) -> Bool {
    let skills = settings.agents.first { $0.extension == number }?.skills ?? []
    return wanted.allSatisfy { want in skills.contains { $0.name == want.name && $0.level >= want.level } }
  }

  func mayServe(_ number: ByteString, _ book: CallBook, at now: Instant) -> Bool {
    let rules = rules(book.queue)
    let waited = now - book.enteredAt
    if book.isTouched { return true }
    if case .agent(let preferred) = book.preferred, waited < .seconds(rules.preferredAgentSeconds) {
      return preferred == number && rules.agents.contains(number)
    }
    return isMember(number, book.queue, servesAfter: waited)
      && hasSkills(number, ring(book.entry.rings, rules, waited: waited))
  }

  /// Whoever is logged in when the item enters, and serves its queue.
  func preferred(_ entry: ACD.Entry, _ customer: ByteString) -> Preferred {
    let rules = rules(entry.queue)
    let agent = entry.preferredAgent.isEmpty ? acquaintances[customer] : entry.preferredAgent
    guard rules.preferredAgentSeconds > 0, let agent, agents[agent]?.isLoggedIn == true, rules.agents.contains(agent)
    else { return .nobody }
    return .agent(agent)
  }

  func mustServe(_ number: ByteString, _ book: CallBook, at then: Instant) -> Bool {
    !book.isTouched && hasRoom(number, for: book.entry.medium) && mayServe(number, book, at: then)
  }

  /// By the time that it has waited at least.
  func mustServe(_ number: ByteString, _ book: CallbackBook, at then: Instant) -> Bool {
    let waited = then - book.knownSince
    return waited >= .seconds(rules(book.fact.queue).preferredAgentSeconds) && hasRoom(number, for: .callback)
      && isMember(number, book.fact.queue, servesAfter: waited)
      && hasSkills(number, ring([], rules(book.fact.queue), waited: waited))
  }

  /// Its medium has room beside the conversations that it has.
  func hasRoom(_ number: ByteString, for medium: ACD.Medium) -> Bool {
    let texts = agents[number]?.texts ?? [:]
    let rules = settings.agents.first { $0.extension == number }
    guard medium.isVoice else { return texts[medium, default: 0] < Int(rules?.capacity[medium] ?? 1) }
    return rules?.takesCallsBesideText == true || texts.values.allSatisfy { $0 == 0 }
  }

  // MARK: Liveness

  /// Everybody who is ready and everything that waits: nobody may look at each other for long. And the distributor
  /// holds exactly those whom the books hold.
  mutating func look(at acd: ACD, _ now: Instant) {
    self.now = now
    let waiting = calls.values.filter(\.isWaiting).map(\.call).sorted()
    let held = acd.callViews(at: now).map(\.call).sorted()
    if waiting != held { blame(.conservation, "\(held.count) calls are held where \(waiting.count) wait") }
    lookAtCallbacks(acd)
    let then = now - Limits.meeting
    // While the power fails nobody is asked to begin a conversation.
    guard changedAt <= then, !isBrownOut else { return }
    for number in agents.keys.sorted() {
      guard let agent = agents[number], agent.isReadySince(then) else { continue }
      for (call, book) in calls where book.isWaiting && book.offers.isEmpty && book.changedAt <= then {
        guard mustServe(number, book, at: then) else { continue }
        blame(.liveness, "\(number) is ready and \(call) (item \(book.sequence)) waits")
      }
      for (id, book) in callbacks where mustBeCalled(book, since: then) {
        guard book.changedAt <= then, mustServe(number, book, at: then) else { continue }
        blame(.liveness, "\(number) is ready and callback \(id) is due")
      }
    }
  }
}
