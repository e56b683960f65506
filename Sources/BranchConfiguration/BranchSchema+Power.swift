// What tells this box that its power is failing.

import Basics
import Configuration

extension BranchSchema {
  static var powerBlock: SchemaNode {
    SchemaNode(
      block: "power", effect: .waiting, help: Help("What says that the power is failing", "断电告警的来源"),
      [
        SchemaNode(
          "warning", .init("source", .choice(powerSources)),
          help: Help(
            "The line to watch; while it is active, those who wait are offered callbacks and nobody enters",
            "监视的信号；有效期间为排队者提供回呼，不再接受新的排队")),
        SchemaNode(
          "active", .init("level", .choice(powerLevels)), default: "low",
          help: Help("The level that means a failing power", "表示电力告警的电平")),
        SchemaNode(
          "debounce", .init("duration", .duration(0...10_000)), default: "50ms",
          help: Help("A GPIO line must hold its level for so long to count", "GPIO 电平保持多久才算有效")),
      ])
  }

  static var powerSources: [Choice] {
    [
      Choice(
        "gpio", .init("chip", .path), .init("line", .integer(0...65_535, unit: "")),
        help: Help("A line of a GPIO chip, such as /dev/gpiochip0 17", "GPIO 芯片的一根线，例如 /dev/gpiochip0 17")),
      Choice(
        "file", .init("path", .path),
        help: Help(
          "A file with 0 or 1, read every second, such as /sys/class/power_supply/AC/online",
          "内容为 0 或 1 的文件，每秒读取，例如 /sys/class/power_supply/AC/online")),
    ]
  }

  static var powerLevels: [Choice] {
    [Choice("low", help: Help("0", "低电平")), Choice("high", help: Help("1", "高电平"))]
  }
}

extension BranchReader {
  func power() -> BranchSettings.PowerWarning? {
    guard let section = root.section("power") else { return nil }
    let words = section.values("warning")
    // In the order of `BranchSchema.powerSources`.
    guard case .choice(let index)? = words.first, case .text(let path)? = words.dropFirst().first else { return nil }
    let isActiveLow = section.choice("active") != 1
    guard index == 0 else { return BranchSettings.PowerWarning(.file(path), isActiveLow: isActiveLow) }
    guard case .integer(let line)? = words.dropFirst(2).first else { return nil }
    let source = BranchSettings.PowerWarning.Source.gpio(
      path, line: UInt32(clamping: line), debounce: .milliseconds(section.milliseconds("debounce")))
    return BranchSettings.PowerWarning(source, isActiveLow: isActiveLow)
  }
}
