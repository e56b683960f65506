// Whoever has proven nothing yet: how often they are answered, when they are not listened to any more, and what an
// operator sees of it.

import Basics
import SIPMessage
import SIPTransaction

extension UserAgent {
  public struct BlockedSource: Hashable, Sendable {
    public var address: IPAddress
    /// Wrong credentials; otherwise too many requests without any.
    public var isForCredentials: Bool
    public var seconds: Int
    /// Blocks in a row.
    public var times: Int
    /// Requests and connections that were not listened to.
    public var dropped: Int
  }

  /// The longest first.
  public func blockedSources(at now: Instant) -> [BlockedSource] {
    sourceGuard.blocks(at: now).map { source, block in
      BlockedSource(
        address: source, isForCredentials: block.offence == .credentials, seconds: max(1, (block.until - now).seconds),
        times: block.times, dropped: block.dropped)
    }
  }

  public func isAnyBlocked(at now: Instant) -> Bool { !sourceGuard.blocks(at: now).isEmpty }
  public func isBlocked(_ address: IPAddress, at now: Instant) -> Bool {
    sourceGuard.block(of: source(of: address), at: now) != nil
  }

  /// What counts as one source: of IPv6 from outside the whole network of a site, as who has one has all its addresses.
  func source(of address: IPAddress) -> IPAddress {
    guard case .v6(let high, _) = address, !wire.addressing.isLocal(address) else { return address }
    return .v6(high: high, low: 0)
  }

  // MARK: Before anything is parsed

  /// Whether this comes from a source that is blocked: then it is dropped, and a connection closed.
  mutating func isDropped(_ input: TransportLayer.Input, at now: Instant) -> Bool {
    guard sourceGuard.isActive(at: now) else { return false }
    switch input {
    case .datagram(_, let from, _): return isDropped(from, at: now)
    case .accepted(let connection, _, _, let from):
      guard isDropped(from, at: now) else { return false }
      wire.outbox.outputs.append(.transport(.close(connection: connection)))
      return true
    case .received(let connection, _):
      guard let ends = wire.transport.ends(ofConnection: connection), isDropped(ends.remote, at: now) else {
        return false
      }
      wire.transport.disconnect(connection)
      return true
    default: return false
    }
  }

  private mutating func isDropped(_ remote: Endpoint, at now: Instant) -> Bool {
    guard sourceGuard.drops(source(of: remote.address), from: remote, at: now) else { return false }
    wire.outbox.counters.requestsOfBlocked += 1
    return true
  }

  // MARK: Requests that prove nothing

  /// Whether one may be answered; otherwise it is forgotten.
  mutating func mayAnswer(_ server: TransactionLayer.ServerID, at now: Instant) -> Bool {
    guard let flow = wire.transactions.flow(of: server) else { return false }
    let source = source(of: flow.remote.address)
    if sourceGuard.isTrusted(source) || sourceGuard.asked(source, at: now) { return true }
    wire.outbox.counters.requestsLimited += 1
    wire.forget(server, at: now)
    guard !registrar.hasPhone(at: flow.remote.address) else { return false }
    sourceGuard.flooded(source, at: now)
    wire.outbox.counters.blockedSources += 1
    wire.outbox.log(.warning, "sip.source-blocked") {
      source.text + " for " + ByteString(Limits.blockTime.seconds) + " s: too many requests without credentials"
    }
    return false
  }

  /// Wrong credentials, by somebody who has got our challenge.
  mutating func blame(_ flow: Flow, at now: Instant) {
    let source = source(of: flow.remote.address)
    guard let length = sourceGuard.failed(source, at: now) else { return }
    sourceGuard.spare(registrar.sources(at: flow.remote.address).filter { $0 != flow.remote }, of: source)
    wire.outbox.counters.blockedSources += 1
    wire.outbox.log(.warning, "sip.source-blocked") {
      source.text + " for " + ByteString(length.seconds) + " s: wrong credentials"
    }
  }

  /// By order of an operator.
  mutating func unblock(_ address: IPAddress) { sourceGuard.forgive(source(of: address)) }

  mutating func configureGuard() {
    sourceGuard.configure(trusted: settings.trustedNetworks + trunks.peers, users: settings.users.count)
  }
}

extension Registrar {
  /// Where the phones registered from, that have this address.
  func sources(at address: IPAddress) -> [Endpoint] {
    records.flatMap { record in
      record.bindings.compactMap { $0.source.remote.address == address ? $0.source.remote : nil }
    }
  }

  func hasPhone(at address: IPAddress) -> Bool {
    records.contains { record in record.bindings.contains { $0.source.remote.address == address } }
  }
}

extension Trunks {
  /// Whence the requests of trunks come.
  var peers: [Subnet] {
    trunks.flatMap { trunk in
      let address = trunk.settings.endpoint.address
      return [Subnet(address, prefixLength: address.isV4 ? 32 : 128)].compactMap { $0 } + trunk.settings.sourceAddresses
    }
  }
}
