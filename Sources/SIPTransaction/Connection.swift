// One stream connection as the transport layer sees it: whom it joins, what waits for it, and how long it may wait.

import Basics
import SIPMessage

struct Connection {
  enum State {
    /// Asked for from the shell; what is to be sent waits, each with the flow that it was sent to.
    case opening(waiting: [(flow: Flow, bytes: [UInt8])])
    case open
  }

  let peer: Peer
  let isAccepted: Bool
  let startedAt: Instant
  var state: State
  var framer = StreamFramer()
  var lastActivity: Instant
  /// Since when part of a message is there.
  var partialSince: Instant?
  var hasBroughtMessage = false
  var malformedCount = 0
  /// What we do to keep it alive; nil: nothing.
  var keepAlive: KeepAlive?
  /// When the layer looks at it next: not later than `deadline`.
  var checkAt = Instant.never

  /// When something is to be done about it.
  func deadline(_ limits: TransportLimits) -> Instant {
    let lapse = lapse(limits)
    return keepAlive.map { min(lapse, $0.deadline(limits, lastActivity)) } ?? lapse
  }

  /// When its time is up.
  func lapse(_ limits: TransportLimits) -> Instant {
    if case .opening = state {
      return startedAt + (peer.transport == .tls ? limits.handshakeTimeout : limits.connectTimeout)
    }
    var deadline = lastActivity + limits.idleTimeout
    if let partialSince { deadline = min(deadline, partialSince + limits.messageTimeout) }
    if isAccepted && !hasBroughtMessage { deadline = min(deadline, startedAt + limits.messageTimeout) }
    return deadline
  }
}

/// The far end of a connection, seen from one listener.
struct Peer: Hashable {
  let transport: SIPTransport
  let listener: UInt16
  let remote: Endpoint
  /// As in `Flow.peer`.
  let name: UInt16

  func flow(_ connection: UInt32) -> Flow {
    Flow(transport: transport, listener: listener, connection: connection, remote: remote, peer: name)
  }
}

extension Flow {
  var farEnd: Peer { Peer(transport: transport, listener: listener, remote: remote, name: peer) }
}
