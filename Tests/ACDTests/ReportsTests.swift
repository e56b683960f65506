// The numbers against the definitions, and against what the distributor itself has counted.

import Basics
import Journal
import Testing

@testable import ACD

/// A log written by hand.
private struct Log {
  var reports = Reports()
  var seconds: Int64 = 1_772_352_900  // 08:15:00
  private var lastItem: UInt64 = 0

  mutating func add(
    _ kind: QueueEventFact.Kind, item: UInt64 = 0, queue: ByteString = "sales", agent: ByteString = "",
    lasting: Int64 = 0, detail: ByteString = ""
  ) {
    reports.add(
      QueueEventFact(
        kind, at: WallTime(seconds: seconds), queue: queue, item: item, agent: agent, milliseconds: lasting * 1_000,
        detail: detail))
  }

  /// A contact that comes now and whose wait ends so.
  mutating func contact(_ end: QueueEventFact.Kind, after wait: Int64, detail: ByteString = "20 5") {
    lastItem += 1
    add(.entered, item: lastItem)
    seconds += wait
    add(end, item: lastItem, agent: end == .answered ? "101" : "", lasting: wait, detail: detail)
    seconds -= wait
  }

  var sales: QueueNumbers { reports.queues.first { $0.name == "sales" }?.total ?? QueueNumbers() }
  func agent(_ name: ByteString) -> AgentNumbers {
    reports.agents.first { $0.name == name }?.total ?? AgentNumbers()
  }
}

@Suite struct ReportsTests {
  @Test("the worked case: 70 answered in T, 10 abandoned in T, 20 late, of 100")
  func workedCase() {
    var log = Log()
    for _ in 0..<70 { log.contact(.answered, after: 20) }
    for _ in 0..<10 { log.contact(.abandoned, after: 20) }
    for _ in 0..<20 { log.contact(.answered, after: 21) }
    #expect(log.sales.value(.serviceLevelIgnoreAbandoned) == 7778)
    #expect(log.sales.value(.serviceLevelOffered) == 7000)
    #expect(log.sales.value(.serviceLevelAbandonAsMet) == 8000)
    #expect(log.sales.value(.serviceLevelAnswered) == 7778)
    #expect(log.sales.value(.abandonRate) == 1000)
    #expect(log.sales.value(.averageSpeedOfAnswer) == 20_222)
    #expect(log.sales.offered == 100 && log.sales.waiting == 0)
  }

  @Test("abandoned before S it is out of O and B; at S it is in")
  func shortAbandon() {
    var log = Log()
    log.contact(.abandoned, after: 4)
    log.contact(.abandoned, after: 5)
    log.contact(.answered, after: 1)
    #expect(log.sales.value(.abandonShort) == 1)
    #expect(log.sales.value(.offered) == 2 && log.sales.value(.abandonRate) == 5000)
  }

  @Test("T and S of the instant count: changing them rewrites nothing")
  func thresholds() {
    var log = Log()
    log.contact(.answered, after: 15, detail: "20 5")
    log.contact(.answered, after: 15, detail: "10 5")
    log.contact(.abandoned, after: 8, detail: "10 9")
    log.contact(.abandoned, after: 8, detail: "nonsense")
    #expect(log.sales.answeredInTime == 1 && log.sales.abandonedShort == 1 && log.sales.abandonedInTime == 1)
  }

  @Test("a contact belongs to the quarter in which it came, work to the one in which it was done")
  func quarters() {
    var log = Log()
    log.seconds += 899
    log.contact(.answered, after: 30)
    log.seconds += 30
    log.add(.completed, agent: "101", lasting: 20)
    #expect(log.reports.intervals.map(\.start.seconds) == [1_772_352_900, 1_772_353_800])
    #expect(log.reports.intervals[0].queues[0].numbers.answered == 1)
    #expect(log.reports.intervals[0].queues[0].numbers.handled == 0)
    #expect(log.reports.intervals[1].queues[0].numbers.handled == 1)
    // An agent answers when it answers.
    #expect(log.reports.intervals[0].agents.isEmpty && log.reports.intervals[1].agents[0].numbers.answered == 1)
  }

  @Test("time in a state is split at the borders of the quarters, and nothing of it is lost")
  func states() {
    var log = Log()
    log.seconds += 300
    log.add(.agentStateLeft, queue: "", agent: "101", lasting: 2400, detail: "ready")
    let parts = log.reports.intervals.map { $0.agents[0].numbers.time.readyMs }
    #expect(parts == [300_000, 900_000, 900_000, 300_000].map { Int64($0) })
    #expect(log.agent("101").time.readyMs == 2_400_000)
    log.add(.agentStateLeft, queue: "", agent: "101", lasting: 100, detail: "offered")
    log.add(.agentStateLeft, queue: "", agent: "101", lasting: 1000, detail: "talking")
    log.add(.agentStateLeft, queue: "", agent: "101", lasting: 500, detail: "wrap-up")
    log.add(.agentStateLeft, queue: "", agent: "101", lasting: 1000, detail: "not-ready lunch break")
    log.add(.agentStateLeft, queue: "", agent: "101", lasting: 9999, detail: "logged-out")
    #expect(log.agent("101").value(.occupancy) == 4000)
    #expect(log.agent("101").value(.utilisation) == 3000)
  }

