// A prepared statement: bound by position from 1, read by column from 0, used again and again.

import Basics
import CSQLite

final class Statement {
  private let handle: OpaquePointer
  // Keeps the database open for as long as the statement lives.
  private let connection: Connection
  /// Why a column could not be bound (no memory): the statement must not run with what stood there before.
  private var bindFailure = SQLITE_OK
  /// Where bound texts stand until the statement has run, so that SQLite need not copy each.
  private let texts: UnsafeMutableRawBufferPointer
  private var textBytes = 0
  private static let textRoom = 256

  init(_ connection: Connection, _ sql: StaticString) throws(StorageError) {
    var prepared: OpaquePointer?
    let code = sql.utf8Start.withMemoryRebound(to: CChar.self, capacity: sql.utf8CodeUnitCount + 1) {
      sqlite3_prepare_v3(
        connection.handle, $0, Int32(sql.utf8CodeUnitCount + 1), UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    }
    guard code == SQLITE_OK, let prepared else { throw StorageError(code: code) }
    handle = prepared
    self.connection = connection
    texts = .allocate(byteCount: Self.textRoom, alignment: 1)
  }

  deinit {
    sqlite3_finalize(handle)
    texts.deallocate()
  }

  func bind(_ position: Int32, _ value: Int64) { note(sqlite3_bind_int64(handle, position, value)) }
  func bind(_ position: Int32, _ value: UInt64) { bind(position, Int64(bitPattern: value)) }
  func bind<Small: FixedWidthInteger & UnsignedInteger>(_ position: Int32, _ value: Small) {
    bind(position, Int64(truncatingIfNeeded: value))
  }
  func bind(_ position: Int32, _ value: Bool) { bind(position, value ? 1 as Int64 : 0) }
  func bind(_ position: Int32, _ value: WallTime) { bind(position, value.microseconds) }

  func bind(_ position: Int32, _ text: ByteString) {
    guard !text.isEmpty else { return bind(position, "" as StaticString) }
    text.bytes.withUnsafeBytes { bytes in
      let kept = keep(bytes)
      let pointer = (kept ?? bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      note(sqlite3_bind_text(handle, position, pointer, Int32(clamping: bytes.count), kept == nil ? Self.copied : nil))
    }
  }

  private func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
    guard bytes.count <= texts.count - textBytes else { return nil }
    let room = UnsafeMutableRawBufferPointer(rebasing: texts[textBytes..<textBytes + bytes.count])
    room.copyMemory(from: bytes)
    textBytes += bytes.count
    return UnsafeRawPointer(room.baseAddress)
  }

  func bind(_ position: Int32, _ text: StaticString) {
    text.utf8Start.withMemoryRebound(to: CChar.self, capacity: text.utf8CodeUnitCount + 1) {
      note(sqlite3_bind_text(handle, position, $0, Int32(text.utf8CodeUnitCount), nil))
    }
  }

  func bind(_ position: Int32, blob bytes: [UInt8]) {
    guard !bytes.isEmpty else { return note(sqlite3_bind_zeroblob(handle, position, 0)) }
    bytes.withUnsafeBytes {
      note(sqlite3_bind_blob(handle, position, $0.baseAddress, Int32(clamping: $0.count), Self.copied))
    }
  }

  func bindNull(_ position: Int32) { note(sqlite3_bind_null(handle, position)) }

  private func note(_ code: Int32) { if code != SQLITE_OK { bindFailure = code } }

  /// True: a row stands ready. False: done. The statement is reset before an error is thrown.
  func step() throws(StorageError) -> Bool {
    let code = bindFailure == SQLITE_OK ? sqlite3_step(handle) : bindFailure
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    bindFailure = SQLITE_OK
    reset()
    throw StorageError(code: code)
  }

  /// Runs a statement that gives no rows, and makes it ready for the next use.
  func run() throws(StorageError) {
    while try step() {}
    reset()
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
  func text(_ column: Int32) -> ByteString {
    guard let start = sqlite3_column_text(handle, column) else { return ByteString() }
    return ByteString(Array(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))))
  }

  func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }
  /// Makes a statement ready for the next use whose rows were not all taken.
  func reset() {
    sqlite3_reset(handle)
    textBytes = 0
  }

  /// SQLITE_TRANSIENT: SQLite makes its own copy.
  private static var copied: sqlite3_destructor_type? {
    unsafeBitCast(-1 as Int, to: sqlite3_destructor_type?.self)
  }
}
