// The settings of the distributor, field by field. Whoever adds a field there adds it here; a test counts them.

import Basics
import NumberPlan

extension ACD.Medium: Recorded {}
extension ACD.Strategy: Recorded {}
extension ACD.EmptyPolicy: Recorded {}
extension ACD.CallbackMode: Recorded {}
extension ACD.ClosingPolicy: Recorded {}

extension ACD.Settings: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(queues)
    sink.put(agents)
    sink.put(numberPlan)
    sink.put(maximumCallbacks)
    sink.put(maximumCalls)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(
      queues: try source.take(), agents: try source.take(), numberPlan: try source.take(),
      maximumCallbacks: try source.take(), maximumCalls: try source.take())
  }
}

extension ACD.Skill: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(name)
    sink.put(level)
  }
  public init(from source: inout Source) throws(RecordError) { self.init(try source.take(), try source.take()) }
}

extension ACD.SkillRing: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(afterSeconds)
    sink.put(skills)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(afterSeconds: try source.take(), try source.take())
  }
}

extension ACD.Member: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(`extension`)
    sink.put(isReserve)
    sink.put(weight)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(try source.take(), isReserve: try source.take(), weight: try source.take())
  }
}

extension ACD.QueueSettings: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(name)
    sink.put(displayName)
    sink.put(members)
    sink.put(strategy)
    sink.put(priority)
    sink.put(weight)
    sink.put(rings)
    sink.put(ageEverySeconds)
    sink.put(reserveAfterSeconds)
    sink.put(preferredAgentSeconds)
    sink.put(ringSeconds)
    sink.put(noAnswerBackoffSeconds)
    sink.put(unreachableAfter)
    sink.put(wrapUpSeconds)
    sink.put(maximumWaitSeconds)
    sink.put(maximumLength)
    sink.put(joinPolicy)
    sink.put(stayPolicy)
    sink.put(announceEverySeconds)
    sink.put(serviceLevelSeconds)
    sink.put(shortAbandonSeconds)
    sink.put(rejoinSeconds)
    sink.put(callback)
    sink.put(survey)
    sink.put(triesElsewhere)
  }
  public init(from source: inout Source) throws(RecordError) {
    // The initialiser puts names in place of empty ones: what was recorded stands as it was.
    let name: ByteString = try source.take()
    let displayName: ByteString = try source.take()
    self.init(
      name: name, members: try source.take(), strategy: try source.take(), priority: try source.take(),
      weight: try source.take(), rings: try source.take(), ageEverySeconds: try source.take(),
      reserveAfterSeconds: try source.take(), preferredAgentSeconds: try source.take(),
      ringSeconds: try source.take(), noAnswerBackoffSeconds: try source.take(),
      unreachableAfter: try source.take(), wrapUpSeconds: try source.take(),
      maximumWaitSeconds: try source.take(), maximumLength: try source.take(), joinPolicy: try source.take(),
      stayPolicy: try source.take(), announceEverySeconds: try source.take(),
      serviceLevelSeconds: try source.take(), shortAbandonSeconds: try source.take(),
      rejoinSeconds: try source.take(), callback: try source.take(), survey: try source.take(),
      triesElsewhere: try source.take())
    self.displayName = displayName
  }
}

extension ACD.AgentSettings: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(`extension`)
    sink.put(displayName)
    sink.put(skills)
    for medium in ACD.Medium.allCases { sink.put(capacity[medium]) }
    sink.put(takesCallsBesideText)
  }
  public init(from source: inout Source) throws(RecordError) {
    let number: ByteString = try source.take()
    let displayName: ByteString = try source.take()
    let skills: [ACD.Skill] = try source.take()
    var capacity: [ACD.Medium: UInt8] = [:]
    for medium in ACD.Medium.allCases { capacity[medium] = try source.take(UInt8?.self) }
    self.init(
      extension: number, skills: skills, capacity: capacity, takesCallsBesideText: try source.take())
    self.displayName = displayName
  }
}

extension ACD.CallbackSettings: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(mode)
    sink.put(allowedClasses)
    sink.put(offerFromSeconds)
    sink.put(allowsOtherNumber)
    sink.put(recordsName)
    sink.put(minimumDelaySeconds)
    sink.put(ringSeconds)
    sink.put(attempts)
    sink.put(busyRetrySeconds)
    sink.put(noAnswerRetrySeconds)
    sink.put(expirySeconds)
    sink.put(maximumPending)
    sink.put(doneAfterSeconds)
    sink.put(confirmSeconds)
    sink.put(closing)
    sink.put(drainMinutes)
    sink.put(closingMarginSeconds)
    sink.put(perSlot)
    sink.put(slotMinutes)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(
      mode: try source.take(), allowedClasses: try source.take(), offerFromSeconds: try source.take(),
      allowsOtherNumber: try source.take(), recordsName: try source.take(),
      minimumDelaySeconds: try source.take(), ringSeconds: try source.take(), attempts: try source.take(),
      busyRetrySeconds: try source.take(), noAnswerRetrySeconds: try source.take(),
      expirySeconds: try source.take(), maximumPending: try source.take(), doneAfterSeconds: try source.take(),
      confirmSeconds: try source.take(), closing: try source.take(), drainMinutes: try source.take(),
      closingMarginSeconds: try source.take(), perSlot: try source.take(), slotMinutes: try source.take())
  }
}
