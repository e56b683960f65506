// A first-in-first-out queue on an array: appending and taking cost constant time, amortised.

/// Empty places are kept and used again, so a queue that is filled and drained over and over allocates nothing.
public struct Fifo<Element> {
  /// Those from `head` up to `tail` are in the queue; the others are nil.
  @usableFromInline var elements: [Element?] = []
  @usableFromInline var head = 0
  @usableFromInline var tail = 0

  @inlinable public init() {}
  @inlinable public var isEmpty: Bool { head == tail }
  @inlinable public var count: Int { tail - head }
  @inlinable public var first: Element? { isEmpty ? nil : elements[head] }

  @inlinable public mutating func append(_ element: Element) {
    if tail < elements.count {
      elements[tail] = element
    } else {
      elements.append(element)
    }
    tail += 1
  }

  @inlinable public mutating func popFirst() -> Element? {
    guard head < tail else { return nil }
    let element = elements[head].take()
    head += 1
    if head == tail {
      head = 0
      tail = 0
    } else if head >= 64 && head * 2 >= tail {
      elements.removeFirst(head)
      tail -= head
      head = 0
    }
    return element
  }

  @inlinable public var last: Element? { isEmpty ? nil : elements[tail - 1] }

  @inlinable public mutating func popLast() -> Element? {
    guard head < tail else { return nil }
    tail -= 1
    return elements[tail].take()
  }

  @inlinable public mutating func removeAll() {
    elements.removeAll()
    head = 0
    tail = 0
  }

  /// The elements, oldest first.
  public var all: [Element] { elements[head..<tail].compactMap { $0 } }
}

extension Fifo: Sendable where Element: Sendable {}
