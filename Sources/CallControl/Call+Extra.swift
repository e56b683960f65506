// What a call has besides two parties, where it has: more phones that ring, a transfer that has not worked yet, forwards.

import Basics
import Dialplan
import SIPUserAgent

extension Call {
  struct Extra {
    /// Legs besides the two: candidates, transferors, and legs that were told to end while another one rings.
    var others: [LegID] = []
    var hunt: Hunt?
    var transfer: Transfer?
    /// What follows when the extension that rings does not take the call.
    var fallback: Fallback?
    /// Who is shown as the caller now, where that is not who began the call.
    var presented: Caller?
    /// How often it was forwarded.
    var forwards = 0
    /// Somebody handed it on: the distributor's word on who has hung up is no reason to end it.
    var wasTransferred = false
    /// Whoever began it is not in it any more.
    var lostCaller = false
    /// Where it is parked, and by whom.
    var parking: Parking?
    /// Whom somebody wanted to be called back for.
    var recalled: ByteString = ""
    /// The phone that is called answers by itself.
    var autoAnswers = false
  }

  struct Caller: Hashable {
    var number: ByteString
    var name: ByteString
  }

  struct Transfer {
    /// nil: gone without waiting for the outcome.
    var by: LegID?
    let user: ByteString
    /// It did not work, and rings at whoever wanted it.
    var isReturning = false
  }

  struct Parking {
    var slot: ByteString
    var by: ByteString
  }

  struct Fallback {
    let user: ByteString
    var busy: ByteString
    var noAnswer: ByteString
  }

  var others: [LegID] { extra.value?.others ?? [] }
  var transfer: Transfer? { extra.value?.transfer }

  mutating func enrich(_ change: (inout Extra) -> Void) {
    var value = extra.value ?? Extra()
    change(&value)
    extra.value = value
  }

  /// Who calls, as those see it who are called.
  var shownCaller: Caller { extra.value?.presented ?? Caller(number: from, name: fromName) }
}

/// Several that are called for one call: at once, or each some time after the one before.
struct Hunt {
  struct Step {
    var target: Target
    var at: Instant
  }
  enum Target {
    case user(ByteString)
    case trunks([ByteString], ByteString)
  }
  /// That have not begun, the next one first.
  var steps: [Step]
  var endsAt: Instant
  /// The next one begins when the one before stops.
  var isInTurn = false
  /// The refusal that says most so far.
  var status = 480
  /// The caller hears that it rings.
  var rings = false
  /// When nobody has answered.
  var otherwise: Destination?
}
