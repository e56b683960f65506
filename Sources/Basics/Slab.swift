// Generational slots: machines refer to each other by slot and generation, so that a stale reference finds nothing
// instead of a stranger.

public struct SlotID: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let slot: UInt32
  public let generation: UInt32

  @inlinable public init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
  /// One number that fits where only a number travels.
  @inlinable public var packed: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
  @inlinable public init(packed: UInt64) {
    self.init(slot: UInt32(truncatingIfNeeded: packed), generation: UInt32(truncatingIfNeeded: packed >> 32))
  }
  /// As one word: hashing two halves takes twice as long.
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(packed) }
  @inlinable public static func < (a: SlotID, b: SlotID) -> Bool { a.packed < b.packed }
}

/// A table with stable ids, a limit, and reuse of freed slots in first-in-first-out order (so that a number handed out
/// again was free for as long as possible).
public struct Slab<Element> {
  @usableFromInline struct Slot {
    @usableFromInline var element: Element?
    @usableFromInline var generation: UInt32 = 0
  }
  @usableFromInline var slots: [Slot] = []
  @usableFromInline var free = Fifo<UInt32>()
  public let limit: Int
  public private(set) var count = 0

  public init(limit: Int) { self.limit = limit }

  public var isFull: Bool { count >= limit }

  /// The new element's id, or nil when the limit is reached.
  public mutating func insert(_ element: Element) -> SlotID? {
    guard count < limit else { return nil }
    count += 1
    if slots.count < limit && (free.isEmpty || free.count < limit / 8) {
      slots.append(Slot(element: element))
      return SlotID(slot: UInt32(slots.count - 1), generation: 0)
    }
    guard let slot = free.popFirst() else { return nil }
    slots[Int(slot)].element = element
    return SlotID(slot: slot, generation: slots[Int(slot)].generation)
  }

  @inlinable public func contains(_ id: SlotID) -> Bool {
    Int(id.slot) < slots.count && slots[Int(id.slot)].generation == id.generation
      && slots[Int(id.slot)].element != nil
  }

  @discardableResult
  public mutating func remove(_ id: SlotID) -> Element? {
    guard contains(id) else { return nil }
    let element = slots[Int(id.slot)].element.take()
    slots[Int(id.slot)].generation &+= 1
    free.append(id.slot)
    count -= 1
    return element
  }

  /// In place: `slab[id]?.state = …` copies nothing.
  @inlinable public subscript(id: SlotID) -> Element? {
    _read {
      if contains(id) {
        // An array's own subscript would copy the element.
        yield slots.span[Int(id.slot)].element
      } else {
        yield nil
      }
    }
    _modify {
      if contains(id) {
        yield &slots[Int(id.slot)].element
      } else {
        var none: Element? = nil
        yield &none
      }
    }
  }

  /// Every live id, in slot order.
  public var ids: [SlotID] {
    slots.indices.compactMap { index in
      slots[index].element == nil ? nil : SlotID(slot: UInt32(index), generation: slots[index].generation)
    }
  }
}
