// Reproducible randomness (xoshiro256**): the same seed gives the same sequence on every machine. Not for secrets.

public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  public init(seed: UInt64) {
    // SplitMix64 spreads a small seed over the whole state.
    var x = seed
    func next() -> UInt64 {
      x &+= 0x9E37_79B9_7F4A_7C15
      var z = x
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// Goes on where another one stood.
  public init(words: [UInt64]) {
    func word(_ place: Int) -> UInt64 { place < words.count ? words[place] : 0 }
    state = (word(0), word(1), word(2), word(3))
  }

  /// Where it stands: four words.
  public var words: [UInt64] { [state.0, state.1, state.2, state.3] }

  public mutating func next() -> UInt64 {
    func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
    let result = rotate(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, 45)
    return result
  }

  /// A number in `0 ..< bound` (0 when `bound` is 0 or less).
  public mutating func below(_ bound: Int) -> Int {
    bound <= 0 ? 0 : Int(next() % UInt64(bound))
  }

  /// True with a chance of `percent` in a hundred.
  public mutating func chance(percent: Int) -> Bool { below(100) < percent }
}
