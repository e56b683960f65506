// The line that warns of a failing power: a file, and a GPIO line on an emulated board with a kernel of its own.

import Foundation
import Harness

/// Where the carrier's side is, and where it sees the board's ports: addresses of this machine for as long as the case
/// runs. The board takes those of 127.0.0.0/8 for its own.
private let carrier = "203.0.113.9"
private let router = "203.0.113.1"
private let pin = 3
private let music = 500.0
private let warning = 1300.0

extension Site {
  private func addAddress(_ address: String) throws {
    try ChildProcess.run("ip", ["address", "add", address + "/32", "dev", "lo"])
    undo { _ = try? ChildProcess.run("ip", ["address", "del", address + "/32", "dev", "lo"]) }
  }

  /// What the box plays is told apart by tones in place of the music and of the warning.
  private func writePrompts() throws {
    for (name, tone, seconds) in [("music", music, 5.0), ("power-is-failing", warning, 1.5)] {
      let file = try workspace.write("board/prompts/en/\(name).wav", "")
      try Recording.tone(tone, seconds: seconds).writeWAV(to: URL(fileURLWithPath: file))
    }
  }

  /// A box that watches one line of its board's chip; its ports are at `router`.
  fileprivate func board(power: String) throws -> EmulatedBoard {
    guard let boardRoot, let program = binary.last else { throw Failure("there is no kernel for a board") }
    for address in [carrier, router] { try addAddress(address) }
    try writePrompts()
    let configuration = configuration(
      listen: EmulatedBoard.address, database: "/tmp/branch.db", queue: "join always",
      network: "local 10.0.2.0/24; external-address \(router)", carrier: "\(carrier):\(Self.carrierPort)",
      sources: "\(carrier)/32", prompts: "/branch/prompts", extra: "power { \(power) }")
    try workspace.write("board/branch.conf", configuration)
    let initramfs = workspace.path("initramfs")
    try ChildProcess.run(
      Self.root.appendingPathComponent("Scripts/lib/guest.sh").path,
      [boardRoot, program, workspace.path("board"), initramfs])
    let images = try FileManager.default.contentsOfDirectory(atPath: boardRoot + "/boot")
    guard let kernel = images.first(where: { $0.hasPrefix("vmlinuz") }) else { throw Failure("no kernel: \(images)") }
    let board = try EmulatedBoard(
      kernel: boardRoot + "/boot/" + kernel, initramfs: initramfs, forwarding: ["\(router):\(Self.boxPort)"],
      untilReady: "daemon.started")
    add(board.process)
    return board
  }
}

private func status(_ box: Box) throws -> [String: Any] { try box.ask("status") as? [String: Any] ?? [:] }

/// A line whose edges are missed is looked at every 10 s; within so long it was an edge that told.
private let atOnce = 5.0

let powerCases = [
  Case("power-line", "a file that says the power fails offers callbacks to who waits, until it says the contrary") {
    site in
    let file = site.workspace.path("mains")
    try "1\n".write(toFile: file, atomically: true, encoding: .utf8)
    let box = try site.box(site.configuration(queue: "join always", extra: "power { warning file \"\(file)\" }"))
    let caller = try site.call("02155550000", talk: 9_000)
    try box.wait("the caller waits") { _ in try queue(box)["waiting"] as? Int == 1 }
    try expect(status(box)["powerLine"] as? String == "good", "the line is not read")
    try "0\n".write(toFile: file, atomically: true, encoding: .utf8)
    try box.wait("the brown-out begins") { try status($0)["brownOut"] as? Bool == true }
    try box.process.wait(for: "power.failing")
    try "1\n".write(toFile: file, atomically: true, encoding: .utf8)
    try box.wait("the brown-out ends") { try status($0)["brownOut"] as? Bool == false }
    try caller.succeed()
    try box.stop()
  },
  Case(
    "power-gpio", "a GPIO line falls: who waits is offered a callback at once; it rises: all is as before",
    needsBoard: true
  ) { site in
    // Nothing pulls the pin up, so that the power fails from the start.
    let board = try site.board(power: "warning gpio /dev/gpiochip0 \(pin); debounce 1s")
    let log = board.process
    try log.wait(for: "power.failing")
    try board.set(pin: pin, isHigh: true)
    try log.wait(for: "power.back", seconds: atOnce)
    let voice = try site.voice(port: 18200, tone: nil, address: carrier)
    _ = try site.sipp(
      "caller", "call", to: "\(router):\(Site.boxPort)", at: .init(address: carrier, port: 15082),
      values: ["to": "02155550000", "from": "13812345678", "talk": "60000", "voice": "\(voice.port)"])
    try voice.wait(forTone: music, lasting: 0.5, seconds: 20)
    try board.set(pin: pin, isHigh: false)
    try log.wait(for: "power.failing", count: 2, seconds: atOnce)
    try voice.wait(forTone: warning, lasting: 1, seconds: 20)
    // What is shorter than the debounce is nothing.
    try board.pressPowerButton()
    try board.set(pin: pin, isHigh: true)
    try log.wait(for: "power.back", count: 2, seconds: atOnce)
    let changes = log.output.filter { $0.contains(" power.") }
    try expect(changes.count == 4, "other changes than those of the line: \(changes)")
  },
]
