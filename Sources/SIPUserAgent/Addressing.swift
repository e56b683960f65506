// Which of our addresses a peer can reach: the choice behind Via, Contact and the c= line. NAT is answered here, once,
// for both sides.

import Basics
import SIPTransaction

struct Addressing {
  var listeners: [UserAgent.ListenerSettings] = []
  var localNetworks: [Subnet] = []
  var networks: [UserAgent.NetworkSettings] = []
  var interfaces: [Interface] = []

  func listener(_ index: UInt16) -> UserAgent.ListenerSettings? {
    listeners.first { $0.index == index }
  }

  /// The first listener of a transport, of the address family where one is asked for.
  func listener(of transport: SIPTransport, for remote: IPAddress) -> UserAgent.ListenerSettings? {
    listeners.first { $0.transport == transport && $0.endpoint.address.isV4 == remote.isV4 }
      ?? listeners.first { $0.transport == transport }
  }

  /// How our own listener is reached from here; nil where there are none but those of TLS, which do not trust us.
  var flowToItself: Flow? {
    let usable = listeners.filter { $0.transport != .tls }
    guard let own = usable.first(where: { $0.transport == .udp && $0.endpoint.address.isV4 }) ?? usable.first else {
      return nil
    }
    let bound = own.endpoint.address
    let loopback = bound.isV4 ? IPAddress.loopbackV4 : .v6(high: 0, low: 1)
    return Flow(
      transport: own.transport, listener: own.index,
      remote: Endpoint(bound.isUnspecified ? loopback : bound, own.endpoint.port))
  }

  /// Whether no address translation lies between us and `address`.
  func isLocal(_ address: IPAddress) -> Bool {
    if Self.isLoopback(address) { return true }
    if network(of: address) != nil { return false }
    if localNetworks.isEmpty { return interface(containing: address) != nil }
    return localNetworks.contains { $0.contains(address) }
  }

  /// What the far end of `flow` must use to reach us.
  func advertised(for flow: Flow) -> Endpoint {
    guard let listener = listener(flow.listener) else { return Endpoint(.loopbackV4, 5060) }
    let remote = flow.remote.address
    // Nothing stands between us and ourselves.
    if remote == listener.endpoint.address { return Endpoint(remote, listener.endpoint.port) }
    if let network = network(of: remote), network.externalAddress.isV4 == remote.isV4 {
      return Endpoint(network.externalAddress, network.externalPort ?? listener.endpoint.port)
    }
    if let external = listener.externalAddress, external.isV4 == remote.isV4, !isLocal(remote) {
      return Endpoint(external, listener.externalPort ?? listener.endpoint.port)
    }
    return Endpoint(ownAddress(facing: remote, bound: listener.endpoint.address), listener.endpoint.port)
  }

  private func network(of address: IPAddress) -> UserAgent.NetworkSettings? {
    networks.first { $0.subnets.contains { $0.contains(address) } }
  }

  private func ownAddress(facing remote: IPAddress, bound: IPAddress) -> IPAddress {
    if !bound.isUnspecified { return bound }
    if let near = interface(containing: remote) { return near.address }
    // An address of one link is good for that link alone, and was looked for above.
    let sameFamily = interfaces.filter { $0.address.isV4 == remote.isV4 && !Self.isOfOneLink($0.address) }
    if Self.isLoopback(remote) { return sameFamily.first { Self.isLoopback($0.address) }?.address ?? .loopbackV4 }
    return (sameFamily.first { !Self.isLoopback($0.address) } ?? sameFamily.first)?.address ?? bound
  }

  private func interface(containing address: IPAddress) -> Interface? {
    interfaces.first { Subnet($0.address, prefixLength: $0.prefixLength)?.contains(address) == true }
  }

  /// Not routed in the public network (RFC 1918, RFC 6598, RFC 4193), loopback included.
  static func isPrivate(_ address: IPAddress) -> Bool {
    if isLoopback(address) { return true }
    switch address {
    case .v4(let number):
      return number >> 24 == 10 || number >> 20 == 0xAC1 || number >> 16 == 0xC0A8 || number >> 22 == 0x191
    case .v6(let high, _): return high >> 57 == 0x7E
    }
  }

  /// fe80::/10
  private static func isOfOneLink(_ address: IPAddress) -> Bool {
    if case .v6(let high, _) = address { high >> 54 == 0x3FA } else { false }
  }

  private static func isLoopback(_ address: IPAddress) -> Bool {
    switch address {
    case .v4(let number): number >> 24 == 127
    case .v6(let high, let low): high == 0 && low == 1
    }
  }
}
