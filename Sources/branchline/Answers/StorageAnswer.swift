// What the box keeps on its disk, and how much room is left, as JSON.

import Basics
import LinuxIO
import Storage

struct StorageAnswer {
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

  init(path: ByteString, isFailing: Bool, _ counters: JournalWriter.Counters?, at now: Instant) {
    let directory = Directories.parent(of: path)
    self.path = path
    state = counters == nil ? "unusable" : isFailing ? "failing" : "usable"
    databaseBytes = DiskRoom.bytes(ofFile: path)
    logBytes = DiskRoom.bytes(ofFile: path + "-wal")
    recordings = DiskRoom.files(in: directory + "/flight")
    names = DiskRoom.files(in: directory + "/names")
    room = DiskRoom(at: directory)
    self.counters = counters
    self.now = now
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
