// The events of a run, in the order of time: customers by the curve of the day, agents at work, and what goes wrong.

import ACD
import Basics

public struct Script: Sendable {
  public enum Limits {
    /// The clock of the wall when a run begins: half past seven.
    static let firstHour = 7
    static let callsPerHourMax = 400
    static let callsMax = 40_000
  }

  public let seed: UInt64
  public let branch: Branch
  public let hours: Int
  public internal(set) var events: [Event] = []

  /// Calls in a hundred of the busiest hour, by the hour of the day.
  private static let curve = [
    0, 0, 0, 0, 0, 1, 4, 20, 70, 100, 95, 80, 55, 70, 95, 90, 75, 45, 25, 12, 8, 4, 1, 0,
  ]

  public init(seed: UInt64, hours: Int) {
    self.seed = seed
    self.hours = hours
    var random = SeededRandom(seed: seed)
    branch = Branch(random: &random)
    var drawing = EventDrawing(branch: branch, seconds: hours * 3600, random: random)
    drawing.customers(Self.curve)
    drawing.agentsAtWork()
    drawing.phones()
    drawing.box()
    drawing.supervisors()
    drawing.openings()
    let drawn = drawing.events.enumerated()
    events = drawn.sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  /// The same branch with these events only.
  func keeping(_ kept: [Event]) -> Script {
    var copy = self
    copy.events = kept
    return copy
  }
}

private struct EventDrawing {
  let branch: Branch
  let seconds: Int
  var random: SeededRandom
  var events: [Event] = []
  private var lastCall: UInt64 = 0

  init(branch: Branch, seconds: Int, random: SeededRandom) {
    self.branch = branch
    self.seconds = seconds
    self.random = random
  }

  private mutating func add(_ second: Int, _ kind: Event.Kind) {
    guard second < seconds else { return }
    // Half of them fall on whole seconds, where timers are.
    let fraction = random.chance(percent: 50) ? Interval.zero : .milliseconds(random.below(1000))
    events.append(Event(at: World.start + .seconds(max(0, second)) + fraction, kind: kind))
  }

  private mutating func interval(_ range: ClosedRange<Int>) -> Interval {
    let base = Interval.seconds(range.lowerBound + random.below(range.upperBound - range.lowerBound + 1))
    return random.chance(percent: 50) ? base : base + .milliseconds(random.below(1000))
  }

  /// - Returns: how many of something happen in this run that happens `perDay` times a day.
  private mutating func count(perDay: Int) -> Int {
    let scaled = perDay * seconds
    return scaled / 86_400 + (random.below(86_400) < scaled % 86_400 ? 1 : 0)
  }

  // MARK: Customers

  mutating func customers(_ curve: [Int]) {
    let pressure = 30 + random.below(130)
    let perHour = branch.agents.count * 3600 * pressure / 100 / (branch.talkSeconds + 12)
    let peak = min(max(perHour, 10), Script.Limits.callsPerHourMax)
    for hour in 0...(seconds / 3600) {
      let rate = peak * curve[(hour + Script.Limits.firstHour) % 24] / 100
      for _ in 0..<rate where lastCall < Script.Limits.callsMax {
        let second = hour * 3600 + random.below(3600)
        lastCall += 1
        add(second, .call(visit()))
      }
    }
  }

  private mutating func visit() -> Visit {
    let isImpatient = random.chance(percent: 15)
    let texts: [ACD.Medium] = [.chat, .message, .mail, .task]
    let medium = random.chance(percent: branch.textsPercent) ? texts[random.below(texts.count)] : .call
    return Visit(
      call: lastCall, medium: medium, queue: random.below(branch.queues.count),
      number: branch.numbers[random.below(branch.numbers.count)],
      patience: isImpatient ? interval(1...12) : interval(20...(branch.isTight ? 240 : 900)),
      asksAfter: medium == .call && random.chance(percent: 12) ? interval(2...60) : nil,
      accepts: random.chance(percent: 60),
      otherNumber: random.chance(percent: 5) ? branch.numbers[random.below(branch.numbers.count)] : "",
      scheduledIn: random.chance(percent: 3) ? interval(600...7200) : nil,
      talk: random.chance(percent: 8) ? interval(0...4) : interval(5...(branch.talkSeconds * 2)),
      lineBreaks: random.chance(percent: 10),
      preferredAgent: random.chance(percent: 8) ? random.below(branch.agents.count) : nil,
      priority: random.chance(percent: 5) ? UInt8(random.below(3)) : nil, choice: UInt8(random.below(3)))
  }

