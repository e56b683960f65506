// One seed: a time of faults in which nothing may happen that must not, then a time without in which everything that
// waits must be served.

import ACD
import Basics

public struct Run {
  public enum Limits {
    /// Until when everything that waits has been served, once faults have stopped.
    public static let settling = Interval.hours(8)
    /// Below so many calls an hour too little happened.
    public static let hoursPerCallMax = 2
  }

  public struct Outcome: Sendable {
    public let seed: UInt64
    public let hash: UInt64
    public let hours: Int
    public let calls: Int
    public let answered: Int
    public let offers: Int
    public let callbacks: Int
    public let dials: Int
    public let conversations: Int
    public let faults: Int
    public let crashes: Int
    public let inputs: Int
    public let violation: QueueAuditor.Violation?
    public let trace: [String]

    public var line: String {
      "seed=\(seed) hash=\(String(hash, radix: 16)) hours=\(hours) calls=\(calls) callbacks=\(callbacks) "
        + "faults=\(faults) crashes=\(crashes) answered=\(answered) dials=\(dials) conversations=\(conversations)"
    }

    /// What a run must have seen to prove anything. Of a short one nothing is asked.
    public var shortcomings: [String] {
      guard hours >= 24 else { return [] }
      var found: [String] = []
      if calls < hours / Limits.hoursPerCallMax { found.append("only \(calls) calls") }
      if answered + conversations == 0 { found.append("nobody spoke with anybody") }
      if offers < answered { found.append("\(offers) offers were judged of \(answered) answered calls") }
      if faults < hours { found.append("only \(faults) faults") }
      return found
    }
  }

  /// - Parameter script: may hold fewer events than its seed gave it.
  public static func outcome(of script: Script, traces: Bool = false) -> Outcome {
    var world = World(script, traces: traces)
    world.live(until: World.start + .hours(script.hours))
    if world.auditor.violation == nil { world.settle() }
    let tally = world.tally
    return Outcome(
      seed: script.seed, hash: world.digest.value, hours: (world.now - World.start).seconds / 3600, calls: tally.calls,
      answered: tally.answered, offers: world.auditor.offersSeen, callbacks: tally.promises, dials: tally.dials,
      conversations: world.auditor.conversations, faults: tally.faults, crashes: tally.crashes, inputs: tally.inputs,
      violation: world.auditor.violation, trace: world.trace.lines)
  }
}

extension World {
  /// Faults stop, everybody behaves, nobody calls any more.
  fileprivate mutating func settle() {
    isQuiet = true
    trace.add(now, "* faults stop")
    disk.mood = .fast
    cutAfterWrites = nil
    isTrusted = true
    isBrownOut = false
    channels = 20
    // An outage that is still going on takes its time.
    while !isPowered, auditor.violation == nil { live(until: now + .seconds(1)) }
    for queue in openings.keys.sorted() {
      openings[queue] = (true, nil)
      tellOpening(queue)
    }
    tell(.act(.brownOut(false), by: "console:power"))
    tell(.wall(wall, trusted: true))
    tellTrunk()
    for index in agents.indices { comesToWork(index) }
    let end = now + Run.Limits.settling
    // Offers to phones that were dead run out, and then the agents show that they are there.
    live(until: now + .minutes(5))
    for number in script.branch.agents {
      tell(.busyElsewhere(extension: number, true))
      tell(.busyElsewhere(extension: number, false))
    }
    while auditor.violation == nil, now < end {
      live(until: now + .minutes(10))
      if auditor.unkept().isEmpty { break }
    }
    if let first = auditor.unkept().first { auditor.blame(.liveness, first) }
  }

  private mutating func comesToWork(_ index: Int) {
    let number = script.branch.agents[index]
    agents[index].mood = .prompt
    if !agents[index].isPhoneUp {
      agents[index].isPhoneUp = true
      tellReachable(index)
    }
    if agents[index].isElsewhere {
      agents[index].isElsewhere = false
      tell(.busyElsewhere(extension: number, false))
    }
    // Old offers of a phone that was dead end as they do.
    tell(.act(.login(extension: number), by: number))
    tell(.act(.ready(extension: number), by: number))
  }
}
