// Which nonce counts were used (RFC 7616 §3.4, §5.12): a bounded memory that forgets towards safety. A nonce too old to
// be remembered is stale, never fresh.

import Basics

/// Nonces are numbers that grow with the time at which they were made.
struct NonceWindow {
  private struct Use {
    var highest: UInt32
    /// Bit n: `highest - n` was used.
    var seen: UInt64
  }

  private var uses: [UInt64: Use] = [:]
  private var order = Fifo<UInt64>()
  /// Nonces up to this one are forgotten.
  private var floor: UInt64 = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var count: Int { uses.count }

  /// False for a count that was used, or one so far behind that nobody knows.
  mutating func use(_ nonce: UInt64, count: UInt32) -> Bool {
    guard count > 0 else { return false }
    if let use = uses[nonce] {
      guard let next = Self.adding(count, to: use) else { return false }
      uses[nonce] = next
      return true
    }
    guard nonce > floor else { return false }
    uses[nonce] = Use(highest: count, seen: 1)
    order.append(nonce)
    return true
  }

  /// Drops nonces made before `oldest`, and further ones down to the limit. Returns how many went by the limit alone.
  mutating func trim(before oldest: UInt64) -> Int {
    var forced = 0
    while let first = order.first, first < oldest || order.count > limit {
      if first >= oldest { forced += 1 }
      _ = order.popFirst()
      uses[first] = nil
      floor = max(floor, first)
    }
    return forced
  }

  private static func adding(_ count: UInt32, to use: Use) -> Use? {
    if count > use.highest {
      let step = count - use.highest
      return Use(highest: count, seen: (step < 64 ? use.seen << UInt64(step) : 0) | 1)
    }
    let behind = use.highest - count
    guard behind < 64, use.seen >> UInt64(behind) & 1 == 0 else { return nil }
    return Use(highest: use.highest, seen: use.seen | 1 << UInt64(behind))
  }
}
