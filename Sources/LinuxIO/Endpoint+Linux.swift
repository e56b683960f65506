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

/// IPv4 on an IPv6 socket (RFC 4291 §2.5.5.2).
extension Endpoint {
  private static let mark: UInt64 = 0xFFFF << 32

  var mapped: Endpoint {
    guard case .v4(let number) = address else { return self }
    return Endpoint(.v6(high: 0, low: Self.mark | UInt64(number)), port)
  }
  var unmapped: Endpoint {
    guard case .v6(0, let low) = address, low >> 32 == 0xFFFF else { return self }
    return Endpoint(.v4(UInt32(truncatingIfNeeded: low)), port)
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
