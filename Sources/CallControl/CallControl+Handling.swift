// What an extension does with calls to it besides ringing: forwards (RFC 5359 §2.7 to §2.9), do not disturb, follow-me
// (§2.13), who may call, call waiting. An extension that does none of it costs nothing here.

import Basics
import Dialplan
import Journal
import MediaEngine
import SIPUserAgent
import VoiceService

extension CallControl {
  /// What counts for an extension now: its owner's word by the phone, then the configuration's; nil: it just rings.
  func handling(of user: ByteString) -> Handling? {
    let configured = settings.handling[user]
    guard let chosen = choices[user] else { return configured }
    var handling = configured ?? Handling()
    handling.doesNotDisturb = chosen.doNotDisturb
    if !chosen.forwardAlways.isEmpty { handling.forwardAlways = chosen.forwardAlways }
    if !chosen.forwardBusy.isEmpty { handling.forwardBusy = chosen.forwardBusy }
    if !chosen.forwardNoAnswer.isEmpty { handling.forwardNoAnswer = chosen.forwardNoAnswer }
    return handling
  }

  /// A call for an extension: where it really leads.
  mutating func callExtension(_ number: CallNumber, _ user: ByteString, at now: Instant) {
    calls[number]?.destination = "extension " + user
    guard !(settings.handling.isEmpty && choices.isEmpty), let handling = handling(of: user), let call = calls[number]
    else { return ring(number, .user(user), dialling: user, at: now) }
    if let status = handling.refusal(of: call.shownCaller.number) {
      log(.info, "call.blocked", number, "by " + user)
      counters.blocked += 1
      return refuse(number, status: status, at: now)
    }
    if !handling.forwardAlways.isEmpty { return forward(number, for: user, to: handling.forwardAlways, at: now) }
    if handling.doesNotDisturb || !handling.hasCallWaiting && isInCall(user) {
      log(.info, handling.doesNotDisturb ? "call.not-disturbed" : "call.no-call-waiting", number, user)
      guard handling.forwardBusy.isEmpty else {
        return forward(number, for: user, to: handling.forwardBusy, at: now)
      }
      noteBusy(number, user)
      return unanswered(number, status: 486, at: now)
    }
    calls[number]?.enrich {
      $0.fallback = Call.Fallback(user: user, busy: handling.forwardBusy, noAnswer: handling.forwardNoAnswer)
    }
    guard handling.followMe.isEmpty else { return follow(number, user, handling, at: now) }
    ring(number, .user(user), dialling: user, for: handling.ringTime, at: now)
  }

  private mutating func follow(_ number: CallNumber, _ user: ByteString, _ handling: Handling, at now: Instant) {
    var steps = [Hunt.Step(target: .user(user), at: now)]
    let later = now + handling.followMeAfter
    switch settings.dialplan.destination(of: handling.followMe, from: .extension(user)) {
    case .extension(let other): steps.append(Hunt.Step(target: .user(other), at: later))
    case .trunk(let names, let digits): steps.append(Hunt.Step(target: .trunks(names, digits), at: later))
    default: log(.warning, "call.follow-me", number, "nowhere to follow " + user)
    }
    let rings = handling.ringTime ?? Limits.ringTime
    hunt(number, Hunt(steps: steps, endsAt: max(now + rings, later + rings)), at: now)
  }

  /// Whether a phone in a group may ring now.
  func mayRing(_ user: ByteString) -> Bool {
    guard !(settings.handling.isEmpty && choices.isEmpty), let handling = handling(of: user) else { return true }
    return !handling.doesNotDisturb && (handling.hasCallWaiting || !isInCall(user))
  }

  /// Legs that end are none.
  func isInCall(_ user: ByteString) -> Bool {
    legs.keys.contains { id in legs[id].map { $0.party == .user(user) && !$0.isEnding } ?? false }
  }

  // MARK: Forwards

  /// The rights of whoever has it forwarded count: it is that extension's call to the outside.
  mutating func forward(_ number: CallNumber, for user: ByteString, to target: ByteString, at now: Instant) {
    guard mayForward(number, at: now), let call = calls[number] else { return }
    calls[number]?.enrich { $0.fallback = nil }
    let destination = settings.dialplan.destination(of: target, from: .extension(user))
    log(.info, "call.forwarded", number, "by " + user + " to " + target.masked)
    switch destination {
    case .feature, .slot, .unavailable:
      log(.warning, "call.forward-nowhere", number, user + " to " + target.masked)
      return unanswered(number, status: 480, at: now)
    case .extension, .queue, .group, .trunk: break
    }
    if let first = call.first, legs[first]?.isAnswered == false {
      outputs.append(.agent(.progress(first, status: 181, nil)))
    }
    route(number, to: destination, at: now)
  }

  /// A call that is sent round and round is cut (RFC 3261 §16.3).
  mutating func mayForward(_ number: CallNumber, at now: Instant) -> Bool {
    let forwards = (calls[number]?.extra.value?.forwards ?? 0) + 1
    calls[number]?.enrich { $0.forwards = forwards }
    guard forwards > Limits.forwards else { return true }
    counters.forwardsCut += 1
    log(.warning, "call.forward-limit", number, "forwarded " + ByteString(Limits.forwards) + " times")
    unanswered(number, status: 482, at: now)
    return false
  }

  /// Nobody took the call where it rang. What the extension wants then, or back to whoever transferred it, or refused.
  mutating func unanswered(_ number: CallNumber, status: Int, at now: Instant) {
    if let fallback = calls[number]?.extra.value?.fallback {
      calls[number]?.enrich { $0.fallback = nil }
      let target = status == 486 || status >= 600 ? fallback.busy : fallback.noAnswer
      if !target.isEmpty, status != 482 { return forward(number, for: fallback.user, to: target, at: now) }
    }
    refuse(number, status: status, at: now)
  }

  // MARK: By the phone

  /// nil: this code is none of those.
  mutating func choose(_ feature: Feature, _ argument: ByteString, for user: ByteString) -> Prompt? {
    var chosen = choices[user] ?? ExtensionFact(extension: user)
    switch feature {
    case .doNotDisturb: chosen.doNotDisturb = true
    case .doNotDisturbOff: chosen.doNotDisturb = false
    case .forwardAlways: chosen.forwardAlways = argument
    case .forwardBusy: chosen.forwardBusy = argument
    case .forwardNoAnswer: chosen.forwardNoAnswer = argument
    default: return nil
    }
    if !argument.isEmpty {
      guard argument != user else { return .notAllowed }
      switch settings.dialplan.destination(of: argument, from: .extension(user)) {
      case .extension, .queue, .group, .trunk: break
      case .unavailable(.classNotAllowed), .feature, .slot: return .notAllowed
      case .unavailable: return .numberNotInService
      }
    }
    choices[user] = chosen.isPlain ? nil : chosen
    outputs.append(.persist(.extension(chosen)))
    log(.notice, "extension.choice", 0, user)
    showChoice(of: user)
    return .beep
  }
}
