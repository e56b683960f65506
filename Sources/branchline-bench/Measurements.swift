// Each figure: what is done to the daemon, for how long, and what is read off. Rounds are repeated and the median counts,
// because the machine has other things to do. Of CPU costs the least counts: on a shared machine one and the same program
// has been seen to cost half as much again a minute later, and neighbours at its caches can only add. All are printed.

import CBenchmark
import Foundation
import Harness

struct Plan {
  var rounds = 3
  var costRounds = 5
  var registerRate = 500.0
  var registerSeconds = 5.0
  var callRate = 100.0
  var callSeconds = 8.0
  /// After this the last timers of SIP transactions (32 s) have run out; what they cost belongs to the calls.
  var settleSeconds = 34.0
  var stepSeconds = 8.0
  var relaySeconds = 5.0
  var starts = 9

  static var quick: Plan {
    Plan(
      rounds: 1, costRounds: 1, registerSeconds: 3, callSeconds: 4, settleSeconds: 0, stepSeconds: 3, relaySeconds: 3,
      starts: 3)
  }
}

struct Bench {
  let daemon: DaemonUnderTest
  let plan: Plan
  let caller: LoopbackSocket
  let phones: LoopbackSocket
  var results = Results()
  /// Says what happens while it happens.
  let note: (String) -> Void

  static let callCount = 100
  static let mediaBase: UInt16 = 26_000
  static let floorPort: UInt16 = 28_000
  static let hold = Nanoseconds.milliseconds(50)

  init(daemon: DaemonUnderTest, plan: Plan, note: @escaping (String) -> Void) throws {
    self.daemon = daemon
    self.plan = plan
    self.note = note
    caller = try LoopbackSocket(port: BenchedBranch.trunkPort)
    phones = try LoopbackSocket(port: BenchedBranch.phonePort)
  }

  // MARK: - Start and memory

  /// The first start makes the database; the others find it, as a box does.
  mutating func measureStart() throws {
    let first = try daemon.start()
    daemon.stop()
    var times: [Double] = []
    for _ in 0..<plan.starts {
      times.append(try daemon.start().inMilliseconds)
      daemon.stop()
    }
    results.startMilliseconds = median(times)
    note("start: first \(milliseconds(first.inMilliseconds)), then \(times.map(milliseconds).joined(separator: ", "))")
  }

  mutating func measureMemory() throws {
    try daemon.start()
    pause(2)
    results.residentIdle = daemon.residentKilobytes
    try registerAll()
    pause(2)
    results.residentWithPhones = daemon.residentKilobytes
  }

  /// Each phone once.
  func registerAll() throws {
    let outcome = try RegisterLoad(phones).run(count: BenchedBranch.phoneCount, rate: 200)
    guard outcome.failed == 0 else {
      throw Failure("\(outcome.failed) of \(outcome.asked) phones could not register \(outcome.refusals)")
    }
  }

  /// A daemon with phones, and everything on one core: a packet that wakes a thread on another, idle core costs a
  /// virtual machine five times as much, a bare relay too, and where each lands is the scheduler's whim.
  mutating func onOneCore(_ body: (inout Bench) throws -> Void) throws {
    guard bench_share_core() == 0 else { throw Failure("cannot be bound to a core: \(systemError())") }
    defer { _ = bench_use_all_cores() }
    try withPhones(body)
  }

  // MARK: - REGISTER and calls

  mutating func measureRegister() throws {
    let load = try RegisterLoad(phones)
    let count = Int(plan.registerRate * plan.registerSeconds)
    results.registerMicroseconds = try costPerPiece("REGISTER pair, \(whole(plan.registerRate)) a second") {
      let outcome = load.run(count: count, rate: plan.registerRate)
      return (outcome.registered, outcome.failed, "\(outcome.refusals)")
    }
  }

  mutating func measureCalls() throws {
    let load = try CallLoad(caller: caller, phone: phones, hold: Self.hold)
    let count = Int(plan.callRate * plan.callSeconds)
    results.callMicroseconds = try costPerPiece("call, \(whole(plan.callRate)) a second") {
      let outcome = load.run(count: count, rate: plan.callRate)
      return (outcome.complete, outcome.failed, "\(outcome.refusals)")
    }
  }

  /// The least of the rounds, and what the timers cost that run out later. A round with failures counts for nothing.
  func costPerPiece(_ what: String, _ round: () -> (done: Int, failed: Int, why: String)) throws -> Double {
    var costs: [Double] = []
    var total = 0
    for _ in 0..<plan.costRounds {
      let before = daemon.usage
      let (done, failed, why) = round()
      try daemon.requireRunning()
      let used = daemon.usage - before
      guard failed == 0 || done > 0 && Double(failed) < 0.01 * Double(done) else {
        throw Failure("\(what): \(failed) of \(done + failed) failed \(why)")
      }
      total += done
      costs.append(Double(used) / 1e3 / Double(done))
    }
    let before = daemon.usage
    pause(plan.settleSeconds)
    let settling = Double(daemon.usage - before) / 1e3 / Double(total)
    note(
      "\(what): \(costs.map(microseconds).joined(separator: ", ")), median \(microseconds(median(costs))), "
        + "and \(microseconds(settling)) when its timers end")
    return (costs.min() ?? 0) + settling
  }

