// Reports and estimates, field by field, for a checkpoint.

import Basics

extension Spread.Step: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(number)
    sink.put(count)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(number: try source.take(), count: try source.take())
  }
}

extension Spread: Recorded {
  public func write(to sink: inout some Sink) {
    sink.put(steps)
    sink.put(count)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init()
    steps = try source.take()
    count = try source.take()
  }
}

extension Quarter.Row: Written where Numbers: Written {
  public func write(to sink: inout some Sink) {
    sink.put(index)
    sink.put(numbers)
  }
}

extension Quarter.Row: Recorded where Numbers: Recorded {
  public init(from source: inout Source) throws(RecordError) {
    self.init(index: try source.take(), numbers: try source.take())
  }
}

extension Quarter: Recorded {
  public func write(to sink: inout some Sink) {
    sink.put(number)
    sink.put(queues)
    sink.put(agents)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(number: try source.take())
    queues = try source.take()
    agents = try source.take()
  }
}

extension Reports.Named: Written where Numbers: Written {
  public func write(to sink: inout some Sink) {
    sink.put(name)
    sink.put(total)
  }
}

extension Reports.Named: Recorded where Numbers: Recorded {
  public init(from source: inout Source) throws(RecordError) {
    self.init(name: try source.take(), total: try source.take())
  }
}

extension Reports.Contact: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(queue)
    sink.put(enteredMs)
    sink.put(interval)
    sink.put(toldMs)
    sink.put(toldAtMs)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      queue: try source.take(), enteredMs: try source.take(), interval: try source.take(), toldMs: try source.take(),
      toldAtMs: try source.take())
  }
}

extension Reports.Promise: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(queue)
    sink.put(enteredMs)
    sink.put(requestedMs)
    sink.put(dials)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      queue: try source.take(), enteredMs: try source.take(), requestedMs: try source.take(),
      dials: try source.take())
  }
}

/// The tables of names and the count of rows follow from the rest.
extension Reports: Recorded {
  public func write(to sink: inout some Sink) {
    sink.put(queues)
    sink.put(agents)
    sink.put(intervals)
    sink.put(counters)
    sink.put(contacts)
    sink.put(promises)
    sink.put(intervalLimit)
  }

  public init(from source: inout Source) throws(RecordError) {
    self.init()
    queues = try source.take()
    agents = try source.take()
    intervals = try source.take()
    counters = try source.take()
    contacts = try source.take()
    promises = try source.take()
    intervalLimit = try source.take()
    for (index, queue) in queues.enumerated() { queueByName[queue.name] = index }
    for (index, agent) in agents.enumerated() { agentByName[agent.name] = index }
    rowCount = intervals.reduce(0) { $0 + $1.rowCount }
    guard hasSoundReferences else { throw .badValue }
  }

  private var hasSoundReferences: Bool {
    guard queueByName.count == queues.count, agentByName.count == agents.count else { return false }
    for interval in intervals {
      guard interval.queues.allSatisfy({ queues.indices.contains($0.index) }),
        interval.agents.allSatisfy({ agents.indices.contains($0.index) })
      else { return false }
    }
    return contacts.values.allSatisfy { queues.indices.contains($0.queue) }
      && promises.values.allSatisfy { queues.indices.contains($0.queue) }
  }
}

// MARK: - Estimates

extension Recent: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(limit)
    sink.put(values)
    sink.put(next)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(limit: try source.take())
    values = try source.take()
    next = try source.take()
    guard limit > 0, values.count <= limit, (0..<limit).contains(next), next == 0 || values.count == limit else {
      throw .badValue
    }
    sum = values.reduce(0, &+)
  }
}

extension WaitEstimate: Recorded {
  public func write(to sink: inout some Sink) {
    sink.put(talks)
    sink.put(wrapUps)
    sink.put(starts)
    sink.put(latestStart)
    sink.put(lastPace)
    sink.put(scales)
    sink.put(verdicts)
    sink.put(isMuted)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init()
    let lengths = scales.count
    talks = try source.take()
    wrapUps = try source.take()
    starts = try source.take()
    latestStart = try source.take()
    lastPace = try source.take()
    scales = try source.take()
    verdicts = try source.take()
    isMuted = try source.take()
    guard scales.count == lengths else { throw .badValue }
  }
}

extension WaitEstimate.Estimate: Recorded {
  public func write(to sink: inout some Sink) {
    sink.put(expected)
    sink.put(told)
    sink.put(minutes)
    sink.put(load)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(
      expected: try source.take(), told: try source.take(), minutes: try source.take(), load: try source.take())
  }
}

extension WaitEstimate.Load: Recorded {
  public func write(to sink: inout some Sink) {
    sink.put(places)
    sink.put(agents)
    sink.put(working)
  }
  public init(from source: inout Source) throws(RecordError) {
    places = try source.take()
    agents = try source.take()
    working = try source.take()
  }
}

extension TellState: Recorded {
  public func write(to sink: inout some Sink) {
    sink.put(minutes)
    sink.put(ahead)
    sink.put(agents)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init()
    minutes = try source.take()
    ahead = try source.take()
    agents = try source.take()
  }
}

extension Estimates.Caller: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(queue)
    sink.put(estimate)
    sink.put(load)
    sink.put(waitedMs)
    sink.put(told)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(
      queue: try source.take(), estimate: try source.take(), load: try source.take(), waitedMs: try source.take(),
      told: try source.take())
  }
}

extension Estimates.OfQueue: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(name)
    sink.put(waits)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(name: try source.take(), waits: try source.take())
  }
}

extension Estimates: Recorded {
  func write(to sink: inout some Sink) {
    sink.put(queues)
    sink.put(callers)
  }
  init(from source: inout Source) throws(RecordError) {
    self.init(queues: try source.take(), callers: try source.take())
  }
}
