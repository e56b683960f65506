// What the distributor hears, case by case. Numbers once given stay: an older recording is read by the same.

import Basics
import Journal

extension CallReference: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(number) }
  public init(from source: inout Source) throws(RecordError) { self.init(try source.take()) }
}
extension OfferID: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(number) }
  public init(from source: inout Source) throws(RecordError) { self.init(try source.take()) }
}
extension AttemptID: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(number) }
  public init(from source: inout Source) throws(RecordError) { self.init(try source.take()) }
}

extension QueueID: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(index) }
  public init(from source: inout Source) throws(RecordError) { self.init(index: try source.take()) }
}
extension AgentID: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(index) }
  public init(from source: inout Source) throws(RecordError) { self.init(index: try source.take()) }
}

extension ACD.Entry: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(reference)
    sink.put(medium)
    sink.put(queue)
    sink.put(callerNumber)
    sink.put(callerName)
    sink.put(dialledNumber)
    sink.put(customer)
    sink.put(priority)
    sink.put(rings)
    sink.put(preferredAgent)
    sink.put(attributes)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(
      try source.take(), medium: try source.take(), queue: try source.take(), callerNumber: try source.take(),
      callerName: try source.take(), dialledNumber: try source.take(), customer: try source.take(),
      priority: try source.take(), rings: try source.take(), preferredAgent: try source.take(),
      attributes: try source.take())
  }
}

extension ACD.CallbackRequest: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(number)
    sink.put(at)
    sink.put(recordedName)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(number: try source.take(), at: try source.take(), recordedName: try source.take())
  }
}

extension ACD.OpenSpan: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(from)
    sink.put(until)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(from: try source.take(), until: try source.take())
  }
}

extension ACD.PendingChoice: Recorded {}

extension ACD.Act: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    switch self {
    case .login(let number): sink.write(0, "login", number)
    case .logout(let number): sink.write(1, "logout", number)
    case .pause(let number, let reason): sink.write(2, "pause", number, reason)
    case .ready(let number): sink.write(3, "ready", number)
    case .endWrapUp(let number): sink.write(4, "end-wrap-up", number)
    case .disposition(let number, let code): sink.write(5, "disposition", number, code)
    case .move(let item, let queue): sink.write(6, "move", item, queue)
    case .prioritise(let item, let priority): sink.write(7, "prioritise", item, priority)
    case .takeOut(let item): sink.write(8, "take-out", item)
    case .cancelCallback(let id): sink.write(9, "cancel-callback", id)
    case .dialNow(let id): sink.write(10, "dial-now", id)
    case .reschedule(let id, let time): sink.write(11, "reschedule", id, time)
    case .brownOut(let isFailing): sink.write(12, "brown-out", isFailing)
    case .moveCallback(let id, let queue): sink.write(13, "move-callback", id, queue)
    }
  }

  public init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .login(extension: try source.take())
    case 1: self = .logout(extension: try source.take())
    case 2: self = .pause(extension: try source.take(), reason: try source.take())
    case 3: self = .ready(extension: try source.take())
    case 4: self = .endWrapUp(extension: try source.take())
    case 5: self = .disposition(extension: try source.take(), code: try source.take())
    case 6: self = .move(item: try source.take(), toQueue: try source.take())
    case 7: self = .prioritise(item: try source.take(), try source.take())
    case 8: self = .takeOut(item: try source.take())
    case 9: self = .cancelCallback(try source.take())
    case 10: self = .dialNow(try source.take())
    case 11: self = .reschedule(try source.take(), to: try source.take())
    case 12: self = .brownOut(try source.take())
    case 13: self = .moveCallback(try source.take(), toQueue: try source.take())
    default: throw .unknownCase
    }
  }
}

