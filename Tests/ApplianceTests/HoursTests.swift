import Basics
import Simulation
import Testing

@Suite("A queue with hours")
struct HoursTests {
  /// The simulated box gets its power at midnight between 2025-12-31 and 2026-01-01, a Thursday, UTC.
  private static let night: ByteString = """
    zone +00:00
    hours office { thursday 00:01-00:03 }
    queue office { number 601; agents 101; wrap-up 0s; hours office; else extension 102 }

    """

  @Test("outside its hours callers go where the queue's else leads; it opens and closes by itself")
  func opensAndCloses() throws {
    let branch = try Branch(more: Self.night)
    branch.logIn()
    branch.call(2, "601")
    #expect(branch.rings(1) && !branch.world.stories(of: 0).contains { $0.isRing })
    branch.wait(3)
    branch.hangUp(2)
    branch.wait(60)
    branch.call(2, "601")
    #expect(branch.rings(0))
    branch.wait(3)
    branch.hangUp(2)
    branch.wait(120)
    let before = branch.count(0) { $0.isRing }
    branch.call(2, "601")
    branch.wait(3)
    #expect(branch.count(0) { $0.isRing } == before && branch.count(1) { $0.isRing } == 2)
  }

  @Test("after a restart at night the queue is closed")
  func restart() throws {
    let branch = try Branch(more: Self.night)
    branch.logIn()
    branch.world.cutPower()
    branch.wait(8)
    branch.call(2, "601")
    #expect(branch.rings(1) && !branch.world.stories(of: 0).contains { $0.isRing })
  }
}
