// What will happen, earliest first; at one instant in the order in which it was planned.

import Basics

struct WakeHeap {
  struct Entry {
    let at: Instant
    let order: UInt64
    let run: Int
    let wake: World.Wake

    func isBefore(_ other: Entry) -> Bool { at != other.at ? at < other.at : order < other.order }
  }

  private var heap: [Entry] = []
  private var lastOrder: UInt64 = 0

  var nextDeadline: Instant? { heap.first?.at }

  mutating func add(_ wake: World.Wake, run: Int, at: Instant) {
    lastOrder += 1
    heap.append(Entry(at: at, order: lastOrder, run: run, wake: wake))
    var index = heap.count - 1
    while index > 0, heap[index].isBefore(heap[(index - 1) / 2]) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func popDue(at now: Instant) -> Entry? {
    guard let first = heap.first, first.at <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != index else { break }
      heap.swapAt(index, least)
      index = least
    }
    return first
  }
}