extension ACD.Input: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    switch self {
    case .configure(let settings): sink.write(0, "configure", settings)
    case .restored(let callbacks, let agents, let sequence, let callback):
      sink.write(1, "restored", callbacks, agents, sequence, callback)
    case .wall(let time, let isTrusted): sink.write(2, "wall", time, isTrusted)
    case .seed(let word): sink.write(3, "seed", word)
    case .opening(let queue, let isOpen, let closesIn): sink.write(4, "opening", queue, isOpen, closesIn)
    case .enter(let entry): sink.write(5, "enter", entry)
    case .leave(let call, let lineBroke): sink.write(6, "leave", call, lineBroke)
    case .act(let act, let who): sink.write(7, "act", act, who)
    case .reachable(let number, let isReachable): sink.write(8, "reachable", number, isReachable)
    case .busyElsewhere(let number, let isBusy): sink.write(9, "busy-elsewhere", number, isBusy)
    case .ringing(let offer): sink.write(10, "ringing", offer)
    case .accepted(let offer): sink.write(11, "accepted", offer)
    case .refused(let offer, let status): sink.write(12, "refused", offer, status)
    case .ended(let offer): sink.write(13, "ended", offer)
    case .held(let offer, let isHeld): sink.write(14, "held", offer, isHeld)
    case .transferred(let offer): sink.write(15, "transferred", offer)
    case .surveyed(let offer, let score): sink.write(16, "surveyed", offer, score)
    case .requestCallback(let call, let request): sink.write(17, "request-callback", call, request)
    case .pendingResolved(let call, let choice): sink.write(18, "pending-resolved", call, choice)
    case .durable(let number): sink.write(19, "durable", number)
    case .persistFailed(let first, let last): sink.write(20, "persist-failed", first, last)
    case .attemptLeg(let attempt, let leg): sink.write(21, "attempt-leg", attempt, leg)
    case .attemptImpossible(let attempt): sink.write(22, "attempt-impossible", attempt)
    case .attemptRinging(let attempt): sink.write(23, "attempt-ringing", attempt)
    case .attemptAnswered(let attempt, let tag): sink.write(24, "attempt-answered", attempt, tag)
    case .attemptConfirmed(let attempt): sink.write(25, "attempt-confirmed", attempt)
    case .attemptFailed(let attempt, let status, let cause): sink.write(26, "attempt-failed", attempt, status, cause)
    case .attemptEnded(let attempt): sink.write(27, "attempt-ended", attempt)
    case .trunkRoom(let channels): sink.write(28, "trunk-room", channels)
    case .timetable(let queue, let spans): sink.write(29, "timetable", queue, spans)
    case .wentElsewhere(let call): sink.write(30, "went-elsewhere", call)
    }
  }

  public init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .configure(try source.take())
    case 1:
      self = .restored(
        callbacks: try source.take(), agents: try source.take(), lastSequence: try source.take(),
        lastCallbackID: try source.take())
    case 2: self = .wall(try source.take(), trusted: try source.take())
    case 3: self = .seed(try source.take())
    case 4: self = .opening(queue: try source.take(), isOpen: try source.take(), closesIn: try source.take())
    case 5: self = .enter(try source.take())
    case 6: self = .leave(try source.take(), lineBroke: try source.take())
    case 7: self = .act(try source.take(), by: try source.take())
    case 8: self = .reachable(extension: try source.take(), try source.take())
    case 9: self = .busyElsewhere(extension: try source.take(), try source.take())
    case 10: self = .ringing(try source.take())
    case 11: self = .accepted(try source.take())
    case 12: self = .refused(try source.take(), status: try source.take())
    case 13: self = .ended(try source.take())
    case 14: self = .held(try source.take(), try source.take())
    case 15: self = .transferred(try source.take())
    case 16: self = .surveyed(try source.take(), score: try source.take())
    case 17: self = .requestCallback(try source.take(), try source.take())
    case 18: self = .pendingResolved(try source.take(), try source.take())
    case 19: self = .durable(upTo: try source.take())
    case 20: self = .persistFailed(from: try source.take(), through: try source.take())
    case 21: self = .attemptLeg(try source.take(), try source.take())
    case 22: self = .attemptImpossible(try source.take())
    case 23: self = .attemptRinging(try source.take())
    case 24: self = .attemptAnswered(try source.take(), remoteTag: try source.take())
    case 25: self = .attemptConfirmed(try source.take())
    case 26: self = .attemptFailed(try source.take(), status: try source.take(), q850: try source.take())
    case 27: self = .attemptEnded(try source.take())
    case 28: self = .trunkRoom(channelsFree: try source.take())
    case 29: self = .timetable(queue: try source.take(), try source.take())
    case 30: self = .wentElsewhere(try source.take())
    default: throw .unknownCase
    }
  }
}
