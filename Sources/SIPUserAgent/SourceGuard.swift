// Sources that guess passwords are not listened to for a while. Bounded: the address seen first makes room.

import Basics

struct SourceGuard {
  private struct Record {
    var failures: Int
    var windowEnd: Instant
    var blockedUntil: Instant
  }
  private var records: [IPAddress: Record] = [:]
  private var order = Fifo<IPAddress>()

  var count: Int { records.count }

  func isBlocked(_ address: IPAddress, at now: Instant) -> Bool {
    records[address].map { $0.blockedUntil > now } ?? false
  }

  /// True when this failure makes the source blocked.
  mutating func failed(_ address: IPAddress, at now: Instant) -> Bool {
    var record = records[address] ?? Record(failures: 0, windowEnd: .zero, blockedUntil: .zero)
    if records[address] == nil { makeRoom(for: address) }
    if record.windowEnd <= now {
      record.failures = 0
      record.windowEnd = now + UserAgent.Limits.failureWindow
    }
    record.failures += 1
    let isTooMuch = record.failures >= UserAgent.Limits.failuresPerSource
    if isTooMuch {
      record.blockedUntil = now + UserAgent.Limits.blockTime
      record.windowEnd = now
    }
    records[address] = record
    return isTooMuch
  }

  private mutating func makeRoom(for address: IPAddress) {
    if order.count >= UserAgent.Limits.watchedSources, let oldest = order.popFirst() { records[oldest] = nil }
    order.append(address)
  }
}
