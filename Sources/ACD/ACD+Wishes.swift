// What a caller asks for, judged before anything is promised (callback rules 3, 7 to 9 and 32): which number, and when.

import Basics
import Journal
import NumberPlan

extension ACD {
  /// A request that may be granted.
  struct Wish {
    let number: Number
    /// Until it may be offered, and until it expires.
    let delay: Interval
    let expiry: Interval
    let isScheduled: Bool
    let recordedName: ByteString
  }

  enum Verdict<Granted> { case granted(Granted), refused(CallbackRefusal) }

  func wish(_ request: CallbackRequest, of waiting: WaitingCall, at now: Instant) -> Verdict<Wish> {
    let number: Number
    switch callableNumber(request.number, of: waiting) {
    case .granted(let found): number = found
    case .refused(let reason): return .refused(reason)
    }
    let rules = callbackRules(waiting.queue)
    guard let time = request.at else {
      // Who joins an open one asks for nothing new.
      let isOpen = queues[waiting.queue].callbackByNumber[number.digits] != nil
      if !isOpen, closesTooSoon(waiting.queue, after: delayOfTurn(waiting, at: now), at: now) {
        return .refused(.closing)
      }
      return .granted(
        Wish(
          number: number, delay: .seconds(rules.minimumDelaySeconds), expiry: .seconds(rules.expirySeconds),
          isScheduled: false, recordedName: request.recordedName))
    }
    guard let delay = scheduleDelay(time, at: now) else { return .refused(.timeOutOfReach) }
    guard isInsideHours(time, after: delay, waiting.queue, at: now) else { return .refused(.outsideHours) }
    let taken = slotsTaken(waiting.queue, besides: queues[waiting.queue].callbackByNumber[number.digits])
    guard taken[slot(time, rules)] ?? 0 < rules.perSlot else { return .refused(.slotTaken) }
    return .granted(
      Wish(
        number: number, delay: delay, expiry: delay + .seconds(rules.expirySeconds), isScheduled: true,
        recordedName: request.recordedName))
  }

  // MARK: Which number

  /// - Parameter digits: as keyed in; empty: the number that calls.
  func callableNumber(_ digits: ByteString, of waiting: WaitingCall) -> Verdict<Number> {
    guard let rules = queues[waiting.queue].settings.callback else { return .refused(.notOffered) }
    guard clock.isTrusted else { return .refused(.clockUntrusted) }
    let raw = digits.isEmpty ? waiting.entry.callerNumber : digits
    guard !raw.isEmpty else { return .refused(.numberWithheld) }
    guard let number = plan.normalise(raw), number.numberClass != .unknown else { return .refused(.numberInvalid) }
    guard mayDial(number.digits, own: waiting.entry.dialledNumber, rules) else { return .refused(.classDenied) }
    let isOther = !digits.isEmpty && number != plan.normalise(waiting.entry.callerNumber)
    return isOther && !rules.allowsOtherNumber ? .refused(.classDenied) : .granted(number)
  }

  /// At the request, and again before the dial.
  /// - Parameter own: the number that the customer had dialled: the branch does not call itself.
  func mayDial(_ digits: ByteString, own: ByteString, _ rules: CallbackSettings) -> Bool {
    guard let number = plan.normalise(digits), Self.mayDial(number.numberClass, rules) else { return false }
    return number.digits != plan.normalise(own)?.digits
  }

  /// Emergency and unknown numbers, short codes and the branch's own extensions are called back by no setting.
  static func mayDial(_ numberClass: NumberClass, _ rules: CallbackSettings) -> Bool {
    switch numberClass {
    case .emergency, .unknown, .internal, .shortCode: false
    case .local, .national, .mobile, .international, .tollFree, .premium: rules.allowedClasses.contains(numberClass)
    }
  }
}
