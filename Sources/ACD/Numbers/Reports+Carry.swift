// A count that is interrupted: what waits and what is promised is carried to the next part, the rows of quarters are
// handed out and begin anew. Parts added up are what one count would have given, to the unit.

import Basics

///     var part = Reports(carry: earlier)
///     for event in events { part.add(event) }
///     store(part.queueRows, part.agentRows, part.carry)
extension Reports {
  /// What a queue or an agent counted in a quarter.
  public struct NamedRow<Numbers: Hashable & Sendable>: Hashable, Sendable {
    /// Of the quarter; counted from 1970.
    public let quarter: Int64
    public let name: ByteString
    public var numbers: Numbers

    public init(quarter: Int64, name: ByteString, numbers: Numbers) {
      self.quarter = quarter
      self.name = name
      self.numbers = numbers
    }

    public var start: WallTime { Quarter(number: quarter).start }
  }

  /// Of a log that is read from its beginning, or of a part of one: as many quarters as there is room for rows.
  public static var atRest: Reports {
    var reports = Reports()
    reports.intervalLimit = Limits.rows
    return reports
  }

  /// Goes on where a count stood that left this behind; from the beginning where it makes no sense.
  public init(carry: [UInt8]) {
    self = .atRest
    if !read(carry) { self = .atRest }
  }

  public var queueRows: [NamedRow<QueueNumbers>] {
    intervals.flatMap { quarter in
      quarter.queues.map { NamedRow(quarter: quarter.number, name: queues[$0.index].name, numbers: $0.numbers) }
    }
  }

  public var agentRows: [NamedRow<AgentNumbers>] {
    intervals.flatMap { quarter in
      quarter.agents.map { NamedRow(quarter: quarter.number, name: agents[$0.index].name, numbers: $0.numbers) }
    }
  }

  /// The newest quarters, whole ones and one at least, so many rows together.
  public static func latest<Numbers>(_ rows: [NamedRow<Numbers>], _ limit: Int) -> [NamedRow<Numbers>] {
    guard rows.count > limit, limit > 0, let newest = rows.last?.quarter else { return rows }
    let first = rows[rows.count - limit].quarter
    let isCut = rows[rows.count - limit - 1].quarter == first
    return rows.filter { $0.quarter == newest || $0.quarter > first || $0.quarter == first && !isCut }
  }

  /// Rows of these quarters; or of each name one row for all of them, under the first quarter.
  public static func select<Numbers: StoredNumbers>(
    _ rows: [NamedRow<Numbers>], in quarters: Range<Int64>, isByQuarter: Bool
  ) -> [NamedRow<Numbers>] {
    let chosen = rows.filter { quarters.contains($0.quarter) }
    guard !isByQuarter else { return chosen }
    var sums: [ByteString: Numbers] = [:]
    for row in chosen { sums[row.name, default: Numbers()].add(row.numbers) }
    return sums.sorted { $0.key < $1.key }
      .map { NamedRow(quarter: quarters.lowerBound, name: $0.key, numbers: $0.value) }
  }

  /// Room for one event more without a row being dropped.
  public var hasRoom: Bool { rowCount + Limits.quartersOfState + contacts.count + 2 <= Limits.rows }

  /// The quarters that begin in this time, the last one whole.
  public static func quarters(from start: WallTime, to end: WallTime) -> Range<Int64> {
    let first = Quarter.number(of: start.microseconds / 1_000 + Quarter.lengthMs - 1)
    return first..<max(first, Quarter.number(of: end.microseconds / 1_000 + Quarter.lengthMs - 1))
  }

  public static func quarter(of time: WallTime) -> Int64 { Quarter.number(of: time.microseconds / 1_000) }

  // MARK: Bytes

  private static var format: UInt64 { 1 }

  /// All that waits and all that is promised, by number.
  public var carry: [UInt8] {
    var sink = CountSink()
    sink.put(Self.format)
    sink.put(UInt64(contacts.count))
    for (item, contact) in contacts.sorted(by: { $0.key < $1.key }) {
      sink.put(item)
      sink.put(queues[contact.queue].name)
      sink.put(contact.enteredMs)
      sink.put(contact.interval)
      sink.put(contact.toldMs == nil ? 0 : 1 as UInt64)
      sink.put(contact.toldMs ?? 0)
      sink.put(contact.toldAtMs)
    }
    sink.put(UInt64(promises.count))
    for (item, promise) in promises.sorted(by: { $0.key < $1.key }) {
      sink.put(item)
      sink.put(queues[promise.queue].name)
      sink.put(promise.enteredMs)
      sink.put(promise.requestedMs)
      sink.put(UInt64(max(0, promise.dials)))
    }
    return sink.bytes
  }

  private mutating func read(_ bytes: [UInt8]) -> Bool {
    guard !bytes.isEmpty else { return true }
    var source = CountSource(bytes)
    guard source.number() == Self.format, let waiting = source.number(), waiting <= UInt64(Limits.open) else {
      return false
    }
    for _ in 0..<waiting {
      guard let item = source.number(), let queue = source.text().flatMap({ queueIndex($0) }),
        let entered = source.count(), let interval = source.count(), let isTold = source.number(),
        let told = source.count(), let toldAt = source.count()
      else { return false }
      contacts[item] = Contact(
        queue: queue, enteredMs: entered, interval: interval, toldMs: isTold == 0 ? nil : told, toldAtMs: toldAt)
    }
    guard let promised = source.number(), promised <= UInt64(Limits.open) else { return false }
    for _ in 0..<promised {
      guard let item = source.number(), let queue = source.text().flatMap({ queueIndex($0) }),
        let entered = source.count(), let requested = source.count(), let dials = source.number()
      else { return false }
      promises[item] = Promise(
        queue: queue, enteredMs: entered, requestedMs: requested, dials: Int(clamping: dials))
    }
    return source.isAtEnd
  }
}
