// How errors are spread, in steps of ten seconds: enough for a median and a percentile, and sums of two are exact.

public struct Spread: Hashable, Sendable {
  static var stepMs: Int64 { 10_000 }
  /// Errors beyond an hour count as one of an hour: 721 steps at most.
  static var farthest: Int64 { 360 }

  struct Step: Hashable, Sendable {
    /// Its values lie above (number − 1) steps and at most at `number` steps.
    let number: Int64
    var count: Int64
  }
  /// By number, none empty.
  var steps: [Step] = []
  public internal(set) var count: Int64 = 0

  public init() {}

  public mutating func add(_ milliseconds: Int64) {
    let step = max(-Self.farthest, min(Self.farthest, Self.step(of: milliseconds)))
    add(step: step, count: 1)
  }

  public mutating func add(_ other: Spread) {
    for step in other.steps { add(step: step.number, count: step.count) }
  }

  mutating func add(step number: Int64, count added: Int64) {
    count &+= added
    let index = steps.firstIndex { $0.number >= number } ?? steps.count
    if index < steps.count, steps[index].number == number {
      steps[index].count &+= added
    } else {
      steps.insert(Step(number: number, count: added), at: index)
    }
  }

  /// Rounded upwards to a whole step.
  private static func step(of milliseconds: Int64) -> Int64 {
    milliseconds > 0 ? (milliseconds - 1) / stepMs + 1 : milliseconds / stepMs
  }

  /// In milliseconds, rounded upwards to a step: the least that `percent` of all do not exceed. nil of none.
  public func percentile(_ percent: Int64) -> Int64? {
    var left = (count * percent + 99) / 100
    for step in steps {
      left -= step.count
      if left <= 0 { return step.number * Self.stepMs }
    }
    return nil
  }
}