  @Test("every state that an agent can be shown in has its place in the numbers")
  func allStates() {
    for state in ACD.AgentState.allCases {
      var times = StateTimes()
      times.add(1000, in: ByteString(state.name))
      #expect(times.otherMs == 0, "\(state)")
      #expect(times.loggedInMs == (state == .loggedOut ? 0 : 1000), "\(state)")
    }
  }

  @Test("handling, no answer and transfers")
  func work() {
    var log = Log()
    for _ in 0..<4 { log.add(.offered, agent: "101") }
    log.add(.offerUnanswered, agent: "101")
    for _ in 0..<3 {
      log.add(.completed, agent: "101", lasting: 100)
      log.add(.wrapUpEnded, agent: "101", lasting: 11)
    }
    log.add(.held, agent: "101", lasting: 40)
    log.add(.transferred, agent: "101")
    for value in [log.sales.value, log.agent("101").value] as [(Metric) -> Int64?] {
      #expect(value(.averageHandlingTime) == 111_000)
      #expect(value(.noAnswerRate) == 2500)
      #expect(value(.transferRate) == 3333)
    }
    #expect(log.sales.holdMs == 40_000)
  }

  @Test("callbacks: waits from both beginnings, success, the share of first attempts, causes")
  func callbacks() {
    var log = Log()
    for item in 1...4 as ClosedRange<UInt64> {
      log.add(.entered, item: item)
      log.seconds += 60
      log.add(.callbackOffered, item: item)
      log.add(.callbackRequested, item: item, lasting: 60)
    }
    log.seconds += 100
    for item in 1...3 as ClosedRange<UInt64> { log.add(.callbackDialled, item: item) }
    log.add(.callbackAttemptFailed, item: 2, detail: "busy")
    log.add(.callbackConnected, item: 1, agent: "101", lasting: 340)
    log.add(.callbackDone, item: 1)
    log.add(.callbackDialled, item: 2)
    log.add(.callbackConnected, item: 2, agent: "101", lasting: 280)
    log.add(.callbackDone, item: 2)
    log.add(.callbackAttemptFailed, item: 3, detail: "final")
    log.add(.callbackFailed, item: 3)
    log.add(.callbackCancelled, item: 4)
    let sales = log.sales
    #expect(sales.value(.callbackOffered) == 4 && sales.value(.callbackAccepted) == 4)
    #expect(sales.value(.flowOut) == 4 && sales.waiting == 0 && sales.value(.abandonRate) == 0)
    #expect(sales.value(.callbackWaitFromEntry) == 310_000)
    #expect(sales.value(.callbackWaitFromRequest) == 250_000)
    #expect(sales.value(.callbackSuccess) == 6667)
    #expect(sales.value(.callbackFirstAttempt) == 5000)
    #expect(sales.value(.callbackFailedBusy) == 1 && sales.value(.callbackFailedFinal) == 1)
    #expect(sales.value(.callbackFailedOther) == 0 && sales.value(.callbackCancelled) == 1)
    #expect(log.agent("101").answered == 2)
  }

  @Test("the first wait that was told is held against the wait that came")
  func estimates() {
    var log = Log()
    for (item, actual) in [(1, 60), (2, 300), (3, 310), (4, 480)] as [(UInt64, Int64)] {
      log.add(.entered, item: item)
      log.seconds += 10
      log.add(.announced, item: item, lasting: 300)
      log.seconds += 5
      log.add(.announced, item: item, lasting: 60)
      log.seconds += actual - 5
      log.add(.answered, item: item, agent: "101", lasting: actual + 10)
    }
    #expect(log.sales.announced == 8 && log.sales.value(.estimateTold) == 4)
    #expect(log.sales.value(.estimateErrorMedian) == 0)
    #expect(log.sales.value(.estimateErrorP90) == 180_000)
    #expect(log.sales.value(.estimateKept) == 5000)
  }

  @Test("percentiles are rounded upwards to ten seconds, and two spreads add up to that of all")
  func spread() {
    var (odd, even, all) = (Spread(), Spread(), Spread())
    for value in (-40...60).map({ Int64($0) * 1_000 }) {
      all.add(value)
      if value % 2_000 == 0 { even.add(value) } else { odd.add(value) }
    }
    odd.add(even)
    #expect(odd == all && all.count == 101)
    #expect(all.percentile(50) == 10_000 && all.percentile(90) == 50_000 && all.percentile(100) == 60_000)
    all.add(.max / 2)
    #expect(all.percentile(100) == 3_600_000)
    #expect(Spread().percentile(50) == nil)
  }

