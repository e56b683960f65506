// Parts of the flight recorder's recording that wait for the storage thread. No lock and no clock in here.

import Basics

struct WaitingRecords {
  private(set) var parts: [[UInt8]] = []
  /// One did not fit: the recording is at its end.
  private(set) var wereTooMany = false
  private var bytes = 0
  private(set) var dueAt = Instant.never

  mutating func append(_ part: [UInt8], at now: Instant) {
    if parts.isEmpty { dueAt = now + StorageLimits.grouping }
    guard bytes + part.count <= StorageLimits.waitingRecordBytes || parts.isEmpty, !wereTooMany else {
      return wereTooMany = true
    }
    parts.append(part)
    bytes += part.count
  }
}
