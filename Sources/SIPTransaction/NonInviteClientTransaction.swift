// The client transaction of every request but INVITE and ACK (RFC 3261 §17.1.2).
//
//   trying      the request is out. E resends it at T1, 2 T1 … up to every T2 (unreliable only); F ends it after 64 T1.
//   proceeding  a 1xx came. E resends every T2; F still ends it.
//   completed   the final response came. Its repetitions are absorbed until K (T4; 0 if reliable).
//   terminated  gone.

struct NonInviteClientTransaction: Sendable {
  enum State: UInt8, Sendable, CaseIterable { case trying, proceeding, completed, terminated }

  private(set) var state = State.trying
  let isReliable: Bool
  /// Retransmissions so far: the next interval is T1 × 2^step, at most T2.
  private(set) var step: UInt8 = 0

  init(isReliable: Bool) { self.isReliable = isReliable }

  /// What sending the request asks for.
  var opening: Effects { isReliable ? [.transmit, .start(.f)] : [.transmit, .start(.e), .start(.f)] }

  mutating func handle(_ event: ClientEvent) -> Effects? {
    switch (state, event) {
    case (.trying, .provisional), (.proceeding, .provisional):
      state = .proceeding
      return .report
    case (.trying, .success), (.proceeding, .success), (.trying, .refusal), (.proceeding, .refusal):
      state = isReliable ? .terminated : .completed
      return isReliable ? [.report, .end] : [.report, .forgetMessage, .start(.k)]

    case (.trying, .timer(.e)):
      step = min(step + 1, TransactionTimers.longestStep)
      return [.transmit, .start(.e)]
    case (.proceeding, .timer(.e)):
      step = TransactionTimers.longestStep
      return [.transmit, .start(.e)]
    case (.trying, .timer(.f)), (.proceeding, .timer(.f)):
      state = .terminated
      return [.reportTimeout, .end]
    case (.trying, .transportFailed), (.proceeding, .transportFailed):
      state = .terminated
      return [.reportTransportFailure, .end]

    case (.completed, .timer(.k)):
      state = .terminated
      return .end

    default:
      return nil
    }
  }

  /// Whether the firing of `timer` would still mean something.
  func awaits(_ timer: TimerName) -> Bool {
    switch timer {
    case .e, .f: state == .trying || state == .proceeding
    case .k: state == .completed
    default: false
    }
  }
}
