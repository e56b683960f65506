// What the end of an attempt means for its callback. Causes of ITU-T Q.850 count before the SIP status (RFC 3326), where
// they say more than "normal".

/// How an attempt to reach the customer came out.
public enum AttemptOutcome: Hashable, Sendable {
  case busy
  case noAnswer
  /// Never to be tried again: no such number, declined.
  case final
  /// The network, not the customer: no attempt on the customer.
  case technical

  public init(status: Int, q850: Int?) {
    self = q850.flatMap(Self.init(q850:)) ?? Self(status: status)
  }

  /// nil for causes that leave it to the status (16 and 31 normal, 21 rejected by whom?, 127 interworking).
  private init?(q850: Int) {
    switch q850 {
    case 17: self = .busy
    case 18, 19, 20: self = .noAnswer
    // Unallocated number, number changed, invalid number format.
    case 1, 22, 28: self = .final
    // No route, out of order, no circuit, network out of order, temporary failure, congestion, and so on.
    case 2, 3, 25, 27, 34, 38, 41...47, 49, 50, 57, 58, 63, 102: self = .technical
    default: return nil
    }
  }

  private init(status: Int) {
    switch status {
    case 486, 600: self = .busy
    // 487: somebody else cancelled it. 3xx: redirects are not followed; the number itself was reached.
    case 408, 480, 487, 300..<400: self = .noAnswer
    case 404, 410, 484, 603, 604, 607, 608: self = .final
    default: self = .technical
    }
  }
}
