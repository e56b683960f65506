// The facts that go in at a restart and come out all the time, field by field. Those that the distributor never hears
// of nor says are no part of a recording.

import Basics

extension CallbackFact.State: Recorded {}
extension QueueEventFact.Kind: Recorded {}

extension CallbackFact.Leg: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(callID)
    sink.put(localTag)
    sink.put(remoteTag)
    sink.put(branch)
    sink.put(cseq)
    sink.put(trunk)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(
      callID: try source.take(), localTag: try source.take(), remoteTag: try source.take(),
      branch: try source.take(), cseq: try source.take(), trunk: try source.take())
  }
}

extension CallbackFact: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(id)
    sink.put(queue)
    sink.put(number)
    sink.put(rawNumber)
    sink.put(callerName)
    sink.put(dialledNumber)
    sink.put(sequence)
    sink.put(enqueuedAt)
    sink.put(requestedAt)
    sink.put(notBefore)
    sink.put(expiresAt)
    sink.put(state)
    sink.put(attempts)
    sink.put(noAnswerCount)
    sink.put(busyCount)
    sink.put(failureCount)
    sink.put(lastStatus)
    sink.put(leg)
    sink.put(recordedName)
    sink.put(isScheduled)
    sink.put(priority)
    sink.put(isUrgent)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(
      id: try source.take(), queue: try source.take(), number: try source.take(), rawNumber: try source.take(),
      callerName: try source.take(), dialledNumber: try source.take(), sequence: try source.take(),
      enqueuedAt: try source.take(), requestedAt: try source.take(), notBefore: try source.take(),
      expiresAt: try source.take(), state: try source.take(), attempts: try source.take(),
      noAnswerCount: try source.take(), busyCount: try source.take(), failureCount: try source.take(),
      lastStatus: try source.take(), leg: try source.take(), recordedName: try source.take(),
      isScheduled: try source.take(), priority: try source.take(), isUrgent: try source.take())
  }
}

extension AgentFact: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(`extension`)
    sink.put(loggedIn)
    sink.put(pauseReason)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(extension: try source.take(), loggedIn: try source.take(), pauseReason: try source.take())
  }
}

// MARK: - Only said, never heard

extension QueueEventFact: Written {
  @inlinable public func write(to sink: inout some Sink) {
    sink.begin(kind.rawValue, kind.name)
    sink.put(at)
    sink.put(queue)
    sink.put(item)
    sink.put(agent)
    sink.put(milliseconds)
    sink.put(detail)
    sink.end()
  }
}

extension ActFact: Written {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(at)
    sink.put(by)
    sink.put(act)
    sink.put(subject)
    sink.put(detail)
    sink.put(isDone)
  }
}

extension Fact: Written {
  @inlinable public func write(to sink: inout some Sink) {
    switch self {
    case .agent(let fact):
      sink.begin(0, "agent")
      sink.put(fact)
    case .callback(let fact):
      sink.begin(1, "callback")
      sink.put(fact)
    case .queueEvent(let fact):
      sink.begin(2, "queue-event")
      sink.put(fact)
    case .act(let fact):
      sink.begin(3, "act")
      sink.put(fact)
    case .extension, .binding, .bindingRemoved, .call, .epoch: sink.begin(4, "other")
    }
    sink.end()
  }
}
