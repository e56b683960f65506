// What operators do: agents for themselves by feature code, supervisors and technicians by command. Every act is answered
// once, by `acted`, and written to the audit log, the refused ones too. An act never takes a conversation away.

import Basics
import Journal

extension ACD {
  mutating func perform(_ act: Act, by who: ByteString, at now: Instant) {
    let refusal = refusal(of: act, at: now)
    var detail = act.detail
    if let refusal {
      counters.actsRefused += 1
      detail = ByteString(refusal.name)
      log(.notice, "act.refused", ByteString(act.word) + " " + act.subject.masked + ": " + detail)
    }
    persist(
      .act(
        ActFact(
          at: clock.time(at: now), by: who, act: ByteString(act.word), subject: act.subject, detail: detail,
          isDone: refusal == nil)),
      promise: false)
    outputs.append(.acted(act, by: who, refusal: refusal))
  }

  /// Does it, or says why not.
  private mutating func refusal(of act: Act, at now: Instant) -> ActRefusal? {
    switch act {
    case .login(let number): actOnAgent(number, mustBeLoggedIn: false) { $0.login(number, at: now) }
    case .logout(let number): actOnAgent(number) { $0.logout(number, at: now) }
    case .pause(let number, let reason): pause(number, reason, at: now)
    case .ready(let number): ready(number, at: now)
    case .endWrapUp(let number): endWrapUp(number, at: now)
    case .disposition(let number, let code): disposition(number, code, at: now)
    case .move(let item, let name): move(item, to: name, at: now)
    case .prioritise(let item, let priority): prioritise(item, priority, at: now)
    case .takeOut(let item): takeOut(item, at: now)
    case .cancelCallback(let id): cancel(id, at: now)
    case .dialNow(let id): actOnCallback(id) { $0.dialNow(id, at: now) }
    case .reschedule(let id, let time): reschedule(callback: id, to: time, at: now)
    case .moveCallback(let id, let name): move(callback: id, to: name, at: now)
    case .brownOut(let isOn): brownOut(isOn, at: now)
    }
  }

  private mutating func brownOut(_ isOn: Bool, at now: Instant) -> ActRefusal? {
    if isOn { beginBrownOut(at: now) } else { endBrownOut(at: now) }
    return nil
  }

  // MARK: Agents

  private mutating func actOnAgent(
    _ number: ByteString, mustBeLoggedIn: Bool = true, _ body: (inout ACD) -> Void
  ) -> ActRefusal? {
    guard let agent = agentByExtension[number], agents[agent].isConfigured else { return .unknownAgent }
    guard agents[agent].isLoggedIn || !mustBeLoggedIn else { return .notLoggedIn }
    body(&self)
    return nil
  }

  private mutating func pause(_ number: ByteString, _ reason: ByteString, at now: Instant) -> ActRefusal? {
    let reason = reason.isEmpty ? Self.unnamedPause : reason
    guard Self.isText(reason, atMost: Limits.reasonBytes) else { return .badText }
    return actOnAgent(number) { acd in
      guard let agent = acd.agentByExtension[number] else { return }
      acd.setPause(agent, reason, at: now)
    }
  }

  /// The break of somebody who gave no reason.
  static var unnamedPause: ByteString { "pause" }

  /// Back from a break, from wrap-up, and from having missed offers.
  private mutating func ready(_ number: ByteString, at now: Instant) -> ActRefusal? {
    actOnAgent(number) { acd in
      guard let agent = acd.agentByExtension[number] else { return }
      acd.setPause(agent, nil, at: now)
      acd.endBackoff(agent)
      acd.endWrapUp(agent, at: now)
      acd.agentChanged(agent, at: now)
    }
  }

  private mutating func endWrapUp(_ number: ByteString, at now: Instant) -> ActRefusal? {
    guard let agent = agentByExtension[number], agents[agent].isConfigured else { return .unknownAgent }
    guard agents[agent].duty == .wrapUp else { return .notInWrapUp }
    endWrapUp(agent, at: now)
    return nil
  }

  private mutating func disposition(_ number: ByteString, _ code: ByteString, at now: Instant) -> ActRefusal? {
    guard let agent = agentByExtension[number] else { return .unknownAgent }
    guard Self.isText(code, atMost: Limits.dispositionBytes) else { return .badText }
    guard let latest = agents[agent].latest else { return .noConversation }
    keep(
      QueueEventFact(
        .disposition, at: clock.time(at: now), queue: latest.queue, item: latest.item, agent: number, detail: code),
      queue: nil, at: now)
    return nil
  }

  /// Words that may stand in a log and in a report: no control characters.
  private static func isText(_ text: ByteString, atMost limit: Int) -> Bool {
    !text.isEmpty && text.count <= limit && text.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  // MARK: Callbacks

  private mutating func cancel(_ id: UInt64, at now: Instant) -> ActRefusal? {
    guard callbacks[id] != nil else { return .unknownCallback }
    return cancelCallback(id, at: now) ? nil : .inProgress
  }

  private mutating func actOnCallback(_ id: UInt64, _ body: (inout ACD) -> Bool) -> ActRefusal? {
    guard callbacks[id] != nil else { return .unknownCallback }
    return body(&self) ? nil : .notPossible
  }

  private mutating func reschedule(callback id: UInt64, to time: WallTime, at now: Instant) -> ActRefusal? {
    guard let callback = callbacks[id] else { return .unknownCallback }
    if let delay = scheduleDelay(time, at: now), !isInsideHours(time, after: delay, callback.queue, at: now) {
      return .outsideHours
    }
    return reschedule(id, to: time, at: now) ? nil : .notPossible
  }

  private mutating func move(callback id: UInt64, to name: ByteString, at now: Instant) -> ActRefusal? {
    guard let callback = callbacks[id] else { return .unknownCallback }
    guard let target = queueByName[name], queues[target].isConfigured else { return .unknownQueue }
    guard target != callback.queue else { return .sameQueue }
    return moveCallback(id, to: name, at: now) ? nil : .notPossible
  }

  // MARK: Items of either kind

  private mutating func move(_ number: UInt64, to name: ByteString, at now: Instant) -> ActRefusal? {
    switch item(numbered: number) {
    case .call(let call): move(call, to: name, at: now)
    case .callback(let id): move(callback: id, to: name, at: now)
    case nil: .unknownItem
    }
  }

  private mutating func prioritise(_ number: UInt64, _ priority: UInt8, at now: Instant) -> ActRefusal? {
    guard let item = item(numbered: number) else { return .unknownItem }
    return prioritise(item, priority, at: now)
  }

  private mutating func takeOut(_ number: UInt64, at now: Instant) -> ActRefusal? {
    switch item(numbered: number) {
    case .call(let call): takeOut(call, at: now)
    case .callback(let id): cancel(id, at: now)
    case nil: .unknownItem
    }
  }
}