  @Test("an item that is moved flows out of one queue and is offered to the other")
  func moved() {
    var log = Log()
    log.add(.entered, item: 1)
    log.seconds += 30
    log.add(.moved, item: 1, detail: "support")
    log.seconds += 30
    log.add(.answered, item: 1, queue: "support", agent: "101", lasting: 60)
    #expect(log.sales.flowOut == 1 && log.sales.waiting == 0)
    let support = log.reports.queues[1].total
    #expect(support.offered == 1 && support.answered == 1 && support.answeredWaitMs == 60_000)
  }

  @Test("a broken line goes on as one contact, and so does a caller who takes the place of the own callback")
  func rejoined() {
    var log = Log()
    log.add(.entered, item: 1)
    log.seconds += 10
    log.add(.rejoined, item: 1)
    log.add(.callbackRequested, item: 1, lasting: 10)
    log.seconds += 60
    log.add(.entered, item: 5)
    log.add(.rejoined, item: 1, detail: "5")
    #expect(log.sales.entered == 2 && log.sales.waiting == 1 && log.sales.rejoined == 2)
    log.add(.answered, item: 1, agent: "101", lasting: 70)
    log.add(.callbackDone, item: 1)
    #expect(log.sales.waiting == 0 && log.sales.answered == 1 && log.sales.callbacksTaken == 1)
    #expect(log.reports.counters.unknownContacts == 0)
  }

  @Test("the longest waits, live and callback apart")
  func longest() {
    var log = Log()
    log.add(.entered, item: 1)
    log.seconds += 10
    log.add(.callbackRequested, item: 1, lasting: 10)
    log.add(.entered, item: 2)
    log.seconds += 5
    let longest = log.reports.longestWaiting(in: "sales", at: WallTime(seconds: log.seconds))
    #expect(longest == (5_000, 15_000))
  }

  @Test("an end without a beginning brings it along; what waited when the box stopped is lost")
  func brokenLog() {
    var log = Log()
    log.add(.answered, item: 7, agent: "101", lasting: 1000, detail: "20 5")
    #expect(log.sales.offered == 1 && log.sales.waiting == 0 && log.reports.counters.unknownContacts == 1)
    #expect(log.reports.intervals[0].start.seconds == 1_772_352_900 - 1800)
    log.add(.entered, item: 8)
    log.add(.entered, item: 9)
    #expect(log.sales.waiting == 2)
    log.add(.started, queue: "")
    #expect(log.sales.waiting == 0 && log.sales.lost == 2 && log.sales.flowOut == 2)
  }

  @Test("intervals, rows, names and open contacts are bounded, and the totals go on")
  func bounds() {
    var log = Log()
    for _ in 0..<300 {
      log.contact(.answered, after: 1)
      log.seconds += 900
    }
    #expect(log.reports.intervals.count == Reports.Limits.intervals && log.sales.answered == 300)
    #expect(log.reports.counters.intervalsDropped == 300 - Reports.Limits.intervals)
    log.seconds -= 299 * 900
    log.contact(.answered, after: 1)
    #expect(log.reports.counters.tooOld > 0 && log.sales.answered == 301)

    var wide = Log()
    for agent in 0..<Reports.Limits.agents + 5 {
      wide.add(.agentStateLeft, queue: "", agent: ByteString(agent), lasting: 900 * 20, detail: "ready")
    }
    #expect(wide.reports.rowCount <= Reports.Limits.rows)
    #expect(wide.reports.rowCount == wide.reports.intervals.reduce(0) { $0 + $1.rowCount })
    #expect(wide.reports.counters.nameLimitHit == 5)
    for item in 1...UInt64(Reports.Limits.open + 3) { wide.add(.entered, item: item) }
    #expect(wide.reports.contacts.count == Reports.Limits.open)
    #expect(wide.sales.lost == 3 && wide.sales.waiting == Int64(Reports.Limits.open))
  }

  @Test("rows that no distributor wrote do not break it")
  func hostile() {
    var random = SeededRandom(seed: 5)
    var reports = Reports()
    let extremes: [Int64] = [.min, -1, 0, 1, .max, 1_772_352_900_000_000]
    for _ in 0..<5_000 {
      reports.add(
        QueueEventFact(
          QueueEventFact.Kind.allCases[random.below(QueueEventFact.Kind.allCases.count)],
          at: WallTime(microseconds: extremes[random.below(extremes.count)]),
          queue: random.chance(percent: 50) ? "sales" : "", item: UInt64(random.below(4)),
          agent: random.chance(percent: 50) ? "101" : "", milliseconds: extremes[random.below(extremes.count)],
          detail: ["", "sales", "20 5", "99999999999999999999 1", "ready", "7"][random.below(6)]))
    }
    for queue in reports.queues { #expect(queue.total.waiting >= 0) }
  }

  @Test("every metric has an id of its own, by which it is found")
  func ids() {
    for metric in Metric.allCases { #expect(Metric(id: ByteString(metric.id)) == metric) }
    #expect(Set(Metric.allCases.map { ByteString($0.id) }).count == Metric.allCases.count)
  }
}
