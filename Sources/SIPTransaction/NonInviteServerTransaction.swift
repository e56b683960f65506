// The server transaction of every request but INVITE and ACK (RFC 3261 §17.2.2, RFC 4320 §4).
//
//   trying      the user has the request; repetitions are absorbed. Whoever has not answered after 64 T1 need not any
//               more: the client has given up, so the transaction ends without a response.
//   proceeding  a 100 is out (no other 1xx exists here); a repetition gets it again.
//   completed   the final response is out; a repetition gets it again, until J (64 T1; 0 if reliable).
//   terminated  gone.

struct NonInviteServerTransaction: Sendable {
  enum State: UInt8, Sendable, CaseIterable { case trying, proceeding, completed, terminated }

  private(set) var state = State.trying
  let isReliable: Bool

  init(isReliable: Bool) { self.isReliable = isReliable }

  /// What the arrival of the request asks for.
  var opening: Effects { .start(.lateness) }

  mutating func handle(_ event: ServerEvent) -> Effects? {
    switch (state, event) {
    case (.trying, .provisional), (.proceeding, .provisional):
      state = .proceeding
      return [.keepGiven, .transmit]
    case (.trying, .success), (.proceeding, .success), (.trying, .refusal), (.proceeding, .refusal):
      state = isReliable ? .terminated : .completed
      return isReliable ? [.transmitGiven, .end] : [.keepGiven, .transmit, .start(.j)]
    case (.proceeding, .retransmission), (.completed, .retransmission):
      return .transmit
    case (.trying, .timer(.lateness)), (.proceeding, .timer(.lateness)), (.completed, .timer(.j)),
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
    case .lateness: state == .trying || state == .proceeding
    case .j: state == .completed
    default: false
    }
  }
}
