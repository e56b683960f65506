// The distributor in a world of virtual time: phones, customers, a disk, a trunk and a clock on the wall. It carries out
// what the distributor asks for, tells it what became of it, and shows every word of both to the auditor.

import ACD
import Basics
import Journal

struct World {
  static let start = Instant(nanoseconds: 1_000_000_000_000)
  static let epoch = WallTime(seconds: 1_700_000_000)
  static let tick = Interval.seconds(20)

  /// Something that will happen because of something that happened.
  enum Wake {
    case rings(OfferID), accepts(OfferID), refuses(OfferID, status: Int), legEnds(OfferID)
    case holds(OfferID, Bool), passesOn(OfferID), judges(OfferID, score: UInt8)
    case givesUp(CallReference), asks(CallReference, scheduled: Interval?), hangsUp(CallReference)
    case elsewhereAnswers(CallReference), comesBack(Visit), resolves(CallReference, ACD.PendingChoice)
    case namesLeg(AttemptID), customerRings(AttemptID), customerAnswers(AttemptID), customerConfirms(AttemptID)
    case customerFails(AttemptID, status: Int, q850: Int?), customerLegEnds(AttemptID)
    case orphanIsOver(ByteString)
    case moodIsOver(agent: Int, token: Int), phoneIsBack(agent: Int), agentIsBack(agent: Int)
    case powersUp, clockIsTrusted
    case tick

    /// Happens whether the box has power or not, and after a restart, too.
    var survives: Bool {
      switch self {
      case .comesBack, .orphanIsOver, .moodIsOver, .phoneIsBack, .agentIsBack, .powersUp, .tick: true
      default: false
      }
    }
  }

  struct Agent {
    var mood = Event.Mood.prompt
    var moodToken = 0
    var isPhoneUp = true
    var isElsewhere = false
  }
  struct Caller {
    let visit: Visit
    var hasAsked = false
    var isConnected = false
    var random: SeededRandom
  }
  /// The agent's leg of an offer.
  struct Leg {
    let agent: Int
    let call: CallReference?
    var random: SeededRandom
    var isWithdrawn = false
    var isAccepted = false
    var answersLate = false
    var answersTwice = false
    var attempt: AttemptID?
  }
  /// The customer's leg of an attempt.
  struct Dial {
    let callback: UInt64
    let number: ByteString
    var random: SeededRandom
    var offer: OfferID?
    var callID: ByteString = ""
    var isDialled = false
    var isAnswered = false
    var isHungUp = false
    var talk = Interval.zero
  }

  let script: Script
  let seed: UInt64
  var acd = ACD()
  var auditor: QueueAuditor
  var now = World.start
  var disk: Disk
  var digest = OutputDigest()
  var isPowered = false
  /// Wakes of an earlier run are nobody's.
  var run = 0
  /// Nobody calls any more and nothing fails.
  var isQuiet = false

  var agents: [Agent] = []
  var callers: [CallReference: Caller] = [:]
  var legs: [OfferID: Leg] = [:]
  var dials: [AttemptID: Dial] = [:]
  /// Customers' legs of an earlier run, by Call-ID, with their number.
  var orphans: [ByteString: ByteString] = [:]
  /// How often a number has been called.
  var dialsTo: [ByteString: UInt64] = [:]
  var lastLeg: UInt64 = 0

  var variant = 0
  var channels = 3
  var wallOffset = Interval.zero
  var isTrusted = true
  /// nil: no hours.
  var openings: [Int: (isOpen: Bool, closesAt: Instant?)] = [:]
  var isBrownOut = false
  var cutAfterWrites: Int?
  var outage = Interval.seconds(10)

  var trunkHasChanged = false
  var tally = Tally()
  var trace: Trace

  private var nextEvent = 0
  private var wakes = WakeHeap()

  init(_ script: Script, traces: Bool) {
    self.script = script
    seed = script.seed
    disk = Disk(seed: seed &+ 1)
    auditor = QueueAuditor(branch: script.branch)
    trace = Trace(isKept: traces)
    agents = script.branch.agents.map { _ in Agent() }
    powerUp()
    plan(.tick, after: Self.tick)
  }

  var wall: WallTime { Self.epoch + (now - Self.start) + wallOffset }
  var settings: ACD.Settings { script.branch.variants[variant] }

  mutating func plan(_ wake: Wake, after delay: Interval) { wakes.add(wake, run: run, at: now + max(delay, .zero)) }

  /// What a person does is drawn from who it is and what it is about, so that other people's doings change nothing.
  func luck(_ who: UInt64, _ what: UInt64) -> SeededRandom {
    SeededRandom(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ who &* 0xC2B2_AE3D_27D4_EB4F &+ what)
  }

  // MARK: Time

  /// Lives until that instant, or until the auditor complains.
  mutating func live(until end: Instant) {
    while auditor.violation == nil, let next = nextInstant, next <= end {
      now = max(now, next)
      step()
    }
    if auditor.violation == nil { now = max(now, end) }
  }

  private var nextInstant: Instant? {
    var next = wakes.nextDeadline ?? .never
    if nextEvent < script.events.count { next = min(next, script.events[nextEvent].at) }
    if isPowered {
      next = min(next, acd.nextDeadline ?? .never)
      next = min(next, disk.nextDeadline ?? .never)
    }
    return next == .never ? nil : next
  }

