// Whom a certificate must name (RFC 5922).

import Basics

/// What is expected at the far end of a connection over TLS.
public struct PeerName: Hashable, Sendable {
  /// A domain, or an address as text.
  public var domain: ByteString
  /// False: any certificate will do. Whoever says so is not safe from somebody in between.
  public var isVerified: Bool

  public init(domain: ByteString, isVerified: Bool = true) {
    self.domain = domain
    self.isVerified = isVerified
  }
}
