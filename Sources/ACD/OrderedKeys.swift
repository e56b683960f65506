// Keys kept in order, in chunks: the least in O(1); insertion, removal and rank touch one chunk and the list of chunks, so
// that a hundred thousand waiting items cost hardly more than a hundred.

struct OrderedKeys<Key: Comparable> {
  /// A chunk that grows beyond this is halved; one that becomes empty goes.
  private static var chunkLimit: Int { 256 }

  /// Never empty chunks, in order, no key twice.
  private var chunks: [[Key]] = []
  private(set) var count = 0

  var first: Key? { chunks.first?.first }
  var isEmpty: Bool { count == 0 }

  /// The first key that is not before `key`, as chunk and place within it; the chunk may be one past the last.
  private func place(of key: Key) -> (chunk: Int, index: Int) {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if let last = chunks[middle].last, last < key { low = middle + 1 } else { high = middle }
    }
    guard low < chunks.count else { return (low, 0) }
    return (low, Self.lowerBound(of: key, in: chunks[low]))
  }

  private static func lowerBound(of key: Key, in keys: [Key]) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How many keys are less.
  func rank(of key: Key) -> Int {
    let place = place(of: key)
    var rank = place.index
    for chunk in 0..<place.chunk { rank += chunks[chunk].count }
    return rank
  }

  func contains(_ key: Key) -> Bool {
    let place = place(of: key)
    return place.chunk < chunks.count && chunks[place.chunk][place.index] == key
  }

  /// The first key after `key`.
  func first(after key: Key) -> Key? {
    var (chunk, index) = place(of: key)
    if chunk < chunks.count, chunks[chunk][index] == key { index += 1 }
    if chunk < chunks.count, index == chunks[chunk].count { (chunk, index) = (chunk + 1, 0) }
    return chunk < chunks.count ? chunks[chunk][index] : nil
  }

  /// In order, until the body says false.
  func forEach(while body: (Key) -> Bool) {
    for chunk in chunks {
      for key in chunk where !body(key) { return }
    }
  }

  /// A key that is there already stays once.
  mutating func insert(_ key: Key) {
    var (chunk, index) = place(of: key)
    if chunk == chunks.count {
      // Behind all: the usual case.
      guard let last = chunks.last, last.count < Self.chunkLimit else {
        chunks.append([key])
        count += 1
        return
      }
      (chunk, index) = (chunk - 1, last.count)
    } else if chunks[chunk][index] == key {
      return
    }
    chunks[chunk].insert(key, at: index)
    count += 1
    if chunks[chunk].count > Self.chunkLimit { halve(chunk) }
  }

  private mutating func halve(_ chunk: Int) {
    let middle = chunks[chunk].count / 2
    let upper = Array(chunks[chunk][middle...])
    chunks[chunk].removeSubrange(middle...)
    chunks.insert(upper, at: chunk + 1)
  }

  @discardableResult
  mutating func remove(_ key: Key) -> Bool {
    let (chunk, index) = place(of: key)
    guard chunk < chunks.count, chunks[chunk][index] == key else { return false }
    chunks[chunk].remove(at: index)
    if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    count -= 1
    return true
  }

  mutating func removeAll() {
    chunks = []
    count = 0
  }
}
