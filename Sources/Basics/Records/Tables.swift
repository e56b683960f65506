// Queues, deadlines and generators as records.

extension Fifo: Written where Element: Written {
  @inlinable public func write(to sink: inout some Sink) { sink.put(all) }
}

extension Fifo: Recorded where Element: Recorded {
  public init(from source: inout Source) throws(RecordError) {
    self.init()
    for _ in 0..<(try source.count()) { append(try source.take()) }
  }
}

/// In the order in which they come due. Of equal deadlines the order is kept, the numbers behind it are not.
extension DeadlineHeap: Written where Key: Written {
  @inlinable public func write(to sink: inout some Sink) {
    let deadlines = inOrder
    sink.put(count: deadlines.count)
    for entry in deadlines {
      sink.put(entry.deadline)
      sink.put(entry.key)
    }
  }
}

extension DeadlineHeap: Recorded where Key: Recorded {
  public init(from source: inout Source) throws(RecordError) {
    self.init()
    var last: Instant?
    for _ in 0..<(try source.count()) {
      let deadline: Instant = try source.take()
      let key: Key = try source.take()
      if let last, last > deadline { throw .badValue }
      guard self.deadline(of: key) == nil else { throw .badValue }
      last = deadline
      set(key, to: deadline)
    }
  }
}

extension SeededRandom: Recorded {
  @inlinable public func write(to sink: inout some Sink) { for word in words { sink.put(word) } }
  public init(from source: inout Source) throws(RecordError) {
    var words: [UInt64] = []
    for _ in 0..<4 { words.append(try source.take()) }
    self.init(words: words)
  }
}

/// Values by their keys, recorded in the order of the keys.
public protocol KeyedTable {
  associatedtype Key: Hashable
  associatedtype Value
  associatedtype Keys: Sequence where Keys.Element == Key

  init()
  var count: Int { get }
  var keys: Keys { get }
  subscript(key: Key) -> Value? { get set }
}

extension KeyedTable where Key: Written & Comparable, Value: Written {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(count: count)
    for key in keys.sorted() {
      key.write(to: &sink)
      if let value = self[key] { value.write(to: &sink) }
    }
  }
}

extension KeyedTable where Key: Recorded & Comparable, Value: Recorded {
  public init(from source: inout Source) throws(RecordError) {
    self.init()
    var last: Key?
    for _ in 0..<(try source.count()) {
      let key: Key = try source.take()
      if let last, last >= key { throw .badValue }
      last = key
      self[key] = try source.take(Value.self)
    }
  }
}

extension Dictionary: KeyedTable {}
extension Dictionary: Written where Key: Written & Comparable, Value: Written {}
extension Dictionary: Recorded where Key: Recorded & Comparable, Value: Recorded {}

extension KeyedSlab: KeyedTable {}
extension KeyedSlab: Written where Key: Written & Comparable, Value: Written {}
extension KeyedSlab: Recorded where Key: Recorded & Comparable, Value: Recorded {}
