// A database that cannot be used is renamed, with its log, never deleted at once: somebody may still read it.

import Basics
import CSQLite

struct SetAside {
  /// The database's name, as it was opened.
  let path: ByteString

  static let companions: [ByteString] = ["-wal", "-shm", "-journal"]

  /// Renames the database and what belongs to it, and returns the new name.
  ///
  /// The database goes first. A power cut after that leaves a log without a database, which SQLite discards; the other
  /// way round it would leave an older state that looks whole.
  /// - Parameter mark: `damaged`, or `newer-9`.
  func rename(mark: ByteString, at time: WallTime) throws(StorageError) -> ByteString {
    let plain = path + "." + mark + "-" + Self.stamp(time)
    var name = plain
    // A box without a clock of its own begins every boot at the same time.
    var turn = 1
    while exists(name) {
      turn += 1
      name = plain + "-" + ByteString(turn)
    }
    let code = Self.rename(path, name)
    guard code == 0 else { throw .cannotSetAside(errno: code) }
    for companion in Self.companions where exists(path + companion) {
      _ = Self.rename(path + companion, name + companion)
    }
    _ = directory.withCString { csqlite_sync_directory($0) }
    return name
  }

  /// Deletes the oldest damaged databases above the limit. Those of a newer release stay.
  func removeOldest(keeping limit: Int = StorageLimits.damagedDatabases) {
    var names = damagedNames()
    guard names.count > limit else { return }
    names.sort()
    for name in names.prefix(names.count - limit) {
      for companion in Self.companions { _ = (directory + "/" + name + companion).withCString { unlink($0) } }
      _ = (directory + "/" + name).withCString { unlink($0) }
    }
  }

  /// An empty file with a log beside it has lost its content; without one it is merely new.
  var hasLostItsContent: Bool { size(path) == 0 && (size(path + "-wal") ?? 0) > 0 }

  private func damagedNames() -> [ByteString] {
    let prefix = ByteString(path.bytes[(path.bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1).advanced(by: 1)...])
    var names: [ByteString] = []
    for name in DirectoryEntries.names(in: directory) {
      let isCompanion = Self.companions.contains { name.bytes.suffix($0.count) == $0.bytes[...] }
      if name.hasPrefix(prefix + ".damaged-"), !isCompanion { names.append(name) }
    }
    return names
  }

  private var directory: ByteString { DirectoryEntries.parent(of: path) }

  private func exists(_ name: ByteString) -> Bool { size(name) != nil }
  private func size(_ name: ByteString) -> Int? { DirectoryEntries.size(of: name) }

  /// 0 or an errno.
  private static func rename(_ old: ByteString, _ new: ByteString) -> Int32 {
    old.withCString { old in new.withCString { new in CSQLite.rename(old, new) == 0 ? 0 : csqlite_errno() } }
  }

  /// `20260301T081500Z`
  private static func stamp(_ time: WallTime) -> ByteString {
    ByteString(Array(time.rfc3339.utf8).filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") })
  }
}
