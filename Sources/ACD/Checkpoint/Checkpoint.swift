// The whole state of a distributor as bytes, and back: a distributor made of them says from there on what the first one
// would have said, bit for bit. Field by field; what follows from other fields (who waits in which class, who is ready)
// is made anew. Nothing else is ever written: no address, no order of a dictionary.
//
//     format, fields, digest of all bytes before it (8 bytes, least first)

import Basics
import Journal
import NumberPlan

extension ACD {
  public enum Checkpoint {
    /// Goes up whenever a field comes, goes, or means something else.
    public static let format: UInt64 = 4
    static let digestBytes = 8

    static func digest(_ bytes: ArraySlice<UInt8>) -> UInt64 {
      var sink = DigestSink()
      sink.put(bytes: Array(bytes))
      return sink.value
    }
  }

  /// nil while outputs wait to be taken: they belong to what was before.
  public func checkpoint() -> [UInt8]? {
    guard outputs.isEmpty else { return nil }
    var sink = ByteSink()
    sink.put(Checkpoint.format)
    writePeople(to: &sink)
    writeItems(to: &sink)
    writeMatching(to: &sink)
    writeRest(to: &sink)
    let digest = Checkpoint.digest(sink.bytes[...])
    for place in 0..<UInt64(Checkpoint.digestBytes) {
      sink.bytes.append(UInt8(truncatingIfNeeded: digest >> (place * 8)))
    }
    return sink.bytes
  }

  /// A distributor that goes on where the one stood that wrote this.
  public init(checkpoint bytes: ArraySlice<UInt8>) throws(RecordError) {
    guard bytes.count > Checkpoint.digestBytes else { throw .truncated }
    let body = bytes.dropLast(Checkpoint.digestBytes)
    var source = Source(body)
    // Another format is told by its number, whatever follows.
    let format = try source.word()
    guard format == Checkpoint.format else { throw .format(format) }
    guard bytes.suffix(Checkpoint.digestBytes).reversed().reduce(0, { $0 << 8 | UInt64($1) }) == Checkpoint.digest(body)
    else { throw .checksum }
    self.init()
    do throws(RecordError) {
      try readPeople(from: &source)
      try readItems(from: &source)
      try readMatching(from: &source)
      try readRest(from: &source)
      try source.expectEnd()
      try checkReferences()
      rebuildOrders()
    } catch {
      // It is all there: what it says is wrong.
      throw error == .truncated ? .badValue : error
    }
  }

  // MARK: Queues, agents, phones

  private func writePeople(to sink: inout ByteSink) {
    sink.put(settings)
    sink.put(queues)
    sink.put(agents)
    sink.put(phones)
    sink.put(restoredLogins)
    sink.put(lastAgents)
    sink.put(lastRank)
  }

  private mutating func readPeople(from source: inout Source) throws(RecordError) {
    settings = try source.take()
    plan = NumberPlan(settings.numberPlan)
    queues = try source.take()
    agents = try source.take()
    phones = try source.take()
    restoredLogins = try source.take()
    lastAgents = try source.take()
    lastRank = try source.take()
    guard queues.count <= Limits.queues, agents.count <= Limits.agents else { throw .badValue }
    for (index, queue) in queues.enumerated() {
      queueByName[queue.settings.name] = QueueID(index: UInt16(truncatingIfNeeded: index))
    }
    for (index, agent) in agents.enumerated() {
      agentByExtension[agent.settings.extension] = AgentID(index: UInt16(truncatingIfNeeded: index))
    }
    guard queueByName.count == queues.count, agentByExtension.count == agents.count else { throw .badValue }
  }

  // MARK: Items, offers, attempts

  private func writeItems(to sink: inout ByteSink) {
    sink.put(calls)
    sink.put(callbacks)
    sink.put(departing)
    sink.put(offers)
    sink.put(attempts)
    sink.put(broken)
    sink.put(callbacksByNumber)
    sink.put(callbacksByCaller)
    sink.put(heldByTalk)
    sink.put(unwritten)
    sink.put(lastSequence)
    sink.put(lastCallbackID)
    sink.put(lastOffer)
    sink.put(lastAttempt)
  }

  private mutating func readItems(from source: inout Source) throws(RecordError) {
    calls = try source.take()
    callbacks = try source.take()
    departing = try source.take()
    offers = try source.take()
    attempts = try source.take()
    broken = try source.take()
    callbacksByNumber = try source.take()
    callbacksByCaller = try source.take()
    heldByTalk = try source.take()
    unwritten = try source.take()
    lastSequence = try source.take()
    lastCallbackID = try source.take()
    lastOffer = try source.take()
    lastAttempt = try source.take()
  }

  // MARK: Classes and shares

  private func writeMatching(to sink: inout ByteSink) {
    sink.put(count: classes.count)
    for (index, requirement) in classes.enumerated() {
      sink.put(requirement)
      sink.put(isForgotten(ClassID(index: index)))
    }
    sink.put(freeClasses)
    sink.put(dirtyClasses)
    sink.put(desertedQueues)
    sink.put(sharesAreSet)
    sink.put(latestPass)
    sink.put(random)
  }

  private mutating func readMatching(from source: inout Source) throws(RecordError) {
    for index in 0..<(try source.count()) {
      let requirement: RequirementClass = try source.take()
      classes.append(requirement)
      if try source.take(Bool.self) { continue }
      guard classByKey.updateValue(ClassID(index: index), forKey: requirement.key) == nil else { throw .badValue }
    }
    freeClasses = try source.take()
    dirtyClasses = try source.take()
    desertedQueues = try source.take()
    sharesAreSet = try source.take()
    latestPass = try source.take()
    random = try source.take()
  }

  // MARK: Time, room, numbers

  private func writeRest(to sink: inout ByteSink) {
    sink.put(timers)
    sink.put(clock)
    sink.put(decisions)
    sink.put(channelsFree)
    sink.put(channelsHeld)
    sink.put(isBrownOut)
    sink.put(counters)
    sink.put(reports)
    sink.put(estimates)
    sink.put(judged)
  }

  private mutating func readRest(from source: inout Source) throws(RecordError) {
    timers = try source.take()
    clock = try source.take()
    decisions = try source.take()
    channelsFree = try source.take()
    channelsHeld = try source.take()
    isBrownOut = try source.take()
    counters = try source.take()
    reports = try source.take()
    estimates = try source.take()
    judged = try source.take()
  }

  // MARK: What follows from the rest

  /// Where items stand says who waits in which class and queue; where agents stand, who is ready.
  private mutating func rebuildOrders() {
    findNeighbours()
    func stand(_ placement: Placement) {
      guard let key = placement.key else { return }
      queues[placement.queue].present.insert(key)
      if let requirement = placement.requirement { classes[requirement].waiting.insert(key) }
    }
    for (_, call) in calls { stand(call.placement) }
    for callback in callbacks.values { stand(callback.placement) }
    for agent in agents {
      for standing in agent.standings { classes[standing.requirement].ready.insert(standing.key) }
    }
  }
}
