// One indexed heap of deadlines: set, move and cancel in O(log n), the earliest in O(1).

/// Keys with a deadline each. Equal deadlines come out in the order in which they were set.
public struct DeadlineHeap<Key: Hashable> {
  @usableFromInline struct Entry {
    @usableFromInline var deadline: Instant
    @usableFromInline var order: UInt64
    @usableFromInline var key: Key

    @inlinable init(deadline: Instant, order: UInt64, key: Key) {
      self.deadline = deadline
      self.order = order
      self.key = key
    }

    @inlinable func isBefore(_ other: Entry) -> Bool {
      deadline != other.deadline ? deadline < other.deadline : order < other.order
    }
  }
  @usableFromInline var heap: [Entry] = []
  @usableFromInline var position: [Key: Int] = [:]
  @usableFromInline var nextOrder: UInt64 = 0

  @inlinable public init() {}

  @inlinable public var count: Int { heap.count }
  @inlinable public var nextDeadline: Instant? { heap.first?.deadline }
  @inlinable public func deadline(of key: Key) -> Instant? { position[key].map { heap[$0].deadline } }

  /// Sets or moves the deadline of `key`; nil cancels it.
  @inlinable public mutating func set(_ key: Key, to deadline: Instant?) {
    guard let deadline else { return cancel(key) }
    if let index = position[key] {
      guard heap[index].deadline != deadline else { return }
      heap[index].deadline = deadline
      heap[index].order = takeOrder()
      restore(at: index)
    } else {
      heap.append(Entry(deadline: deadline, order: takeOrder(), key: key))
      position[key] = heap.count - 1
      siftUp(heap.count - 1)
    }
  }

  @inlinable public mutating func cancel(_ key: Key) {
    guard let index = position.removeValue(forKey: key) else { return }
    let last = heap.removeLast()
    guard index < heap.count else { return }
    heap[index] = last
    position[last.key] = index
    restore(at: index)
  }

  /// All of them as they would come out. Set again in this order they come out the same.
  public var inOrder: [(key: Key, deadline: Instant)] {
    heap.sorted { $0.isBefore($1) }.map { (key: $0.key, deadline: $0.deadline) }
  }

  /// Removes and returns the earliest key that is due, or nil.
  @inlinable public mutating func popDue(at now: Instant) -> Key? {
    guard let first = heap.first, first.deadline <= now else { return nil }
    cancel(first.key)
    return first.key
  }

  @inlinable mutating func takeOrder() -> UInt64 {
    nextOrder += 1
    return nextOrder
  }

  @inlinable mutating func restore(at index: Int) {
    if siftUp(index) == index { siftDown(index) }
  }

  /// The entry moves up past later ones, each of which steps into the place below it; where it came to rest.
  @discardableResult
  @inlinable mutating func siftUp(_ start: Int) -> Int {
    var index = start
    let entry = heap[start]
    while index > 0 {
      let parent = (index - 1) / 2
      guard entry.isBefore(heap[parent]) else { break }
      put(heap[parent], at: index)
      index = parent
    }
    if index != start { put(entry, at: index) }
    return index
  }

  @inlinable mutating func siftDown(_ start: Int) {
    var index = start
    let entry = heap[start]
    while true {
      var least = 2 * index + 1
      guard least < heap.count else { break }
      if least + 1 < heap.count, heap[least + 1].isBefore(heap[least]) { least += 1 }
      guard heap[least].isBefore(entry) else { break }
      put(heap[least], at: index)
      index = least
    }
    if index != start { put(entry, at: index) }
  }

  @inlinable mutating func put(_ entry: Entry, at index: Int) {
    heap[index] = entry
    position[entry.key] = index
  }
}
