// State that few values of a kind have: one word where there is none, and outside of the value where there is.

/// An optional for rare state in values that are many, or that are handed about.
public struct Rare<Value> {
  @usableFromInline var storage: [Value] = []

  @inlinable public init() {}

  @inlinable public var value: Value? {
    get { storage.first }
    set {
      if let newValue {
        if storage.isEmpty { storage.append(newValue) } else { storage[0] = newValue }
      } else if !storage.isEmpty {
        storage = []
      }
    }
  }
  @inlinable public var isEmpty: Bool { storage.isEmpty }
}

extension Rare: Sendable where Value: Sendable {}
