// The INVITE server transaction (RFC 3261 §17.2.1, with the accepted state of RFC 6026 §7.1).
//
//   proceeding  the user has the INVITE and answers 100 at once. A repetition gets the last 1xx again.
//   accepted    the user sent a 2xx and resends it himself (§13.3.1.4). Repetitions are absorbed, until L.
//   completed   a 3xx–6xx is out. G resends it at T1, 2 T1 … up to every T2 (unreliable only) and a repetition gets it
//               again, until its ACK comes; H ends it after 64 T1.
//   confirmed   the ACK came. What is still on its way is absorbed until I (T4; 0 if reliable).
//   terminated  gone.

struct InviteServerTransaction: Sendable {
  enum State: UInt8, Sendable, CaseIterable { case proceeding, accepted, completed, confirmed, terminated }

  private(set) var state = State.proceeding
  let isReliable: Bool
  /// Retransmissions so far: the next interval is T1 × 2^step, at most T2.
  private(set) var step: UInt8 = 0

  init(isReliable: Bool) { self.isReliable = isReliable }

  mutating func handle(_ event: ServerEvent) -> Effects? {
    switch (state, event) {
    case (.proceeding, .retransmission), (.completed, .retransmission):
      return .transmit
    case (.proceeding, .provisional):
      return [.keepGiven, .transmit]
    case (.proceeding, .success):
      state = .accepted
      return [.transmitGiven, .forgetMessage, .start(.l)]
    case (.proceeding, .refusal):
      state = .completed
      let always: Effects = [.keepGiven, .transmit, .start(.h)]
      return isReliable ? always : always.union(.start(.g))

    case (.accepted, .success):
      return .transmitGiven
    case (.accepted, .acknowledgement):
      return .report
    case (.accepted, .timer(.l)):
      state = .terminated
      return .end

    case (.completed, .acknowledgement):
      state = isReliable ? .terminated : .confirmed
      return isReliable ? .end : [.forgetMessage, .start(.i)]
    case (.completed, .timer(.g)):
      step = min(step + 1, TransactionTimers.longestStep)
      return [.transmit, .start(.g)]
    case (.completed, .timer(.h)), (.completed, .transportFailed):
      state = .terminated
      return [.reportUnacknowledged, .end]

    case (.confirmed, .timer(.i)):
      state = .terminated
      return .end

    default:
      return nil
    }
  }

  /// Whether the firing of `timer` would still mean something.
  func awaits(_ timer: TimerName) -> Bool {
    switch timer {
    case .g, .h: state == .completed
    case .i: state == .confirmed
    case .l: state == .accepted
    default: false
    }
  }
}
