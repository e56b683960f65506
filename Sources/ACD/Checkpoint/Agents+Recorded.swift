// Agents, queues and requirement classes, field by field, for a checkpoint. What is rebuilt from the rest is left out:
// who waits in a class or counts in a queue, and who is ready in a class.

import Basics

extension ACD.AgentState: Recorded {}
extension Hours.State: Recorded {}

extension Agent.Duty: Recorded {
  func write(to sink: inout some Sink) {
    switch self {
    case .free: sink.write(0, "free")
    case .offer(let id): sink.write(1, "offer", id)
    case .wrapUp: sink.write(2, "wrap-up")
    }
  }
  init(from source: inout Source) throws(RecordError) {
    switch try source.byte() {
    case 0: self = .free
    case 1: self = .offer(try source.take())
    case 2: self = .wrapUp
    default: throw .unknownCase
    }
  }
}

extension MediumSet: Recorded {
  func write(to sink: inout some Sink) { sink.put(bits) }
  init(from source: inout Source) throws(RecordError) {
    bits = try source.take()
    guard bits < 1 << ACD.Medium.allCases.count else { throw .badValue }
  }
}

extension ReadyKey: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(sort)
    sink.put(rank)
    sink.put(agent)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(sort: try source.take(), rank: try source.take(), agent: try source.take())
  }
}

extension Agent.Standing: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(requirement)
    sink.put(key)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(requirement: try source.take(), key: try source.take())
  }
}

extension ACD.Conversation: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(queue)
    sink.put(item)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(queue: try source.take(), item: try source.take())
  }
}

extension Agent: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(settings)
    sink.put(shownSince)
    sink.put(isConfigured)
    sink.put(queues)
    sink.put(isLoggedIn)
    sink.put(isReachable)
    sink.put(isBusyElsewhere)
    sink.put(pauseReason)
    sink.put(isUnresponsive)
    sink.put(duty)
    sink.put(texts)
    sink.put(backoffUntil)
    sink.put(unansweredInARow)
    sink.put(answered)
    sink.put(talked)
    sink.put(wrapUpQueue)
    sink.put(wrapUpSince)
    sink.put(rank)
    sink.put(keepsRank)
    sink.put(classes)
    sink.put(readyFor)
    sink.put(standings)
    sink.put(isWorking)
    sink.put(shown)
    sink.put(shownReason)
    sink.put(latest)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(settings: try source.take(), at: try source.take())
    isConfigured = try source.take()
    queues = try source.take()
    isLoggedIn = try source.take()
    isReachable = try source.take()
    isBusyElsewhere = try source.take()
    pauseReason = try source.take()
    isUnresponsive = try source.take()
    duty = try source.take()
    texts = try source.take()
    backoffUntil = try source.take()
    unansweredInARow = try source.take()
    answered = try source.take()
    talked = try source.take()
    wrapUpQueue = try source.take()
    wrapUpSince = try source.take()
    rank = try source.take()
    keepsRank = try source.take()
    classes = try source.take()
    readyFor = try source.take()
    standings = try source.take()
    isWorking = try source.take()
    shown = try source.take()
    shownReason = try source.take()
    latest = try source.take()
  }
}

extension Phone: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(isReachable)
    sink.put(isBusyElsewhere)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(isReachable: try source.take(), isBusyElsewhere: try source.take())
  }
}

extension Hours: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(state)
    sink.put(isSure)
    sink.put(closesAt)
    sink.put(spans)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      state: try source.take(), isSure: try source.take(), closesAt: try source.take(),
      spans: try source.take())
  }
}

extension Queue: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(settings)
    sink.put(isConfigured)
    sink.put(agents)
    sink.put(members)
    sink.put(classes)
    sink.put(loggedIn)
    sink.put(working)
    sink.put(callsPresent)
    sink.put(callbacksOpen)
    sink.put(liveOffers)
    sink.put(callbackByNumber)
    sink.put(lastServed)
    sink.put(pass)
    sink.put(hours)
    sink.put(counts)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(settings: try source.take(), isConfigured: try source.take())
    agents = try source.take()
    members = try source.take()
    classes = try source.take()
    loggedIn = try source.take()
    working = try source.take()
    callsPresent = try source.take()
    callbacksOpen = try source.take()
    liveOffers = try source.take()
    callbackByNumber = try source.take()
    lastServed = try source.take()
    pass = try source.take()
    hours = try source.take()
    counts = try source.take()
  }
}

extension RequirementClass.Key: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(queue)
    sink.put(medium)
    sink.put(skills)
    sink.put(includesReserve)
    sink.put(preferred)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      queue: try source.take(), medium: try source.take(), skills: try source.take(),
      includesReserve: try source.take(), preferred: try source.take())
  }
}

extension RequirementClass: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(key)
    sink.put(members)
    sink.put(isDirty)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(try source.take())
    members = try source.take()
    isDirty = try source.take()
  }
}
