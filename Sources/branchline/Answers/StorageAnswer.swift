// What the box keeps on its disk, and how much room is left, as JSON.

import Basics
import LinuxIO
import Storage

/// What is known of it without a look at the disk.
struct StorageState: Sendable {
  var path: ByteString
  var isFailing: Bool
  var counters: JournalWriter.Counters?
  var now: Instant
}

struct StorageAnswer {
  /// The question.
  static var word: ByteString { "storage" }

  var path: ByteString
  /// `usable`, `failing` or `unusable`.
  var state: ByteString
  var databaseBytes: Int?
  /// Of the write-ahead log.
  var logBytes: Int?
  var recordings: (count: Int, bytes: Int)
  var names: (count: Int, bytes: Int)
  var room: DiskRoom?
  var counters: JournalWriter.Counters?
  var now: Instant

  /// Looks at the disk.
  init(_ known: StorageState) {
    path = known.path
    let directory = Directories.parent(of: path)
    state = known.counters == nil ? "unusable" : known.isFailing ? "failing" : "usable"
    databaseBytes = DiskRoom.bytes(ofFile: path)
    logBytes = DiskRoom.bytes(ofFile: path + "-wal")
    recordings = DiskRoom.files(in: directory + "/flight")
    names = DiskRoom.files(in: directory + "/names")
    room = DiskRoom(at: directory)
    counters = known.counters
    now = known.now
  }

  var bytes: [UInt8] {
    var json = JSONWriter(capacity: 512)
    json.object { json in
      json.field("database", path)
      json.field("state", state)
      json.field("diskFreeBytes", room?.freeBytes)
      json.field("diskBytes", room?.totalBytes)
      json.field("databaseBytes", databaseBytes)
      json.field("writeAheadBytes", logBytes)
      json.field("flightRecorderFiles", recordings.count)
      json.field("flightRecorderBytes", recordings.bytes)
      json.field("nameFiles", names.count)
      json.field("nameBytes", names.bytes)
      json.field("events", counters?.database.keptEvents)
      json.field("eventsMost", StorageLimits.queueEvents)
      json.field("commits", counters?.database.commits)
      json.field("failedCommits", counters?.database.failedCommits)
      json.field("refusedPromises", counters?.refusedPromises)
      json.field("sinceCommitSeconds", counters?.latestCommitAt.map { (now - $0).seconds })
      json.field("longestCommitMicroseconds", counters?.longestCommitMicroseconds)
    }
    return json.bytes
  }
}
