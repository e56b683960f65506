// Who competes with whom, and what that does for estimates where not everybody can serve everybody.

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct CompetitionTests {
  private static let french = ACD.SkillRing([ACD.Skill("french")])

  /// Four agents in `q`, of whom 101 and 102 speak French; 104 serves `r` as well, alone with 105.
  private func desk() -> Desk {
    let desk = Desk(
      [
        .init(name: "q", agents: ["101", "102", "103", "104"], announceEverySeconds: 0),
        .init(name: "r", agents: ["104", "105"], announceEverySeconds: 0),
      ],
      ["101", "102"].map { .init(extension: $0, skills: [ACD.Skill("french")]) })
    desk.logIn("101", "102", "103", "104", "105")
    for _ in 1...4 { desk.enter("q") }
    desk.enter("r")
    for offer in desk.offers() { desk.step(.accepted(offer.id)) }
    return desk
  }

  private func ask(_ desk: Desk, _ call: UInt64, _ rings: [ACD.SkillRing] = []) -> Competition {
    desk.step(.enter(ACD.Entry(CallReference(call), queue: "q", rings: rings)))
    return desk.acd.competition(of: .call(CallReference(call)), at: desk.now)
  }

  @Test("An older item that others can serve as well counts in part; one for whom nobody is there, not at all")
  func shares() {
    let desk = desk()
    for call in 11...14 as ClosedRange<UInt64> { _ = ask(desk, call) }
    let french = ask(desk, 15, [Self.french])
    #expect(french.load == .init(aheadThousandths: 2_000, agents: 2, working: 4, idle: 0))
    let plain = ask(desk, 16)
    #expect(plain.load == .init(aheadThousandths: 5_000, agents: 4, working: 4, idle: 0))
    let german = ask(desk, 17, [.init([ACD.Skill("german")])])
    #expect(german.load.agents == 0 && desk.acd.estimatedWait(of: CallReference(17), at: desk.now) == nil)
    #expect(ask(desk, 18).load.places == 7_000)
  }

  @Test("Older items of a queue that shares agents count by the share")
  func neighbours() {
    let desk = desk()
    desk.enter("r")
    desk.enter("r")
    // Of the two who serve `r` one serves `q`.
    #expect(ask(desk, 11).load == .init(aheadThousandths: 1_000, agents: 4, working: 4, idle: 0))
  }

  @Test("Who joins soon counts: a ring that widens within a minute is as good as wide")
  func soon() {
    let desk = desk()
    let widens = { (after: Int) in [Self.french, ACD.SkillRing(afterSeconds: after, [])] }
    #expect(ask(desk, 11, widens(30)).load.agents == 4)
    #expect(ask(desk, 12, widens(300)).load.agents == 2)
  }

  @Test("French callers are told what is true for French callers; four of five are kept")
  func french() {
    var (ours, others): (Int, Int) = (0, 0)
    var waits: [(isFrench: Bool, isKept: Bool)] = []
    for seed in 1...3 as ClosedRange<UInt64> {
      var day = FrenchDay(seed: seed)
      day.run(hours: 40)
      ours += day.ours
      others += day.others
      waits += day.waits
    }
    func kept(_ isFrench: Bool) -> Int {
      let those = waits.filter { $0.isFrench == isFrench }
      return those.count { $0.isKept } * 100 / max(1, those.count)
    }
    print(
      "French kept \(kept(true)) %, others kept \(kept(false)) %; mean error by the position alone: × \(others * 100 / ours) %"
    )
    #expect(others * 100 >= ours * 115, "\(ours) against \(others)")
    #expect((77...83).contains(waits.count { $0.isKept } * 100 / waits.count))
    #expect((70...90).contains(kept(true)) && (70...90).contains(kept(false)))
  }
}

/// Six agents, two of whom speak French, and a quarter of the callers ask for it.
private struct FrenchDay {
  struct Caller {
    let at: Instant
    let isFrench: Bool
    let told: Interval
    let expected: Interval
    let byPosition: Interval
  }

  let desk: Desk
  var random: SeededRandom
  var waiting: [CallReference: Caller] = [:]
  var ends: [(at: Instant, offer: OfferID)] = []
  var lastCall: UInt64 = 0
  /// Seconds that French callers waited longer or shorter than expected, by the estimate and by the position alone.
  var ours = 0
  var others = 0
  var waits: [(isFrench: Bool, isKept: Bool)] = []

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    let names: [ByteString] = ["101", "102", "103", "104", "105", "106"]
    desk = Desk(
      [
        .init(
          name: "q", agents: names, wrapUpSeconds: 0, maximumWaitSeconds: 0, maximumLength: 1_000,
          announceEverySeconds: 0)
      ], names.prefix(2).map { .init(extension: $0, skills: [ACD.Skill("french")]) })
    for name in names { desk.logIn(name) }
  }

  mutating func run(hours: Int) {
    var nextArrival = desk.now
    let end = desk.now + .hours(hours)
    while desk.now < end {
      if nextArrival <= desk.now {
        arrive()
        nextArrival = desk.now + .seconds(1 + random.below(65))
      }
      for (_, offer) in ends.filter({ $0.at <= desk.now }) { desk.step(.ended(offer)) }
      ends.removeAll { $0.at <= desk.now }
      for offer in desk.offers() { answer(offer) }
      let next = min(nextArrival, ends.map(\.at).min() ?? nextArrival)
      desk.pass(seconds: max(1, (next - desk.now).seconds))
    }
  }

  private mutating func arrive() {
    lastCall += 1
    let call = CallReference(lastCall)
    let isFrench = random.chance(percent: 25)
    let rings = isFrench ? [ACD.SkillRing([ACD.Skill("french")])] : []
    desk.step(.enter(ACD.Entry(call, queue: "q", rings: rings)))
    // Whoever is offered at once is told nothing.
    guard desk.acd.calls[call]?.isOffered == false else { return }
    let queue = QueueID(index: 0)
    let load = desk.acd.competition(of: .call(call), at: desk.now).load
    guard load.places > 0, let estimate = desk.acd.estimates[queue].estimate(load),
      let plain = desk.acd.estimates[queue].estimate(.init(ahead: (desk.position(call) ?? 1) - 1, agents: 6))
    else { return }
    waiting[call] = Caller(
      at: desk.now, isFrench: isFrench, told: estimate.told, expected: estimate.expected, byPosition: plain.expected)
  }

  private mutating func answer(_ offer: ACD.Offer) {
    desk.step(.accepted(offer.id))
    ends.append((desk.now + .seconds(30 + random.below(300)), offer.id))
    guard case .call(let call) = offer.item, let caller = waiting.removeValue(forKey: call), lastCall > 200 else {
      return
    }
    let waited = desk.now - caller.at
    waits.append((caller.isFrench, waited <= caller.told))
    guard caller.isFrench else { return }
    ours += abs((waited - caller.expected).seconds)
    others += abs((waited - caller.byPosition).seconds)
  }
}
