// Measuring sound: the power at a frequency (Goertzel), the level, and the tones to measure on.

import Codecs
import Glibc

enum Signal {
  /// µ-law samples of a sine. The amplitude is that of 16-bit linear.
  static func sine(_ hertz: Double, milliseconds: Int, amplitude: Double = 8_000) -> [UInt8] {
    (0..<(milliseconds * 8)).map { index in
      G711.muLaw(linear: Int16(amplitude * sin(2 * .pi * hertz * Double(index) / 8_000)))
    }
  }

  static func linear(muLaw bytes: [UInt8]) -> [Double] { bytes.map { Double(G711.linear(muLaw: $0)) } }
  static func linear(aLaw bytes: [UInt8]) -> [Double] { bytes.map { Double(G711.linear(aLaw: $0)) } }

  /// The share of the whole power that lies at a frequency: 1 for a pure tone.
  static func share(of hertz: Double, in samples: [Double]) -> Double {
    let step = 2 * Double.pi * hertz / 8_000
    let coefficient = 2 * cos(step)
    var (s1, s2) = (0.0, 0.0)
    for sample in samples { (s1, s2) = (sample + coefficient * s1 - s2, s1) }
    let power = s1 * s1 + s2 * s2 - coefficient * s1 * s2
    let whole = samples.reduce(0) { $0 + $1 * $1 }
    return whole == 0 ? 0 : power * 2 / (whole * Double(samples.count))
  }

  /// Root mean square in dB below full scale.
  static func level(_ samples: [Double]) -> Double {
    guard !samples.isEmpty else { return -200 }
    let mean = samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)
    return mean == 0 ? -200 : 10 * log10(mean / (32_768 * 32_768))
  }
}
