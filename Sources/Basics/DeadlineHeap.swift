// A heap of deadlines: set, move and cancel in O(log n), the earliest in O(1).

/// Keys with a deadline each. Equal deadlines come out in the order in which they were set.
public struct DeadlineHeap<Key: Hashable> {
  @usableFromInline struct Setting {
    @usableFromInline var deadline: Instant
    /// Tells the entry that holds from those that were set before it.
    @usableFromInline var order: UInt64

    @inlinable init(deadline: Instant, order: UInt64) {
      self.deadline = deadline
      self.order = order
    }

    @inlinable func isBefore(_ other: Setting) -> Bool {
      deadline != other.deadline ? deadline < other.deadline : order < other.order
    }
  }
  @usableFromInline struct Entry {
    @usableFromInline var setting: Setting
    @usableFromInline var key: Key

    @inlinable init(setting: Setting, key: Key) {
      self.setting = setting
      self.key = key
    }
  }
  /// Moved and cancelled ones stay until they come up, or are too many: no place has to be looked up when entries
  /// change places. The first one holds.
  @usableFromInline var heap: [Entry] = []
  @usableFromInline var settings: [Key: Setting] = [:]
  @usableFromInline var nextOrder: UInt64 = 0
  /// So many more entries than keys at least, before those that do not hold are thrown out.
  @usableFromInline static var spare: Int { 32 }

  @inlinable public init() {}

  @inlinable public var count: Int { settings.count }
  @inlinable public var nextDeadline: Instant? { heap.first?.setting.deadline }
  @inlinable public func deadline(of key: Key) -> Instant? { settings[key]?.deadline }

  /// Sets or moves the deadline of `key`; nil cancels it.
  @inlinable public mutating func set(_ key: Key, to deadline: Instant?) {
    guard let deadline else { return cancel(key) }
    let old = settings[key]
    guard old?.deadline != deadline else { return }
    nextOrder += 1
    let setting = Setting(deadline: deadline, order: nextOrder)
    settings[key] = setting
    heap.append(Entry(setting: setting, key: key))
    siftUp(heap.count - 1)
    if let old { forget(old) }
  }

  @inlinable public mutating func cancel(_ key: Key) {
    if let old = settings.removeValue(forKey: key) { forget(old) }
  }

  /// All of them as they would come out. Set again in this order they come out the same.
  public var inOrder: [(key: Key, deadline: Instant)] {
    heap.filter(holds).sorted { $0.setting.isBefore($1.setting) }.map { (key: $0.key, deadline: $0.setting.deadline) }
  }

  /// Removes and returns the earliest key that is due, or nil.
  @inlinable public mutating func popDue(at now: Instant) -> Key? {
    guard let first = heap.first, first.setting.deadline <= now else { return nil }
    settings[first.key] = nil
    removeWhatDoesNotHold()
    return first.key
  }

  @inlinable func holds(_ entry: Entry) -> Bool { settings[entry.key]?.order == entry.setting.order }

  /// The entry of `old` holds no more.
  @inlinable mutating func forget(_ old: Setting) {
    if heap.first?.setting.order == old.order {
      removeWhatDoesNotHold()
    } else if heap.count > 2 * settings.count + Self.spare {
      heap = heap.filter(holds)
      for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
    }
  }

  /// From the top, until one holds.
  @inlinable mutating func removeWhatDoesNotHold() {
    while let first = heap.first, !holds(first) {
      let last = heap.removeLast()
      guard !heap.isEmpty else { return }
      heap[0] = last
      siftDown(0)
    }
  }

  /// The entry moves up past later ones, each of which steps into the place below it.
  @inlinable mutating func siftUp(_ start: Int) {
    var index = start
    let entry = heap[start]
    while index > 0 {
      let parent = (index - 1) / 2
      guard entry.setting.isBefore(heap[parent].setting) else { break }
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = entry
  }

  @inlinable mutating func siftDown(_ start: Int) {
    var index = start
    let entry = heap[start]
    while true {
      var least = 2 * index + 1
      guard least < heap.count else { break }
      if least + 1 < heap.count, heap[least + 1].setting.isBefore(heap[least].setting) { least += 1 }
      guard heap[least].setting.isBefore(entry.setting) else { break }
      heap[index] = heap[least]
      index = least
    }
    heap[index] = entry
  }
}