  /// Upwards by half as much again until 1 % of the calls fail or the generator keeps no time, then twice in between.
  mutating func measureRate() throws {
    var held = 0.0
    var broken: Double?
    var rate = 200.0
    for _ in 0..<16 {
      let attempt = try attempt(rate: rate)
      if attempt.isHeld { held = max(held, attempt.achieved) } else { broken = min(broken ?? .infinity, rate) }
      results.isGeneratorLimit = attempt.isGeneratorLimit && broken == nil
      if attempt.isGeneratorLimit { break }
      guard let broken else {
        rate *= 1.5
        continue
      }
      guard held > 0, broken / held > 1.1 else { break }
      rate = (held + broken) / 2
    }
    results.callsPerSecond = held
  }

  private func attempt(rate: Double) throws -> (isHeld: Bool, isGeneratorLimit: Bool, achieved: Double) {
    let load = try CallLoad(caller: caller, phone: phones, hold: Self.hold)
    let before = (daemon.usage, ownTime)
    let begun = Nanoseconds.now
    let outcome = load.run(count: Int(rate * plan.stepSeconds), rate: rate)
    let elapsed = Double(Nanoseconds.now - begun)
    try daemon.requireRunning()
    let shares = (Double(daemon.usage - before.0) / elapsed, Double(ownTime - before.1) / elapsed)
    // The open loop is late: what comes out is what the generator can do.
    let isLate = outcome.rate < rate * 0.97
    let isHeld = outcome.failedShare < 0.01
    note(
      "\(whole(outcome.rate)) calls/s for \(whole(plan.stepSeconds)) s: \(percent(outcome.failedShare)) failed"
        + (outcome.refusals.isEmpty ? "" : " \(outcome.refusals)")
        + ", the daemon took \(percent(shares.0)) of a core, the generator \(percent(shares.1))"
        + (isLate ? ", which is all it can" : ""))
    // What a failed step left behind is over before the next.
    if !isHeld { pause(min(plan.settleSeconds, 34)) }
    return (isHeld, isLate && isHeld, min(rate, outcome.rate))
  }

  // MARK: - Relay

  /// Alternately through the daemon, through the bare relay, and straight to the other end.
  mutating func compareRelays() throws {
    let calls = try CallLoad(caller: caller, phone: phones, hold: -1, mediaBase: Self.mediaBase)
    let outcome = calls.run(count: Self.callCount, rate: 100)
    guard outcome.failed == 0 else { throw Failure("\(outcome.failed) calls for the relay failed \(outcome.refusals)") }
    let media = try MediaLoad(base: Self.mediaBase, streams: Self.callCount * 2)
    let floor = try daemon.spawn([
      CommandLine.arguments[0], "relay-floor", "\(Self.floorPort)", "\(Self.mediaBase)", "\(media.streamCount)",
    ])
    defer { end(floor) }
    pause(0.2)
    let relayTargets = calls.calls.flatMap { [$0.callerSideMedia, $0.phoneSideMedia] }
    let floorTargets = (0..<media.streamCount).map { Self.floorPort + UInt16($0) * 2 }
    let ownTargets = (0..<media.streamCount).map { Self.mediaBase + UInt16($0 ^ 1) * 2 }
    var relayed = RelayRounds()
    var bare = RelayRounds()
    var direct = RelayRounds()
    for _ in 0..<plan.rounds {
      try relayed.add(media.run(seconds: plan.relaySeconds, to: relayTargets), "daemon") { daemon.usage }
      try bare.add(media.run(seconds: plan.relaySeconds, to: floorTargets), "bare relay") { cpuTime(of: floor) }
      try direct.add(media.run(seconds: plan.relaySeconds, to: ownTargets), "loopback") { 0 }
    }
    results.relayPercentPerCall = median(relayed.percentPerCall)
    results.floorPercentPerCall = median(bare.percentPerCall)
    results.addedDelayMedian = (median(relayed.medians) - median(direct.medians)) / 1e3
    results.addedDelay99 = (median(relayed.tails) - median(direct.tails)) / 1e3
    let floorDelay = (median(bare.medians) - median(direct.medians)) / 1e3
    note(
      "relay: the bare one adds \(microseconds(floorDelay)) of delay; the wire itself has \(microseconds(median(direct.medians) / 1e3))"
    )
    guard calls.hangUpAll() == Self.callCount else { throw Failure("not every relayed call ended as it should") }
  }
}

/// Rounds of one way for the packets.
private struct RelayRounds {
  var percentPerCall: [Double] = []
  var medians: [Double] = []
  var tails: [Double] = []

  /// `outcome` is evaluated between two readings of `usage`.
  mutating func add(_ outcome: @autoclosure () -> MediaOutcome, _ way: String, _ usage: () -> Nanoseconds) throws {
    let before = usage()
    var outcome = outcome()
    let used = usage() - before
    guard outcome.receivedShare >= 0.99, outcome.astray == 0 else {
      throw Failure(
        "\(way): \(outcome.received) of \(outcome.sent) packets came out, \(outcome.astray) at the wrong end")
    }
    percentPerCall.append(Double(used) / Double(outcome.elapsed) * 100 / Double(Bench.callCount))
    medians.append(outcome.delay(0.5))
    tails.append(outcome.delay(0.99))
  }
}

func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

func microseconds(_ value: Double) -> String { Results.text(value, 1) + " µs" }
func milliseconds(_ value: Double) -> String { Results.text(value, 1) + " ms" }
private func whole(_ value: Double) -> String { Results.text(value, 0) }
private func percent(_ share: Double) -> String { Results.text(share * 100, 1) + " %" }
