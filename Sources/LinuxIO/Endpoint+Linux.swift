// Addresses between Swift and the kernel. IPv6 scopes (link-local addresses) are not carried.

import Basics
import CLinux

extension IPAddress {
  init(_ address: linux_address) {
    self =
      address.v6
      ? .v6(high: address.high, low: address.low) : .v4(UInt32(truncatingIfNeeded: address.low))
  }
}

extension Endpoint {
  init(_ address: linux_address) { self.init(IPAddress(address), address.port) }

  var linux: linux_address {
    switch address {
    case .v4(let a): linux_address(high: 0, low: UInt64(a), port: port, v6: false)
    case .v6(let high, let low): linux_address(high: high, low: low, port: port, v6: true)
    }
  }
}

/// Classes of service in the IP header (RFC 4594).
public enum ServiceClass: Int32, Sendable {
  case bestEffort = 0
  /// CS3: SIP.
  case signalling = 24
  /// EF: RTP.
  case voice = 46
}
