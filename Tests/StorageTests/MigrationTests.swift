import Basics
import CSQLite
import Journal
import Testing

@testable import Storage

@Suite("Databases of every age")
struct MigrationTests {
  /// A row for the tables of each version, written as that version did.
  private static let rows: [String] = [
    """
    INSERT INTO bindings VALUES ('101', 'sip:101@192.0.2.1', 'reg', 4, '192.0.2.1', 5060, 0, 1, 'Phone', 99);
    INSERT INTO agents VALUES ('101', 1);
    INSERT INTO callbacks VALUES (7, 'sales', '+4930', '030', 'Name', '+4931', 70, 1, 2, 3, 4, 1, 1, 0, 1, 0, 486,
      'attempt', 'a', 'b', 'z9hG4bK', 5, 'carrier');
    """,
    """
    INSERT INTO queue_events (kind, at, queue, item, agent, milliseconds) VALUES ('answered', 1, 'sales', 80, '101', 9);
    INSERT INTO calls VALUES (30, 'a', 'b', 'queue sales', 1, NULL, 3, 486, 0);
    """,
    "UPDATE meta SET value = 900 WHERE name = 'last_sequence';",
    """
    INSERT INTO acts (at, who, act, subject, detail, is_done) VALUES (1, '101', 'pause', '101', 'lunch', 1);
    UPDATE agents SET pause_reason = 'lunch'; UPDATE callbacks SET recorded_name = 'a.wav', is_scheduled = 1;
    """,
    "UPDATE callbacks SET priority = 3, is_urgent = 1;",
    "INSERT INTO quarters VALUES (0, 1, 'sales', x'0102'); UPDATE counted SET row_count = 1;",
    "UPDATE meta SET value = 9 WHERE name = 'epoch'; UPDATE meta SET value = 1 WHERE name = 'custody';",
    "INSERT INTO extensions VALUES ('101', 1, '', '102', '');",
  ]

  /// A database as the release with this version made it.
  private func make(_ version: Int, on disk: CrashDisk) throws {
    let connection = try Connection(path: "branch.db", system: disk.system)
    try connection.startLog()
    for step in 0..<version {
      try connection.execute(Schema.steps[step])
      #expect(sqlite3_exec(connection.handle, Self.rows[step], nil, nil, nil) == SQLITE_OK)
    }
    connection.adopt()
  }

  @Test("a database of any older version is brought up to date with all that it holds")
  func everyVersion() throws {
    #expect(Self.rows.count == Schema.steps.count)
    for version in 0...Schema.steps.count {
      let disk = CrashDisk()
      try make(version, on: disk)
      let database = try openDatabase(on: disk)
      #expect(try database.connection.integer("PRAGMA user_version") == Schema.version)
      let restored = try database.restore()
      #expect(!restored.wasDamaged)
      #expect(restored.bindings.map(\.cseq) == (version >= 1 ? [4] : []))
      #expect(restored.agents.count == (version >= 1 ? 1 : 0))
      #expect(restored.agents.first?.pauseReason == (version >= 4 ? "lunch" : version >= 1 ? "" : nil))
      #expect(
        restored.extensions
          == (version >= 8 ? [ExtensionFact(extension: "101", doNotDisturb: true, forwardBusy: "102")] : []))
      #expect(restored.callbacks.first?.isScheduled == (version >= 4 ? true : version >= 1 ? false : nil))
      #expect(restored.callbacks.first?.priority == (version >= 5 ? 3 : nil))
      #expect(restored.callbacks.first?.isUrgent == (version >= 5 ? true : version >= 1 ? false : nil))
      #expect(restored.callbacks.map(\.leg?.cseq) == (version >= 1 ? [5] : []))
      #expect(restored.lastSequence == [0, 70, 80, 900, 900, 900, 900, 900, 900][version])
      #expect(restored.epoch.number == (version >= 7 ? 9 : 1))
      #expect(restored.epoch.custody == (version >= 7 ? .handedOver : .own) && restored.epoch.identity != 0)
      #expect(restored.lastCallID == (version >= 2 ? 30 : 0))
      _ = try database.commit([Sample.promise(1, [.callback(Sample.callback(8)), .call(Sample.call(31))])])
      #expect(try database.restore().callbacks.last == Sample.callback(8))
    }
  }

  @Test("a power cut while a database is brought up to date leaves it whole")
  func cutsWhileMigrating() throws {
    var random = SeededRandom(seed: 5)
    for version in 0..<Schema.steps.count {
      let old = CrashDisk()
      try make(version, on: old)
      let disk = CrashDisk(old.contents)
      let expected = contents(of: try openDatabase(on: disk).connection)
      var cuts = PowerCuts(of: disk)
      repeat {
        for loss in [PowerCuts.Loss.all, .nothing, .any] {
          let wrong = violation(cuts.disk(after: loss, &random), allowed: [expected])
          #expect(wrong == nil, "version \(version), step \(cuts.step), loss \(loss)")
        }
      } while cuts.advance()
    }
  }

  @Test("released steps are never edited")
  func releasedSteps() {
    // Of the text of each step, FNV-1a. A new step adds a line here; none of the old ones changes.
    let released: [UInt64] = [
      12_232_981_814_245_394_879, 2_897_535_565_877_893_986, 12_192_810_960_547_048_900,
      2_282_158_210_698_400_228, 15_312_239_229_454_911_279, 12_831_112_406_681_709_528,
      11_489_858_335_842_415_781, 5_846_291_998_036_418_360,
    ]
    let hashes = Schema.steps.map { step in
      UnsafeBufferPointer(start: step.utf8Start, count: step.utf8CodeUnitCount)
        .reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
    #expect(hashes == released)
  }
}
