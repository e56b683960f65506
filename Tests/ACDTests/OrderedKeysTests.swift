import Basics
import Testing

@testable import ACD

@Suite struct OrderedKeysTests {
  @Test("Keys come out in order whatever order they went in", arguments: [1, 2, 3, 4, 5] as [UInt64])
  func order(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var keys = OrderedKeys<Int>()
    var plain: Set<Int> = []
    for _ in 0..<6000 {
      let key = random.below(3000)
      if random.chance(percent: 60) {
        keys.insert(key)
        plain.insert(key)
      } else {
        #expect(keys.remove(key) == (plain.remove(key) != nil), "seed \(seed)")
      }
    }
    let sorted = plain.sorted()
    var listed: [Int] = []
    keys.forEach {
      listed.append($0)
      return true
    }
    #expect(listed == sorted && keys.count == sorted.count && keys.first == sorted.first, "seed \(seed)")
    #expect((-1...3000).allSatisfy { key in keys.first(after: key) == sorted.first { $0 > key } }, "seed \(seed)")
    #expect((0..<3000).allSatisfy { keys.contains($0) == plain.contains($0) }, "seed \(seed)")
    #expect(sorted.enumerated().allSatisfy { keys.rank(of: $0.element) == $0.offset }, "seed \(seed)")
  }

  @Test("An item's place is decided by priority, then sequence; an exact tie goes to the live caller")
  func itemOrder() {
    func key(_ priority: UInt8, _ sequence: UInt64, _ isCallback: Bool = false) -> ItemKey {
      ItemKey(priority: priority, sequence: sequence, isCallback: isCallback, number: 1)
    }
    #expect(key(0, 9) < key(1, 2))
    #expect(key(1, 2, true) < key(1, 3))
    #expect(key(1, 2) < key(1, 2, true))
    #expect(!(key(1, 2, true) < key(1, 2)))
  }
}
