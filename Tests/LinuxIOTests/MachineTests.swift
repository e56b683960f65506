import Basics
import Testing

@testable import LinuxIO

@Suite struct MachineTests {
  private func directory() throws -> ByteString {
    let path = ByteString("/tmp/branchline-files-") + ByteString(Int.random(in: 0..<1_000_000_000))
    try Directories.makeParent(of: path + "/x")
    return path
  }

  @Test("files of a directory are counted; of too many the oldest go")
  func files() throws {
    let directory = try directory()
    for name in ["a", "b", "c", "d"] as [ByteString] {
      try FileWriter.write([1, 2, 3], to: directory + "/" + name)
      // The clock of files ticks slowly.
      let seen = MonotonicClock.now
      while MonotonicClock.now - seen < .milliseconds(12) {}
    }
    #expect(DiskRoom.files(in: directory) == (4, 12))
    OldFiles.remove(in: directory, keeping: 2)
    #expect(Directories.files(in: directory).sorted() == ["c", "d"])
    OldFiles.remove(in: directory, keeping: 0)
    #expect(DiskRoom.files(in: directory) == (0, 0) && DiskRoom.files(in: directory + "/none") == (0, 0))
  }

  @Test("the kernel tells its name, the disk its room, and loopback is among the interfaces with its name")
  func machine() throws {
    #expect(!Machine.kernel.release.isEmpty && ["x86_64", "aarch64"].contains(Machine.kernel.architecture))
    #expect(Machine.upSeconds > 0)
    let room = try #require(DiskRoom(at: "/tmp"))
    #expect(room.freeBytes > 0 && room.freeBytes <= room.totalBytes && DiskRoom(at: "/no/such/place") == nil)
    #expect(try Interfaces.all().contains { $0.name == "lo" })
  }
}
