// A whole ARM board in QEMU, with a kernel of its own: its lines of output are its serial console, and the pins of its
// GPIO chip (PL061) are moved from outside.

import Foundation

public final class EmulatedBoard {
  /// The board's address in its own network; its default route leads to ours.
  public static let address = "10.0.2.15"
  public let process: ChildProcess
  private let monitor: RawSocket
  private let pins: RawSocket
  private let chip: String

  /// Starts it, and waits until its program says `ready`.
  /// - Parameters:
  ///   - kernel: an arm64 image with its drivers for PL011 and PL061 built in.
  ///   - forwarding: UDP ports of ours that lead to the same ones of the board, as `address:port`.
  public init(kernel: String, initramfs: String, forwarding: [String], untilReady ready: String) throws {
    let (monitorPort, pinsPort) = (15_191, 15_192)
    let forwards = forwarding.map { ",hostfwd=udp:\($0)-:\($0.split(separator: ":").last ?? "")" }.joined()
    // Without ACPI the kernel takes the board from its device tree.
    process = try ChildProcess(
      "board", "qemu-system-aarch64",
      [
        "-M", "virt,acpi=off", "-cpu", "cortex-a53", "-m", "192", "-accel", "tcg", "-nodefaults", "-no-reboot",
        "-display", "none", "-serial", "stdio", "-kernel", kernel, "-initrd", initramfs,
        "-append", "console=ttyAMA0 quiet panic=-1",
        "-netdev", "user,id=net" + forwards, "-device", "virtio-net-device,netdev=net",
        "-monitor", "tcp:127.0.0.1:\(monitorPort),server,nowait",
        "-qtest", "tcp:127.0.0.1:\(pinsPort),server,nowait", "-qtest-log", "none",
      ])
    do {
      try process.wait(for: ready, seconds: 120)
      monitor = try RawSocket(.stream, from: "127.0.0.1", to: "127.0.0.1:\(monitorPort)")
      pins = try RawSocket(.stream, from: "127.0.0.1", to: "127.0.0.1:\(pinsPort)")
      chip = try Self.findChip(monitor)
    } catch {
      process.kill9()
      throw error
    }
    // From now on every change of its pins is told.
    try order(pins, "irq_intercept_in \(chip)", until: "OK\n")
  }

  /// Holds a pin high or low, from now on.
  public func set(pin: Int, isHigh: Bool) throws {
    try order(pins, "set_irq_in \(chip) unnamed-gpio-in \(pin) \(isHigh ? 1 : 0)", until: "OK\n")
  }

  /// Presses the board's power button, which makes pin 3 high for 100 ms of the board's time; until that is over.
  public func pressPowerButton() throws {
    try order(monitor, "system_powerdown", until: "(qemu)")
    _ = try pins.read(until: "IRQ lower 3\n")
  }

  private func order(_ socket: RawSocket, _ words: String, until answer: String) throws {
    socket.send(words + "\n")
    _ = try socket.read(until: answer)
  }

  private static func findChip(_ monitor: RawSocket) throws -> String {
    _ = try monitor.read(until: "(qemu)")
    monitor.send("info qom-tree /machine/unattached\n")
    let tree = try monitor.read(until: "(qemu)")
    guard let line = tree.split(whereSeparator: \.isNewline).first(where: { $0.contains("(pl061)") }),
      let name = line.split(whereSeparator: \.isWhitespace).first
    else { throw Failure("the board has no GPIO chip: \(tree)") }
    return "/machine/unattached" + name
  }
}
