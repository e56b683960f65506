// What the status pages show: registrations, trunks, counters. Values only, in a fixed order.

import Basics
import SIPTransaction

extension UserAgent {
  public struct RegistrationView: Hashable, Sendable {
    public var user: ByteString
    public var contact: ByteString
    /// Where the REGISTER came from.
    public var source: Endpoint
    public var transport: SIPTransport
    public var userAgent: ByteString
    public var expiresInSeconds: Int
    /// Its latest credentials were wrong.
    public var isRefused: Bool
  }

  public struct TrunkView: Hashable, Sendable {
    public var name: ByteString
    public var isUp: Bool
    /// nil where the trunk needs no registration.
    public var isRegistered: Bool?
    /// When it went up or down.
    public var since: Instant
    /// The latest status heard from it, 0 before one; 408 and 503 also for silence and failure.
    public var lastStatus: Int
  }

  /// How requests go to a trunk.
  public struct TrunkRoute: Hashable, Sendable {
    public var name: ByteString
    public var transport: SIPTransport
    public var peer: Endpoint
    /// The address of ours that the trunk is told of.
    public var own: Endpoint
  }

  /// In the order of the settings.
  public var trunkRoutes: [TrunkRoute] {
    trunks.trunks.map { trunk in
      TrunkRoute(
        name: trunk.settings.name, transport: trunk.flow.transport, peer: trunk.flow.remote,
        own: wire.addressing.advertised(for: trunk.flow))
    }
  }

  /// In the order of the settings, then as they registered.
  public func registrations(at now: Instant) -> [RegistrationView] {
    registrar.records.flatMap { record in
      record.bindings.map { binding in
        RegistrationView(
          user: record.user, contact: binding.contact, source: binding.source.remote,
          transport: binding.source.transport, userAgent: binding.userAgent,
          expiresInSeconds: max(0, (binding.expires - now).seconds), isRefused: binding.isRefused)
      }
    }
  }

  /// Whether there is a listener that the box itself can reach with sound.
  public var canCallItself: Bool { wire.addressing.flowToItself != nil }

  /// In the order of the settings.
  public var trunkViews: [TrunkView] {
    trunks.trunks.map { trunk in
      TrunkView(
        name: trunk.settings.name, isUp: trunk.isUp,
        isRegistered: trunk.account == nil ? nil : trunk.registeredUntil != nil, since: trunk.since,
        lastStatus: trunk.lastStatus)
    }
  }

  /// Of the dialogs that a leg is, or may become: it rings at several devices.
  public func callIDs(of leg: LegID) -> [ByteString] { legs.callIDs(of: leg) }

  /// The listener and the far end of an open connection.
  public func ends(ofConnection number: UInt32) -> (listener: UInt16, remote: Endpoint)? {
    wire.transport.ends(ofConnection: number)
  }

  public func isReachable(_ user: ByteString) -> Bool { !registrar.bindings(of: user).isEmpty }
  public var subscriptionCount: Int { subscriptions.count }
  public var legCount: Int { legs.count }
  public var counters: Counters { wire.outbox.counters }
  public var transportCounters: TransportLayer.Counters { wire.transport.counters }
  public var transactionCounters: TransactionLayer.Counters { wire.transactions.counters }
}
