// Parts of the flight recorder's recording that wait for the storage thread. No lock and no clock in here.

import Basics

struct WaitingRecords {
  struct Part {
    let bytes: [UInt8]
    let beginsFile: Bool
  }

  private(set) var parts: [Part] = []
  /// One did not fit: the recording is at its end.
  private(set) var wereTooMany = false
  private var bytes = 0
  private(set) var dueAt = Instant.never

  mutating func append(_ part: Part, at now: Instant) {
    if parts.isEmpty { dueAt = now + StorageLimits.grouping }
    guard bytes + part.bytes.count <= StorageLimits.waitingRecordBytes || parts.isEmpty, !wereTooMany else {
      return wereTooMany = true
    }
    parts.append(part)
    bytes += part.bytes.count
  }
}
