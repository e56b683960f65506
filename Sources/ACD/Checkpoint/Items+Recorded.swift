// Waiting items, offers and attempts, field by field, for a checkpoint. Whoever adds a field there adds it here; a test
// counts them, and compares what comes back.

import Basics
import Journal

extension ACD.Offer.Item: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    switch self {
    case .call(let call): sink.write(0, "call", call)
    case .callback(let id): sink.write(1, "callback", id)
    }
  }
  public init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .call(try source.take())
    case 1: self = .callback(try source.take())
    default: throw .unknownCase
    }
  }
}

extension ItemKey: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(isUrgent)
    sink.put(priority)
    sink.put(sequence)
    sink.put(isCallback)
    sink.put(number)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      isUrgent: try source.take(), priority: try source.take(), sequence: try source.take(),
      isCallback: try source.take(), number: try source.take())
  }
}

extension ClassID: Recorded {
  func write(to sink: inout some Sink) { sink.put(index) }
  init(from source: inout Source) throws(RecordError) { self.init(index: try source.take()) }
}

extension Placement: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(queue)
    sink.put(medium)
    sink.put(sequence)
    sink.put(priority)
    sink.put(isUrgent)
    sink.put(rings)
    sink.put(preferred)
    sink.put(since)
    sink.put(key)
    sink.put(requirement)
    sink.put(offers)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      queue: try source.take(), medium: try source.take(), sequence: try source.take(), priority: try source.take(),
      isUrgent: try source.take(), rings: try source.take(), preferred: try source.take(), since: try source.take(),
      key: try source.take(), requirement: try source.take(), offers: try source.take())
  }
}

extension WaitingCall: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(placement)
    sink.put(entry)
    sink.put(cameAt)
    sink.put(customer)
    sink.put(request)
    sink.put(held)
    sink.put(isAsked)
    sink.put(wasOfferedCallback)
    sink.put(hasLeft)
    sink.put(leftAt)
    sink.put(overflowIsDue)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      placement: try source.take(), entry: try source.take(), cameAt: try source.take(), customer: try source.take(),
      request: try source.take(), held: try source.take(), isAsked: try source.take(),
      wasOfferedCallback: try source.take(), hasLeft: try source.take(), leftAt: try source.take(),
      overflowIsDue: try source.take())
  }
}

extension Callback.Stage: Recorded {
  func write(to sink: inout some Sink) {
    switch self {
    case .creating(let call): sink.write(0, "creating", call)
    case .merging(let call): sink.write(1, "merging", call)
    case .untimed: sink.write(2, "untimed")
    case .leased: sink.write(3, "leased")
    case .resting: sink.write(4, "resting")
    case .due: sink.write(5, "due")
    case .offered: sink.write(6, "offered")
    case .attempting(let attempt): sink.write(7, "attempting", attempt)
    }
  }
  init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .creating(try source.take())
    case 1: self = .merging(try source.take())
    case 2: self = .untimed
    case 3: self = .leased
    case 4: self = .resting
    case 5: self = .due
    case 6: self = .offered
    case 7: self = .attempting(try source.take())
    default: throw .unknownCase
    }
  }
}

extension Callback.Hold: Recorded {
  func write(to sink: inout some Sink) {
    switch self {
    case .call(let call): sink.write(0, "call", call)
    case .talk(let offer): sink.write(1, "talk", offer)
    }
  }
  init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .call(try source.take())
    case 1: self = .talk(try source.take())
    default: throw .unknownCase
    }
  }
}

extension Callback: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(fact)
    sink.put(stage)
    sink.put(placement)
    sink.put(merged)
    sink.put(mergedDueAt)
    sink.put(dueAt)
    sink.put(expiresAt)
    sink.put(isCancelRequested)
    sink.put(departing)
    sink.put(keptDueAt)
    sink.put(hold)
    sink.put(caller)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      fact: try source.take(), stage: try source.take(), placement: try source.take(), merged: try source.take(),
      mergedDueAt: try source.take(), dueAt: try source.take(), expiresAt: try source.take(),
      isCancelRequested: try source.take(), departing: try source.take(), keptDueAt: try source.take(),
      hold: try source.take(), caller: try source.take())
  }
}

extension LiveOffer.State: Recorded {
  func write(to sink: inout some Sink) {
    switch self {
    case .ringing: sink.write(0, "ringing")
    case .withdrawn: sink.write(1, "withdrawn")
    case .reserved(let attempt): sink.write(2, "reserved", attempt)
    case .talking(let since): sink.write(3, "talking", since)
    case .released: sink.write(4, "released")
    }
  }
  init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .ringing
    case 1: self = .withdrawn
    case 2: self = .reserved(try source.take())
    case 3: self = .talking(since: try source.take())
    case 4: self = .released
    default: throw .unknownCase
    }
  }
}

extension LiveOffer: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(queue)
    sink.put(agent)
    sink.put(item)
    sink.put(medium)
    sink.put(sequence)
    sink.put(state)
    sink.put(attempt)
    sink.put(heldSince)
    sink.put(talked)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      queue: try source.take(), agent: try source.take(), item: try source.take(), medium: try source.take(),
      sequence: try source.take(), state: try source.take(), attempt: try source.take(),
      heldSince: try source.take(), talked: try source.take())
  }
}

extension Attempt.HangUp: Recorded {}
extension Attempt.Patience: Recorded {}

extension Attempt.State: Recorded {
  func write(to sink: inout some Sink) {
    switch self {
    case .preparing: sink.write(0, "preparing")
    case .persisting: sink.write(1, "persisting")
    case .dialling: sink.write(2, "dialling")
    case .confirming: sink.write(3, "confirming")
    case .waiting: sink.write(4, "waiting")
    case .talking(let since): sink.write(5, "talking", since)
    case .hangingUp(let reason): sink.write(6, "hanging-up", reason)
    }
  }
  init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .preparing
    case 1: self = .persisting
    case 2: self = .dialling
    case 3: self = .confirming
    case 4: self = .waiting
    case 5: self = .talking(since: try source.take())
    case 6: self = .hangingUp(try source.take())
    default: throw .unknownCase
    }
  }
}

extension Attempt: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(callback)
    sink.put(queue)
    sink.put(offer)
    sink.put(sequence)
    sink.put(isCustomerFirst)
    sink.put(state)
    sink.put(patience)
    sink.put(holdsChannel)
    sink.put(wasDialled)
    sink.put(hasRung)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      callback: try source.take(), queue: try source.take(), offer: try source.take(), sequence: try source.take(),
      isCustomerFirst: try source.take(), state: try source.take(), patience: try source.take(),
      holdsChannel: try source.take(), wasDialled: try source.take(), hasRung: try source.take())
  }
}
