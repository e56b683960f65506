// A consistent copy of a database that goes on being written: page by page between commits, by SQLite's own backup. What is
// committed through the same connection meanwhile is in the copy too.

import Basics
import CSQLite

final class DatabaseCopy {
  private let source: Connection
  private let target: Connection
  private var backup: OpaquePointer?

  /// - Parameter path: of the copy, for the owner alone; one that stands there is left over and goes.
  init(of source: Connection, to path: ByteString) throws(StorageError) {
    for companion in SetAside.companions { _ = (path + companion).withCString { unlink($0) } }
    _ = path.withCString { unlink($0) }
    let descriptor = path.withCString { csqlite_create_to_append($0) }
    guard descriptor >= 0 else { throw .cannotCopy(errno: csqlite_errno()) }
    close(descriptor)
    self.source = source
    target = try Connection(path: path, system: nil)
    backup = sqlite3_backup_init(target.handle, "main", source.handle, "main")
    guard backup != nil else { throw StorageError(code: sqlite3_errcode(target.handle)) }
  }

  deinit { sqlite3_backup_finish(backup) }

  /// True: it is whole and on the disk.
  func turn() throws(StorageError) -> Bool {
    let code = sqlite3_backup_step(backup, StorageLimits.copiedPagesPerTurn)
    guard code == SQLITE_DONE else {
      if code == SQLITE_OK { return false }
      throw StorageError(code: code)
    }
    let end = sqlite3_backup_finish(backup)
    backup = nil
    guard end == SQLITE_OK else { throw StorageError(code: end) }
    return true
  }
}

/// The copy that is being made on the storage thread.
struct CopyWork {
  private let connection: Connection
  private var copy: DatabaseCopy?
  private var fault: StorageError?

  init(_ database: Database) { connection = database.connection }

  var isCopying: Bool { copy != nil || fault != nil }

  mutating func begin(_ path: ByteString) {
    do throws(StorageError) {
      copy = try DatabaseCopy(of: connection, to: path)
    } catch {
      fault = error
    }
  }

  /// nil: another turn is needed.
  mutating func turn() -> CopyResult? {
    var result = CopyResult.done
    do throws(StorageError) {
      if let fault { throw fault }
      guard try copy?.turn() ?? true else { return nil }
    } catch {
      result = .failed(error)
    }
    copy = nil
    fault = nil
    return result
  }
}

public enum CopyResult: Equatable, Sendable {
  case done
  case failed(StorageError)
}
