// A working day at random: callers, agents, customers, disk, trunk and clock do whatever they can do next. What is
// possible is read from the auditor's books, so that the world is consistent; who does what is the seed's choice.

import Basics
import Journal

@testable import ACD

struct RandomWalk {
  let floor: Floor
  private var random: SeededRandom
  private var lastCall: UInt64 = 0
  private var lastLeg: UInt64 = 0
  private var variant = 0
  /// Calls that entered at some time: some of them are gone, and inputs about them are stale.
  private var callsEver: [UInt64] = []
  private let agents: [ByteString] = ["101", "102", "103", "104"]
  private let numbers: [ByteString] = [
    "13800000001", "13800000002", "+8613800000001", "02588880000", "", "16800000", "0061255550000", "13800000003",
  ]

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    floor = Floor(Self.settings(0))
    floor.diskIsFast = false
    floor.step(.trunkRoom(channelsFree: 2))
    for agent in agents where random.chance(percent: 70) { floor.logIn(agent) }
  }

  static func settings(_ variant: Int) -> ACD.Settings {
    let callback = ACD.CallbackSettings(
      minimumDelaySeconds: 5, ringSeconds: 15, attempts: 2, busyRetrySeconds: 20, noAnswerRetrySeconds: 40,
      expirySeconds: variant == 0 ? 600 : 300, maximumPending: 6, doneAfterSeconds: 5, confirmSeconds: 8,
      closing: variant == 0 ? .drain : .carryOver, drainMinutes: 1, closingMarginSeconds: 20, perSlot: 2,
      slotMinutes: 1)
    var customerFirst = callback
    customerFirst.mode = variant == 0 ? .customerFirst : .agentFirst
    customerFirst.closing = variant == 0 ? .cancel : .drain
    return ACD.Settings(
      queues: [
        .init(
          name: "sales", agents: ["101", "102", "103"], priority: 1, ringSeconds: 10, noAnswerBackoffSeconds: 8,
          wrapUpSeconds: variant == 0 ? 5 : 0, maximumWaitSeconds: 120, maximumLength: 8, announceEverySeconds: 30,
          callback: callback),
        .init(
          name: "support", agents: ["103", "104", "101"], priority: 0, ringSeconds: 12, noAnswerBackoffSeconds: 10,
          wrapUpSeconds: 7, maximumWaitSeconds: 90, maximumLength: 5, announceEverySeconds: 0,
          callback: customerFirst),
      ], numberPlan: .china(areaCode: "10"), maximumCallbacks: 9, maximumCalls: 10)
  }

  private mutating func pick<T>(_ items: [T]) -> T? { items.isEmpty ? nil : items[random.below(items.count)] }

  mutating func step() {
    switch random.below(100) {
    case 0..<16: letTimePass()
    case 16..<28: enter()
    case 28..<31: if let call = pick(callsEver.suffix(12)) { floor.leave(call) }
    case 31..<41:
      if let call = pick(floor.auditor.calls.keys.sorted()) { floor.step(.requestCallback(call, wish())) }
    case 41..<44: comeBack()
    case 44..<48: agent()
    case 48..<50: supervisor()
    case 50..<67: phone()
    case 67..<85: customer()
    case 85..<95: disk()
    case 95..<97: floor.step(.trunkRoom(channelsFree: random.below(4)))
    case 97: floor.step(.wall(floor.wall, trusted: random.chance(percent: 80)))
    case 98: opening()
    default: rareEvent()
    }
  }

  private mutating func letTimePass() {
    if random.chance(percent: 50), let deadline = floor.acd.nextDeadline {
      floor.pass(max(deadline - floor.now, .zero))
    } else {
      floor.pass(.milliseconds(random.below(random.chance(percent: 10) ? 90_000 : 7_000)))
    }
  }

  private mutating func enter() {
    lastCall += 1
    callsEver.append(lastCall)
    floor.enter(lastCall, queue: random.chance(percent: 60) ? "sales" : "support", from: pick(numbers) ?? "")
  }

  private mutating func wish() -> ACD.CallbackRequest {
    var wish = ACD.CallbackRequest()
    if random.chance(percent: 25) { wish.number = pick(numbers) ?? "" }
    if random.chance(percent: 20) { wish.at = floor.wall + .seconds(random.below(300) - 10) }
    if random.chance(percent: 20) { wish.recordedName = "name.wav" }
    return wish
  }

  /// Who was asked about an open callback says something; sometimes somebody who was not.
  private mutating func comeBack() {
    let asked = floor.auditor.calls.keys.sorted().filter { floor.acd.calls[$0]?.isAsked == true }
    guard let call = pick(asked) ?? pick(floor.auditor.calls.keys.sorted()) else { return }
    floor.step(.pendingResolved(call, ACD.PendingChoice.allCases[random.below(3)]))
  }

  private mutating func supervisor() {
    guard let id = pick(floor.acd.callbackViews(at: floor.now).map(\.fact.id)) else { return }
    switch random.below(5) {
    case 0: floor.step(.act(.cancelCallback(id), by: "101"))
    case 1, 2: floor.step(.act(.dialNow(id), by: "101"))
    case 3: floor.step(.act(.reschedule(id, to: floor.wall + .seconds(random.below(200) - 10)), by: "101"))
    default: floor.move(id, to: random.chance(percent: 50) ? "sales" : "support")
    }
  }

  private mutating func opening() {
    let queue: ByteString = random.chance(percent: 50) ? "sales" : "support"
    switch random.below(6) {
    case 0: floor.step(.opening(queue: queue, isOpen: false, closesIn: nil))
    case 1: floor.step(.opening(queue: queue, isOpen: true, closesIn: .seconds(random.below(200))))
    case 2: floor.step(.act(.brownOut(true), by: "console:"))
    default:
      floor.step(.opening(queue: queue, isOpen: true, closesIn: nil))
      floor.step(.act(.brownOut(false), by: "console:"))
    }
  }

  private mutating func agent() {
    guard let agent = pick(agents) else { return }
    switch random.below(8) {
    case 0...2: floor.step(.act(.login(extension: agent), by: agent))
    case 3: floor.step(.act(.logout(extension: agent), by: agent))
    case 4: floor.step(.reachable(extension: agent, random.chance(percent: 50)))
    case 5: floor.step(.reachable(extension: agent, true))
    default: floor.step(.busyElsewhere(extension: agent, random.chance(percent: 40)))
    }
  }

  private mutating func phone() {
    guard let id = pick(floor.auditor.offers.keys.sorted()), let offer = floor.auditor.offers[id] else { return }
    let choice = random.below(10)
    if offer.isAccepted {
      if choice < 4 { floor.step(.ended(id)) }
    } else {
      switch choice {
      case 0...5: floor.step(.accepted(id))
      case 6, 7: floor.step(.refused(id, status: 486))
      case 8: floor.step(.ended(id))
      default: floor.step(.ringing(id))
      }
    }
  }

  private mutating func customer() {
    guard let id = pick(floor.auditor.attempts.keys.sorted()), let attempt = floor.auditor.attempts[id] else { return }
    if !attempt.isDialled {
      guard attempt.leg == nil else { return }
      lastLeg += 1
      floor.step(random.chance(percent: 90) ? .attemptLeg(id, .test(lastLeg)) : .attemptImpossible(id))
    } else if attempt.isAnswered {
      let isUnconfirmed = attempt.isCustomerFirst && !attempt.isConfirmed && !attempt.isHungUp
      if isUnconfirmed, random.chance(percent: 70) {
        floor.step(.attemptConfirmed(id))
      } else if random.chance(percent: 40) {
        floor.step(.attemptEnded(id))
      }
    } else {
      switch random.below(6) {
      case 0...2: floor.step(.attemptAnswered(id, remoteTag: "remote"))
      case 3: floor.step(.attemptRinging(id))
      default:
        let status = pick([486, 480, 408, 487, 503, 404, 403, 600]) ?? 480
        floor.step(.attemptFailed(id, status: status, q850: random.chance(percent: 10) ? 17 : nil))
      }
    }
  }

  private mutating func disk() {
    guard let first = floor.onTheWay.first, let last = floor.onTheWay.last else { return }
    let number = first.number + UInt64(random.below(Int(last.number - first.number) + 1))
    if random.chance(percent: 5) { floor.failDisk(from: number) } else { floor.becomeDurable(upTo: number) }
  }

  private mutating func rareEvent() {
    switch random.below(4) {
    case 0:
      variant = 1 - variant
      floor.step(.configure(Self.settings(variant)))
    case 1:
      floor.restart(Self.settings(variant), trusted: random.chance(percent: 70), after: .seconds(random.below(100)))
      floor.auditor.checkNothingForgotten(floor.acd)
      floor.step(.trunkRoom(channelsFree: 2))
      for agent in agents where random.chance(percent: 80) { floor.step(.reachable(extension: agent, true)) }
    default:
      floor.step(.wall(floor.wall, trusted: true))
    }
  }

  /// Faults stop and everybody behaves: whatever waits must be served in the end.
  mutating func settleDown() {
    floor.diskIsFast = true
    if let last = floor.onTheWay.last { floor.becomeDurable(upTo: last.number) }
    floor.step(.wall(floor.wall, trusted: true))
    floor.step(.act(.brownOut(false), by: "console:"))
    for queue in ["sales", "support"] as [ByteString] {
      floor.step(.opening(queue: queue, isOpen: true, closesIn: nil))
    }
    for agent in agents {
      floor.step(.busyElsewhere(extension: agent, false))
      floor.logIn(agent)
    }
    for _ in 0..<2000 {
      floor.step(.trunkRoom(channelsFree: 5))
      behave()
      if floor.auditor.offers.isEmpty, floor.acd.calls.isEmpty, floor.acd.callbacks.isEmpty { break }
      let next = max((floor.acd.nextDeadline ?? floor.now) - floor.now, .zero)
      floor.pass(floor.auditor.offers.isEmpty ? next : .seconds(6))
    }
    floor.pass(seconds: ACD.Limits.backoffSecondsMax)
  }

  private mutating func behave() {
    for id in floor.auditor.attempts.keys.sorted() {
      guard let attempt = floor.auditor.attempts[id] else { continue }
      if !attempt.isDialled {
        lastLeg += 1
        if attempt.leg == nil { floor.step(.attemptLeg(id, .test(lastLeg))) }
      } else if attempt.isHungUp {
        floor.step(attempt.isAnswered ? .attemptEnded(id) : .attemptFailed(id, status: 487, q850: nil))
      } else if !attempt.isAnswered {
        floor.step(.attemptAnswered(id, remoteTag: "remote"))
        if attempt.isCustomerFirst { floor.step(.attemptConfirmed(id)) }
      } else if let since = attempt.talksSince, floor.now - since >= .seconds(6) {
        floor.step(.attemptEnded(id))
      }
    }
    for id in floor.auditor.offers.keys.sorted() {
      guard let offer = floor.auditor.offers[id] else { continue }
      if offer.isWithdrawn {
        floor.step(.ended(id))
      } else if !offer.isAccepted {
        floor.step(.accepted(id))
      } else if offer.attempt.flatMap({ floor.auditor.attempts[$0] }) == nil {
        // A live conversation, or an agent who was released.
        floor.step(.ended(id))
      }
    }
  }
}
