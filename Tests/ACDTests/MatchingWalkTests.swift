// Whatever the configuration, the engine makes the offers that the definition of matching makes.

import Testing

@testable import ACD

@Suite struct MatchingWalkTests {
  @Test("The engine and the naive definition agree on every offer", arguments: [0, 1, 2, 3] as [UInt64])
  func agreement(part: UInt64) {
    var offers = 0
    for seed in stride(from: part, to: 160, by: 4) {
      var walk = MatchingWalk(seed: seed)
      for index in 0..<300 where walk.complaint == nil {
        walk.step()
        if let complaint = walk.complaint { Issue.record("seed \(seed), step \(index): \(complaint)") }
      }
      guard walk.complaint == nil else { return }
      offers += walk.offersMade
    }
    #expect(offers > 1000)
  }
}
