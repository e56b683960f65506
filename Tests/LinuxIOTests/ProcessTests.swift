// Signals, clocks, entropy, interfaces and files of the machine the tests run on.

import Basics
import CLinux
import Testing

@testable import LinuxIO

@Suite struct ProcessTests {
  @Test("signals come out of the descriptor in place of ending the program")
  func signals() throws {
    // On a thread of its own, so that the others' signals stay as they were.
    let seen = try NativeThreadResult { () -> [ProcessSignal] in
      guard let source = try? SignalSource() else { return [] }
      for number in [SIGHUP, SIGTERM, SIGUSR1, SIGINT] { pthread_kill(pthread_self(), number) }
      var seen: [ProcessSignal] = []
      while let signal = source.next() { seen.append(signal) }
      return seen
    }
    #expect(Set(try #require(seen.value())) == [.hangUp, .terminate, .user1, .interrupt])
  }

  @Test("the monotonic clock does not go back, the wall clock stands after this was written")
  func clocks() {
    let first = MonotonicClock.now
    #expect(first <= MonotonicClock.now)
    #expect(WallClock.now.seconds > 1_735_689_600)
    #expect(WallClock.isTrusted(plausibleIsEnough: true))
  }

  @Test("entropy differs from one time to the next")
  func entropy() throws {
    let first = try Entropy.bytes(64)
    #expect(first.count == 64)
    #expect(try Entropy.bytes(64) != first)
  }

  @Test("the loopback is among the addresses, with its prefix")
  func interfaces() throws {
    let addresses = try Interfaces.addresses()
    #expect(addresses.contains(NetworkAddress(address: .loopbackV4, prefixLength: 8, isLoopback: true)))
    let changes = try Interfaces()
    changes.clear()
    #expect(changes.descriptor >= 0)
  }

  @Test("a file is read whole, refused when it is too large, and missing with ENOENT")
  func files() throws {
    let path = ByteString("/tmp/branchline-test-\(getpid())-file")
    let content = [UInt8](repeating: 7, count: 40_000)
    let file = try #require(fopen(path.description, "w"))
    fwrite(content, 1, content.count, file)
    fclose(file)
    defer { unlink(path.description) }
    let isWhole = try FileReader.read(path, limit: 40_000) == content
    #expect(isWhole)
    #expect(throws: FileReadError.tooLarge(limit: 39_999)) { _ = try FileReader.read(path, limit: 39_999) }
    #expect(throws: FileReadError.system(SystemError("open /nowhere", code: ENOENT))) {
      try FileReader.read("/nowhere", limit: 10)
    }
  }

  @Test("a mapped file has the file's bytes; an empty one has none")
  func mapping() throws {
    let mapped = try MappedFile.map("/proc/self/exe", limit: 1_000_000_000)
    #expect(mapped.starts(with: [0x7F, 0x45, 0x4C, 0x46]))
    #expect(try MappedFile.map("/dev/null", limit: 10).isEmpty)
    #expect(throws: FileReadError.tooLarge(limit: 10)) { try MappedFile.map("/proc/self/exe", limit: 10) }
  }

  @Test("missing directories are made, those that stand are left")
  func directories() throws {
    let base = ByteString("/tmp/branchline-test-\(getpid())-directory")
    let path = base + "/a/b/file"
    defer { for name in ["/a/b", "/a", ""] { rmdir((base + ByteString(name)).description) } }
    try Directories.makeParent(of: path)
    try Directories.makeParent(of: path)
    #expect(access((base + "/a/b").description, F_OK) == 0)
    #expect(access(path.description, F_OK) != 0)
    #expect(throws: SystemError("mkdir /dev/null/x", code: ENOTDIR)) { try Directories.makeParent(of: "/dev/null/x/y") }
  }

  @Test("the arguments and the environment are those of this program")
  func context() throws {
    #expect(try ProcessContext.arguments().count == CommandLine.arguments.count - 1)
    setenv("BRANCHLINE_TEST", "zh_CN.UTF-8", 1)
    #expect(ProcessContext.environment("BRANCHLINE_TEST") == "zh_CN.UTF-8")
    #expect(ProcessContext.environment("BRANCHLINE_TEST_NONE") == nil)
    #expect((ProcessContext.residentBytes() ?? 0) > 100_000)
  }

  @Test("an error names its call and its errno")
  func errors() {
    #expect(SystemError("bind 10.0.0.1:5060", code: EADDRNOTAVAIL).text == "bind 10.0.0.1:5060: EADDRNOTAVAIL")
    #expect(SystemError("x", code: 4711).name == "E?")
  }
}
