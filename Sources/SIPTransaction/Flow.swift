// Where SIP messages come from and go to: transport, own listener, connection, far end (RFC 3261 §18, RFC 5626 §3).

import Basics
import SIPMessage

public enum SIPTransport: UInt8, Hashable, Sendable, BitwiseCopyable {
  case udp
  case tcp
  /// Over TCP (RFC 3261 §26.2.1).
  case tls

  /// As it stands in Via (`SIP/2.0/UDP`).
  public var viaName: StaticString {
    switch self {
    case .udp: "UDP"
    case .tcp: "TCP"
    case .tls: "TLS"
    }
  }
  /// As it stands in a URI parameter (`;transport=tcp`).
  public var uriName: StaticString {
    switch self {
    case .udp: "udp"
    case .tcp: "tcp"
    case .tls: "tls"
    }
  }
  /// Whether what was sent arrives or fails audibly, so that nothing is retransmitted over it.
  @inlinable public var isReliable: Bool { self != .udp }
  /// Where none is said (RFC 3261 §19.1.2).
  public var defaultPort: UInt16 { self == .tls ? 5061 : 5060 }

  /// Reads `udp`, `TCP`, `tls`; nil for transports that are not spoken here.
  public init?(_ name: ArraySlice<UInt8>) {
    guard name.count == 3, let first = name.first else { return nil }
    let matches = { (word: StaticString) in
      zip(name, UnsafeBufferPointer(start: word.utf8Start, count: 3)).allSatisfy { $0.asciiLowercased == $1 }
    }
    switch first.asciiLowercased {
    case UInt8(ascii: "u") where matches("udp"): self = .udp
    case UInt8(ascii: "t") where matches("tcp"): self = .tcp
    case UInt8(ascii: "t") where matches("tls"): self = .tls
    default: return nil
    }
  }
}

/// Where a message came from or goes to.
///
/// On arrival `remote` is the source address as the socket saw it. For sending, `connection` is tried first; when it
/// is gone or 0, an open connection to `remote` is taken, else one is opened. One over TLS is opened only to a peer that
/// is expected there by its name, and taken only for the same one: what a certificate proves, it proves of that name
/// (RFC 5922 §4, RFC 5923 §6).
public struct Flow: Hashable, Sendable, BitwiseCopyable {
  public var transport: SIPTransport
  /// The index of the own listener in the settings of the user agent.
  public var listener: UInt16
  /// 0: datagrams, or "open one to `remote`".
  public var connection: UInt32
  public var remote: Endpoint
  /// Whom a certificate must name at the far end: a number that the transport layer has been told the meaning of; 0:
  /// nobody in particular. On arrival: whom it named.
  public var peer: UInt16

  public init(
    transport: SIPTransport, listener: UInt16, connection: UInt32 = 0, remote: Endpoint, peer: UInt16 = 0
  ) {
    self.transport = transport
    self.listener = listener
    self.connection = connection
    self.remote = remote
    self.peer = peer
  }

  /// Whether a failure of `failed` is a failure of this flow too.
  func isHit(by failed: Flow) -> Bool {
    guard transport == failed.transport else { return false }
    return connection != 0 && connection == failed.connection
      || remote == failed.remote && listener == failed.listener && peer == failed.peer
  }

  /// Where the response goes to a request with this topmost Via that came by this flow (RFC 3261 §18.2.2, RFC 3581 §4):
  /// to the source address, at the source port if the client asked for that with rport, else at the port in sent-by;
  /// on a stream over the same connection, or, should it be gone, to a new one to the port in sent-by.
  ///
  /// maddr is not followed: it serves multicast, which is not spoken here, and otherwise lets a stranger aim our
  /// responses at third parties.
  public func forResponse(via: Via) -> Flow {
    var flow = self
    if transport.isReliable || !via.hasRPort { flow.remote.port = via.port ?? transport.defaultPort }
    return flow
  }
}
