import Basics
import BranchConfiguration
import Testing

@testable import Simulation

@Suite("Scenario")
struct ScenarioTests {
  private static func outcome(_ seed: UInt64) throws -> Scenario.Outcome {
    let reading = BranchSettings.parse(Scenario.configuration.bytes)
    let settings = try #require(reading.settings)
    var scenario = Scenario(seed: seed, settings: settings)
    return scenario.run()
  }

  @Test("the same seed lives through the same morning, another one through another")
  func reproducible() throws {
    let first = try Self.outcome(7)
    let again = try Self.outcome(7)
    let other = try Self.outcome(8)
    #expect(first.hash == again.hash && first.faults == again.faults)
    #expect(first.hash != other.hash)
  }

  @Test(
    "a morning has calls, answers, promises and faults, and nothing happens that must not",
    arguments: 1...4 as ClosedRange<UInt64>)
  func morning(_ seed: UInt64) throws {
    let outcome = try Self.outcome(seed)
    #expect(outcome.violations == [], "seed \(seed)")
    #expect(outcome.shortcomings == [], "seed \(seed)")
    #expect(outcome.promises > 0 && outcome.conversations > 0 && outcome.faults > 0, "seed \(seed)")
  }

  @Test("a call cut by the power is made up for by the customer who calls in and talks", arguments: [14, 22, 118, 202])
  func servedLive(_ seed: UInt64) throws {
    #expect(try Self.outcome(seed).violations == [])
  }

  @Test("a run in which nothing happened is no proof")
  func shortcomings() {
    let idle = Scenario.Outcome(
      seed: 1, hash: 0, virtualSeconds: 1, customerCalls: 0, answered: 0, promises: 0, conversations: 0, crashes: 0,
      refusedWrites: 0, faults: 0, violations: [])
    #expect(!idle.shortcomings.isEmpty)
  }
}
