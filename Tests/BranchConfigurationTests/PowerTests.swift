import Basics
import BranchConfiguration
import Configuration
import Testing

@Suite("The power line")
struct PowerTests {
  private func power(_ block: String) throws -> BranchSettings.PowerWarning? {
    try #require(reading("listen udp 0.0.0.0:5060\n" + block).settings).power
  }

  @Test("a line of a chip, or a file; low is what fails, unless it is said")
  func sources() throws {
    #expect(try power("") == nil && power("power { }") == nil)
    #expect(
      try power("power { warning gpio /dev/gpiochip0 17 }")
        == BranchSettings.PowerWarning(
          .gpio("/dev/gpiochip0", line: 17, debounce: .milliseconds(50)), isActiveLow: true))
    #expect(
      try power("power { warning gpio /dev/gpiochip1 0; active high; debounce 0s }")
        == BranchSettings.PowerWarning(.gpio("/dev/gpiochip1", line: 0, debounce: .zero), isActiveLow: false))
    #expect(
      try power("power { warning file /sys/class/power_supply/AC/online }")
        == BranchSettings.PowerWarning(.file("/sys/class/power_supply/AC/online"), isActiveLow: true))
  }

  @Test(
    "what is not understood is told",
    arguments: [
      "power { warning gpio gpiochip0 17 }", "power { warning gpio /dev/gpiochip0 }",
      "power { warning gpio /dev/gpiochip0 -1 }", "power { warning mains }", "power { active middle }",
      "power { debounce 11s }",
    ])
  func faults(_ block: String) {
    #expect(reading("listen udp 0.0.0.0:5060\n" + block).errors.count == 1)
  }
}