  // MARK: Agents

  mutating func agentsAtWork() {
    for agent in branch.agents.indices {
      for day in 0...(seconds / 86_400) {
        let start = day * 86_400
        add(start + random.below(5400), .act(agent: agent, .login))
        if random.chance(percent: 80) { add(start + 32_400 + random.below(14_400), .act(agent: agent, .logout)) }
        // Whoever lost the login in a power cut notices some time.
        for _ in 0..<4 { add(start + random.below(36_000), .act(agent: agent, .login)) }
        for _ in 0..<(2 + random.below(4)) {
          let pause = start + random.below(40_000)
          add(pause, .act(agent: agent, .pause))
          add(pause + 30 + random.below(1800), .act(agent: agent, .ready))
        }
        for _ in 0..<10 { add(start + random.below(40_000), .act(agent: agent, .endWrapUp)) }
        if random.chance(percent: 50) {
          add(start + random.below(40_000), .act(agent: agent, .disposition))
        }
      }
      for _ in 0..<count(perDay: 15) {
        add(random.below(seconds), .elsewhere(agent: agent, lasting: interval(1...300)))
      }
    }
  }

  mutating func phones() {
    for agent in branch.agents.indices {
      for _ in 0..<count(perDay: 14) {
        let mood = Event.Mood.allCases[random.below(Event.Mood.allCases.count)]
        add(random.below(seconds), .mood(agent: agent, mood, lasting: interval(20...1200)))
      }
      for _ in 0..<count(perDay: 6) {
        add(random.below(seconds), .reboot(agent: agent, lasting: interval(1...180)))
      }
    }
  }

  // MARK: The box

  mutating func box() {
    for _ in 0..<count(perDay: 8) {
      add(random.below(seconds), .configure(variant: random.below(branch.variants.count)))
    }
    for _ in 0..<count(perDay: 16) { add(random.below(seconds), .trunk(channels: random.below(5))) }
    for _ in 0..<count(perDay: 4) {
      let jump = random.chance(percent: 50) ? Interval.seconds(random.below(7200) - 3600) : .zero
      let start = random.below(seconds)
      add(start, .clock(jump: jump, isTrusted: random.chance(percent: 50)))
      add(start + 5 + random.below(900), .clock(jump: .zero, isTrusted: true))
    }
    for _ in 0..<count(perDay: 12) {
      let mood = Event.DiskMood.allCases[random.below(Event.DiskMood.allCases.count)]
      let start = random.below(seconds)
      add(start, .disk(mood))
      add(start + 2 + random.below(600), .disk(.fast))
    }
    let isUnlucky = random.chance(percent: 30)
    for _ in 0..<count(perDay: isUnlucky ? 60 : 6) {
      let writes = random.chance(percent: 30) ? 0 : 1 + random.below(6)
      add(random.below(seconds), .powerCut(afterWrites: writes, outage: interval(2...120)))
    }
  }

  mutating func supervisors() {
    for _ in 0..<count(perDay: 60) {
      let act = Event.SupervisorAct.allCases[random.below(Event.SupervisorAct.allCases.count)]
      let start = random.below(seconds)
      add(start, .supervisor(act, pick: random.below(1000)))
      if act == .brownOut { add(start + 10 + random.below(200), .supervisor(.powerIsBack, pick: 0)) }
    }
  }

  mutating func openings() {
    for queue in branch.queues.indices where random.chance(percent: 30) {
      for day in 0...(seconds / 86_400) {
        let opens = day * 86_400 + 1800
        let closes = opens + 30_000 + random.below(10_000)
        add(opens, .opening(queue: queue, isOpen: true, closesIn: .seconds(closes - opens)))
        add(closes, .opening(queue: queue, isOpen: false, closesIn: nil))
      }
    }
  }
}
