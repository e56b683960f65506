// Timers, facts on their way to the disk, decisions and the like, field by field, for a checkpoint.

import Basics
import Journal

extension ACD.Timer: Recorded {
  func write(to sink: inout some Sink) {
    switch self {
    case .announce(let call): sink.write(0, "announce", call)
    case .shift(let item): sink.write(1, "shift", item)
    case .forget(let call): sink.write(2, "forget", call)
    case .overflow(let call): sink.write(3, "overflow", call)
    case .callerWrite(let call): sink.write(4, "caller-write", call)
    case .ring(let offer): sink.write(5, "ring", offer)
    case .wrapUp(let agent): sink.write(6, "wrap-up", agent)
    case .backoff(let agent): sink.write(7, "backoff", agent)
    case .due(let id): sink.write(8, "due", id)
    case .expiry(let id): sink.write(9, "expiry", id)
    case .lease(let id): sink.write(10, "lease", id)
    case .attemptWrite(let attempt): sink.write(11, "attempt-write", attempt)
    case .attemptRing(let attempt): sink.write(12, "attempt-ring", attempt)
    case .done(let attempt): sink.write(13, "done", attempt)
    case .rewrite: sink.write(14, "rewrite")
    case .hours(let queue): sink.write(15, "hours", queue)
    case .advice(let call): sink.write(16, "advice", call)
    case .confirm(let attempt): sink.write(17, "confirm", attempt)
    case .customerWaits(let attempt): sink.write(18, "customer-waits", attempt)
    case .liveTalk(let offer): sink.write(19, "live-talk", offer)
    }
  }
  init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .announce(try source.take())
    case 1: self = .shift(try source.take())
    case 2: self = .forget(try source.take())
    case 3: self = .overflow(try source.take())
    case 4: self = .callerWrite(try source.take())
    case 5: self = .ring(try source.take())
    case 6: self = .wrapUp(try source.take())
    case 7: self = .backoff(try source.take())
    case 8: self = .due(try source.take())
    case 9: self = .expiry(try source.take())
    case 10: self = .lease(try source.take())
    case 11: self = .attemptWrite(try source.take())
    case 12: self = .attemptRing(try source.take())
    case 13: self = .done(try source.take())
    case 14: self = .rewrite
    case 15: self = .hours(try source.take())
    case 16: self = .advice(try source.take())
    case 17: self = .confirm(try source.take())
    case 18: self = .customerWaits(try source.take())
    case 19: self = .liveTalk(try source.take())
    default: throw .unknownCase
    }
  }
}

extension Unwritten.Purpose: Recorded {
  func write(to sink: inout some Sink) {
    switch self {
    case .creation(let call, let id): sink.write(0, "creation", call, id)
    case .merge(let call, let id): sink.write(1, "merge", call, id)
    case .attempt(let attempt): sink.write(2, "attempt", attempt)
    case .lasting(let fact): sink.write(3, "lasting", fact)
    }
  }
  init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .creation(try source.take(), callback: try source.take())
    case 1: self = .merge(try source.take(), callback: try source.take())
    case 2: self = .attempt(try source.take())
    case 3: self = .lasting(try source.take())
    default: throw .unknownCase
    }
  }
}

extension Unwritten: Recorded {
  func write(to sink: inout some Sink) {
    let waiting = entries.all
    sink.put(count: waiting.count)
    for entry in waiting {
      sink.put(entry.number)
      sink.put(entry.purpose)
    }
    sink.put(lastNumber)
    sink.put(failed)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init()
    for _ in 0..<(try source.count()) { expect(try source.take(), try source.take()) }
    lastNumber = try source.take()
    failed = try source.take()
  }
}

extension Clock: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(wall)
    sink.put(at)
    sink.put(isTrusted)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(wall: try source.take(), at: try source.take(), isTrusted: try source.take())
  }
}

extension Decisions.Decision: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(at)
    sink.put(item)
    sink.put(agent)
    sink.put(queue)
    sink.put(strategy)
    sink.put(ready)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      at: try source.take(), item: try source.take(), agent: try source.take(), queue: try source.take(),
      strategy: try source.take(), ready: try source.take())
  }
}

extension Decisions: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(entries)
    sink.put(next)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init()
    entries = try source.take()
    next = try source.take()
    guard entries.count <= Self.limit, (0..<Self.limit).contains(next) else { throw .badValue }
    guard entries.count == Self.limit || next == entries.count else { throw .badValue }
  }
}

extension LastAgents: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(agents)
    sink.put(order)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(agents: try source.take(), order: try source.take())
  }
}

extension Judged.Conversation: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(offer)
    sink.put(queue)
    sink.put(item)
    sink.put(agent)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      offer: try source.take(), queue: try source.take(), item: try source.take(), agent: try source.take())
  }
}

extension Judged: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(open)
    sink.put(order)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(open: try source.take(), order: try source.take())
  }
}
