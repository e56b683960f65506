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
    let act = feature.act(of: user, argument)
    awaitedActs.append(AwaitedAct(call: number, act: act, user: user))
    outputs.append(.distributor(.act(act, by: user)))
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
  fileprivate func act(of user: ByteString, _ argument: ByteString) -> ACD.Act {
    switch self {
    case .agentLogin: .login(extension: user)
    case .agentLogout: .logout(extension: user)
    case .agentPause: .pause(extension: user, reason: argument)
    case .agentReady: .ready(extension: user)
    case .agentEndWrapUp: .endWrapUp(extension: user)
    case .agentDisposition: .disposition(extension: user, code: argument)
    }
  }
}
