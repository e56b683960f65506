// The power line and the distributor: a level makes a brown-out begin and end, once each.

import Appliance
import Basics
import Testing

@Suite struct PowerTests {
  @Test("a failing power is told to those who wait at once, by the line's name, and ends when the line says so")
  func line() throws {
    let branch = try Branch(sound: true)
    branch.call(branch.customer, "600")
    branch.wait(5)
    #expect(branch.says(.status, #""powerLine":"unwatched","brownOut":false"#))
    branch.world.power(.good)
    #expect(branch.says(.status, #""powerLine":"good","brownOut":false"#))
    branch.world.power(.failing)
    branch.world.power(.failing)
    #expect(branch.says(.status, #""powerLine":"failing","brownOut":true"#))
    #expect(branch.says(.audit, #""by":"power-line","act":"brown-out""#))
    // What the line said last stays in force while it cannot be read.
    branch.world.power(.unreadable)
    #expect(branch.says(.status, #""powerLine":"unreadable","brownOut":true"#))
    branch.world.power(.good)
    #expect(branch.says(.status, #""powerLine":"good","brownOut":false"#))
    #expect(Self.acts(branch) == 2)
    branch.world.power(.unreadable)
    branch.world.power(.good)
    #expect(Self.acts(branch) == 2)
  }

  private static func acts(_ branch: Branch) -> Int { branch.world.ask(.audit).ranges(of: "power-line").count }
}
