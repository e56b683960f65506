import Basics
import Glibc
import Journal
import Testing

@testable import Storage

@Suite("Copies of databases")
struct DatabaseCopyTests {
  private func wait(for writer: JournalWriter, _ result: (JournalWriter) -> CopyResult?) -> CopyResult? {
    for _ in 0..<1_000 {
      if let result = result(writer) { return result }
      var query = pollfd(fd: writer.wakeDescriptor, events: Int16(POLLIN), revents: 0)
      poll(&query, 1, 20)
      while writer.poll() != nil {}
    }
    return nil
  }

  /// Of so many pages that a copy takes several turns.
  private func largeDatabase(_ path: ByteString) throws -> Database {
    let database = try Database.open(path, at: bootTime)
    for round in 0..<200 {
      _ = try database.commit([
        Sample.promise(UInt64(round + 1), (0..<50).map { Fact.queueEvent(Sample.event(round * 50 + $0)) })
      ])
    }
    return database
  }

  @Test("what was submitted before is in the copy, whether or not it was due, and commits go on meanwhile")
  func online() throws {
    let directory = TemporaryDirectory()
    let writer = try JournalWriter(try largeDatabase(directory.database), grouping: .seconds(60))
    writer.submit(Sample.grouped(1_000, [.callback(Sample.callback(1, .done)), .callback(Sample.callback(2))]))
    let path = directory.database + ".copy"
    writer.copy(to: path)
    writer.submit(Sample.promise(1_001, [.callback(Sample.callback(3))]))
    #expect(wait(for: writer) { $0.pollCopied() } == .done)
    #expect(writer.pollCopied() == nil)
    let summary = try Database.settle(path) { _ in nil }
    #expect(summary.openCallbacks >= 1 && summary.runs == 1)
    let copied = try Database.open(path, at: bootTime).restore()
    #expect(copied.callbacks.contains(Sample.callback(2)) && !copied.callbacks.contains { $0.id == 1 })
    writer.stop()
    #expect(try Database.open(directory.database, at: bootTime).restore().callbacks.map(\.id) == [2, 3])
    var status = stat()
    #expect(stat(path.description, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("where it cannot be written the copy fails with the reason, and the database goes on")
  func unwritable() throws {
    let directory = TemporaryDirectory()
    let writer = try JournalWriter(try Database.open(directory.database, at: bootTime))
    writer.copy(to: "/proc/nowhere/copy")
    #expect(wait(for: writer) { $0.pollCopied() } == .failed(.cannotCopy(errno: ENOENT)))
    writer.submit(Sample.promise(1, [.callback(Sample.callback(1))]))
    writer.stop()
    #expect(try Database.open(directory.database, at: bootTime).restore().callbacks.count == 1)
  }

  @Test("at rest: what the log holds is copied too, nothing is changed, and a daemon is kept out meanwhile")
  func atRest() throws {
    let directory = TemporaryDirectory()
    let path = directory.database
    do {
      let database = try Database.open(path, at: bootTime)
      _ = try database.commit([Sample.promise(1, [.callback(Sample.callback(5))])])
      // As after a kill: the log stays.
      database.connection.keepLog()
    }
    let before = (directory.read("branch.db"), directory.read("branch.db-wal"))
    #expect(!before.1.isEmpty)
    do {
      let hold = try DatabaseHold(path)
      #expect(hold.epoch.number == 1)
      #expect(throws: StorageError.busy) { try Database.open(path, at: bootTime) }
      try hold.copy(to: path + ".copy")
    }
    #expect(directory.read("branch.db") == before.0 && directory.read("branch.db-wal") == before.1)
    #expect(try Database.open(path + ".copy", at: bootTime).restore().callbacks.map(\.id) == [5])
  }

  @Test("while a daemon has it open, nobody else can copy it or give it an epoch")
  func busy() throws {
    let directory = TemporaryDirectory()
    let database = try Database.open(directory.database, at: bootTime)
    #expect(throws: StorageError.busy) { _ = try DatabaseHold(directory.database) }
    #expect(throws: StorageError.busy) { try Database.settle(directory.database) { _ in nil } }
    withExtendedLifetime(database) {}
  }

  @Test("an epoch is kept, of a commit and of a restore; a damaged database gets none")
  func epochs() throws {
    let directory = TemporaryDirectory()
    let path = directory.database
    let first = EpochFact(number: 4, identity: 77, custody: .handedOver)
    do { _ = try Database.open(path, at: bootTime).commit([Sample.promise(1, [.epoch(first)])]) }
    let next = EpochFact(number: 5, identity: .max >> 1, custody: .unconfirmed)
    try Database.settle(path) { found in
      #expect(found.epoch == first && found.runs == 1)
      return next
    }
    #expect(directory.names == ["branch.db"])
    #expect(try Database.open(path, at: bootTime).restore().epoch == next)
    var bytes = directory.read("branch.db")
    for index in 4_096..<8_192 { bytes[index] = 0xAA }
    directory.write("branch.db", bytes)
    #expect(throws: StorageError.self) { try Database.settle(path) { _ in first } }
  }
}
