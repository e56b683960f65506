// Random days of the real distributor: its live numbers are those of the recorded events, to the unit, and every contact
// is in exactly one bucket at every step.

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct ReportsWalkTests {
  @Test(
    "O = A + B + F + waiting at every instant, and the events alone give the same numbers",
    arguments: 0..<40 as Range<UInt64>)
  func days(seed: UInt64) {
    var walk = RandomWalk(seed: seed)
    var whole = Reports()
    var run = Reports()
    func fold(_ floor: Floor) {
      for event in floor.outputs.events {
        whole.add(event)
        // A box that begins anew has counted nothing yet.
        if event.kind == .started { run = Reports() }
        run.add(event)
      }
      floor.outputs = []
    }
    fold(walk.floor)
    for step in 0..<300 {
      walk.step()
      fold(walk.floor)
      let acd = walk.floor.acd
      for queue in whole.queues {
        let numbers = queue.total
        let waiting = acd.calls.count { acd.queues[$0.value.queue].settings.name == queue.name }
        #expect(
          numbers.waiting == Int64(waiting)
            && numbers.offered == numbers.answered + numbers.abandoned + numbers.flowOut + numbers.waiting,
          "seed \(seed), step \(step), \(queue.name)")
      }
      if run != acd.reports {
        Issue.record("seed \(seed), step \(step): the events give other numbers")
        return
      }
    }
    for view in walk.floor.acd.queueViews(at: walk.floor.now) {
      let numbers = run.queues.first { $0.name == view.name }?.total ?? QueueNumbers()
      #expect(numbers.entered == Int64(view.counts.entered), "seed \(seed)")
      #expect(numbers.answered == Int64(view.counts.answered), "seed \(seed)")
      #expect(numbers.abandoned + numbers.abandonedShort == Int64(view.counts.abandoned), "seed \(seed)")
      #expect(numbers.callbacksTaken == Int64(view.counts.callbacksTaken), "seed \(seed)")
      #expect(numbers.callbacksDone == Int64(view.counts.callbacksDone), "seed \(seed)")
      #expect(numbers.overtakes == 0, "seed \(seed)")
    }
    for quarter in whole.intervals {
      let sums = quarter.queues.map(\.numbers)
      #expect(sums.allSatisfy { $0.waiting >= 0 }, "seed \(seed)")
    }
  }

  @Test("rows of all quarters together are the totals")
  func rows() {
    var walk = RandomWalk(seed: 77)
    var reports = Reports()
    for _ in 0..<600 {
      walk.step()
      for event in walk.floor.outputs.events { reports.add(event) }
      walk.floor.outputs = []
    }
    #expect(reports.intervals.count > 1)
    for (index, queue) in reports.queues.enumerated() {
      let rows = reports.intervals.flatMap { $0.queues.filter { $0.index == index }.map(\.numbers) }
      #expect(rows.reduce(0) { $0 + $1.entered } == queue.total.entered)
      #expect(rows.reduce(0) { $0 + $1.offers } == queue.total.offers)
      #expect(rows.reduce(0) { $0 + $1.talkMs } == queue.total.talkMs)
    }
    for (index, agent) in reports.agents.enumerated() {
      let rows = reports.intervals.flatMap { $0.agents.filter { $0.index == index }.map(\.numbers) }
      #expect(rows.reduce(0) { $0 + $1.time.loggedInMs } == agent.total.time.loggedInMs)
      #expect(rows.reduce(0) { $0 + $1.handled } == agent.total.handled)
    }
  }

  @Test("an agent's times add up to the time since it was heard of")
  func agentTimes() throws {
    let floor = Floor(.branch())
    floor.logIn("101", "102")
    floor.enter(1)
    floor.pass(seconds: 7)
    floor.serve(try floor.takeOffer(), seconds: 100)
    floor.pass(seconds: 1000)
    floor.step(.act(.logout(extension: "101"), by: "101"))
    let numbers = try #require(floor.acd.reports.agents.first { $0.name == "101" }?.total)
    #expect(numbers.time.ringingMs == 7_000 && numbers.time.talkingMs == 100_000)
    #expect(numbers.time.wrapUpMs == 10_000 && numbers.time.readyMs == 990_000)
    #expect(numbers.value(.occupancy) == 1057)
  }

  @Test("the overtake meter reads 1 when an older item was passed over")
  func overtakes() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1)
    floor.enter(2)
    floor.checksOracle = false
    // Both wait; the agent is free again, and somebody picks the younger one.
    let keys = floor.acd.classes.flatMap { $0.waiting.all }
    floor.acd.apply(.busyElsewhere(extension: "101", false), at: floor.now)
    let agent = AgentID(index: 0)
    floor.acd.noteOvertakes(by: keys[0], of: QueueID(index: 0), agent: agent, at: floor.now)
    #expect(floor.acd.counters.overtakes == 0)
    floor.acd.noteOvertakes(by: keys[1], of: QueueID(index: 0), agent: agent, at: floor.now)
    #expect(floor.acd.counters.overtakes == 1)
    #expect(floor.acd.reports.queues.first?.total.value(.overtakes) == 1)
  }

  @Test("with skills, rings, ageing and shares, too, nobody is overtaken and every contact is in one bucket")
  func matching() {
    for seed in 500..<512 as Range<UInt64> {
      var walk = MatchingWalk(seed: seed)
      for _ in 0..<300 { walk.step() }
      #expect(walk.acd.counters.overtakes == 0, "seed \(seed)")
      let waiting = walk.acd.reports.queues.reduce(0) { $0 + $1.total.waiting }
      #expect(waiting == Int64(walk.acd.calls.count), "seed \(seed)")
    }
  }

  @Test("only what is as urgent, of the same priority and older is overtaken")
  func overtaken() {
    func key(_ sequence: UInt64, priority: UInt8 = 0, isUrgent: Bool = false) -> ItemKey {
      ItemKey(isUrgent: isUrgent, priority: priority, sequence: sequence, isCallback: false, number: sequence)
    }
    #expect(ACD.overtaken(by: key(3), among: []).isEmpty)
    #expect(ACD.overtaken(by: key(3), among: [key(3), key(5), key(1, priority: 4)]).isEmpty)
    #expect(ACD.overtaken(by: key(3, isUrgent: true), among: [key(1)]).isEmpty)
    #expect(ACD.overtaken(by: key(3), among: [key(4), key(2)]) == [key(2)])
  }
}

extension OrderedKeys {
  fileprivate var all: [Key] {
    var keys: [Key] = []
    forEach {
      keys.append($0)
      return true
    }
    return keys
  }
}
