import Basics
import BranchConfiguration
import Journal
import Testing

@testable import Simulation

/// Faults are planted here: an auditor that finds none of them would prove nothing.
@Suite("Auditor")
struct AuditorTests {
  private static let customer: ByteString = "13800000001"
  private static let number: ByteString = "+8613800000001"

  private static func at(_ seconds: Int) -> Instant { Instant(nanoseconds: Int64(seconds) * 1_000_000_000) }

  /// A disk with one callback in that state, written at second 5.
  private static func disk(_ state: CallbackFact.State = .dialling, id: UInt64 = 1) -> SimulatedStorage {
    var disk = SimulatedStorage(seed: 1)
    var fact = CallbackFact(
      id: id, queue: "service", number: number, rawNumber: customer, callerName: "", dialledNumber: "600", sequence: 1,
      enqueuedAt: WallTime(seconds: 1), requestedAt: WallTime(seconds: 1), notBefore: WallTime(seconds: 1),
      expiresAt: WallTime(seconds: 9_999))
    fact.state = state
    disk.submit(Batch(ticket: Ticket(1), facts: [.callback(fact)], urgency: .promise), at: at(4))
    _ = disk.report(at: at(5))
    return disk
  }

  private static func calling() -> Auditor {
    var auditor = Auditor()
    auditor.customerCalls(customer, at: at(1))
    return auditor
  }

  @Test("a goodbye before the promise is on the disk")
  func earlyGoodbye() {
    var auditor = Self.calling()
    auditor.customerHearsGoodbye(Self.customer, disk: SimulatedStorage(seed: 1), at: Self.at(6))
    #expect(auditor.violations.count == 1)
  }

  @Test("a goodbye for which only an older promise is on the disk")
  func staleGoodbye() {
    var auditor = Self.calling()
    auditor.customerCalls(Self.customer, at: Self.at(7))
    auditor.customerHearsGoodbye(Self.customer, disk: Self.disk(), at: Self.at(8))
    #expect(auditor.violations.count == 1)
  }

  @Test("the same customer rung twice at once")
  func doubleDial() {
    var auditor = Self.calling()
    let rings = SoftPhone.Story.rings(number: Self.customer, from: "600", name: "")
    auditor.carrierSees(rings, disk: Self.disk(), at: Self.at(20))
    #expect(auditor.violations == [])
    auditor.carrierSees(rings, disk: Self.disk(), at: Self.at(21))
    #expect(auditor.violations.count == 1)
  }

  @Test("a dial of which the disk knows nothing")
  func unknownDial() {
    var auditor = Self.calling()
    let rings = SoftPhone.Story.rings(number: Self.customer, from: "600", name: "")
    auditor.carrierSees(rings, disk: Self.disk(.pending), at: Self.at(20))
    #expect(auditor.violations.count == 1)
  }

  @Test("a customer called again after the conversation")
  func calledAgain() {
    var auditor = Self.calling()
    for start in [20, 60] {
      auditor.carrierSees(.rings(number: Self.customer, from: "600", name: ""), disk: Self.disk(), at: Self.at(start))
      auditor.carrierSees(.talks(number: Self.customer), disk: Self.disk(), at: Self.at(start + 2))
      auditor.carrierSees(
        .ended(number: Self.customer, status: 200, wasAnswered: true), disk: Self.disk(), at: Self.at(start + 12))
    }
    #expect(auditor.violations.count == 1 && auditor.conversations == 2)
  }

  @Test("a promise that nobody keeps")
  func forgotten() {
    var auditor = Self.calling()
    auditor.customerHearsGoodbye(Self.customer, disk: Self.disk(.pending), at: Self.at(6))
    #expect(auditor.violations == [])
    #expect(auditor.unkept(on: Self.disk(.cancelled)).count == 1)
    #expect(auditor.unkept(on: Self.disk(.pending)).count == 2)
  }

  @Test(
    "a promise is kept by a live conversation afterwards, if that was long enough, and the customer was there",
    arguments: [(talk: 20, hangsUp: 45, isKept: true), (23, 24, false), (20, 22, false), (4, 45, false)])
  func servedLive(talk: Int, hangsUp: Int, isKept: Bool) {
    var auditor = Self.calling()
    auditor.customerHearsGoodbye(Self.customer, disk: Self.disk(.pending), at: Self.at(6))
    let ended = SoftPhone.Story.ended(number: "600", status: 200, wasAnswered: true)
    auditor.customerSees(ended, number: Self.customer, at: Self.at(7))
    auditor.customerCalls(Self.customer, at: Self.at(15))
    let caller = SoftPhone.Caller(number: Self.customer, since: Self.at(16), talkingSince: Self.at(talk))
    auditor.phoneSees(.talks(number: "101"), person: 0, callers: [caller], at: Self.at(talk))
    auditor.customerSees(ended, number: Self.customer, at: Self.at(hangsUp))
    auditor.phoneSees(.ended(number: "101", status: 200, wasAnswered: true), person: 0, callers: [], at: Self.at(46))
    #expect(auditor.unkept(on: SimulatedStorage(seed: 1)).isEmpty == isKept)
  }

  @Test("two offers on one phone, and a phone that rings for a caller who is gone")
  func agents() {
    var auditor = Self.calling()
    let rings = SoftPhone.Story.rings(number: "101", from: Self.customer, name: "")
    let caller = SoftPhone.Caller(number: Self.customer, since: Self.at(2), talkingSince: nil)
    auditor.phoneSees(rings, person: 0, callers: [caller], at: Self.at(2))
    auditor.customerSees(.ended(number: "600", status: 200, wasAnswered: true), number: Self.customer, at: Self.at(3))
    auditor.phoneSees(.ended(number: "101", status: 487, wasAnswered: false), person: 0, callers: [], at: Self.at(30))
    #expect(auditor.violations.count == 1)
    auditor.phoneSees(rings, person: 1, callers: [caller, caller], at: Self.at(31))
    auditor.phoneSees(.talks(number: "101"), person: 1, callers: [caller, caller], at: Self.at(33))
    auditor.phoneSees(
      .ended(number: "101", status: 200, wasAnswered: true), person: 1, callers: [caller], at: Self.at(45))
    #expect(auditor.violations.count == 2)
  }

  @Test("a number that is used twice")
  func numbersTwice() {
    var disk = SimulatedStorage(seed: 1)
    let call = CallFact(
      id: 7, from: "101", to: "102", destination: "", startedAt: WallTime(seconds: 1), answeredAt: nil,
      endedAt: WallTime(seconds: 2), status: 480, hungUpByCaller: false)
    for ticket in 1...2 {
      disk.submit(
        Batch(ticket: Ticket(UInt64(ticket)), facts: [.call(call)], urgency: .grouped), at: Self.at(ticket))
      _ = disk.report(at: Self.at(ticket + 2))
    }
    #expect(Auditor().unkept(on: disk).count == 1)
  }
}