  private mutating func step() {
    if nextEvent < script.events.count, script.events[nextEvent].at <= now {
      nextEvent += 1
      return happen(script.events[nextEvent - 1].kind)
    }
    if isPowered, let due = disk.nextDeadline, due <= now { return diskReports() }
    if let due = wakes.popDue(at: now) {
      return due.wake.survives || due.run == run ? woken(due.wake) : ()
    }
    guard isPowered else { return }
    auditor.timePasses(to: now)
    acd.advance(to: now)
    drain()
    if trunkHasChanged { tellTrunk() }
  }

  // MARK: The box

  mutating func tell(_ input: ACD.Input) {
    guard isPowered else { return }
    tally.inputs += 1
    if trace.isKept { trace.add(now, "> \(input)") }
    // What is due by now is fired before the input is heard, and is judged without it.
    auditor.timePasses(to: now)
    acd.advance(to: now)
    drain()
    auditor.willHandle(input, at: now)
    acd.handle(input, at: now)
    drain()
    auditor.inputIsHandled(at: now)
    if trunkHasChanged { tellTrunk() }
  }

  private mutating func drain() {
    while let output = acd.pollOutput() {
      tally.outputs += 1
      digest.add(output, at: now)
      if trace.isKept { trace.add(now, "  < \(output)") }
      auditor.saw(output, at: now)
      carryOut(output)
    }
  }

  private mutating func diskReports() {
    switch disk.report(at: now) {
    case .durable(let number, let fact):
      auditor.isDurable(fact, at: now)
      if let left = cutAfterWrites {
        cutAfterWrites = left - 1
        if left <= 1 { return cutPower() }
      }
      if number > 0 { tell(.durable(upTo: number)) }
    case .failed(let first, let last, let facts):
      for fact in facts { auditor.isLost(fact) }
      tally.faults += 1
      tell(.persistFailed(from: first, through: last))
    case nil: break
    }
  }

  mutating func cutPower() {
    cutAfterWrites = nil
    guard isPowered else { return }
    trace.add(now, "power cut")
    isPowered = false
    run += 1
    tally.crashes += 1
    disk.cutPower()
    for id in dials.keys.sorted() {
      guard let dial = dials[id], dial.isDialled else { continue }
      orphans[dial.callID] = dial.number
      // Whoever hears nothing hangs up; a phone that nobody answers stops ringing.
      plan(.orphanIsOver(dial.callID), after: .seconds(dial.isAnswered ? 5 : 40))
    }
    callers = [:]
    legs = [:]
    dials = [:]
    auditor.powerFails(at: now)
    plan(.powersUp, after: outage)
  }

  mutating func powerUp() {
    guard !isPowered else { return }
    isPowered = true
    acd = ACD()
    auditor.powerReturns(at: now)
    digest.add(now)
    // Storage and configuration come in either order.
    if run.isMultiple(of: 2) { tell(.configure(settings)) }
    tell(disk.restored)
    if !run.isMultiple(of: 2) { tell(.configure(settings)) }
    tell(.seed(seed &+ UInt64(run)))
    let knowsTime = isTrusted && (isQuiet || !run.isMultiple(of: 3))
    tell(.wall(wall, trusted: knowsTime))
    if isTrusted, !knowsTime { plan(.clockIsTrusted, after: .seconds(30)) }
    for queue in openings.keys.sorted() { tellOpening(queue) }
    for index in agents.indices where agents[index].isPhoneUp { tellReachable(index) }
    for index in agents.indices where agents[index].isElsewhere {
      tell(.busyElsewhere(extension: script.branch.agents[index], true))
    }
    tellTrunk()
    if isBrownOut { tell(.act(.brownOut(true), by: "console:power")) }
  }

  mutating func tellReachable(_ agent: Int) {
    tell(.reachable(extension: script.branch.agents[agent], agents[agent].isPhoneUp))
  }

  mutating func tellTrunk() {
    trunkHasChanged = false
    let used = dials.values.count { $0.isDialled }
    tell(.trunkRoom(channelsFree: max(0, channels - used)))
  }

  mutating func tellOpening(_ queue: Int) {
    guard let opening = openings[queue] else { return }
    tell(
      .opening(
        queue: script.branch.queues[queue], isOpen: opening.isOpen, closesIn: opening.closesAt.map { $0 - now }))
  }
}

/// How much happened.
struct Tally {
  var inputs = 0
  var outputs = 0
  var calls = 0
  var answered = 0
  var abandoned = 0
  var promises = 0
  var dials = 0
  var conversations = 0
  var faults = 0
  var crashes = 0
}

/// The last things said, where somebody wants to read them.
struct Trace {
  let isKept: Bool
  private(set) var lines: [String] = []

  init(isKept: Bool) { self.isKept = isKept }

  mutating func add(_ now: Instant, _ text: @autoclosure () -> String) {
    guard isKept else { return }
    let milliseconds = (now - World.start).milliseconds
    lines.append("\(milliseconds / 1000).\(milliseconds % 1000) \(text())")
  }
}
