// Keys of tables that are numbers of our own making.

/// A key that this program counts up itself, so that nobody outside can choose keys which fall together: a dictionary
/// may spread it with one multiplication where the standard hash, made to withstand that, takes a hundred instructions.
public protocol OwnNumber: Hashable {
  /// Equal for equal keys.
  var ownNumber: UInt64 { get }
}

extension OwnNumber {
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(ownNumber) }

  /// What a dictionary asks for, of which it takes the lower bits: they depend on all bits of the number. The seed
  /// differs from table to table, so that copying one into another does not crowd it.
  @inlinable public func _rawHashValue(seed: Int) -> Int {
    let number = ownNumber ^ UInt64(bitPattern: Int64(seed))
    let product = (number ^ number >> 32) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: product ^ product >> 33)
  }
}
