// A table for large values that are changed where they stand. A dictionary moves a value out and in again for each
// change of one of its fields; here it moves a number.

public struct KeyedSlab<Key: Hashable, Value> {
  @usableFromInline var places: [Key: Int] = [:]
  /// Behind the first place, which is lent where there is no value, and empty otherwise.
  @usableFromInline var values: [Value?] = [nil]
  @usableFromInline var free: [Int] = []

  @inlinable public init() {}

  @inlinable public var count: Int { places.count }
  @inlinable public var isEmpty: Bool { places.isEmpty }
  @inlinable public var keys: Dictionary<Key, Int>.Keys { places.keys }

  /// As of a dictionary: nil where there is none, and setting nil removes it.
  @inlinable public subscript(key: Key) -> Value? {
    get { values[places[key] ?? 0] }
    _modify {
      let place = places[key] ?? 0
      let value = values.lend(place)
      yield &value.pointee
      settle(key, place)
    }
  }

  /// After a change: a value that came, or went.
  @inlinable mutating func settle(_ key: Key, _ place: Int) {
    guard (place == 0) != (values.span[place] == nil) else { return }
    if place == 0 { add(key) } else { forget(key, place) }
  }

  @inlinable public mutating func removeValue(forKey key: Key) -> Value? {
    guard let place = places[key] else { return nil }
    let value = values[place].take()
    forget(key, place)
    return value
  }

  @usableFromInline mutating func add(_ key: Key) {
    guard let value = values[0].take() else { return }
    if let place = free.popLast() {
      values[place] = value
      places[key] = place
    } else {
      places[key] = values.count
      values.append(value)
    }
  }

  @usableFromInline mutating func forget(_ key: Key, _ place: Int) {
    places[key] = nil
    free.append(place)
  }
}

extension KeyedSlab: Sequence {
  /// In no order that means anything.
  public struct Iterator: IteratorProtocol {
    @usableFromInline var rest: Dictionary<Key, Int>.Iterator
    @usableFromInline let values: [Value?]

    @inlinable init(_ slab: KeyedSlab) {
      rest = slab.places.makeIterator()
      values = slab.values
    }

    @inlinable public mutating func next() -> (key: Key, value: Value)? {
      guard let (key, place) = rest.next(), let value = values[place] else { return nil }
      return (key, value)
    }
  }

  @inlinable public func makeIterator() -> Iterator { Iterator(self) }
}
