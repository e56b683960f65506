import Basics
import Journal
import Testing

@testable import Simulation

@Suite("Simulated storage")
struct SimulatedStorageTests {
  private static func batch(_ ticket: UInt64, _ urgency: Batch.Urgency) -> Batch {
    Batch(
      ticket: Ticket(ticket), facts: [.agent(AgentFact(extension: ByteString(Int(ticket)), loggedIn: true))],
      urgency: urgency)
  }
  private static func reports(_ disk: inout SimulatedStorage, until end: Instant) -> [SimulatedStorage.Report] {
    var reports: [SimulatedStorage.Report] = []
    while let due = disk.nextDeadline, due <= end {
      if let report = disk.report(at: due) { reports.append(report) }
    }
    return reports
  }
  private static let later = Instant.zero + .seconds(5)

  @Test("what was not synced is gone after a power cut")
  func powerCut() {
    var disk = SimulatedStorage(seed: 1)
    disk.submit(Self.batch(1, .promise), at: .zero)
    #expect(Self.reports(&disk, until: .zero + .seconds(1)) == [.durable(Ticket(1))])
    disk.submit(Self.batch(2, .promise), at: Self.later)
    disk.cutPower()
    #expect(disk.nextDeadline == nil && disk.restored().agents.map(\.extension) == ["1"])
  }

  @Test("a full disk refuses promises until it says so, and writes everything else when it can")
  func full() {
    var disk = SimulatedStorage(seed: 1)
    disk.isFull = true
    disk.submit(Self.batch(1, .grouped), at: .zero)
    disk.submit(Self.batch(2, .promise), at: .zero)
    disk.submit(Self.batch(3, .promise), at: .zero)
    #expect(Self.reports(&disk, until: Self.later) == [.failed(Ticket(2))])
    disk.isFull = false
    disk.submit(Self.batch(4, .promise), at: Self.later)
    #expect(Self.reports(&disk, until: Self.later + .seconds(5)).last == .durable(Ticket(4)))
    #expect(disk.restored().agents.map(\.extension) == ["1", "4"])
    #expect(disk.refusedPromises == 2)
  }
}
