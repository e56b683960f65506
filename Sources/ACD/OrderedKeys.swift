// Keys kept in order in one array: the least in O(1), rank by halving, insertion at the end (the usual case) without a
// move.

struct OrderedKeys<Key: Comparable> {
  private(set) var keys: [Key] = []

  var first: Key? { keys.first }
  var count: Int { keys.count }
  var isEmpty: Bool { keys.isEmpty }

  /// How many keys are less.
  func rank(of key: Key) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// A key that is there already stays once.
  mutating func insert(_ key: Key) {
    if let last = keys.last, key > last {
      keys.append(key)
      return
    }
    let index = rank(of: key)
    guard index == keys.count || keys[index] != key else { return }
    keys.insert(key, at: index)
  }

  @discardableResult
  mutating func remove(_ key: Key) -> Bool {
    let index = rank(of: key)
    guard index < keys.count, keys[index] == key else { return false }
    keys.remove(at: index)
    return true
  }

  mutating func removeAll() { keys.removeAll() }
}
