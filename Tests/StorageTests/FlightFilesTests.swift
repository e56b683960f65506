import Basics
import CSQLite
import Glibc
import Journal
import Testing

@testable import Storage

@Suite("Recordings of the flight recorder on the disk")
final class FlightFilesTests {
  private let directory = TemporaryDirectory()
  deinit {
    for name in DirectoryEntries.names(in: flight) { _ = (flight + "/" + name).withCString { unlink($0) } }
    _ = flight.withCString { rmdir($0) }
  }
  private var flight: ByteString { ByteString(directory.path) + "/flight" }
  private var names: [ByteString] { DirectoryEntries.names(in: flight).filter { !$0.hasPrefix(".") }.sorted() }

  /// A run that records so many bytes.
  private func run(_ bytes: Int, total: Int) throws -> ByteString {
    let file = try FlightFiles(beside: directory.database, total: total)
    #expect(file.segmentBytes == total / 8)
    #expect(file.append([UInt8](repeating: 7, count: bytes)))
    return file.path
  }

  @Test("each run has a file of its own, readable to its owner alone, numbered on from the latest")
  func oneEach() throws {
    let first = try run(10, total: 1_000)
    #expect(first == flight + "/000001.bin")
    #expect(try run(20, total: 1_000) == flight + "/000002.bin")
    #expect(names == ["000001.bin", "000002.bin"])
    #expect(DirectoryEntries.size(of: first) == 10)
    var status = stat()
    #expect(first.withCString { stat($0, &status) } == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("of all recordings the latest stay, at most so many bytes; files of others are left alone")
  func bounded() throws {
    for _ in 0..<9 { _ = try run(190, total: 1_000) }
    #expect(names == ["000005.bin", "000006.bin", "000007.bin", "000008.bin", "000009.bin"])
    for name in ["7.bin", "notes.txt", "000003.bin.old", "999999999999.bin"] as [ByteString] {
      #expect(close((flight + "/" + name).withCString { creat($0, 0o600) }) == 0)
    }
    _ = try run(0, total: 10)
    #expect(names == ["000003.bin.old", "000010.bin", "7.bin", "999999999999.bin", "notes.txt"])
  }

  @Test("one run is a ring, too: a part that begins a file begins the next one, and the oldest go")
  func ring() throws {
    let file = try FlightFiles(beside: directory.database, total: 1_000)
    #expect(file.append([1], beginsFile: true) && file.path == flight + "/000001.bin")
    for number in 2...20 as ClosedRange<UInt8> {
      #expect(file.append([number], beginsFile: true))
      for _ in 0..<99 { #expect(file.append([number])) }
      let bytes = names.reduce(0) { $0 + (DirectoryEntries.size(of: flight + "/" + $1) ?? 0) }
      #expect(bytes <= 1_000 && (number < 12 || bytes == 1_000))
    }
    #expect(names.count == 10 && names.last == "000020.bin" && file.path == flight + "/000020.bin")
    #expect(directory.read("flight/000020.bin") == [UInt8](repeating: 20, count: 100))
    // What is too large for the ring alone stays whole.
    #expect(file.append([UInt8](repeating: 21, count: 1_100), beginsFile: true))
    #expect(names == ["000021.bin"])
  }

  @Test("a box that starts over and over keeps no more than so many")
  func countBounded() throws {
    for _ in 0..<StorageLimits.flightFiles + 10 { _ = try run(1, total: 1 << 20) }
    #expect(names.count == StorageLimits.flightFiles)
  }

  @Test("where no file can be made the error says why")
  func unusable() throws {
    #expect(throws: StorageError.cannotStart(errno: ENOENT)) {
      try FlightFiles(beside: ByteString(directory.path) + "/missing/branch.db", total: 1_000)
    }
  }

  @Test("the storage thread appends what it is given, in order, and all of it before it ends")
  func appended() throws {
    let file = try FlightFiles(beside: directory.database, total: 1 << 20)
    let path = file.path
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime), flight: file)
    var expected: [UInt8] = []
    for number in 0..<200 {
      let part = [UInt8](repeating: UInt8(number), count: number)
      expected += part
      writer.append(part)
    }
    writer.stop()
    #expect(directory.read("flight/000001.bin") == expected)
    #expect(DirectoryEntries.size(of: path) == expected.count)
    #expect(writer.poll() == nil)
  }

  @Test("a part that cannot be kept is told of once, and nothing follows it")
  func lost() throws {
    let file = try FlightFiles(beside: directory.database, total: 1 << 20)
    let writer = try JournalWriter(Database.open(directory.database, at: bootTime), flight: file)
    writer.append([1])
    writer.append([UInt8](repeating: 2, count: StorageLimits.waitingRecordBytes))
    writer.append([3])
    var descriptor = pollfd(fd: writer.wakeDescriptor, events: Int16(POLLIN), revents: 0)
    #expect(Glibc.poll(&descriptor, 1, 10_000) == 1)
    #expect(writer.poll() == .recordLost)
    writer.append([4])
    writer.stop()
    #expect(writer.poll() == nil)
    #expect(directory.read("flight/000001.bin") == [])
  }
}
