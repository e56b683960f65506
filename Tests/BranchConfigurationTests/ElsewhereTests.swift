import Basics
import BranchConfiguration
import Configuration
import Testing

@Suite("A queue that leads to another branch")
struct ElsewhereTests {
  private func text(_ destination: String) -> String {
    """
    listen udp 0.0.0.0:5060
    extension 101 { secret "first one" }
    trunk north { peer { address 10.9.0.1:5060; sources 10.9.0.0/16 }; channels 6 }
    queue service { number 600; agents 101; else \(destination) }
    """
  }

  @Test("the trunk and the number there are one destination; the place is kept while it is tried")
  func settings() throws {
    let settings = try #require(reading(text("branch north 700")).settings)
    #expect(settings.queues[0].otherwise == .branch(trunk: "north", number: "700"))
    #expect(settings.otherwise(of: settings.queues[0]) == .trunk(["north"], "700"))
    #expect(settings.distributor.queues[0].triesElsewhere)
    let inside = try #require(reading(text("extension 101")).settings)
    #expect(!inside.distributor.queues[0].triesElsewhere)
  }

  @Test(
    "a trunk that is not there, and a number that is missing, are told",
    arguments: ["branch south 700", "branch north"])
  func faults(_ destination: String) { #expect(reading(text(destination)).errors.count == 1) }
}
