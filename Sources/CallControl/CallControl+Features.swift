// Feature codes: what agents do for themselves by dialling. The distributor decides whether it may be done; the caller
// hears which of the two it was.

import ACD
import Basics
import Dialplan
import MediaEngine

extension CallControl {
  /// A caller who has dialled a feature code and waits for the answer of the distributor.
  struct AwaitedAct {
    let call: CallNumber
    let act: ACD.Act
    let user: ByteString
  }

  mutating func serve(_ number: CallNumber, _ feature: Feature, _ argument: ByteString, at now: Instant) {
    guard let call = calls[number], let first = call.first, case .user(let user)? = legs[first]?.party else {
      return refuse(number, status: 403, at: now)
    }
    calls[number]?.destination = "feature"
    guard let act = feature.act(of: user, argument) else {
      return serve(number, feature, argument, for: user, at: now)
    }
    awaitedActs.append(AwaitedAct(call: number, act: act, user: user))
    outputs.append(.distributor(.act(act, by: user)))
  }

  /// What is none of the distributor's affairs.
  private mutating func serve(
    _ number: CallNumber, _ feature: Feature, _ argument: ByteString, for user: ByteString, at now: Instant
  ) {
    if let prompt = choose(feature, argument, for: user) { return announce(number, [prompt], at: now) }
    switch feature {
    case .pickup: pickUp(number, argument, by: user, at: now)
    case .intercom: callIntercom(number, argument, at: now)
    case .callBack: announce(number, [wish(user, argument, at: now)], at: now)
    case .callBackOff:
      forgetWish(of: user)
      announce(number, [.beep], at: now)
    // A call is transferred there; there is nothing to be dialled.
    default: refuse(number, status: 403, at: now)
    }
  }

  /// The phone answers by itself, where its extension lets it.
  private mutating func callIntercom(_ number: CallNumber, _ user: ByteString, at now: Instant) {
    guard settings.handling[user]?.answersIntercom == true, !isInCall(user) else {
      return refuse(number, status: settings.handling[user] == nil ? 403 : 486, at: now)
    }
    calls[number]?.destination = "intercom " + user
    calls[number]?.enrich { $0.autoAnswers = true }
    ring(number, .user(user), dialling: user, at: now)
  }

  /// Acts are answered in the order in which they were asked for; those of others are not waited for here.
  mutating func acted(_ act: ACD.Act, by who: ByteString, _ refusal: ACD.ActRefusal?, at now: Instant) {
    guard let awaited = awaitedActs.first, awaited.act == act, awaited.user == who else { return }
    _ = awaitedActs.popFirst()
    announce(awaited.call, [Self.confirmation(of: act, refusal)], at: now)
  }

  private static func confirmation(of act: ACD.Act, _ refusal: ACD.ActRefusal?) -> Prompt {
    switch (act, refusal) {
    case (.login, nil): .loggedIn
    case (.logout, nil), (.logout, .notLoggedIn): .loggedOut
    case (_, nil): .beep
    case (_, .unknownAgent): .notAnAgent
    default: .notAllowed
    }
  }
}

extension Feature {
  fileprivate func act(of user: ByteString, _ argument: ByteString) -> ACD.Act? {
    switch self {
    case .agentLogin: .login(extension: user)
    case .agentLogout: .logout(extension: user)
    case .agentPause: .pause(extension: user, reason: argument)
    case .agentReady: .ready(extension: user)
    case .agentEndWrapUp: .endWrapUp(extension: user)
    case .agentDisposition: .disposition(extension: user, code: argument)
    case .pickup, .forwardAlways, .forwardBusy, .forwardNoAnswer, .doNotDisturb, .doNotDisturbOff, .park, .intercom,
      .callBack, .callBackOff:
      nil
    }
  }
}
