// How long a caller of one queue will wait: those ahead and the caller, times the recent handling time, shared by the
// agents who work; blended with the pace of the last one served; and scaled so that four of five wait no longer than
// they are told. It measures its own error and says nothing while that is large. Whole milliseconds, no clock.

import Basics

///     var waits = WaitEstimate()
///     waits.handled(.seconds(180))
///     waits.estimate(.init(ahead: 3, agents: 2))?.minutes      // 10
public struct WaitEstimate: Hashable, Sendable {
  public enum Limits {
    static var handlingTimes: Int { 64 }
    static var starts: Int { 48 }
    static var verdicts: Int { 32 }
    static var verdictsMin: Int { 10 }
    /// It falls silent when more than a tenth of the verdicts are bad, and speaks again once at most this many are.
    static var badToSpeakAgain: Int64 { 1 }
    /// An error up to this is never large; beyond, up to the told wait itself.
    static var errorAllowedMs: Int64 { 300_000 }
    /// In millionths: by so much the scale grows with a caller who waited longer than was told, and shrinks with one who
    /// did not; four shrinkings undo one growth. So four of five are kept in the long run, whatever the waits are like.
    static var scaleGrowth: Int64 { 30_000 }
    static var scaleShrinking: Int64 { 7_363 }
    static var scale: ClosedRange<Int64> { 500_000...20_000_000 }
    static var waitMaxMs: Int64 { 86_400_000 }
  }

  public struct Estimate: Hashable, Sendable {
    /// As likely too long as too short.
    public let expected: Interval
    /// Four of five wait no longer.
    public let told: Interval
    /// The band for `told`, rounded upwards.
    public let minutes: Int
    /// What is to be served before the caller is, its own place included.
    let load: Load
  }

  /// Who shares what is to be done.
  public struct Load: Hashable, Sendable {
    /// Places in thousandths: an item that may go to others as well takes less than a whole one.
    let places: Int64
    /// Who can serve the caller.
    let agents: Int
    /// Those and all others of the queue who are at work.
    let working: Int

    public init(ahead: Int, agents: Int, idle: Int = 0) {
      self.init(aheadThousandths: Int64(ahead) * 1_000, agents: agents, working: agents, idle: idle)
    }

    /// - Parameter idle: those of the agents who could be offered something now.
    init(aheadThousandths: Int64, agents: Int, working: Int, idle: Int) {
      places = max(0, min(aheadThousandths, 100_000_000) + 1_000 - Int64(idle) * 1_000)
      self.agents = agents
      self.working = max(agents, working)
    }
  }

  var talks = Recent(limit: Limits.handlingTimes)
  var wrapUps = Recent(limit: Limits.handlingTimes)
  /// When conversations began, for what the queue really gets done.
  var starts = Recent(limit: Limits.starts)
  var latestStart: Int64 = 0
  /// Milliseconds of an agent that a place took before the last one who was served after waiting.
  var lastPace: Int64?
  /// What is told ÷ what is expected, in millionths, of short, middling and long queues: the longer, the surer.
  var scales: [Int64] = [1_600_000, 1_400_000, 1_200_000]
  /// 1: the error was large.
  var verdicts = Recent(limit: Limits.verdicts)
  public internal(set) var isMuted = false

  public init() {}

  // MARK: What has been

  /// A conversation is over; `wrappedUp` tells the rest.
  public mutating func handled(_ talk: Interval) { talks.add(Self.bounded(talk)) }
  public mutating func wrappedUp(_ time: Interval) { wrapUps.add(Self.bounded(time)) }

  /// A conversation began, of whatever item.
  public mutating func began(atMs now: Int64) {
    starts.add(now)
    latestStart = now
  }

  /// Somebody who had waited was served.
  /// - Parameters:
  ///   - waited: since the estimate was made, or would have been.
  ///   - load: of that moment.
  ///   - estimate: nil when there was no basis for one.
  public mutating func served(waited: Interval, load: Load, estimate: Estimate?) {
    guard load.places > 0 else { return }
    let waitedMs = Self.bounded(waited)
    lastPace = waitedMs * 1_000 / load.places * Int64(max(1, load.agents))
    guard let estimate else { return }
    rescale(Self.ring(of: load), isExceeded: waited > estimate.told)
    judge(toldMs: Int64(estimate.minutes) * 60_000, actualMs: waitedMs)
  }

