// One indexed heap of deadlines: set, move and cancel in O(log n), the earliest in O(1).

/// Keys with a deadline each. Equal deadlines come out in the order in which they were set.
public struct DeadlineHeap<Key: Hashable> {
  private struct Entry {
    var deadline: Instant
    var order: UInt64
    var key: Key
    func isBefore(_ other: Entry) -> Bool {
      deadline != other.deadline ? deadline < other.deadline : order < other.order
    }
  }
  private var heap: [Entry] = []
  private var position: [Key: Int] = [:]
  private var nextOrder: UInt64 = 0

  public init() {}

  public var count: Int { heap.count }
  public var nextDeadline: Instant? { heap.first?.deadline }
  public func deadline(of key: Key) -> Instant? { position[key].map { heap[$0].deadline } }

  /// Sets or moves the deadline of `key`; nil cancels it.
  public mutating func set(_ key: Key, to deadline: Instant?) {
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

  public mutating func cancel(_ key: Key) {
    guard let index = position.removeValue(forKey: key) else { return }
    let last = heap.removeLast()
    guard index < heap.count else { return }
    heap[index] = last
    position[last.key] = index
    restore(at: index)
  }

  /// Removes and returns the earliest key that is due, or nil.
  public mutating func popDue(at now: Instant) -> Key? {
    guard let first = heap.first, first.deadline <= now else { return nil }
    cancel(first.key)
    return first.key
  }

  private mutating func takeOrder() -> UInt64 {
    nextOrder += 1
    return nextOrder
  }

  private mutating func restore(at index: Int) {
    if siftUp(index) == index { siftDown(index) }
  }

  @discardableResult
  private mutating func siftUp(_ start: Int) -> Int {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].isBefore(heap[parent]) else { break }
      swapEntries(index, parent)
      index = parent
    }
    return index
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != index else { return }
      swapEntries(index, least)
      index = least
    }
  }

  private mutating func swapEntries(_ a: Int, _ b: Int) {
    heap.swapAt(a, b)
    position[heap[a].key] = a
    position[heap[b].key] = b
  }
}
