// Generational slots: machines refer to each other by slot and generation, so that a stale reference finds nothing
// instead of a stranger.

public struct SlotID: OwnNumber, Comparable, Sendable, BitwiseCopyable {
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
  @inlinable public var ownNumber: UInt64 { packed }
  @inlinable public static func < (a: SlotID, b: SlotID) -> Bool { a.packed < b.packed }
}

/// A table with stable ids, a limit, and reuse of freed slots in first-in-first-out order (so that a number handed out
/// again was free for as long as possible).
public struct Slab<Element> {
  /// Behind the first place, which stays empty and is lent where there is no element: an accessor's own variable of
  /// that size would be allocated for each access.
  @usableFromInline var elements: [Element?] = [nil]
  @usableFromInline var generations: [UInt32] = [0]
  @usableFromInline var free = Fifo<UInt32>()
  public let limit: Int
  public private(set) var count = 0

  public init(limit: Int) { self.limit = limit }

  public var isFull: Bool { count >= limit }

  /// The new element's id, or nil when the limit is reached.
  public mutating func insert(_ element: Element) -> SlotID? {
    guard count < limit else { return nil }
    let used = elements.count - 1
    if used < limit && (free.isEmpty || free.count < limit / 8) {
      count += 1
      elements.append(element)
      generations.append(0)
      return SlotID(slot: UInt32(used), generation: 0)
    }
    guard let slot = free.popFirst() else { return nil }
    count += 1
    elements[Int(slot) + 1] = element
    return SlotID(slot: slot, generation: generations[Int(slot) + 1])
  }

  @inlinable public func contains(_ id: SlotID) -> Bool { elements.span[place(of: id)] != nil }

  /// A slot without an element has a generation that nobody was given yet.
  @inlinable func place(of id: SlotID) -> Int {
    let place = Int(id.slot) + 1
    return place < elements.count && generations[place] == id.generation ? place : 0
  }

  @discardableResult
  public mutating func remove(_ id: SlotID) -> Element? {
    let place = place(of: id)
    guard let element = elements[place].take() else { return nil }
    generations[place] &+= 1
    free.append(id.slot)
    count -= 1
    return element
  }

  /// In place: `slab[id]?.state = …` copies nothing.
  @inlinable public subscript(id: SlotID) -> Element? {
    get { elements[place(of: id)] }
    _modify {
      let place = place(of: id)
      let element = elements.lend(place)
      yield &element.pointee
      if place == 0 { dropStray() }
    }
  }

  /// Not part of the accessor, whose frame it would make large.
  @inline(never) @usableFromInline mutating func dropStray() { elements[0] = nil }

  /// Every live id, in slot order.
  public var ids: [SlotID] {
    elements.indices.dropFirst().compactMap { place in
      elements[place] == nil ? nil : SlotID(slot: UInt32(place - 1), generation: generations[place])
    }
  }
}

extension Array {
  /// Where an element stands, for an accessor to yield: an array's own subscript would make the accessor's frame too
  /// large for the caller's stack, and it would be allocated. Good until the array is used again, which an accessor's
  /// exclusive access puts off.
  @inlinable mutating func lend(_ index: Int) -> UnsafeMutablePointer<Element> {
    precondition(indices.contains(index))
    return withUnsafeMutableBufferPointer { $0.baseAddress.unsafelyUnwrapped + index }
  }
}
