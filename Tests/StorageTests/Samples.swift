// Facts to write, and what a database holds, for the tests of this module.

import Basics
import CSQLite
import Glibc
import Journal

@testable import Storage

let bootTime = WallTime(seconds: 1_772_352_900)

enum Sample {
  static func binding(_ n: Int, contact: Int = 0, expires: Int = 3600) -> BindingFact {
    BindingFact(
      user: ByteString("10\(n)"), contact: ByteString("sip:10\(n)@192.0.2.\(n):50\(60 + contact)"),
      callID: ByteString("reg-\(n)"), cseq: UInt32(n + 1),
      source: Endpoint(.v4(0xC000_0200 + UInt32(n)), UInt16(5060 + contact)), listener: UInt16(n % 3),
      overStream: n % 2 == 1, userAgent: ByteString("Phone/\(n)"),
      expires: WallTime(seconds: bootTime.seconds + Int64(expires)))
  }

  static func callback(_ id: UInt64, _ state: CallbackFact.State = .pending) -> CallbackFact {
    CallbackFact(
      id: id, queue: "sales", number: ByteString("+49301234\(id)"), rawNumber: ByteString("0301234\(id)"),
      callerName: "Frau Weiß", dialledNumber: "+4930555", sequence: 1000 + id, enqueuedAt: bootTime,
      requestedAt: bootTime + .seconds(200), notBefore: bootTime + .seconds(210),
      expiresAt: bootTime + .seconds(14_400), state: state,
      recordedName: id % 2 == 0 ? "" : ByteString("names/\(id).wav"),
      isScheduled: id % 3 == 0, priority: id % 5 == 0 ? nil : UInt8(id % 5), isUrgent: id % 4 == 0)
  }

  static func leg(_ n: UInt64) -> CallbackFact.Leg {
    CallbackFact.Leg(
      callID: ByteString("attempt-\(n)@branch"), localTag: "a1", remoteTag: "", branch: ByteString("z9hG4bK\(n)"),
      cseq: UInt32(n), trunk: "carrier")
  }

  static func event(_ n: Int, item: UInt64 = 7) -> QueueEventFact {
    QueueEventFact(
      QueueEventFact.Kind.allCases[n % QueueEventFact.Kind.allCases.count], at: bootTime + .seconds(n), queue: "sales",
      item: item, agent: "101", milliseconds: Int64(n) * 10, detail: n % 2 == 0 ? "" : "lunch")
  }

  static func call(_ id: UInt64, answered: Bool = true) -> CallFact {
    CallFact(
      id: id, from: "+4930777", to: "100", destination: "queue sales", startedAt: bootTime,
      answeredAt: answered ? bootTime + .seconds(5) : nil, endedAt: bootTime + .seconds(65),
      status: answered ? 200 : 486,
      hungUpByCaller: answered)
  }

  static func act(_ number: Int) -> ActFact {
    ActFact(
      at: bootTime + .seconds(number), by: "console:0", act: "pause", subject: ByteString(100 + number),
      detail: "lunch", isDone: number % 2 == 0)
  }
  static func promise(_ ticket: UInt64, _ facts: [Fact]) -> Batch {
    Batch(ticket: Ticket(ticket), facts: facts, urgency: .promise)
  }
  static func grouped(_ ticket: UInt64, _ facts: [Fact]) -> Batch {
    Batch(ticket: Ticket(ticket), facts: facts, urgency: .grouped)
  }
}

/// Everything that a database holds, row by row, but for what is random and the counts of boots and of overwritten commits.
func contents(of connection: Connection) -> [String] {
  let queries = [
    "SELECT 'binding', * FROM bindings ORDER BY user, contact", "SELECT 'agent', * FROM agents ORDER BY extension",
    "SELECT 'extension', * FROM extensions ORDER BY extension",
    "SELECT 'callback', * FROM callbacks ORDER BY id", "SELECT 'event', * FROM queue_events ORDER BY id",
    "SELECT 'call', * FROM calls ORDER BY id", "SELECT 'act', * FROM acts ORDER BY id",
    "SELECT 'meta', * FROM meta WHERE name NOT IN ('boots', 'voided', 'identity') ORDER BY name",
  ]
  return queries.flatMap { rows(of: $0, connection.handle) }
}

func rows(of query: String, _ database: OpaquePointer) -> [String] {
  var statement: OpaquePointer?
  guard sqlite3_prepare_v2(database, query, -1, &statement, nil) == SQLITE_OK else { return ["no rows of \(query)"] }
  defer { sqlite3_finalize(statement) }
  var rows: [String] = []
  while sqlite3_step(statement) == SQLITE_ROW {
    var row = ""
    for column in 0..<sqlite3_column_count(statement) {
      if let text = sqlite3_column_text(statement, column) { row += String(cString: text) } else { row += "NULL" }
      row += "|"
    }
    rows.append(row)
  }
  return rows
}

/// A directory that goes with the test.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/branchline-storage-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      mkdtemp(buffer.baseAddress!).map { String(cString: $0) } ?? "/tmp"
    }
  }
  deinit {
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }

  var database: ByteString { ByteString(path + "/branch.db") }

  var names: [String] {
    guard let listing = opendir(path) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func read(_ name: String) -> [UInt8] {
    guard let file = fopen(path + "/" + name, "r") else { return [] }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  func write(_ name: String, _ bytes: [UInt8]) {
    guard let file = fopen(path + "/" + name, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}

extension Database {
  /// Runs SQL of a test's own.
  func run(_ sql: String) -> Int32 { sqlite3_exec(connection.handle, sql, nil, nil, nil) }
}
