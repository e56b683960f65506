// What the distributor says, case by case: compared by digest and told to people, never read back.

import Basics
import Journal

extension ACD.OverflowReason: Written {}
extension ACD.EntryRefusal: Written {}
extension ACD.CallbackRefusal: Written {}
extension ACD.ReleaseReason: Written {}
extension ACD.ActRefusal: Written {}

extension ACD.Standing: Written {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(position)
    sink.put(waitMinutes)
  }
}

extension ACD.Offer: Written {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(id)
    sink.put(queue)
    sink.put(queueName)
    sink.put(queueDisplayName)
    sink.put(item)
    sink.put(medium)
    sink.put(agent)
    sink.put(`extension`)
    sink.put(deadline)
    sink.put(callerNumber)
    sink.put(callerName)
    sink.put(dialledNumber)
    sink.put(attributes)
    sink.put(recordedName)
  }
}

extension ACD.Output: Written {
  @inlinable public func write(to sink: inout some Sink) {
    let tag = tag
    switch self {
    case .entered(let call, let standing): sink.write(tag.number, tag.name, call, standing)
    case .pendingCallback(let call, let id): sink.write(tag.number, tag.name, call, id)
    case .refusedEntry(let call, let reason): sink.write(tag.number, tag.name, call, reason)
    case .announce(let call, let standing): sink.write(tag.number, tag.name, call, standing)
    case .offerCallback(let call, let isUrgent): sink.write(tag.number, tag.name, call, isUrgent)
    case .overflow(let call, let reason): sink.write(tag.number, tag.name, call, reason)
    case .moved(let call, let queue): sink.write(tag.number, tag.name, call, queue)
    case .offer(let offer): sink.write(tag.number, tag.name, offer)
    case .withdraw(let offer): sink.write(tag.number, tag.name, offer)
    case .connect(let call, let offer): sink.write(tag.number, tag.name, call, offer)
    case .releaseAgent(let offer, let reason): sink.write(tag.number, tag.name, offer, reason)
    case .agentState(let number, let state): sink.write(tag.number, tag.name, number, state)
    case .missedOffer(let number, let queue): sink.write(tag.number, tag.name, number, queue)
    case .persist(let fact, let number, let promise): sink.write(tag.number, tag.name, fact, number, promise)
    case .record(let event): sink.write(tag.number, tag.name, event)
    case .callbackAccepted(let call, let id): sink.write(tag.number, tag.name, call, id)
    case .callbackRefused(let call, let reason): sink.write(tag.number, tag.name, call, reason)
    case .prepare(let attempt, let callback, let number, let presenting, let offer):
      sink.begin(tag.number, tag.name)
      sink.put(attempt)
      sink.put(callback)
      sink.put(number)
      sink.put(presenting)
      sink.put(offer)
      sink.end()
    case .dial(let attempt): sink.write(tag.number, tag.name, attempt)
    case .confirmAttempt(let attempt): sink.write(tag.number, tag.name, attempt)
    case .connectAttempt(let attempt, let offer): sink.write(tag.number, tag.name, attempt, offer)
    case .apologise(let attempt): sink.write(tag.number, tag.name, attempt)
    case .hangUpAttempt(let attempt): sink.write(tag.number, tag.name, attempt)
    case .dropAttempt(let attempt): sink.write(tag.number, tag.name, attempt)
    case .endOrphan(let leg, let number, let presenting): sink.write(tag.number, tag.name, leg, number, presenting)
    case .log(let entry): sink.write(tag.number, tag.name, entry)
    case .acted(let act, let who, let refusal): sink.write(tag.number, tag.name, act, who, refusal)
    case .nearestTime(let call, let hours): sink.write(tag.number, tag.name, call, hours)
    case .tryElsewhere(let call): sink.write(tag.number, tag.name, call)
    }
  }

  /// A recording keeps the kinds of outputs beside the digest: they tell what was missing or too much.
  @inlinable public var tag: OutputTag {
    switch self {
    case .entered: .entered
    case .pendingCallback: .pendingCallback
    case .refusedEntry: .refusedEntry
    case .announce: .announce
    case .offerCallback: .offerCallback
    case .overflow: .overflow
    case .moved: .moved
    case .offer: .offer
    case .withdraw: .withdraw
    case .connect: .connect
    case .releaseAgent: .releaseAgent
    case .agentState: .agentState
    case .missedOffer: .missedOffer
    case .persist: .persist
    case .record: .record
    case .callbackAccepted: .callbackAccepted
    case .callbackRefused: .callbackRefused
    case .prepare: .prepare
    case .dial: .dial
    case .confirmAttempt: .confirmAttempt
    case .connectAttempt: .connectAttempt
    case .apologise: .apologise
    case .hangUpAttempt: .hangUpAttempt
    case .dropAttempt: .dropAttempt
    case .endOrphan: .endOrphan
    case .log: .log
    case .acted: .acted
    case .nearestTime: .nearestTime
    case .tryElsewhere: .tryElsewhere
    }
  }
}

/// The kinds of outputs. Numbers once given stay.
public enum OutputTag: UInt8, CaseIterable, Sendable {
  case entered, pendingCallback, refusedEntry, announce, offerCallback, overflow, moved, offer, withdraw, connect
  case releaseAgent, agentState, missedOffer, persist, record, callbackAccepted, callbackRefused, prepare, dial
  case confirmAttempt, connectAttempt, apologise, hangUpAttempt, dropAttempt, endOrphan, log, acted
  case nearestTime
  case tryElsewhere

  @inlinable public var number: UInt8 { rawValue }

  @inlinable public var name: StaticString {
    switch self {
    case .entered: "entered"
    case .pendingCallback: "pending-callback"
    case .refusedEntry: "refused-entry"
    case .announce: "announce"
    case .offerCallback: "offer-callback"
    case .overflow: "overflow"
    case .moved: "moved"
    case .offer: "offer"
    case .withdraw: "withdraw"
    case .connect: "connect"
    case .releaseAgent: "release-agent"
    case .agentState: "agent-state"
    case .missedOffer: "missed-offer"
    case .persist: "persist"
    case .record: "record"
    case .callbackAccepted: "callback-accepted"
    case .callbackRefused: "callback-refused"
    case .prepare: "prepare"
    case .dial: "dial"
    case .confirmAttempt: "confirm-attempt"
    case .connectAttempt: "connect-attempt"
    case .apologise: "apologise"
    case .hangUpAttempt: "hang-up-attempt"
    case .dropAttempt: "drop-attempt"
    case .endOrphan: "end-orphan"
    case .log: "log"
    case .acted: "acted"
    case .nearestTime: "nearest-time"
    case .tryElsewhere: "try-elsewhere"
    }
  }
}