  private mutating func rescale(_ ring: Int, isExceeded: Bool) {
    let change = isExceeded ? Limits.scaleGrowth : -Limits.scaleShrinking
    let scale = scales[ring] + scales[ring] * change / 1_000_000
    scales[ring] = min(max(scale, Limits.scale.lowerBound), Limits.scale.upperBound)
  }

  /// The error is large when it is more than five minutes and more than the wait that was told. More than a tenth of such
  /// errors is a 90th percentile beyond the bound.
  private mutating func judge(toldMs: Int64, actualMs: Int64) {
    let error = actualMs > toldMs ? actualMs - toldMs : toldMs - actualMs
    verdicts.add(error > max(Limits.errorAllowedMs, toldMs) ? 1 : 0)
    guard verdicts.count >= Limits.verdictsMin else { return }
    if isMuted {
      isMuted = verdicts.sum > Limits.badToSpeakAgain
    } else {
      isMuted = verdicts.sum * 10 > Int64(verdicts.count)
    }
  }

  // MARK: What will be

  /// - Returns: nil with nobody at work, and before anything has been learnt.
  public func estimate(_ load: Load) -> Estimate? {
    guard load.agents > 0 else { return nil }
    guard load.places > 0 else { return Estimate(expected: .zero, told: .zero, minutes: 0, load: load) }
    let byPace = lastPace.map { $0 * load.places / 1_000 / Int64(load.agents) }
    let expected: Int64
    switch (byHandling(load), byPace) {
    case (let base?, let pace?): expected = (base * 7 + pace) / 8
    case (let base?, nil): expected = base
    case (nil, let pace?): expected = pace
    case (nil, nil): return nil
    }
    let expectedMs = min(expected, Limits.waitMaxMs)
    let toldMs = min(expectedMs * scales[Self.ring(of: load)] / 1_000_000, Limits.waitMaxMs)
    return Estimate(
      expected: .milliseconds(Int(expectedMs)), told: .milliseconds(Int(toldMs)), minutes: Self.band(ofMs: toldMs),
      load: load)
  }

  private func byHandling(_ load: Load) -> Int64? {
    guard let talk = talks.mean else { return nil }
    let handling = talk + (wrapUps.mean ?? 0)
    let busy = busyThousandths(handling) * Int64(load.agents) / Int64(max(1, load.working))
    return handling * load.places / max(Int64(load.agents) * 1_000, busy)
  }

  /// Agents of whom the recent throughput tells, in thousandths: those of other queues may help.
  private func busyThousandths(_ handling: Int64) -> Int64 {
    guard starts.count == Limits.starts, let first = starts.oldest, latestStart > first else { return 0 }
    return handling * Int64(Limits.starts - 1) * 1_000 / (latestStart - first)
  }

  /// In minutes: 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, and by halves of an hour up to 4 hours.
  public static func band(ofMs wait: Int64) -> Int {
    for minutes in [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60] as [Int64] where wait <= minutes * 60_000 {
      return Int(minutes)
    }
    return Int(min((wait + 1_799_999) / 1_800_000 * 30, 240))
  }

  private static func ring(of load: Load) -> Int { load.places <= 2_000 ? 0 : load.places <= 8_000 ? 1 : 2 }

  private static func bounded(_ time: Interval) -> Int64 {
    max(0, min(Int64(time.milliseconds), Limits.waitMaxMs))
  }
}

/// What one caller has been told. The wait that is spoken never rises without a cause that can be named.
public struct TellState: Hashable, Sendable {
  public enum Cause: UInt8, Hashable, Sendable, CaseIterable {
    case none
    /// Agents logged out, went on a break, or lost their phone.
    case fewerAgents
    /// Others came before: a better priority, an older promise that became due.
    case movedBack

    public var name: StaticString {
      switch self {
      case .none: ""
      case .fewerAgents: "fewer agents"
      case .movedBack: "moved back"
      }
    }
  }

  /// The band that was spoken last, and how things stood then.
  var minutes: Int?
  var ahead = 0
  var agents = 0

  public init() {}

  /// What is to be said now.
  public mutating func tell(_ minutes: Int, ahead: Int, agents: Int) -> (minutes: Int, cause: Cause) {
    var cause = Cause.none
    if let told = self.minutes, minutes > told {
      if agents < self.agents {
        cause = .fewerAgents
      } else if ahead > self.ahead {
        cause = .movedBack
      } else {
        return (told, .none)
      }
    }
    self.minutes = minutes
    self.ahead = ahead
    self.agents = agents
    return (minutes, cause)
  }
}
