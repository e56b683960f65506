// A table for large values that are changed where they stand. A dictionary moves a value out and in again for each
// change of one of its fields; here it moves a number.

public struct KeyedSlab<Key: Hashable, Value> {
  @usableFromInline var slots: [Key: Int] = [:]
  @usableFromInline var values: [Value?] = []
  @usableFromInline var free: [Int] = []

  @inlinable public init() {}

  @inlinable public var count: Int { slots.count }
  @inlinable public var keys: Dictionary<Key, Int>.Keys { slots.keys }
  /// In no order that means anything.
  @inlinable public var elements: [Value] { values.compactMap { $0 } }

  /// As of a dictionary: nil where there is none, and setting nil removes it.
  @inlinable public subscript(key: Key) -> Value? {
    _read {
      if let slot = slots[key] {
        // An array's own subscript would copy the value.
        yield values.span[slot]
      } else {
        yield nil
      }
    }
    _modify {
      if let slot = slots[key] {
        yield &values[slot]
        if values[slot] == nil { forget(key, slot) }
      } else {
        var new: Value?
        yield &new
        if let new { add(new, key) }
      }
    }
  }

  @inlinable public mutating func removeValue(forKey key: Key) -> Value? {
    guard let slot = slots[key] else { return nil }
    let value = values[slot].take()
    forget(key, slot)
    return value
  }

  @inlinable mutating func add(_ value: Value, _ key: Key) {
    if let slot = free.popLast() {
      values[slot] = value
      slots[key] = slot
    } else {
      slots[key] = values.count
      values.append(value)
    }
  }

  @inlinable mutating func forget(_ key: Key, _ slot: Int) {
    slots[key] = nil
    free.append(slot)
  }
}
