// Values of the vocabulary as a seed chooses them: every case and every field, with ends of ranges among the numbers.

import Basics
import Journal
import NumberPlan

@testable import ACD
@testable import FlightRecorder

struct Arbitrary {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func bool() -> Bool { random.chance(percent: 50) }
  mutating func word() -> UInt64 {
    switch random.below(5) {
    case 0: UInt64(random.below(4))
    case 1: .max - UInt64(random.below(3))
    case 2: 1 << UInt64(random.below(64))
    default: random.next()
    }
  }
  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: word()) }
  mutating func number() -> Int {
    switch random.below(6) {
    case 0: 0
    case 1: RecordLimits.number
    case 2: -random.below(RecordLimits.number + 1)
    default: random.below(100_000)
    }
  }
  mutating func text() -> ByteString {
    switch random.below(8) {
    case 0: ""
    case 1: ByteString((0..<random.below(300)).map { _ in UInt8(random.below(256)) })
    default: ByteString((0..<1 + random.below(14)).map { _ in UInt8(0x30 + random.below(75)) })
    }
  }
  mutating func interval() -> Interval { Interval(nanoseconds: Int64(bitPattern: word())) }
  mutating func wall() -> WallTime {
    let magnitude = Int64(word() % UInt64(RecordLimits.wallMicroseconds + 1))
    return WallTime(microseconds: bool() ? magnitude : -magnitude)
  }
  mutating func pick<T>(_ items: [T]) -> T { items[random.below(items.count)] }
  mutating func maybe<T>(_ make: (inout Arbitrary) -> T) -> T? { bool() ? make(&self) : nil }
  mutating func list<T>(_ limit: Int = 4, _ make: (inout Arbitrary) -> T) -> [T] {
    (0..<random.below(limit)).map { _ in make(&self) }
  }
  mutating func range() -> ClosedRange<Int> {
    let (a, b) = (number(), number())
    return min(a, b)...max(a, b)
  }
}

// MARK: - Settings

extension Arbitrary {
  mutating func settings() -> ACD.Settings {
    ACD.Settings(
      queues: list { $0.queue() }, agents: list { $0.agent() }, numberPlan: plan(), maximumCallbacks: number(),
      maximumCalls: number())
  }

  mutating func rings() -> [ACD.SkillRing] {
    list { ring in
      ACD.SkillRing(afterSeconds: ring.number(), ring.list { ACD.Skill($0.text(), $0.byte()) })
    }
  }

  mutating func queue() -> ACD.QueueSettings {
    var queue = ACD.QueueSettings(name: text())
    queue.displayName = text()
    queue.members = list { ACD.Member($0.text(), isReserve: $0.bool(), weight: $0.byte()) }
    queue.strategy = pick(ACD.Strategy.allCases)
    queue.priority = byte()
    queue.weight = byte()
    queue.rings = rings()
    queue.ageEverySeconds = number()
    queue.reserveAfterSeconds = number()
    queue.preferredAgentSeconds = number()
    queue.ringSeconds = number()
    queue.noAnswerBackoffSeconds = number()
    queue.unreachableAfter = number()
    queue.wrapUpSeconds = number()
    queue.maximumWaitSeconds = number()
    queue.maximumLength = number()
    queue.joinPolicy = pick(ACD.EmptyPolicy.allCases)
    queue.stayPolicy = pick(ACD.EmptyPolicy.allCases)
    queue.announceEverySeconds = number()
    queue.serviceLevelSeconds = number()
    queue.shortAbandonSeconds = number()
    queue.rejoinSeconds = number()
    queue.callback = maybe { $0.callbackSettings() }
    queue.survey = bool()
    queue.triesElsewhere = bool()
    return queue
  }

  mutating func agent() -> ACD.AgentSettings {
    var agent = ACD.AgentSettings(extension: text())
    agent.displayName = text()
    agent.skills = list { ACD.Skill($0.text(), $0.byte()) }
    for medium in ACD.Medium.allCases where bool() { agent.capacity[medium] = byte() }
    agent.takesCallsBesideText = bool()
    return agent
  }

  mutating func callbackSettings() -> ACD.CallbackSettings {
    ACD.CallbackSettings(
      mode: pick(ACD.CallbackMode.allCases), allowedClasses: NumberClasses(rawValue: UInt16(word() & 0xFFFF)),
      offerFromSeconds: number(), allowsOtherNumber: bool(), recordsName: bool(), minimumDelaySeconds: number(),
      ringSeconds: number(), attempts: number(), busyRetrySeconds: number(), noAnswerRetrySeconds: number(),
      expirySeconds: number(), maximumPending: number(), doneAfterSeconds: number(), confirmSeconds: number(),
      closing: pick(ACD.ClosingPolicy.allCases), drainMinutes: number(), closingMarginSeconds: number(),
      perSlot: number(), slotMinutes: number())
  }

