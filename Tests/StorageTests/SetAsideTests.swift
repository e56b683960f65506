import Basics
import CSQLite
import Journal
import Testing

@testable import Storage

@Suite("A database that cannot be used is set aside")
struct SetAsideTests {
  private let directory = TemporaryDirectory()

  /// A database with content, closed; returns its bytes.
  private func makeDatabase(then change: (Database) -> Void = { _ in }) throws -> [UInt8] {
    var database: Database? = try Database.open(directory.database, at: bootTime)
    _ = try database?.commit(
      (1...60 as ClosedRange<UInt64>).map { id in
        Sample.promise(
          id,
          [
            .callback(Sample.callback(id)), .binding(Sample.binding(Int(id))), .call(Sample.call(id)),
            .queueEvent(Sample.event(Int(id))), .agent(AgentFact(extension: ByteString(Int(id)), loggedIn: true)),
          ])
      })
    if let database { change(database) }
    database = nil
    return directory.read("branch.db")
  }

  /// Opens what is there and expects it renamed whole, and a new database that works.
  private func expectSetAside(_ kind: String, as name: String = "branch.db.damaged-20260301T081500Z") throws {
    let old = directory.read("branch.db")
    var database: Database? = try Database.open(directory.database, at: bootTime)
    #expect(try database?.restore().wasDamaged == true, "\(kind)")
    #expect(try database?.restore().callbacks == [], "\(kind)")
    let line = database?.pollLog()
    #expect(line?.level == .alarm)
    #expect(line?.text == ByteString("set aside as \(directory.path)/\(name)"), "\(kind)")
    #expect(directory.read(name) == old, "\(kind)")
    _ = try database?.commit([Sample.promise(1, [.callback(Sample.callback(1))])])
    database = nil
    let again = try Database.open(directory.database, at: bootTime)
    #expect(try again.restore().callbacks == [Sample.callback(1)], "\(kind)")
    #expect(!again.wasDamaged, "\(kind)")
  }

  private func removeAll() { for name in directory.names { unlink(directory.path + "/" + name) } }

  @Test("garbage is no database")
  func garbage() throws {
    var random = SeededRandom(seed: 1)
    directory.write("branch.db", (0..<20_000).map { _ in UInt8(random.below(256)) })
    try expectSetAside("garbage")
    removeAll()
    directory.write("branch.db", Array("not a database".utf8))
    try expectSetAside("text")
  }

  @Test("a database cut off anywhere is damaged")
  func truncated() throws {
    let whole = try makeDatabase()
    #expect(whole.count >= 10 * 4096)
    for size in [100, 2000] + Array(stride(from: 4096, to: whole.count, by: 4096)) + [whole.count - 1000] {
      removeAll()
      directory.write("branch.db", Array(whole.prefix(size)))
      try expectSetAside("cut off at \(size)")
    }
  }

  @Test("a zeroed page anywhere is damage")
  func zeroedPages() throws {
    let whole = try makeDatabase()
    for page in 0..<whole.count / 4096 {
      removeAll()
      var bytes = whole
      bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: repeatElement(0, count: 4096))
      directory.write("branch.db", bytes)
      try expectSetAside("page \(page) zeroed")
    }
  }

  @Test("an empty file beside a log has lost its content; alone it is a new database")
  func emptied() throws {
    _ = try makeDatabase()
    directory.write("branch.db", [])
    #expect(try !Database.open(directory.database, at: bootTime).wasDamaged)
    removeAll()
    directory.write("branch.db", [])
    directory.write("branch.db-wal", [1, 2, 3])
    try expectSetAside("emptied")
    #expect(directory.read("branch.db.damaged-20260301T081500Z-wal") == [1, 2, 3])
  }

  @Test("the log goes with the database, untouched")
  func logGoesToo() throws {
    let database = try Database.open(directory.database, at: bootTime)
    _ = try database.commit([Sample.promise(1, [.callback(Sample.callback(1))])])
    #expect(database.run("PRAGMA user_version = 9") == SQLITE_OK)
    let copy = TemporaryDirectory()
    for name in directory.names { copy.write(name, directory.read(name)) }
    let log = copy.read("branch.db-wal")
    #expect(!log.isEmpty)
    #expect(try Database.open(copy.database, at: bootTime).wasDamaged)
    #expect(copy.read("branch.db.newer-9-20260301T081500Z-wal") == log)
    withExtendedLifetime(database) {}
  }

  @Test("a database of a newer release is set aside under a name that says so")
  func newer() throws {
    _ = try makeDatabase { _ = $0.run("PRAGMA user_version = 1000") }
    try expectSetAside("newer", as: "branch.db.newer-1000-20260301T081500Z")
  }

  @Test("a database of another program, or without a table or a column of ours, is set aside")
  func wrongSchema() throws {
    for change in [
      "PRAGMA application_id = 5", "DROP TABLE callbacks", "ALTER TABLE bindings RENAME COLUMN contact TO kontakt",
      "DROP TABLE meta", "PRAGMA user_version = 0", "PRAGMA user_version = -1", "PRAGMA user_version = 1",
    ] {
      removeAll()
      _ = try makeDatabase { _ = $0.run(change) }
      try expectSetAside(change)
    }
  }

  @Test("of the damaged ones the newest stay, of those from newer releases all")
  func limitedNumber() throws {
    for day in 0..<6 as Range<Int64> {
      let time = WallTime(seconds: bootTime.seconds + day * 86_400)
      directory.write("branch.db", Array("damaged on day \(day)".utf8))
      directory.write("branch.db-wal", [UInt8(day)])
      #expect(try Database.open(directory.database, at: time).wasDamaged)
      _ = try Database.open(directory.database, at: time).run("PRAGMA user_version = 1000")
      #expect(try Database.open(directory.database, at: time).wasDamaged)
    }
    let damaged = directory.names.filter { $0.contains("damaged") && !$0.hasSuffix("-wal") }
    #expect(
      damaged == [
        "branch.db.damaged-20260304T081500Z", "branch.db.damaged-20260305T081500Z",
        "branch.db.damaged-20260306T081500Z",
      ])
    #expect(directory.names.count { $0.contains("damaged") && $0.hasSuffix("-wal") } == 3)
    #expect(directory.names.count { $0.contains("newer") && !$0.hasSuffix("-wal") } == 6)
  }

  @Test("without a clock two of the same moment keep their own names")
  func sameMoment() throws {
    for text in ["first", "second", "third"] {
      directory.write("branch.db", Array(text.utf8))
      #expect(try Database.open(directory.database, at: bootTime).wasDamaged)
    }
    #expect(directory.read("branch.db.damaged-20260301T081500Z") == Array("first".utf8))
    #expect(directory.read("branch.db.damaged-20260301T081500Z-2") == Array("second".utf8))
    #expect(directory.read("branch.db.damaged-20260301T081500Z-3") == Array("third".utf8))
  }

  @Test("a database that another program has open is left alone")
  func busy() throws {
    let first = try Database.open(directory.database, at: bootTime)
    #expect(throws: StorageError.busy) { try Database.open(directory.database, at: bootTime) }
    #expect(!directory.names.contains { $0.contains("damaged") })
    withExtendedLifetime(first) {}
  }

  @Test("a directory that is not there is an error, not damage")
  func noDirectory() {
    #expect(throws: StorageError.failed(code: SQLITE_CANTOPEN)) {
      try Database.open("/tmp/branchline-no-such-directory/branch.db", at: bootTime)
    }
  }
}
