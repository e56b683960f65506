import Basics
import CLinux
import MediaEngine
import Testing

@testable import LinuxIO

@Suite struct NameFilesTests {
  private let directory = ByteString("/tmp/branchline-test-\(getpid())-names")
  private let sound: [UInt8] = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }

  private func write(_ file: ByteString, _ names: NameFiles) throws {
    try names.write(file, sound)
  }

  @Test("a name is written, read, heard of by others as a WAV file, and removed; all others go at a restart")
  func files() throws {
    let names = NameFiles(in: directory)
    defer {
      names.keep([])
      _ = directory.withCString { rmdir($0) }
    }
    #expect(names.read("7.wav").isEmpty)
    for file in ["7.wav", "8.wav", "9.wav"] as [ByteString] { try write(file, names) }
    #expect(names.read("7.wav") == sound)
    let bytes = try FileReader.read(directory + "/7.wav", limit: 10_000)
    #expect(try bytes.withUnsafeBytes { try WAVFile(parsing: $0).muLaw(of: $0) } == sound)
    names.remove("7.wav")
    names.remove("7.wav")
    #expect(names.read("7.wav").isEmpty)
    names.keep(["9.wav", "10.wav"])
    #expect(Directories.files(in: directory) == ["9.wav"])
  }

  @Test("no name leads out of the directory")
  func plain() {
    let names = NameFiles(in: directory)
    for file in ["", ".", "..", ".hidden", "../7.wav", "a/b", "/tmp/x", "a b"] as [ByteString] {
      #expect(throws: SystemError.self) { try write(file, names) }
      #expect(names.read(file).isEmpty)
    }
  }

  @Test("where nothing can be written it is said why")
  func unwritable() {
    #expect(throws: SystemError.self) { try write("7.wav", NameFiles(in: "/proc/branchline")) }
  }

  @Test("the directory of a path")
  func parents() {
    #expect(Directories.parent(of: "/var/lib/x.db") == "/var/lib")
    #expect(Directories.parent(of: "x.db") == ".")
    #expect(Directories.parent(of: "/x.db") == "")
  }
}
