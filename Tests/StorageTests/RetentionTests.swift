import Basics
import Journal
import Testing

@testable import Storage

@Suite("How much stays")
struct RetentionTests {
  private static let limits = Retention.Limits(
    queueEvents: 50, calls: 20, finishedCallbacks: 10, bindings: 5, rowsBetweenTrims: 16)

  @Test("history stays within its limits and the newest rows are those that stay")
  func history() throws {
    let disk = CrashDisk()
    let database = try openDatabase(on: disk, limits: Self.limits)
    for n in 1...300 {
      _ = try database.commit([
        Sample.grouped(UInt64(n), [.queueEvent(Sample.event(n, item: UInt64(n))), .call(Sample.call(UInt64(n)))])
      ])
      #expect(try database.connection.integer("SELECT count(*) FROM queue_events") <= 50 + 16)
      #expect(try database.connection.integer("SELECT count(*) FROM calls") <= 20 + 16)
    }
    #expect(try database.connection.integer("SELECT max(item) FROM queue_events") == 300)
    #expect(try database.connection.integer("SELECT max(id) FROM calls") == 300)
    let kept =
      try database.connection.integer("SELECT count(*) FROM queue_events")
      + database.connection.integer("SELECT count(*) FROM calls")
    #expect(database.counters.trimmedRows == 600 - Int(kept))
  }

  @Test("a callback that is not finished is never removed")
  func unfinishedCallbacks() throws {
    let database = try openDatabase(on: CrashDisk(), limits: Self.limits)
    for id in 1...100 as ClosedRange<UInt64> {
      let state = CallbackFact.State.allCases[Int(id) % CallbackFact.State.allCases.count]
      _ = try database.commit([Sample.promise(id, [.callback(Sample.callback(id, state))])])
    }
    let restored = try database.restore()
    let unfinished = (1...100).filter { !CallbackFact.State.allCases[$0 % 7].isFinal }.map { UInt64($0) }
    #expect(restored.callbacks.map(\.id) == unfinished)
    #expect(try database.connection.integer("SELECT count(*) FROM callbacks WHERE state >= 3") <= 10 + 16)
  }

  @Test("a highest number outlives the row that bore it")
  func numbersOutliveRows() throws {
    let database = try openDatabase(on: CrashDisk(), limits: Self.limits)
    var high = Sample.callback(1, .done)
    high.sequence = 8000
    _ = try database.commit([Sample.grouped(1, [.queueEvent(Sample.event(1, item: 9000)), .callback(high)])])
    for n in 2...200 as ClosedRange<UInt64> {
      _ = try database.commit([
        Sample.grouped(n, [.queueEvent(Sample.event(1, item: n)), .callback(Sample.callback(n, .done))])
      ])
    }
    #expect(try database.connection.integer("SELECT max(item) FROM queue_events") < 9000)
    #expect(try database.connection.integer("SELECT max(sequence) FROM callbacks") < 8000)
    #expect(try database.restore().lastSequence == 9000)
  }

  @Test("at boot the contacts that expire last stay")
  func bindings() throws {
    let disk = CrashDisk()
    var database: Database? = try openDatabase(on: disk, limits: Self.limits)
    for n in 0..<9 {
      _ = try database?.commit([
        Sample.grouped(UInt64(n + 1), [.binding(Sample.binding(n, expires: (n * 4) % 9))])
      ])
    }
    #expect(try database?.restore().bindings.count == 9)
    database = nil
    let restored = try openDatabase(on: disk, limits: Self.limits).restore()
    #expect(restored.bindings.map { $0.expires.seconds - bootTime.seconds }.sorted() == [4, 5, 6, 7, 8])
  }
}