  mutating func plan() -> NumberPlan.Settings {
    NumberPlan.Settings(
      countryCode: text(), areaCode: text(), trunkPrefix: text(), internationalPrefix: text(),
      localLengths: range(), maximumSignificantLength: number(),
      rules: list { arbitrary in
        NumberPlan.Rule(
          arbitrary.pick([.dialled, .significant, .significantWithoutPrefix, .international]), arbitrary.text(),
          arbitrary.range(), arbitrary.pick(NumberClass.allCases))
      })
  }
}

// MARK: - Facts and inputs

extension Arbitrary {
  mutating func leg() -> CallbackFact.Leg {
    CallbackFact.Leg(
      callID: text(), localTag: text(), remoteTag: text(), branch: text(), cseq: UInt32(truncatingIfNeeded: word()),
      trunk: text())
  }

  mutating func callback() -> CallbackFact {
    CallbackFact(
      id: word(), queue: text(), number: text(), rawNumber: text(), callerName: text(), dialledNumber: text(),
      sequence: word(), enqueuedAt: wall(), requestedAt: wall(), notBefore: wall(), expiresAt: wall(),
      state: pick(CallbackFact.State.allCases), attempts: byte(), noAnswerCount: byte(), busyCount: byte(),
      failureCount: byte(), lastStatus: UInt16(truncatingIfNeeded: word()), leg: maybe { $0.leg() },
      recordedName: text(), isScheduled: bool(), priority: maybe { $0.byte() }, isUrgent: bool())
  }

  mutating func entry() -> ACD.Entry {
    ACD.Entry(
      CallReference(word()), medium: pick(ACD.Medium.allCases), queue: text(), callerNumber: text(),
      callerName: text(), dialledNumber: text(), customer: text(), priority: maybe { $0.byte() }, rings: rings(),
      preferredAgent: text(), attributes: list { $0.text() })
  }

  mutating func act() -> ACD.Act {
    switch random.below(14) {
    case 0: .login(extension: text())
    case 1: .logout(extension: text())
    case 2: .pause(extension: text(), reason: text())
    case 3: .ready(extension: text())
    case 4: .endWrapUp(extension: text())
    case 5: .disposition(extension: text(), code: text())
    case 6: .move(item: word(), toQueue: text())
    case 7: .prioritise(item: word(), byte())
    case 8: .takeOut(item: word())
    case 9: .cancelCallback(word())
    case 10: .dialNow(word())
    case 11: .reschedule(word(), to: wall())
    case 12: .brownOut(bool())
    default: .moveCallback(word(), toQueue: text())
    }
  }

  static let inputCases = 31

  mutating func input(_ number: Int) -> ACD.Input {
    let call = CallReference(word())
    let offer = OfferID(word())
    let attempt = AttemptID(word())
    switch number {
    case 0: return .configure(settings())
    case 1:
      return .restored(
        callbacks: list { $0.callback() },
        agents: list { AgentFact(extension: $0.text(), loggedIn: $0.bool(), pauseReason: $0.text()) },
        lastSequence: word(), lastCallbackID: word())
    case 2: return .wall(wall(), trusted: bool())
    case 3: return .seed(word())
    case 4: return .opening(queue: text(), isOpen: bool(), closesIn: maybe { $0.interval() })
    case 5: return .enter(entry())
    case 6: return .leave(call, lineBroke: bool())
    case 7: return .act(act(), by: text())
    case 8: return .reachable(extension: text(), bool())
    case 9: return .busyElsewhere(extension: text(), bool())
    case 10: return .ringing(offer)
    case 11: return .accepted(offer)
    case 12: return .refused(offer, status: self.number())
    case 13: return .ended(offer)
    case 14: return .held(offer, bool())
    case 15: return .transferred(offer)
    case 16: return .surveyed(offer, score: byte())
    case 17:
      return .requestCallback(
        call, ACD.CallbackRequest(number: text(), at: maybe { $0.wall() }, recordedName: text()))
    case 18: return .pendingResolved(call, pick(ACD.PendingChoice.allCases))
    case 19: return .durable(upTo: word())
    case 20: return .persistFailed(from: word(), through: word())
    case 21: return .attemptLeg(attempt, leg())
    case 22: return .attemptImpossible(attempt)
    case 23: return .attemptRinging(attempt)
    case 24: return .attemptAnswered(attempt, remoteTag: text())
    case 25: return .attemptConfirmed(attempt)
    case 26: return .attemptFailed(attempt, status: self.number(), q850: maybe { $0.number() })
    case 27: return .attemptEnded(attempt)
    case 28: return .timetable(queue: text(), list { ACD.OpenSpan(from: $0.wall(), until: $0.wall()) })
    case 29: return .wentElsewhere(call)
    default: return .trunkRoom(channelsFree: self.number())
    }
  }
}
