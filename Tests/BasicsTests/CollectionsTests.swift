import Testing

@testable import Basics

@Suite struct CollectionsTests {
  @Test("a slab finds an element by its id until it is removed, and a reused slot answers to a new id only")
  func slab() throws {
    var slab = Slab<String>(limit: 2)
    func insert(_ element: String) -> SlotID? { slab.insert(element) }
    let a = try #require(insert("a"))
    let b = try #require(insert("b"))
    #expect(insert("c") == nil && slab.isFull)
    let removed = slab.remove(a)
    #expect(removed == "a" && slab[a] == nil)
    let c = try #require(insert("c"))
    #expect(c.slot == a.slot && c != a && slab[a] == nil && slab[c] == "c")
    slab[b]? += "!"
    #expect(slab[b] == "b!" && slab.ids == [c, b])
    // What is given to an id that is gone is gone, too.
    slab[a] = "stray"
    slab[a]? += "!"
    #expect(slab[a] == nil && slab[c] == "c" && !slab.contains(a))
    #expect(SlotID(packed: c.packed) == c)
  }

  @Test("own numbers spread well whatever their step, and equal ones have equal hashes")
  func ownNumbers() {
    for step in [1, 2, 64, 4_096, 1 << 32, 1 << 32 | 1, 1 << 56] as [UInt64] {
      var buckets = Set<Int>()
      for count in 0..<1_000 as Range<UInt64> {
        let id = SlotID(packed: count &* step)
        #expect(id._rawHashValue(seed: 7) == SlotID(packed: id.packed)._rawHashValue(seed: 7))
        buckets.insert(id._rawHashValue(seed: 7) & 2_047)
      }
      // 1,000 thrown at 2,048 by chance fill some 790.
      let distinct = Set((0..<1_000 as Range<UInt64>).map { $0 &* step }).count
      #expect(buckets.count * 3 > distinct * 2, "step \(step): \(buckets.count) buckets")
    }
  }

  @Test("a queue gives back in order whatever is appended and taken in between, by seed")
  func fifo() {
    var random = SeededRandom(seed: 7)
    var fifo = Fifo<Int>()
    var model: [Int] = []
    for step in 0..<5_000 {
      if random.chance(percent: 55) {
        fifo.append(step)
        model.append(step)
      } else {
        #expect(fifo.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
      }
      #expect(fifo.count == model.count && fifo.first == model.first)
    }
    #expect(fifo.all == model)
  }

  @Test("deadlines come out by time, equal ones in the order of their setting, like a sorted list would give them")
  func deadlines() {
    var random = SeededRandom(seed: 11)
    var heap = DeadlineHeap<Int>()
    var model: [(Instant, Int, Int)] = []
    for step in 0..<4_000 {
      let key = random.below(50)
      switch random.below(4) {
      case 0:
        heap.cancel(key)
        model.removeAll { $0.2 == key }
      case 1:
        let now = Instant(nanoseconds: Int64(random.below(100)))
        let due = model.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.first { $0.0 <= now }
        #expect(heap.popDue(at: now) == due?.2)
        if let due { model.removeAll { $0.2 == due.2 } }
      default:
        let deadline = Instant(nanoseconds: Int64(random.below(100)))
        if heap.deadline(of: key) != deadline {
          model.removeAll { $0.2 == key }
          model.append((deadline, step, key))
        }
        heap.set(key, to: deadline)
      }
      #expect(heap.count == model.count && heap.nextDeadline == model.map(\.0).min())
    }
  }

  @Test("a deadline that is moved over and over takes no more room than a few")
  func movedDeadline() {
    var heap = DeadlineHeap<Int>()
    heap.set(0, to: .zero)
    for step in 1..<10_000 {
      heap.set(1, to: Instant(nanoseconds: Int64(step)))
      #expect(heap.heap.count <= 2 * heap.count + DeadlineHeap<Int>.spare + 1)
    }
    #expect(heap.popDue(at: .never) == 0 && heap.popDue(at: .never) == 1 && heap.popDue(at: .never) == nil)
  }

  @Test("a ring refuses when it is full, says before that it will, and loses nothing between two threads")
  func ring() {
    let ring = SPSCRing<Int>(capacity: 8)
    for value in 0..<8 { #expect(ring.room == 8 - value && ring.push(value)) }
    #expect(!ring.push(8) && ring.room == 0)
    for value in 0..<8 { #expect(ring.pop() == value) }
    #expect(ring.pop() == nil && ring.room == 8)
  }
}
