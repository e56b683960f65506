// What phones watch: what a number stands for to the phone that asks, and telling what has changed.

import ACD
import Basics
import Dialplan
import Journal
import SIPUserAgent

extension CallControl {
  mutating func watch(_ id: SubscriptionID, by user: ByteString, _ number: ByteString, _ package: EventPackage) {
    guard let subject = subject(of: number, for: user, package), let state = state(of: subject) else {
      return outputs.append(.agent(.endSubscription(id)))
    }
    lamps.add(id, Lamps.Watch(user: user, number: number, package: package, subject: subject, shown: state))
    outputs.append(.agent(.show(id, state)))
  }

  private func subject(of number: ByteString, for user: ByteString, _ package: EventPackage) -> Lamps.Subject? {
    switch (package, settings.dialplan.destination(of: number, from: .extension(user))) {
    case (.dialog, .extension(let number)): .extension(number)
    case (.dialog, .feature(let feature, let argument)): .feature(feature, argument: argument, agent: user)
    case (.dialog, .slot(let number)): .slot(number)
    case (.presence, .extension(let number)): .person(number)
    // How many messages somebody has is nobody else's affair.
    case (.messageSummary, .extension(let number)) where number == user: .mailbox(number)
    default: nil
    }
  }

  private func state(of subject: Lamps.Subject) -> WatchedState? {
    switch subject {
    case .extension(let number): .lamp(lamp(ofExtension: number))
    case .feature(let feature, let argument, let agent):
      (lampOfChoice(feature, agent) ?? lamps.lamp(of: feature, argument: argument, agent: agent)).map { .lamp($0) }
    case .slot(let number): .lamp(parked[number] == nil ? .off : Lamp(.confirmed, .recipient))
    case .person(let number):
      .presence(
        lamps.presence(
          of: number, isInCall: lamp(ofExtension: number).state == .confirmed,
          wantsNoCalls: choices[number]?.doNotDisturb == true))
    case .mailbox(let number): .mailbox(lamps.mailbox(of: number))
    }
  }

  /// Of what somebody has switched on by a code; nil for other codes.
  private func lampOfChoice(_ feature: Feature, _ user: ByteString) -> Lamp? {
    let chosen = choices[user]
    switch feature {
    case .doNotDisturb: return chosen?.doNotDisturb == true ? Lamp(.confirmed) : .off
    case .forwardAlways: return chosen?.forwardAlways.isEmpty ?? true ? .off : Lamp(.confirmed)
    case .forwardBusy: return chosen?.forwardBusy.isEmpty ?? true ? .off : Lamp(.confirmed)
    case .forwardNoAnswer: return chosen?.forwardNoAnswer.isEmpty ?? true ? .off : Lamp(.confirmed)
    default: return nil
    }
  }

  mutating func showChoice(of user: ByteString) {
    showAgent(user)
    lamps.touched(user)
  }

  /// The most urgent of its calls: one that rings there, then one that is answered, then one that it makes.
  private func lamp(ofExtension number: ByteString) -> Lamp {
    var best = Lamp.off
    for (_, leg) in legs where leg.party == .user(number) && !leg.isEnding {
      let lamp = leg.lamp
      if lamp.urgency > best.urgency { best = lamp }
    }
    return best
  }

  /// Numbers may stand for something else now, or for nothing.
  mutating func reconsiderLamps() {
    for id in lamps.watches.keys.sorted(by: <) {
      guard let watch = lamps.watches[id] else { continue }
      let subject = subject(of: watch.number, for: watch.user, watch.package)
      guard let subject, let state = state(of: subject) else {
        lamps.remove(id)
        outputs.append(.agent(.endSubscription(id)))
        continue
      }
      guard subject == watch.subject else {
        lamps.remove(id)
        self.watch(id, by: watch.user, watch.number, watch.package)
        continue
      }
      show(id, state)
    }
  }

  // MARK: Changes

  /// To be called after each change of a leg that its lamp can show.
  mutating func touched(_ id: LegID) {
    guard let leg = legs[id] else { return }
    touched(leg.party)
  }

  mutating func touched(_ party: Party) {
    if case .user(let number) = party { lamps.touched(number) }
  }

  /// Before the machine comes to rest.
  mutating func showChanges() {
    for number in lamps.takeChanged() {
      var states: [Lamps.Subject: WatchedState] = [:]
      for id in lamps.watchers(ofExtension: number) {
        guard let subject = lamps.watches[id]?.subject, let state = states[subject] ?? state(of: subject) else {
          continue
        }
        states[subject] = state
        show(id, state)
      }
    }
  }

  mutating func agentIs(_ state: ACD.AgentState, _ agent: ByteString) {
    lamps.set(state, of: agent)
    showAgent(agent)
  }

  /// The reason of a break comes by the act that began it: before the state in a conversation, else after it.
  mutating func noteReason(of act: ACD.Act) {
    switch act {
    case .pause(let agent, let reason):
      lamps.set(pauseReason: reason, of: agent)
      showAgent(agent)
    case .ready(let agent), .login(let agent), .logout(let agent): lamps.set(pauseReason: nil, of: agent)
    default: break
    }
  }

  /// What agents were doing before a restart: whether they still are, the distributor says.
  mutating func remember(_ agents: [AgentFact]) {
    for agent in agents where !agent.pauseReason.isEmpty {
      lamps.set(pauseReason: agent.pauseReason, of: agent.extension)
    }
  }

  private mutating func showAgent(_ agent: ByteString) {
    for id in lamps.watchers(ofAgent: agent) {
      guard let subject = lamps.watches[id]?.subject, let state = state(of: subject) else { continue }
      show(id, state)
    }
  }

  private mutating func show(_ id: SubscriptionID, _ state: WatchedState) {
    if lamps.shows(id, state) { outputs.append(.agent(.show(id, state))) }
  }
}

extension Leg {
  /// What it adds to the lamp of its extension. A phone that has not been heard from yet does not ring.
  fileprivate var lamp: Lamp {
    let direction: Lamp.Direction = isIncoming ? .initiator : .recipient
    if isAnswered { return Lamp(.confirmed, direction) }
    return isIncoming || hasProgressed ? Lamp(.early, direction) : .off
  }
}

extension Lamp {
  fileprivate var urgency: Int {
    switch (state, direction) {
    case (.early, .recipient?): 3
    case (.confirmed, _): direction == .recipient ? 2 : 1
    case (.early, _): 0
    case (.terminated, _): -1
    }
  }
}
