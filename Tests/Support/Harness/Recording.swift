// Sound as a signal: what frequencies a recording has, how loud, and where it is silent.

import Foundation

/// Mono samples in −1 … 1.
public struct Recording {
  /// Samples a second.
  public let rate: Double
  public let samples: [Double]

  public init(rate: Double, samples: [Double]) {
    self.rate = rate
    self.samples = samples
  }

  public var seconds: Double { Double(samples.count) / rate }

  /// A part, in seconds.
  public func window(_ start: Double, _ length: Double) -> Recording {
    let from = max(0, min(samples.count, Int(start * rate)))
    let to = min(samples.count, from + Int(length * rate))
    return Recording(rate: rate, samples: Array(samples[from..<to]))
  }

  public var rms: Double {
    samples.isEmpty ? 0 : (samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)).squareRoot()
  }

  /// The share of the energy that is at a frequency (Goertzel): 1 for a pure tone.
  public func share(of frequency: Double) -> Double {
    guard samples.count > 100, rms > 0.0001 else { return 0 }
    let coefficient = 2 * cos(2 * Double.pi * frequency / rate)
    var (previous, beforePrevious) = (0.0, 0.0)
    for sample in samples { (previous, beforePrevious) = (sample + coefficient * previous - beforePrevious, previous) }
    let power = previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious
    return 2 * power / (Double(samples.count) * samples.reduce(0) { $0 + $1 * $1 })
  }

  /// How much of it, in seconds and by windows of 100 ms, is this tone: at least 80 % of the energy.
  public func toneSeconds(_ frequency: Double) -> Double { Double(isTone(frequency).count { $0 }) * 0.1 }

  /// The longest time for which this tone goes on without a break, in seconds.
  public func longestTone(_ frequency: Double) -> Double {
    var (best, run) = (0, 0)
    for isTone in isTone(frequency) {
      run = isTone ? run + 1 : 0
      best = max(best, run)
    }
    return Double(best) * 0.1
  }

  /// How much of it is sound at all, in seconds.
  public var loudSeconds: Double {
    Double((0..<Int(seconds * 10)).count { window(Double($0) * 0.1, 0.1).rms > 0.005 }) * 0.1
  }

  private func isTone(_ frequency: Double) -> [Bool] {
    (0..<Int(seconds * 10)).map { index in
      let part = window(Double(index) * 0.1, 0.1)
      return part.rms > 0.01 && part.share(of: frequency) > 0.8
    }
  }
}
