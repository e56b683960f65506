// One connection to one SQLite file, set up for a box: write-ahead log, every commit synced, little memory, nobody
// else.

import Basics
import CSQLite

final class Connection {
  let handle: OpaquePointer
  /// Pages in the write-ahead log after the latest commit; SQLite writes it from its commit hook.
  private let logSize: UnsafeMutablePointer<Int32>

  /// - Parameters:
  ///   - path: the file's name, without a zero byte.
  ///   - system: the name of the SQLite VFS, the operating system's where nil.
  ///   - creates: a database that is not there is made.
  init(path: ByteString, system: ByteString?, creates: Bool = true) throws(StorageError) {
    sqlite3_soft_heap_limit64(StorageLimits.softHeapBytes)
    var opened: OpaquePointer?
    let code = Self.open(path, system, creates, &opened)
    guard code == SQLITE_OK, let opened else {
      sqlite3_close(opened)
      throw StorageError(code: code == SQLITE_OK ? SQLITE_NOMEM : code)
    }
    handle = opened
    logSize = .allocate(capacity: 1)
    logSize.initialize(to: 0)
    csqlite_disable_lookaside(handle)
    csqlite_keep_log_on_close(handle, 1)
    sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        context?.assumingMemoryBound(to: Int32.self).pointee = pages
        return SQLITE_OK
      }, logSize)
    try configure()
  }

  deinit {
    // The statements are gone by now. Closing an adopted database moves the log into it and removes the log.
    sqlite3_close_v2(handle)
    logSize.deallocate()
  }

  private static func open(
    _ path: ByteString, _ system: ByteString?, _ creates: Bool, _ opened: inout OpaquePointer?
  ) -> Int32 {
    let access = creates ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE
    let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    return path.withCString { path in
      guard let system else { return sqlite3_open_v2(path, &opened, flags, nil) }
      return system.withCString { system in sqlite3_open_v2(path, &opened, flags, system) }
    }
  }

  /// Exclusive locking comes first: it keeps the log's index in the heap, so that there is no `-shm` file. Nothing here
  /// changes a database that is there already.
  private func configure() throws(StorageError) {
    try execute("PRAGMA locking_mode = EXCLUSIVE")
    try execute("PRAGMA page_size = 4096")
    try execute("PRAGMA synchronous = FULL")
    try execute("PRAGMA mmap_size = 0")
    try execute("PRAGMA temp_store = MEMORY")
    try execute("PRAGMA cell_size_check = ON")
    try execute("PRAGMA trusted_schema = OFF")
    try set("PRAGMA cache_size = ", StorageLimits.cachePages)
  }

  /// From here on commits go to the write-ahead log.
  func startLog() throws(StorageError) {
    let statement = try Statement(self, "PRAGMA journal_mode = WAL")
    guard try statement.step(), statement.text(0) == "wal" else { throw .failed(code: SQLITE_READONLY) }
  }

  /// The database is ours and whole: closing it may change it. Until then it is evidence.
  func adopt() { csqlite_keep_log_on_close(handle, 0) }

  /// Closing it changes nothing.
  func keepLog() { csqlite_keep_log_on_close(handle, 1) }

  var logPages: Int { Int(logSize.pointee) }

  /// Runs statements that give no rows, or whose rows do not matter.
  func execute(_ sql: StaticString) throws(StorageError) {
    let code = sql.utf8Start.withMemoryRebound(to: CChar.self, capacity: sql.utf8CodeUnitCount + 1) {
      sqlite3_exec(handle, $0, nil, nil, nil)
    }
    guard code == SQLITE_OK else { throw StorageError(code: code) }
  }

  private func set(_ pragma: ByteString, _ value: Int) throws(StorageError) {
    let code = (pragma + ByteString(value)).withCString { sqlite3_exec(handle, $0, nil, nil, nil) }
    guard code == SQLITE_OK else { throw StorageError(code: code) }
  }

  /// The first column of the first row.
  func integer(_ sql: StaticString) throws(StorageError) -> Int64 {
    let statement = try Statement(self, sql)
    return try statement.step() ? statement.integer(0) : 0
  }

  /// Moves the log into the database. The next commit begins the log anew.
  func checkpoint() throws(StorageError) {
    let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    guard code == SQLITE_OK else { throw StorageError(code: code) }
    logSize.pointee = 0
  }

  func releaseMemory() { sqlite3_db_release_memory(handle) }
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
  /// Rows that the latest statement inserted, changed or deleted.
  var changes: Int { Int(sqlite3_changes(handle)) }
}

extension ByteString {
  /// Calls `body` with the bytes and a zero after them.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var terminated = bytes
    terminated.append(0)
    return terminated.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        // Never empty: the zero is in it.
        text.baseAddress.map(body).unsafelyUnwrapped
      }
    }
  }
}
