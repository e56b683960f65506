// Sources that guess, scan or flood are limited and, for a while, not listened to at all.
//
//   wrong credentials  count only where their way back is proven: over a stream, or for a nonce that was made for this
//                      very address. Too many in a row: blocked, each time twice as long, up to an hour.
//   anything else      that comes without credentials is answered at a rate. Beyond it, who is nobody's phone and no
//                      trunk's address is blocked for half a minute, never longer: the address may be forged. A phone's
//                      address is not answered, but its right credentials are still taken.
//
// Phones that are registered from a blocked address are spared, by their ports: one of many behind a NAT does not lock
// out the others. Both tables are bounded, and apart: forged addresses push no proven one out.

import Basics

struct SourceGuard {
  enum Offence: UInt8 { case credentials, flood }

  struct Block {
    var offence: Offence
    var until: Instant
    /// Of these the address has phones that are registered.
    var spared: [Endpoint] = []
    /// Blocks in a row, this one included.
    var times: Int
    /// Requests and connections that were not listened to.
    var dropped = 0
  }

  /// The addresses that nothing here concerns.
  var trusted: [Subnet] = []

  private struct Record {
    /// When all failures are forgiven: each puts it off.
    var clearAt = Instant.zero
    /// When the blocks in a row are.
    var calmAt = Instant.zero
    var times = 0
    var block: Block?
  }
  private struct Visitor {
    /// When it may ask as often as at first again: each request puts it off.
    var fullAt = Instant.zero
    var block: Block?
  }
  private typealias Limits = UserAgent.Limits
  private var proven = BoundedTable<Record>(limit: Limits.watchedSources)
  private var visitors = BoundedTable<Visitor>(limit: Limits.watchedSources)
  /// When the last block ends.
  private var activeUntil = Instant.zero
  /// How many requests without credentials a source may make at once; a tenth of it comes back in a second.
  private(set) var burst = Limits.strangerBurst

  var count: Int { max(proven.count, visitors.count) }
  var forgotten: Int { proven.forgotten + visitors.forgotten }

  mutating func configure(trusted: [Subnet], users: Int) {
    self.trusted = trusted
    burst = max(Limits.strangerBurst, users * Limits.strangerBurstPerUser)
  }

  func isTrusted(_ address: IPAddress) -> Bool { trusted.contains { $0.contains(address) } }
}

// MARK: - Offences

extension SourceGuard {
  /// Wrong credentials that come from where they say. How long the source is blocked now; nil where it is not yet.
  mutating func failed(_ source: IPAddress, at now: Instant) -> Interval? {
    guard !isTrusted(source) else { return nil }
    var record = proven[source] ?? Record()
    if record.calmAt <= now { record.times = 0 }
    record.clearAt = max(record.clearAt, now) + Limits.failureComesBackAfter
    let isTooMuch = record.clearAt - now > Limits.failureComesBackAfter * (Limits.failuresPerSource - 1)
    if isTooMuch {
      record.times += 1
      let length = min(Limits.blockTime * (1 << min(record.times - 1, 16)), Limits.blockTimeMaximum)
      record.block = Block(offence: .credentials, until: now + length, times: record.times)
      record.clearAt = now + Limits.failureComesBackAfter * (Limits.failuresPerSource / 2)
      record.calmAt = now + length + Limits.blocksForgottenAfter
      activeUntil = max(activeUntil, now + length)
    }
    proven.set(record, of: source) { ($0.block?.until ?? .zero) > now }
    return isTooMuch ? record.block.map { $0.until - now } : nil
  }

  /// Phones at the address of a block that has begun.
  mutating func spare(_ phones: [Endpoint], of source: IPAddress) { proven[source]?.block?.spared = phones }

  /// A request that proves nothing: whether it may be answered.
  mutating func asked(_ source: IPAddress, at now: Instant) -> Bool {
    var visitor = visitors[source] ?? Visitor()
    let step = Interval(nanoseconds: 10_000_000_000 / Int64(burst))
    let fullAt = max(visitor.fullAt, now) + step
    guard fullAt - now <= step * burst else { return false }
    visitor.fullAt = fullAt
    visitors.set(visitor, of: source) { ($0.block?.until ?? .zero) > now }
    return true
  }

  /// It was not, and belongs to nobody.
  mutating func flooded(_ source: IPAddress, at now: Instant) {
    visitors[source]?.block = Block(offence: .flood, until: now + Limits.blockTime, times: 1)
    activeUntil = max(activeUntil, now + Limits.blockTime)
  }
}

// MARK: - Blocks

extension SourceGuard {
  /// False: nobody is blocked, and nobody need be looked up.
  func isActive(at now: Instant) -> Bool { now < activeUntil }

  /// Whether nothing from there is listened to; counted.
  mutating func drops(_ source: IPAddress, from remote: Endpoint, at now: Instant) -> Bool {
    guard let block = block(of: source, at: now), !block.spared.contains(remote) else { return false }
    if block.offence == .credentials {
      proven[source]?.block?.dropped += 1
    } else {
      visitors[source]?.block?.dropped += 1
    }
    return true
  }

  func block(of source: IPAddress, at now: Instant) -> Block? {
    for block in [proven[source]?.block, visitors[source]?.block] {
      if let block, block.until > now { return block }
    }
    return nil
  }

  /// The longest first.
  func blocks(at now: Instant) -> [(source: IPAddress, block: Block)] {
    guard isActive(at: now) else { return [] }
    let all = proven.all.map { ($0, $1.block) } + visitors.all.map { ($0, $1.block) }
    return all.compactMap { source, block in
      guard let block, block.until > now else { return nil }
      return (source, block)
    }
    .sorted { $0.block.until != $1.block.until ? $0.block.until > $1.block.until : $0.source.text < $1.source.text }
  }

  mutating func forgive(_ source: IPAddress) {
    proven.remove(source)
    visitors.remove(source)
  }
}

/// Values by address, the ones that came first forgotten first, but for those that must stay while others can go.
private struct BoundedTable<Value> {
  private var values: [IPAddress: Value] = [:]
  private var order = Fifo<IPAddress>()
  private let limit: Int
  private(set) var forgotten = 0

  init(limit: Int) { self.limit = limit }

  var count: Int { values.count }
  /// In the order in which they came.
  var all: [(IPAddress, Value)] { order.all.compactMap { address in values[address].map { (address, $0) } } }

  /// Setting changes what is there, and adds nothing.
  subscript(_ address: IPAddress) -> Value? {
    get { values[address] }
    set { if values[address] != nil, let newValue { values[address] = newValue } }
  }

  mutating func set(_ value: Value, of address: IPAddress, keeping mustStay: (Value) -> Bool) {
    if values.updateValue(value, forKey: address) != nil { return }
    order.append(address)
    while values.count > limit, let oldest = nextToGo(mustStay) {
      values[oldest] = nil
      forgotten += 1
    }
  }

  /// After a few that must stay the next one goes all the same.
  private mutating func nextToGo(_ mustStay: (Value) -> Bool) -> IPAddress? {
    for _ in 0..<8 {
      guard let first = order.popFirst() else { return nil }
      guard let value = values[first] else { continue }
      guard mustStay(value) else { return first }
      order.append(first)
    }
    return order.popFirst()
  }

  mutating func remove(_ address: IPAddress) {
    guard values.removeValue(forKey: address) != nil else { return }
    var rest = Fifo<IPAddress>()
    for other in order.all where other != address { rest.append(other) }
    order = rest
  }
}
