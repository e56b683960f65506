// A bounded ring between exactly one producer thread and one consumer thread, for plain values. No lock, no allocation
// after creation. The producer reserves before it promises: `isFull` is exact on the producer's side.

import Synchronization

public final class SPSCRing<Element: BitwiseCopyable>: @unchecked Sendable {
  private let storage: UnsafeMutablePointer<Element>
  private let mask: Int
  private let head = Atomic<Int>(0)
  private let tail = Atomic<Int>(0)

  /// - Parameter capacity: rounded up to a power of two.
  public init(capacity: Int) {
    var size = 1
    while size < capacity { size <<= 1 }
    mask = size - 1
    storage = .allocate(capacity: size)
  }
  deinit { storage.deallocate() }

  public var capacity: Int { mask + 1 }
  /// How many more elements the producer can push for certain. Only for the producer.
  public var room: Int { capacity - (tail.load(ordering: .relaxed) - head.load(ordering: .acquiring)) }

  /// False when full. Only for the producer.
  public func push(_ element: Element) -> Bool {
    let end = tail.load(ordering: .relaxed)
    guard end - head.load(ordering: .acquiring) <= mask else { return false }
    (storage + (end & mask)).initialize(to: element)
    tail.store(end + 1, ordering: .releasing)
    return true
  }

  /// nil when empty. Only for the consumer.
  public func pop() -> Element? {
    let start = head.load(ordering: .relaxed)
    guard start < tail.load(ordering: .acquiring) else { return nil }
    let element = (storage + (start & mask)).pointee
    head.store(start + 1, ordering: .releasing)
    return element
  }
}
