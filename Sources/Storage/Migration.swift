// At boot: is this file ours, whole, and of a version that we know? Then the steps that it lacks, each whole or not
// at all.

import Basics

struct Migration {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// - Throws: `.damaged` or `.newer` for a database to be set aside.
  func bringUpToDate() throws(StorageError) {
    let version = try connection.integer("PRAGMA user_version")
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema")
    let application = try connection.integer("PRAGMA application_id")
    let isNew = tables == 0 && version == 0 && application == 0
    guard isNew || application == Schema.applicationID else { throw .damaged(code: 0) }
    guard version <= Schema.version else { throw .newer(version: version) }
    guard version >= 0, isNew || version > 0 else { throw .damaged(code: 0) }
    if !isNew { try check() }
    try connection.startLog()
    for step in Schema.steps[Int(version)...] { try apply(step) }
  }

  private func check() throws(StorageError) {
    let statement = try Statement(connection, "PRAGMA quick_check(1)")
    guard try statement.step(), statement.text(0) == "ok" else { throw .damaged(code: 0) }
    guard try !statement.step() else { throw .damaged(code: 0) }
  }

  private func apply(_ step: StaticString) throws(StorageError) {
    try connection.execute("BEGIN IMMEDIATE")
    do throws(StorageError) {
      try connection.execute(step)
      try connection.execute("COMMIT")
    } catch {
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      throw error
    }
  }
}
