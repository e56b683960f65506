// Which messages and packets belong to a call, a phone or a trunk: what a trace shows and a capture keeps is chosen by it.

import Basics
import BranchConfiguration
import CallControl
import SIPUserAgent

public enum TrafficScope: Hashable, Sendable {
  case all
  /// By its number, as `calls` tells it; all its legs.
  case call(CallNumber)
  /// By extension: what it sends and gets, and all legs of its calls.
  case phone(ByteString)
  case trunk(ByteString)
}

/// A call as it is seen on the wire, at one instant.
public struct CallTraffic: Hashable, Sendable {
  public var number: CallNumber
  /// Of the dialogs of all its legs.
  public var callIDs: [ByteString]
  /// Own ports of its streams; that of RTCP is the next one.
  public var ports: [UInt16]
  public var phones: [ByteString]
  public var trunks: [ByteString]

  func isWithin(_ scope: TrafficScope) -> Bool {
    switch scope {
    case .all: true
    case .call(let number): self.number == number
    case .phone(let user): phones.contains(user)
    case .trunk(let name): trunks.contains(name)
    }
  }
}

extension Appliance {
  /// The calls that are up within a scope, in the order of their numbers.
  public func traffic(within scope: TrafficScope) -> [CallTraffic] {
    calls.wires.compactMap { wire in
      let traffic = CallTraffic(
        number: wire.number, callIDs: wire.legs.flatMap { agent.callIDs(of: $0) }, ports: wire.ports,
        phones: wire.phones, trunks: wire.trunks)
      return traffic.isWithin(scope) ? traffic : nil
    }
  }

  /// The extension or the trunk that an endpoint is; the branch for the box itself.
  func name(of endpoint: Endpoint, at now: Instant) -> ByteString? {
    if let phone = agent.registrations(at: now).first(where: { $0.source == endpoint }) { return phone.user }
    if settings.userAgent.listeners.contains(where: { $0.endpoint == endpoint }) { return settings.name }
    return settings.userAgent.trunks.first { $0.isAt(endpoint.address) }?.name
  }

  /// Whether there is such a call, phone or trunk.
  func exists(_ scope: TrafficScope) -> Bool {
    switch scope {
    case .all: true
    case .call(let number): calls.views.contains { $0.number == number }
    case .phone(let user): settings.userAgent.users.contains { $0.name == user }
    case .trunk(let name): settings.userAgent.trunks.contains { $0.name == name }
    }
  }
}

extension UserAgent.TrunkSettings {
  fileprivate func isAt(_ address: IPAddress) -> Bool {
    endpoint.address == address || sourceAddresses.contains { $0.contains(address) }
  }
}
