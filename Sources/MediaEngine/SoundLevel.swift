// How loud a recording is, in whole decibels below full scale (ITU-T G.100.1: the peak, and the mean power).

import Codecs

public struct SoundLevel: Hashable, Sendable {
  /// Of silence.
  public static let floor = -96
  public let peak: Int
  public let mean: Int

  public init(muLaw samples: some Sequence<UInt8>) {
    var (count, sum, highest) = (0, 0.0, 0)
    for byte in samples {
      let sample = Int(G711.linear(muLaw: byte))
      highest = max(highest, abs(sample))
      sum += Double(sample * sample)
      count += 1
    }
    let full = 32_768.0
    peak = Self.decibels(Double(highest * highest) / (full * full))
    mean = Self.decibels(count == 0 ? 0 : sum / Double(count) / (full * full))
  }

  /// Of a ratio of powers from 0 to 1.
  private static func decibels(_ ratio: Double) -> Int {
    let halfStep = 1.122_018_454_3  // half a decibel, so that the nearest whole one is found
    let step = 0.794_328_234_7  // one decibel less
    var (bound, decibels) = (1 / halfStep, 0)
    while ratio < bound, decibels > floor {
      bound *= step
      decibels -= 1
    }
    return decibels
  }
}
