// The INVITE client transaction (RFC 3261 §17.1.1, with the accepted state of RFC 6026 §7.2).
//
//   calling     the INVITE is out. A resends it at T1, 2 T1, 4 T1 … (unreliable only); B ends it after 64 T1.
//   proceeding  a 1xx came. No timer: how long it may ring is the user's business.
//   accepted    a 2xx came. Further 2xx (forks, retransmissions) go to the user, who sends each an ACK, until M.
//   completed   a 3xx–6xx came and its ACK is out. Each repetition gets the ACK again, until D (0 if reliable).
//   terminated  gone.

struct InviteClientTransaction: Sendable {
  enum State: UInt8, Sendable, CaseIterable { case calling, proceeding, accepted, completed, terminated }

  private(set) var state = State.calling
  let isReliable: Bool
  /// Retransmissions so far: the next interval is T1 × 2^step.
  private(set) var step: UInt8 = 0

  init(isReliable: Bool) { self.isReliable = isReliable }

  /// What sending the INVITE asks for.
  var opening: Effects { isReliable ? [.transmit, .start(.b)] : [.transmit, .start(.a), .start(.b)] }

  mutating func handle(_ event: ClientEvent) -> Effects? {
    switch (state, event) {
    case (.calling, .provisional), (.proceeding, .provisional):
      state = .proceeding
      return .report
    case (.calling, .success), (.proceeding, .success):
      state = .accepted
      return [.report, .forgetMessage, .start(.m)]
    case (.calling, .refusal), (.proceeding, .refusal):
      state = isReliable ? .terminated : .completed
      return isReliable ? [.acknowledge, .report, .end] : [.acknowledge, .report, .start(.d)]

    case (.calling, .timer(.a)):
      step += 1
      return [.transmit, .start(.a)]
    case (.calling, .timer(.b)):
      state = .terminated
      return [.reportTimeout, .end]
    case (.calling, .transportFailed):
      state = .terminated
      return [.reportTransportFailure, .end]

    case (.accepted, .success):
      return .report
    case (.completed, .refusal):
      return .transmit
    case (.proceeding, .timer(.abandonment)), (.accepted, .timer(.m)), (.completed, .timer(.d)),
      (.completed, .transportFailed):
      state = .terminated
      return .end

    default:
      return nil
    }
  }

  /// Whether the firing of `timer` would still mean something.
  func awaits(_ timer: TimerName) -> Bool {
    switch timer {
    case .a, .b: state == .calling
    case .d: state == .completed
    case .m: state == .accepted
    // In calling B comes first, but a 1xx may still stop it.
    case .abandonment: state == .calling || state == .proceeding
    default: false
    }
  }
}
