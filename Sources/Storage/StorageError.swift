// What can go wrong, told apart by what has to be done about it.

import Basics
import CSQLite
import Journal

public enum StorageError: Error, Equatable, Sendable {
  /// Another program has the database open.
  case busy
  /// The file is no database, or not a whole one, or not ours (SQLite's extended result code, 0 where SQLite saw none).
  case damaged(code: Int32)
  /// A later release has written it.
  case newer(version: Int64)
  /// The disk or the memory, not the file (SQLite's extended result code).
  case failed(code: Int32)
  /// A damaged database could not be renamed (errno).
  case cannotSetAside(errno: Int32)
  /// The thread or its eventfd could not be made (errno).
  case cannotStart(errno: Int32)
  /// A copy could not be begun (errno).
  case cannotCopy(errno: Int32)

  /// SQLite's extended result codes that its header spells as expressions, which Swift does not import.
  private static let readError: Int32 = SQLITE_IOERR | 1 << 8
  private static let shortRead: Int32 = SQLITE_IOERR | 2 << 8
  private static let dataError: Int32 = SQLITE_IOERR | 32 << 8
  private static let brokenFileSystem: Int32 = SQLITE_IOERR | 33 << 8

  init(code: Int32) {
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
    // SQLITE_ERROR while opening: a statement does not fit the schema.
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_ERROR: self = .damaged(code: code)
    default:
      switch code {
      case Self.readError, Self.shortRead, Self.dataError, Self.brokenFileSystem: self = .damaged(code: code)
      default: self = .failed(code: code)
      }
    }
  }

  /// What those who wait are told.
  var persistFailure: PersistFailure { self == .failed(code: SQLITE_FULL) ? .diskFull : .ioError }
}

/// A commit did not succeed; nothing of it is in the database.
public struct CommitFailure: Error, Equatable, Sendable {
  public var reason: PersistFailure
  /// False while the disk may hold the commit although it failed (a sync that reported an error): after a power cut
  /// it could then come back. Nobody may be told of a refusal before `Database.settle()`.
  public var isSettled: Bool
}
