// The power line of a file, and lines that are not there. A GPIO chip is at hand only where the end-to-end case
// `power-gpio` emulates a board.

import Appliance
import Basics
import BranchConfiguration
import Glibc
import Testing

@testable import branchline

@Suite struct PowerWatchTests {
  private let path = "/tmp/branchline-power-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  private func write(_ text: String) {
    guard let file = fopen(path, "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  @Test("a file of 0 and 1 is a power line; one that cannot be read is said once and tried again")
  func file() {
    defer { unlink(path) }
    var watch = PowerWatch()
    var now = Instant.zero
    var log: [String] = []
    func look() -> PowerLevel {
      #expect(watch.nextDeadline.map { $0 <= now } ?? false)
      let (level, entry) = watch.look(at: now)
      if let entry { log.append("\(entry.event)") }
      now = now + .seconds(1)
      return level
    }
    #expect(watch.nextDeadline == nil && watch.look(at: now).level == .unwatched)
    watch.configure(BranchSettings.PowerWarning(.file(ByteString(path)), isActiveLow: true), at: now)
    #expect(look() == .unreadable && look() == .unreadable)
    #expect(log == ["power.unreadable"])
    write("1\n")
    #expect(look() == .good && look() == .good)
    write("0\n")
    #expect(look() == .failing)
    write("?")
    #expect(look() == .unreadable)
    #expect(log == ["power.unreadable", "power.readable", "power.unreadable"])
    watch.configure(BranchSettings.PowerWarning(.file(ByteString(path)), isActiveLow: false), at: now)
    write("0\n")
    #expect(look() == .good)
    #expect(watch.takeDescriptor() == nil)
    watch.configure(nil, at: now)
    #expect(watch.nextDeadline == nil && watch.look(at: now).level == .unwatched)
  }

  @Test(
    "a chip that is not there, and a device that is none, are told by their errors",
    arguments: [
      ("/dev/no-such-chip", "ENOENT"), ("/dev/null", "ENOTTY"),
    ])
  func noChip(_ chip: String, _ error: String) {
    var watch = PowerWatch()
    let source = BranchSettings.PowerWarning.Source.gpio(ByteString(chip), line: 17, debounce: .milliseconds(50))
    watch.configure(BranchSettings.PowerWarning(source, isActiveLow: true), at: .zero)
    let (level, entry) = watch.look(at: .zero)
    #expect(level == .unreadable && "\(entry?.event ?? "")" == "power.unreadable")
    #expect(entry?.text.bytes.contains(error.utf8) == true, "\(String(describing: entry))")
    #expect(watch.nextDeadline == Instant.zero + PowerWatch.Limits.retryAfter)
    #expect(watch.look(at: .zero).log == nil && watch.takeDescriptor() == nil)
  }
}
