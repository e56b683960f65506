// Room beside a value for what few of its kind need: one word in each, an allocation only where it is used.

public struct Aside<Value> {
  /// None or one.
  @usableFromInline var kept: [Value] = []

  @inlinable public init() {}

  @inlinable public var isEmpty: Bool { kept.isEmpty }

  /// A copy in both directions: what stands here is rare.
  @inlinable public var value: Value? {
    get { kept.first }
    set {
      if let newValue {
        if kept.isEmpty { kept.append(newValue) } else { kept[0] = newValue }
      } else if !kept.isEmpty {
        kept = []
      }
    }
  }
}
