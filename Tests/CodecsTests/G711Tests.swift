import Codecs
import Testing

/// The two laws as the Recommendation defines them: intervals between decision levels, each standing for its middle.
/// Built from the widths of the intervals alone, unlike the code under test.
struct ReferenceLaw {
  /// Lower decision level of each value number, ascending, and the level past the last.
  var levels: [Int] = [0]
  var values: [Int] { zip(levels, levels.dropFirst()).map { ($0 + $1) / 2 } }

  static var mu: ReferenceLaw {
    var law = ReferenceLaw()
    for interval in 0..<128 {
      let width = interval == 0 ? 1 : 2 << (interval / 16)
      law.levels.append(law.levels[interval] + width)
    }
    return law
  }
  static var a: ReferenceLaw {
    var law = ReferenceLaw()
    for interval in 0..<128 {
      let width = interval < 32 ? 2 : 2 << (interval / 16 - 1)
      law.levels.append(law.levels[interval] + width)
    }
    return law
  }

  /// The value number of a magnitude; the last takes all that exceeds it.
  func number(of magnitude: Double) -> Int {
    min((levels.lastIndex { Double($0) <= magnitude }) ?? 0, 127)
  }
}

@Suite("G.711") struct G711Tests {
  func muByte(_ number: Int, negative: Bool) -> UInt8 { UInt8(~number & 0x7F) | (negative ? 0 : 0x80) }
  func aByte(_ number: Int, negative: Bool) -> UInt8 { (UInt8(number) | (negative ? 0 : 0x80)) ^ 0x55 }

  @Test("the reference ends where the Recommendation's tables end")
  func reference() {
    #expect(ReferenceLaw.mu.levels.last == 8_159 && ReferenceLaw.mu.values.last == 8_031)
    #expect(ReferenceLaw.mu.values.prefix(3) == [0, 2, 4])
    #expect(ReferenceLaw.a.levels.last == 4_096 && ReferenceLaw.a.values.last == 4_032)
  }

  @Test("every byte decodes to the middle of its interval")
  func decoding() {
    let mu = ReferenceLaw.mu.values
    let a = ReferenceLaw.a.values
    for number in 0..<128 {
      for negative in [false, true] {
        let sign = negative ? -1 : 1
        #expect(Int(G711.linear(muLaw: muByte(number, negative: negative))) == sign * mu[number] * 4)
        #expect(Int(G711.linear(aLaw: aByte(number, negative: negative))) == sign * a[number] * 8)
      }
    }
  }

  @Test("every 16-bit sample encodes to the interval that it lies in")
  func encoding() {
    // A running interval instead of a search: samples ascend.
    for negative in [false, true] {
      var mu = 0
      var a = 0
      let muLevels = ReferenceLaw.mu.levels
      let aLevels = ReferenceLaw.a.levels
      for magnitude in 0...32_767 {
        while mu < 127, muLevels[mu + 1] <= magnitude / 4 { mu += 1 }
        while a < 127, aLevels[a + 1] <= magnitude / 8 { a += 1 }
        let sample = Int16(negative ? -1 - magnitude : magnitude)
        if G711.muLaw(linear: sample) != muByte(mu, negative: negative)
          || G711.aLaw(linear: sample) != aByte(a, negative: negative)
        {
          Issue.record("sample \(sample)")
          return
        }
      }
    }
  }

  @Test("decoding and encoding again gives the same byte")
  func roundTrip() {
    for byte in UInt8.min...UInt8.max {
      #expect(G711.aLaw(linear: G711.linear(aLaw: byte)) == byte)
      // The two zeros of µ-law are one number in linear.
      let expected: UInt8 = byte == 0x7F ? 0xFF : byte
      #expect(G711.muLaw(linear: G711.linear(muLaw: byte)) == expected)
    }
  }

  @Test("one law becomes the other by the load capacities: 3.17 dBm0 against 3.14 dBm0")
  func directMaps() {
    // Both capacities are full scale; 10^(0.03 dB / 20).
    let muToA = 1.003459817 * 4_096.0 / 8_159.0
    let mu = ReferenceLaw.mu
    let a = ReferenceLaw.a
    for number in 0..<128 {
      for negative in [false, true] {
        // Value 80 lies so near a decision level that the Recommendation's table takes the lower number, which lets
        // A-law to µ-law and back come out even.
        let toA = number == 80 ? 79 : a.number(of: Double(mu.values[number]) * muToA)
        #expect(G711.aLaw(muLaw: muByte(number, negative: negative)) == aByte(toA, negative: negative))
        let toMu = mu.number(of: Double(a.values[number]) / muToA)
        #expect(G711.muLaw(aLaw: aByte(number, negative: negative)) == muByte(toMu, negative: negative))
      }
    }
  }

  @Test("there and back changes a sample by one step at most, and only where A-law is coarser")
  func thereAndBack() {
    var changed = 0
    for byte in UInt8.min...UInt8.max {
      let back = G711.muLaw(aLaw: G711.aLaw(muLaw: byte))
      #expect(abs(Int(back) - Int(byte)) <= 1)
      if back != byte { changed += 1 }
    }
    #expect(changed == 16, "the eight odd ones of the sixteen smallest values, both signs")
  }

  @Test("silence stays silence, and whole buffers convert as single bytes do")
  func buffers() {
    #expect(G711.linear(muLaw: G711.muLawSilence) == 0)
    #expect(G711.aLaw(muLaw: G711.muLawSilence) == G711.aLawSilence)
    let all = Array(UInt8.min...UInt8.max)
    var bytes = all
    bytes.withUnsafeMutableBytes { G711.convertToALaw($0) }
    #expect(bytes == all.map { G711.aLaw(muLaw: $0) })
    bytes = all
    bytes.withUnsafeMutableBytes { G711.convertToMuLaw($0) }
    #expect(bytes == all.map { G711.muLaw(aLaw: $0) })
  }
}
