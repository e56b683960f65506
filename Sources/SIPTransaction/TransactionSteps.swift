// The vocabulary between the four machines of RFC 3261 §17 and the layer that composes them: what can happen to a
// transaction and what it asks for then. A machine holds states only; bytes, keys, flows and queues are the layer's.

/// What can happen to a client transaction.
enum ClientEvent: Hashable, Sendable {
  /// 1xx
  case provisional
  /// 2xx
  case success
  /// 3xx to 6xx
  case refusal
  case timer(TimerName)
  case transportFailed
}

/// What can happen to a server transaction.
enum ServerEvent: Hashable, Sendable {
  /// The request came again.
  case retransmission
  /// An ACK that matches this INVITE.
  case acknowledgement
  /// The user answers 1xx.
  case provisional
  /// The user answers 2xx.
  case success
  /// The user answers 3xx to 6xx.
  case refusal
  case timer(TimerName)
  case transportFailed
}

/// What a machine asks the layer to do. nil from a machine instead of effects: the event means nothing in this state,
/// and nothing changed.
struct Effects: OptionSet, Sendable {
  let rawValue: UInt32

  /// Send the message that is kept.
  static let transmit = Effects(rawValue: 1 << 0)
  /// Send the response that the user gave.
  static let transmitGiven = Effects(rawValue: 1 << 1)
  /// Keep the response that the user gave, for retransmission.
  static let keepGiven = Effects(rawValue: 1 << 2)
  /// Make the ACK to this response, send it, and keep it in place of the request.
  static let acknowledge = Effects(rawValue: 1 << 3)
  /// Hand the message that came to the user: a response, or the ACK to a 2xx.
  static let report = Effects(rawValue: 1 << 4)
  static let reportTimeout = Effects(rawValue: 1 << 5)
  static let reportTransportFailure = Effects(rawValue: 1 << 6)
  static let reportUnacknowledged = Effects(rawValue: 1 << 7)
  /// Free the kept message: it will not be sent again.
  static let forgetMessage = Effects(rawValue: 1 << 8)
  /// The transaction is terminated: free it.
  static let end = Effects(rawValue: 1 << 9)

  static func start(_ timer: TimerName) -> Effects { Effects(rawValue: 1 << (16 + UInt32(timer.rawValue))) }
  var startsTimers: Bool { rawValue >> 16 != 0 }
}
